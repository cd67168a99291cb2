import pg from 'pg'
import { values as typesOfValues } from './values.ts'

export interface Statement {
  readonly text: string
  readonly values: readonly unknown[]
  /** Absent if this statement is not prepared. */
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
 * Sends statements to the server in one round trip, because a round trip takes longer than most of the statements that
 * process a bundle. If a statement fails, the server skips the later ones. Statements that are not
 * between `begin` and `commit` form one transaction. pg treats a batch like a single query.
 *
 * The batch sends no Sync (extended query protocol) between the statements. pg's own pipelines send a Sync after each
 * statement, so the server still runs the statements that follow a failed one.
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

  /** The batch keeps only the rows of the last statement. */
  get #isLast(): boolean {
    return this.#place === this.#queries.length - 1
  }

  submit(connection: Connection): void {
    // A view of the connection in which `sync` does nothing, so that a query sends no Sync.
    const unsynced: Connection = Object.create(connection, { sync: { value: () => undefined } })
    connection.stream.cork()
    try {
      for (const query of this.#queries) query.submit(unsynced)
      // An error here means that a value could not be encoded, so one statement was not sent. The other statements must
      // not take effect either.
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
