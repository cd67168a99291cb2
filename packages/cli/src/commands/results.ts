import { resultsOf, rowsOf } from '@driftfarm/coordinator'
import { findSweep } from '@driftfarm/database'
import {
  envelope,
  fitOf,
  renderCsv,
  renderFit,
  renderJsonl,
  renderRowsCsv,
  renderRowsJson,
  renderRowsJsonl,
  renderRowsTable,
  renderTable,
} from '@driftfarm/report'
import { CliError } from '../failure.ts'
import { type Format, formatOf, note, terminalWidth, wantsColor, writeAll } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'

export async function results(
  text: string,
  options: { format?: Format; output?: string; rows?: boolean; fit?: string; json?: boolean },
): Promise<void> {
  requireDatabase(text)
  const format = formatOf(options)
  const { fit } = options
  if (fit !== undefined && (options.rows === true || format === 'csv' || format === 'jsonl'))
    throw new CliError('USAGE', `--fit prints a table or, with --json, one document`, 'leave --rows and --format out')
  await withSession(async ({ database }) => {
    const { id } = await findSweep(database, text)
    if (options.rows === true) {
      const rows = rowsOf(database, id)
      await writeAll(
        format === 'csv'
          ? renderRowsCsv(rows)
          : format === 'table'
            ? renderRowsTable(rows)
            : format === 'jsonl'
              ? renderRowsJsonl(rows)
              : renderRowsJson(rows),
        options.output,
      )
      return
    }
    const { data, warnings } = await resultsOf(database, id)
    const color = options.output === undefined && wantsColor(process.stdout)
    const width = options.output === undefined ? terminalWidth() : 160
    if (fit !== undefined) {
      const fitted = fitOf(data, fit)
      const all = [...warnings, ...fitted.warnings]
      const text =
        format === 'json'
          ? `${JSON.stringify(envelope('Fit', fitted.data, all))}\n`
          : renderFit(fitted.data, { width, color })
      await writeAll([text], options.output)
      if (format === 'table') for (const warning of all) note(`warning: ${warning}`)
      return
    }
    const body = {
      table: () => renderTable(data, { width, color }),
      json: () => `${JSON.stringify(envelope('Results', data, warnings))}\n`,
      jsonl: () => renderJsonl(data),
      csv: () => renderCsv(data),
    }[format]()
    await writeAll([body.endsWith('\n') ? body : `${body}\n`], options.output)
    if (format === 'table') for (const warning of warnings) note(`warning: ${warning}`)
  })
}
