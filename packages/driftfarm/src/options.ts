interface AnyFarm {
  /** A Redis server for the queue, `redis://..`. Without it the queue is in the database. */
  readonly redisUrl?: string
  /**
   * The folder of the embedded database and of compiled kernels. The default is the same as for the command: the value
   * of DRIFTFARM_HOME. If that variable is not set, the default is `.driftfarm` in the project that contains the
   * working folder. Outside a project, it is the user's data folder.
   */
  readonly home?: string
  /**
   * Called with a line of text for each slow step (such as the first start) and each handled error (such as a lost
   * connection). By default, these lines are dropped.
   */
  readonly onNotice?: (line: string) => void
}

/** A private PostgreSQL server in the home, shared with commands that use the same home. */
export interface EmbeddedFarm extends AnyFarm {
  readonly databaseUrl?: never
  readonly url?: never
  /** Number of compute threads of this process, used only if no `driftfarm up` is running. Default: all cores. */
  readonly threads?: number
}

/** A farm with its own coordinator and workers. This process connects to the database and the queue of the farm. */
export interface DatabaseFarm extends AnyFarm {
  /** `postgres://..` */
  readonly databaseUrl: string
  readonly url?: never
  readonly threads?: never
}

/** A farm over HTTP, served by `driftfarm up` or `driftfarm coordinator`. */
export interface ServedFarm {
  /** The address of the farm without `/api`, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** The access token; required if the farm has tokens. */
  readonly token?: string
  readonly databaseUrl?: never
  readonly redisUrl?: never
  readonly home?: never
  readonly threads?: never
  readonly onNotice?: never
}

export type FarmOptions = EmbeddedFarm | DatabaseFarm | ServedFarm
