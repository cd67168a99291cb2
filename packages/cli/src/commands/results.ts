import { curvesOf, resultsOf, rowsOf } from '@driftfarm/coordinator'
import { findSweep } from '@driftfarm/database'
import {
  documentJson,
  envelope,
  renderCsv,
  renderCurvesCsv,
  renderCurvesJsonl,
  renderCurvesTable,
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
  options: { format?: Format; output?: string; rows?: boolean; curve?: boolean; json?: boolean },
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
    const color = options.output === undefined && wantsColor(process.stdout)
    const shape = { width: options.output === undefined ? terminalWidth() : 160, color }
    if (options.curve === true) {
      const { data, warnings } = await curvesOf(database, id)
      const chunks = {
        table: () => [renderCurvesTable(data, shape)],
        json: () => [`${documentJson(envelope('Curves', data, warnings))}\n`],
        jsonl: () => renderCurvesJsonl(data),
        csv: () => renderCurvesCsv(data),
      }[format]()
      await writeAll(chunks, options.output)
      if (format !== 'json') for (const warning of warnings) note(`warning: ${warning}`)
      return
    }
    const { data, warnings } = await resultsOf(database, id)
    const body = {
      table: () => renderTable(data, shape),
      json: () => `${documentJson(envelope('Results', data, warnings))}\n`,
      jsonl: () => renderJsonl(data),
      csv: () => renderCsv(data),
    }[format]()
    await writeAll([body.endsWith('\n') ? body : `${body}\n`], options.output)
    if (format === 'table') for (const warning of warnings) note(`warning: ${warning}`)
  })
}
