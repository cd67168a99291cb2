import { databaseSource } from '@driftfarm/answers'
import {
  type CurvesData,
  contrastsOfResults,
  documents,
  type ResultsData,
  type Source,
  type Told,
} from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { type Format, formatOf, type PrintedDocument, printDocument, shown } from '../../output.ts'
import { requireDatabase, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import type { ResultsOptions } from '../results.ts'
import { bestDocument } from './best.ts'
import { fitDocument } from './fit.ts'
import { noteNamesakes } from './namesakes.ts'

export async function results(shell: Shell, text: string, options: ResultsOptions): Promise<void> {
  const format = formatOf(options)
  refuseAtOdds(options, format)
  requireDatabase(shell, text)
  const { fit } = options
  if (fit !== undefined && (options.rows === true || format === 'csv' || format === 'jsonl'))
    throw new CliError('USAGE', `--fit prints a table or, with --json, one document`, 'leave --rows and --format out')
  await withSweep(shell, text, async ({ database }, sweep) => {
    const document = await documentOf(databaseSource(database), sweep, options)
    await printDocument(shell, document, options)
    if (document.kind === 'Results' && format === 'table') await noteNamesakes(shell, database, sweep.id)
  })
}

/** The document that the options ask for. */
async function documentOf(
  source: Source,
  { id, name }: { readonly id: string; readonly name: string },
  options: ResultsOptions,
): Promise<PrintedDocument> {
  if (options.best !== undefined) return bestDocument(source, { id, name }, { ...options, best: options.best })
  if (options.rows === true) return rowsDocument(await source.rows(id))
  if (options.curve === true) return curvesDocument(await source.curves(id))
  if (options.fit !== undefined) return fitDocument(source, id, { ...options, fit: options.fit })
  return resultsDocument(await source.results(id), { alone: options.contrasts === true })
}

function rowsDocument({ warnings, ...rows }: Awaited<ReturnType<Source['rows']>>): PrintedDocument {
  const { kind, table, json, jsonl, csv } = documents.Rows
  return {
    kind,
    data: rows,
    warnings,
    warnsBesideRecords: true,
    table: () => table(rows),
    json: () => json(rows, warnings),
    jsonl: () => jsonl(rows),
    csv: () => csv(rows),
  }
}

function curvesDocument({ data, warnings }: Told<CurvesData>): PrintedDocument {
  return shown(documents.Curves, data, { warnings, warnsBesideRecords: true })
}

/** The document of the results. `alone`: print the contrasts without the cells; JSON always has both. */
function resultsDocument(
  { data, warnings }: Told<ResultsData>,
  { alone }: { readonly alone: boolean },
): PrintedDocument {
  return shown({ ...documents.Results, ...(alone ? contrastsOfResults : {}) }, data, { warnings })
}

/** Refuses options that exclude one another or have no effect beside another. */
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
