import pg from 'pg'
import { values as typesOfValues } from './values.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  /** The name of the prepared statement; absent if it is not prepared. */
  readonly name?: string
}

/** The internals of pg that are used here and that its types omit. */
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
 * Statements that are sent to the server in one round trip, which costs more than most statements of a bundle. The
 * server runs them one after the other and skips all that follow a failed one. Outside of `begin` and `commit` they are
 * one transaction. pg treats a batch like one of its queries.
 *
 * In terms of the extended query protocol, no Sync is sent between the statements. pg's own pipelines send one after
 * each statement, so they run the statements that follow a failed one.
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

  /** pg uses `name` and `text` to record which statements the connection has parsed. */
  get name(): string | undefined {
    return this.#query?.name
  }

  get text(): string | undefined {
    return this.#query?.text
  }

  get #query(): Query | undefined {
    return this.#queries[this.#place]
  }

  /** Whether the last reply is being read. The rows of earlier statements are not needed. */
  get #isLast(): boolean {
    return this.#place === this.#queries.length - 1
  }

  submit(connection: Connection): void {
    const unsyncedConnection = unsynced(connection)
    connection.stream.cork()
    try {
      for (const query of this.#queries) query.submit(unsyncedConnection)
      // A value could not be encoded, so its statement was not sent. The other statements must not take effect without
      // it.
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
    // The following statements were sent to be parsed, but were skipped.
    for (const { name } of this.#queries.slice(this.#place))
      if (name !== undefined && parsedStatements[name] === undefined) delete submittedNamedStatements[name]
    this.done(this.#error ?? error)
  }

  handleReadyForQuery(connection: Connection): void {
    for (const query of this.#queries) query.handleReadyForQuery(connection)
    this.done(this.#error, this.#results.at(-1))
  }
}

/** The same connection, except that the Sync of a query is not sent. */
function unsynced(connection: Connection): Connection {
  const known = withoutSync.get(connection)
  if (known !== undefined) return known
  const made = Object.create(connection, { sync: { value: () => undefined } }) as Connection
  withoutSync.set(connection, made)
  return made
}

const withoutSync = new WeakMap<Connection, Connection>()
