import { databaseSource } from '@driftfarm/answers'
import { findSweep } from '@driftfarm/database'
import {
  contrastsOfResults,
  documents,
  renderDocument,
  renderRowsCsv,
  renderRowsJson,
  renderRowsJsonl,
  renderRowsTable,
} from '@driftfarm/report'
import { CliError } from '../failure.ts'
import { type Format, formatOf, note, terminalWidth, wantsColor, writeAll } from '../output.ts'
import { requireDatabase, withSession } from '../session.ts'
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

export async function results(text: string, options: ResultsOptions): Promise<void> {
  const format = formatOf(options)
  refuseAtOdds(options, format)
  requireDatabase(text)
  const { fit } = options
  if (fit !== undefined && (options.rows === true || format === 'csv' || format === 'jsonl'))
    throw new CliError('USAGE', `--fit prints a table or, with --json, one document`, 'leave --rows and --format out')
  await withSession(async ({ database }) => {
    const { id, name } = await findSweep(database, text)
    const source = databaseSource(database)
    if (options.best !== undefined) {
      await printBest(source, { id, name }, { ...options, best: options.best }, format)
      return
    }
    if (options.rows === true) {
      const { warnings, ...rows } = await source.rows(id)
      const chunks = {
        table: () => renderRowsTable(rows),
        json: () => renderRowsJson(rows, warnings),
        jsonl: () => renderRowsJsonl(rows),
        csv: () => renderRowsCsv(rows),
      }[format]()
      await writeAll(chunks, options.output)
      if (format !== 'json') for (const warning of warnings) note(`warning: ${warning}`)
      return
    }
    const color = options.output === undefined && wantsColor(process.stdout)
    const alone = options.contrasts === true
    const width = options.output === undefined ? terminalWidth() : 160
    if (options.curve === true) {
      const { data, warnings } = await source.curves(id)
      const chunks = renderDocument(documents.Curves, data, { format, warnings, width, color })!
      await writeAll(chunks, options.output)
      if (format !== 'json') for (const warning of warnings) note(`warning: ${warning}`)
      return
    }
    if (fit !== undefined) {
      await printFit(source, id, { ...options, fit }, { format, width, color })
      return
    }
    const { data, warnings } = await source.results(id)
    const definition = { ...documents.Results, ...(alone ? contrastsOfResults : {}) }
    await writeAll(renderDocument(definition, data, { format, warnings, width, color })!, options.output)
    if (format === 'table') for (const warning of warnings) note(`warning: ${warning}`)
    if (format === 'table') await noteNamesakes(database, id)
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
