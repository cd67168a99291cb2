interface AnyFarm {
  /** A Redis for the queue, `redis://..`; without it the queue is on the database. */
  readonly redisUrl?: string
  /**
   * The folder of the embedded database and of compiled kernels. Default: that of the command: DRIFTFARM_HOME, else
   * `.driftfarm` in the project of the working folder, else the folder of the user's data.
   */
  readonly home?: string
  /** Is told what takes time (a first start) and what is handled (a lost connection), a line each. Default: nobody. */
  readonly onNotice?: (line: string) => void
}

/** A private PostgreSQL server in the home, shared with commands that use the same home. */
export interface EmbeddedFarm extends AnyFarm {
  readonly databaseUrl?: never
  readonly url?: never
  /** Threads that compute in this process, where no `driftfarm up` does. Default: all cores. */
  readonly threads?: number
}

/** A farm of machines, whose coordinator and workers compute: the addresses that they have. */
export interface DatabaseFarm extends AnyFarm {
  /** `postgres://..` */
  readonly databaseUrl: string
  readonly url?: never
  readonly threads?: never
}

/** A farm that is served over HTTP, by `driftfarm up` or `driftfarm coordinator`. */
export interface ServedFarm {
  /** Where it is served, without `/api`: `http://127.0.0.1:8080`. */
  readonly url: string
  /** Needed wherever the farm has tokens. */
  readonly token?: string
  readonly databaseUrl?: never
  readonly redisUrl?: never
  readonly home?: never
  readonly threads?: never
  readonly onNotice?: never
}

export type FarmOptions = EmbeddedFarm | DatabaseFarm | ServedFarm
