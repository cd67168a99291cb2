import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import pg from 'pg'
import { type Statement, StatementBatch } from './statementBatch.ts'

/**
 * Packets may vanish without an error: a firewall drops them, or a machine loses power and sends no FIN or RST. Without
 * these limits, the driver would wait forever.
 */
export interface SilenceLimits {
  /**
   * If a response is due and there was no traffic for this time, a query on another connection checks whether the
   * server is still executing the statement. A fixed time limit would instead abort slow statements.
   */
  readonly askAfterMs: number
  /**
   * If the server is not executing the statement and the response does not arrive within this time, the connection is
   * destroyed.
   */
  readonly graceMs: number
  /** Time limit that applies whatever the server reports; Infinity if a statement may take any time. */
  readonly answerMs: number
}

/** With these values, a silent connection is dropped after 6 s if the server answers the check at once. */
export const silenceLimits: SilenceLimits = Object.freeze({
  askAfterMs: 5_000,
  graceMs: 1_000,
  /** A little longer than the server's own limit, `statementMs`. */
  answerMs: 130_000,
})

/** The server aborts our statements after this time. */
export const statementMs = 120_000

/**
 * The code `ETIMEDOUT` makes this error retryable, but only for idempotent work, because the statement may have taken
 * effect.
 */
export class SilentConnection extends Error {
  override readonly name = 'SilentConnection'
  readonly code = 'ETIMEDOUT'
}

export interface WatchedConfig extends pg.PoolConfig {
  readonly silence?: Partial<SilenceLimits> | undefined
  /** Interval in ms at which an idle connection is tested with a query. Meant for connections that only LISTEN. */
  readonly checkIdleMs?: number | undefined
}

/** Internals of pg that its types omit. */
interface Inside {
  readonly connectionParameters: { application_name?: string }
  readonly connection: { readonly stream: Socket; once(event: 'end', listener: () => void): unknown }
}

/** Whether a query is an object with a `submit` method of its own, such as a COPY. */
const isSubmittable = (given: unknown): boolean => typeof (given as { submit?: unknown } | null)?.submit === 'function'

/**
 * A PostgreSQL client that destroys its connection if an expected response does not arrive in time. pg's own
 * `query_timeout` only stops waiting: the connection stays open, the next statement waits behind the unanswered one,
 * and a pool reuses the connection.
 */
export class WatchedClient extends pg.Client {
  readonly #config: WatchedConfig
  readonly #silence: SilenceLimits
  /** The unique application name, by which this connection is found in pg_stat_activity, even behind PgBouncer. */
  readonly #name: string
  readonly #siblings: Set<WatchedClient>
  readonly #ahead: Statement[] = []
  #owedSince: number | null = null
  #suspected: string | null = null
  #watched: Socket | null = null
  #ending = false

  constructor(config: WatchedConfig, siblings: Set<WatchedClient> = new Set()) {
    super({ ...config, keepAlive: true, keepAliveInitialDelayMillis: 10_000 })
    // An application name in the URL takes precedence over the one in `config`. The name is cut to 50 characters,
    // because PostgreSQL keeps only 63 characters, and the random suffix must be among them.
    const { connectionParameters } = this as unknown as Inside
    const name = [
      (connectionParameters.application_name || 'driftfarm').slice(0, 50),
      randomBytes(4).toString('hex'),
    ].join(' ')
    connectionParameters.application_name = name
    this.#config = config
    this.#silence = { ...silenceLimits, ...config.silence }
    this.#name = name
    this.#siblings = siblings
    this.on('drain', () => {
      this.#owedSince = null
      this.#stream.setTimeout(0)
    })
    // A connection that breaks while idle must not end the process; the next statement reports it.
    this.on('error', () => undefined)
    this.once('connect', () => this.#begin())
  }

  override query(...given: unknown[]): never {
    if (this.#ahead.length > 0 && !isSubmittable(given[0])) {
      const [statement, values = []] = given as [string | Statement, unknown[] | undefined]
      const last = typeof statement === 'string' ? { text: statement, values } : statement
      return this.#runBatch([...this.#ahead.splice(0), last]) as never
    }
    if (this.#ahead.length > 0 && !(given[0] instanceof StatementBatch))
      throw new Error('call `flush` first: statements that were queued by `ahead` have not been sent yet')
    const result: unknown = Reflect.apply(super.query, this, given)
    this.#unflushed()
    return result as never
  }

  override end(...given: unknown[]): Promise<void> {
    // A termination message that is never answered must not keep the process alive.
    this.#ending = true
    this.#watch(this.#silence.graceMs)
    return Reflect.apply(super.end, this, given) as Promise<void>
  }

  /** Destroys the connection at once; statements under way fail as retryable. */
  giveUp(reason: SilentConnection): void {
    this.#stream.destroy(reason)
  }

  /**
   * Queues a statement whose result is not needed. It is sent together with the next statement, in one round trip. If
   * the queued statement fails, the next statement fails with the same error.
   */
  ahead(statement: Statement): void {
    this.#ahead.push(statement)
  }

  /** Needed only before COPY. */
  async flush(): Promise<void> {
    if (this.#ahead.length > 0) await this.#runBatch(this.#ahead.splice(0))
  }

  forget(): void {
    this.#ahead.length = 0
  }

  #runBatch(statements: readonly Statement[]): Promise<pg.QueryResult> {
    return new Promise((resolve, reject) => {
      this.query(new StatementBatch(statements, (error, result) => (error === null ? resolve(result!) : reject(error))))
    })
  }

  get #inside(): Inside['connection'] {
    return (this as unknown as Inside).connection
  }

  get #stream(): Socket {
    return this.#inside.stream
  }

  #begin(): void {
    this.#siblings.add(this)
    const { checkIdleMs } = this.#config
    const check = (): void => {
      if (this.#owedSince !== null || this.#ending) return
      const ping: Promise<unknown> = this.query('select 1')
      ping.catch(() => undefined) // ignored: if the connection breaks, the client emits `error`
    }
    const timer = checkIdleMs === undefined ? undefined : setInterval(check, checkIdleMs).unref()
    // BullMQ removes all listeners from a client when it has finished with the client. This listener is therefore added
    // to pg's inner connection.
    this.#inside.once('end', () => {
      clearInterval(timer)
      this.#siblings.delete(this)
    })
  }

  #unflushed(): void {
    if (this.#owedSince !== null || this.#ending) return
    this.#owedSince = performance.now()
    this.#suspected = null
    this.#watch(this.#silence.askAfterMs)
  }

  /** Reading or writing a byte restarts the time-out, even in the middle of a long write. */
  #watch(ms: number): void {
    const stream = this.#stream
    if (stream !== this.#watched) {
      this.#watched = stream
      stream.on('timeout', () => void this.#closeIfSilent(stream))
    }
    stream.setTimeout(ms)
  }

  async #closeIfSilent(stream: Socket): Promise<void> {
    const since = this.#owedSince
    if (this.#ending) stream.destroy()
    if (since === null || this.#ending) return
    // A response has arrived, but this process has not read it yet.
    if (stream.readableLength > 0) return this.#watch(this.#silence.askAfterMs)
    const moved = (): string => `${stream.bytesRead} ${stream.bytesWritten}`
    const before = moved()
    if (before === this.#suspected || performance.now() - since > this.#silence.answerMs) return this.#fail()
    const works = await this.#serverWorks()
    if (this.#owedSince !== since || this.#ending) return
    this.#suspected = works === false && moved() === before ? before : null
    this.#watch(works === true ? this.#silence.askAfterMs : this.#silence.graceMs)
  }

  /**
   * Whether the server is still executing the statement; null if the server does not respond or does not track
   * activities. A statement that waits for this process to read or send does not count as executing.
   */
  async #serverWorks(): Promise<boolean | null> {
    const rows = await this.#ask<{ works: boolean }>(
      `select coalesce(bool_or(state = 'active' and wait_event_type is distinct from 'Client'), false) as works
         from pg_stat_activity where application_name = any($1) and backend_type = 'client backend'
       having current_setting('track_activities')::boolean`,
      [this.#name],
    )
    return rows?.[0]?.works ?? null
  }

  /** Queries the server on a separate connection. Returns null if there is no response in time. */
  async #ask<T extends pg.QueryResultRow>(sql: string, names: readonly string[]): Promise<T[] | null> {
    const limitMs = this.#silence.askAfterMs
    const other = new pg.Client({
      ...this.#config,
      application_name: 'driftfarm connection check',
      connectionTimeoutMillis: limitMs,
      query_timeout: limitMs,
    })
    other.on('error', () => undefined)
    try {
      await other.connect()
      return (await other.query<T>(sql, [names])).rows
    } catch {
      return null
    } finally {
      void other.end().catch(() => undefined)
    }
  }

  #fail(): void {
    const seconds = ((performance.now() - (this.#owedSince ?? 0)) / 1_000).toFixed(1)
    const reason = new SilentConnection(
      `PostgreSQL has not responded for ${seconds} s: the connection is treated as lost`,
    )
    // The idle connections of the pool have most likely been lost too. If they were kept, the next statement on each of
    // them would also wait until a time limit is reached.
    const lost = [this, ...[...this.#siblings].filter((sibling) => sibling.#owedSince === null)]
    for (const client of lost) client.giveUp(reason)
    // The server does not know that the connections are lost, so it would keep their transactions, locks and connection
    // slots.
    void this.#ask(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = any($1)
        and usename = current_user`,
      lost.map((client) => client.#name),
    )
  }
}

export interface WatchedPool extends pg.Pool {
  /** Destroys all connections at once; statements under way fail as retryable. */
  giveUp(): void
}

/**
 * A pool of `WatchedClient` connections. If one connection is dropped because the server is silent, the idle
 * connections are dropped too.
 */
export function watchedPool(config: WatchedConfig): WatchedPool {
  const siblings = new Set<WatchedClient>()
  class Member extends WatchedClient {
    constructor(given: WatchedConfig) {
      super(given, siblings)
    }
  }
  const pool = new pg.Pool({ ...config, Client: Member as unknown as new () => pg.ClientBase })
  // The pool drops and replaces an idle connection that breaks. Without this listener, the error would end the process.
  pool.on('error', () => undefined)
  return Object.assign(pool, {
    giveUp() {
      const reason = new SilentConnection('all connections to PostgreSQL were dropped in order to reconnect')
      for (const client of siblings) client.giveUp(reason)
    },
  })
}
