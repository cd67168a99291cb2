import { runReadOnly } from '@driftfarm/database'
import { csvLine, envelope, renderRecords } from '@driftfarm/report'
import { CliError } from '../failure.ts'
import { type Format, formatOf, pageOf, writeAll } from '../output.ts'
import { databaseExists, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'

/** A table is laid out over all its rows, so this many are read at most for one. */
const mostTableRows = 10_000

export async function sql(shell: Shell, query: string, options: { format?: Format; json?: boolean }): Promise<void> {
  if (!databaseExists(shell))
    throw new CliError(
      'NOT_FOUND',
      'there is no database here yet',
      'run a sweep first, or name a farm by DATABASE_URL',
    )
  const format = formatOf(options)
  await withSession(shell, async (session) => {
    if (session.readerUrl === null)
      throw new CliError(
        'NO_READER',
        'the address of the reading login is not known here',
        'set DRIFTFARM_READER_URL, or DRIFTFARM_READER_PASSWORD as `driftfarm db migrate` had it',
      )
    const answer = await runReadOnly(session.readerUrl, query)
    const names = answer.columns.map((column) => column.name)
    await writeAll(shell, render(names, answer.rows, { format, width: pageOf(shell).width }), undefined)
  })
}

/** What JSON has no word for: integers beyond 2^53, NaN and infinities are strings. */
const exact = (_: string, value: unknown): unknown =>
  typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value)) ? String(value) : value

async function* render(
  names: readonly string[],
  rows: AsyncIterable<readonly unknown[]>,
  { format, width }: { readonly format: Format; readonly width: number },
): AsyncIterable<string> {
  const record = (row: readonly unknown[]) => Object.fromEntries(names.map((name, place) => [name, row[place] ?? null]))
  if (format === 'csv') {
    yield csvLine(names)
    for await (const row of rows) yield csvLine(row)
  } else if (format === 'jsonl') {
    for await (const row of rows) yield `${JSON.stringify(record(row), exact)}\n`
  } else if (format === 'json') {
    const all: unknown[] = []
    for await (const row of rows) all.push(record(row))
    yield `${JSON.stringify(envelope('Rows', { columns: names, rows: all }, []), exact)}\n`
  } else {
    const some: (readonly unknown[])[] = []
    let more = false
    for await (const row of rows) {
      if (some.length === mostTableRows) {
        more = true
        break
      }
      some.push(row)
    }
    const text = renderRecords(names, some, { width })
    yield text.endsWith('\n') ? text : `${text}\n`
    if (more) yield `(the first ${mostTableRows} rows; --format csv prints all)\n`
  }
}
