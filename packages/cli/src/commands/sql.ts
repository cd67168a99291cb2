import { runReadOnly } from '@driftfarm/database'
import { csvLine, envelope, renderRecords, type TableOptions } from '@driftfarm/report'
import { command } from '../command.ts'
import { CliError } from '../failure.ts'
import { format } from '../options/shared.ts'
import { formatOf, type PrintOptions, printData } from '../output.ts'
import { databaseExists, readerOf, requireDatabaseAccess, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'

export const sql = command('sql <query>', {
  summary: 'query the results database (read-only)',
  options: { format },
  examples: ['sql "select * from sweep"', 'sql "select name, state from sweep" --format csv'],
  kinds: ['Rows'],
  async act(shell, query, options) {
    formatOf(options)
    // A user who sets the read-only login needs no other access to the database.
    const { DRIFTFARM_READER_URL: reader } = shell.env
    if (reader) return answer(shell, reader, query, options)
    requireDatabaseAccess(shell)
    if (!databaseExists(shell))
      throw new CliError(
        'NOT_FOUND',
        'there is no database here yet',
        'run a sweep first, or set DATABASE_URL to the database of a farm',
      )
    await withSession(shell, (session) => answer(shell, readerOf(session), query, options))
  },
})

/** Maximum number of rows in a table. To lay out a table, all of its rows must be in memory. */
const maxTableRows = 10_000

async function answer(shell: Shell, reader: string, query: string, options: PrintOptions): Promise<void> {
  const { columns, rows } = await runReadOnly(reader, query)
  const names = columns.map((column) => column.name)
  // The database returns numbers of type numeric as text, with all their digits.
  const numeric = columns.map(({ type }) => type === 'numeric')
  await printData(shell, rowsView({ names, numeric }, shell.stdout.isTTY === true), rows, options)
}

/** Integers beyond 2^53 become strings, and so do NaN and infinities, which JSON lacks. */
const exact = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' || (typeof one === 'number' && !Number.isFinite(one)) ? String(one) : one,
  )

interface Columns {
  readonly names: readonly string[]
  readonly numeric: readonly boolean[]
}

function rowsView({ names, numeric }: Columns, isTerminal: boolean) {
  type Rows = AsyncIterable<readonly unknown[]>
  const record = (row: readonly unknown[]) => Object.fromEntries(names.map((name, place) => [name, row[place] ?? null]))
  return {
    kind: 'Rows',
    // Limit the width of the table only in a terminal, so that a pipe gets the complete text.
    table: (rows: Rows, { width = 80 }: TableOptions = {}) =>
      table({ names, numeric }, rows, isTerminal ? width : Number.POSITIVE_INFINITY),
    async *csv(rows: Rows) {
      yield csvLine(names)
      for await (const row of rows) yield csvLine(row)
    },
    async *jsonl(rows: Rows) {
      for await (const row of rows) yield `${exact(record(row))}\n`
    },
    async *json(rows: Rows) {
      const all: unknown[] = []
      for await (const row of rows) all.push(record(row))
      yield `${exact(envelope('Rows', { columns: names, rows: all }, []))}\n`
    },
  }
}

async function* table(
  { names, numeric }: Columns,
  rows: AsyncIterable<readonly unknown[]>,
  width: number,
): AsyncIterable<string> {
  const some: (readonly unknown[])[] = []
  for await (const row of rows) if (some.push(row) > maxTableRows) break
  yield renderRecords(names, some.slice(0, maxTableRows), { width, numeric })
  if (some.length > maxTableRows) yield `(the first ${maxTableRows} rows; --format csv prints all)\n`
}
