import { curvesOf, resultsOf, rowsOf } from '@driftfarm/coordinator'
import { findSweep } from '@driftfarm/database'
import {
  documentJson,
  envelope,
  renderContrasts,
  renderContrastsCsv,
  renderContrastsJsonl,
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
import { CliError } from '../failure.ts'
import { type Format, formatOf, note, pageOf, writeAll } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { printBest } from './best.ts'
import { printFit } from './fit.ts'
import { noteNamesakes } from './namesakes.ts'

export interface ResultsOptions {
  readonly format?: Format
  readonly output?: string
  readonly rows?: boolean
  readonly contrasts?: boolean
  readonly best?: string
  readonly max?: boolean
  readonly min?: boolean
  readonly fit?: string
  readonly method?: 'direct' | 'splitting' | 'tilt'
  readonly curve?: boolean
  readonly json?: boolean
}

export async function results(shell: Shell, text: string, options: ResultsOptions): Promise<void> {
  const format = formatOf(options)
  refuseAtOdds(options, format)
  requireDatabase(shell, text)
  const { fit } = options
  if (fit !== undefined && (options.rows === true || format === 'csv' || format === 'jsonl'))
    throw new CliError('USAGE', `--fit prints a table or, with --json, one document`, 'leave --rows and --format out')
  await withSession(shell, async ({ database }) => {
    const { id, name } = await findSweep(database, text)
    if (options.best !== undefined) {
      await printBest(shell, database, { id, name }, { ...options, best: options.best }, format)
      return
    }
    if (options.rows === true) {
      const { warnings, ...rows } = await rowsOf(database, id)
      const chunks = {
        table: () => renderRowsTable(rows),
        json: () => renderRowsJson(rows, warnings),
        jsonl: () => renderRowsJsonl(rows),
        csv: () => renderRowsCsv(rows),
      }[format]()
      await writeAll(shell, chunks, options.output)
      if (format !== 'json') for (const warning of warnings) note(shell, `warning: ${warning}`)
      return
    }
    const page = pageOf(shell, options.output)
    const alone = options.contrasts === true
    if (options.curve === true) {
      const { data, warnings } = await curvesOf(database, id)
      const chunks = {
        table: () => [renderCurvesTable(data, page)],
        json: () => [`${documentJson(envelope('Curves', data, warnings))}\n`],
        jsonl: () => renderCurvesJsonl(data),
        csv: () => renderCurvesCsv(data),
      }[format]()
      await writeAll(shell, chunks, options.output)
      if (format !== 'json') for (const warning of warnings) note(shell, `warning: ${warning}`)
      return
    }
    if (fit !== undefined) {
      await printFit(shell, database, id, { ...options, fit }, { format, ...page })
      return
    }
    const { data, warnings } = await resultsOf(database, id)
    const body = {
      table: () => (alone ? renderContrasts : renderTable)(data, page),
      json: () => `${documentJson(envelope('Results', data, warnings))}\n`,
      jsonl: () => (alone ? renderContrastsJsonl : renderJsonl)(data),
      csv: () => (alone ? renderContrastsCsv : renderCsv)(data),
    }[format]()
    await writeAll(shell, [body.endsWith('\n') ? body : `${body}\n`], options.output)
    if (format === 'table') for (const warning of warnings) note(shell, `warning: ${warning}`)
    if (format === 'table') await noteNamesakes(shell, database, id)
  })
}

/** An option that another one leaves without effect is a slip. */
function refuseAtOdds({ rows, contrasts, best, curve, fit, method, max, min }: ResultsOptions, format: Format): void {
  const asked = [
    ...(rows === true ? ['--rows'] : []),
    ...(contrasts === true ? ['--contrasts'] : []),
    ...(best === undefined ? [] : ['--best']),
    ...(curve === true ? ['--curve'] : []),
    ...(fit === undefined ? [] : ['--fit']),
  ]
  if (asked.length > 1)
    throw new CliError('USAGE', `${asked.join(' and ')} ask for different things`, 'leave all but one out')
  if (contrasts === true && format === 'json')
    throw new CliError('USAGE', '--json prints the contrasts beside the cells', 'leave --contrasts out')
  if (fit === undefined && method !== undefined)
    throw new CliError('USAGE', '--method belongs to --fit', 'write --fit "log(escape) ~ 1/T", or leave it out')
  if (best === undefined && (max === true || min === true))
    throw new CliError('USAGE', '--max and --min belong to --best', 'write --best escape, or another estimate')
}
