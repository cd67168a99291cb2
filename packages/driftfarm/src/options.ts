interface AnyFarm {
  /** A Redis server for the queue, `redis://..`. Without it the queue is in the database. */
  readonly redisUrl?: string
  /**
   * The folder of the embedded database and of compiled kernels. The default is the same as for the command. It is
   * DRIFTFARM_HOME. If that is not set, it is `.driftfarm` in the project that contains the working folder. Outside a
   * project it is the user's data folder.
   */
  readonly home?: string
  /**
   * Called with one line about slow steps (such as the first start) and handled errors (such as a lost connection).
   * Default: none.
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

/** A farm with its own coordinator and workers, given by the addresses that they use. */
export interface DatabaseFarm extends AnyFarm {
  /** `postgres://..` */
  readonly databaseUrl: string
  readonly url?: never
  readonly threads?: never
}

/** A farm over HTTP, served by `driftfarm up` or `driftfarm coordinator`. */
export interface ServedFarm {
  /** Its address without `/api`, such as `http://127.0.0.1:8080`. */
  readonly url: string
  /** Required if the farm has tokens. */
  readonly token?: string
  readonly databaseUrl?: never
  readonly redisUrl?: never
  readonly home?: never
  readonly threads?: never
  readonly onNotice?: never
}

export type FarmOptions = EmbeddedFarm | DatabaseFarm | ServedFarm
