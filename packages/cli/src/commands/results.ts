import { resultsOf, rowsOf } from '@driftfarm/coordinator'
import { findSweep } from '@driftfarm/database'
import {
  envelope,
  renderCsv,
  renderJsonl,
  renderRowsCsv,
  renderRowsJson,
  renderRowsJsonl,
  renderRowsTable,
  renderTable,
} from '@driftfarm/report'
import { type Format, formatOf, note, terminalWidth, wantsColor, writeAll } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'

export async function results(
  text: string,
  options: { format?: Format; output?: string; rows?: boolean; json?: boolean },
): Promise<void> {
  requireDatabase(text)
  const format = formatOf(options)
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
    const body = {
      table: () => renderTable(data, { width: options.output === undefined ? terminalWidth() : 160, color }),
      json: () => `${JSON.stringify(envelope('Results', data, warnings))}\n`,
      jsonl: () => renderJsonl(data),
      csv: () => renderCsv(data),
    }[format]()
    await writeAll([body.endsWith('\n') ? body : `${body}\n`], options.output)
    if (format === 'table') for (const warning of warnings) note(`warning: ${warning}`)
  })
}
