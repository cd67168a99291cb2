import pg from 'pg'
import { values as typesOfValues } from './values.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  /** The name of the prepared statement; absent if this statement is not prepared. */
  readonly name?: string
}

/** The internals of pg that this file uses and that pg's type declarations omit. */
interface Query {
  readonly name?: string
  readonly text: string
  callback(error: Error | null, result: pg.QueryResult): void
  submit(connection: Connection): void
  handleRowDescription(message: object): void
  handleDataRow(message: object): void
  handleCommandComplete(message: object, connection: Connection): void
  handleError(error: Error, connection: Connection): void
  handleReadyForQuery(connection: Connection): void
}

interface Connection {
  readonly stream: { cork(): void; uncork(): void; destroy(error: Error): void }
  readonly parsedStatements: Readonly<Record<string, string>>
  readonly submittedNamedStatements: Record<string, string>
  sync(): void
}

/**
 * Statements that are sent to the server in one round trip. A round trip takes longer than most of the statements that
 * process a bundle. The server runs the statements one after the other, and skips all that follow a failed one. Unless
 * they are between `begin` and `commit`, they form one transaction. pg treats a batch like a single query.
 *
 * In terms of the extended query protocol, no Sync is sent between the statements. pg's own pipelines send a Sync after
 * each statement, so the server also runs the statements that follow a failed one.
 */
export class StatementBatch {
  readonly #queries: readonly Query[]
  readonly #results: pg.QueryResult[] = []
  /** The query whose reply is being read. */
  #place = 0
  #error: Error | null = null

  /** `done` is called with the result of the last statement, or with the first error. */
  constructor(
    statements: readonly Statement[],
    private readonly done: (error: Error | null, result?: pg.QueryResult) => void,
  ) {
    this.#queries = statements.map((statement) => {
      const config = { ...statement, values: [...statement.values], types: typesOfValues, queryMode: 'extended' }
      const inside = new pg.Query(config) as unknown as Query
      inside.callback = (error, result) => {
        this.#error ??= error
        this.#results.push(result)
      }
      return inside
    })
  }

  /**
   * The name of the query whose reply is being read. pg uses `name` and `text` to record which statements the
   * connection has parsed.
   */
  get name(): string | undefined {
    return this.#query?.name
  }

  get text(): string | undefined {
    return this.#query?.text
  }

  get #query(): Query | undefined {
    return this.#queries[this.#place]
  }

  /** Whether the reply to the last statement is being read. The rows of earlier statements are discarded. */
  get #isLast(): boolean {
    return this.#place === this.#queries.length - 1
  }

  submit(connection: Connection): void {
    const unsyncedConnection = unsynced(connection)
    connection.stream.cork()
    try {
      for (const query of this.#queries) query.submit(unsyncedConnection)
      // An error here means that a value could not be encoded, so its statement was not sent. Then the other
      // statements must not take effect either, so the connection is destroyed.
      if (this.#error !== null) connection.stream.destroy(this.#error)
      connection.sync()
    } finally {
      connection.stream.uncork()
    }
  }

  handleRowDescription(message: object): void {
    if (this.#isLast) this.#query?.handleRowDescription(message)
  }

  handleDataRow(message: object): void {
    if (this.#isLast) this.#query?.handleDataRow(message)
  }

  handleCommandComplete(message: object, connection: Connection): void {
    this.#query?.handleCommandComplete(message, connection)
    this.#place++
  }

  handleError(error: Error, { parsedStatements, submittedNamedStatements }: Connection): void {
    // The server may not have parsed the failed statement, and has not parsed the later ones. If their names stayed in
    // `submittedNamedStatements`, pg would treat them as parsed and would not send their text again.
    for (const { name } of this.#queries.slice(this.#place))
      if (name !== undefined && parsedStatements[name] === undefined) delete submittedNamedStatements[name]
    this.done(this.#error ?? error)
  }

  handleReadyForQuery(connection: Connection): void {
    for (const query of this.#queries) query.handleReadyForQuery(connection)
    this.done(this.#error, this.#results.at(-1))
  }
}

/** Returns a view of the connection in which `sync` does nothing, so that a query sends no Sync. */
function unsynced(connection: Connection): Connection {
  const known = withoutSync.get(connection)
  if (known !== undefined) return known
  const made = Object.create(connection, { sync: { value: () => undefined } }) as Connection
  withoutSync.set(connection, made)
  return made
}

const withoutSync = new WeakMap<Connection, Connection>()
