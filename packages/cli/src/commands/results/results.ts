import { databaseSource } from '@driftfarm/answers'
import { contrastsOfResults, type Definition, documents, type Source, type Told, type View } from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { type Format, formatOf, type PrintedDocument, printDocument } from '../../output.ts'
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

/** What is asked for of a sweep. */
async function documentOf(
  source: Source,
  { id, name }: { readonly id: string; readonly name: string },
  options: ResultsOptions,
): Promise<PrintedDocument> {
  if (options.best !== undefined) return bestDocument(source, { id, name }, { ...options, best: options.best })
  if (options.rows === true) return rowsDocument(await source.rows(id))
  if (options.curve === true)
    return documentFrom(documents.Curves, await source.curves(id), { warnsBesideRecords: true })
  if (options.fit !== undefined) return fitDocument(source, id, { ...options, fit: options.fit })
  return documentFrom(
    documents.Results,
    await source.results(id),
    options.contrasts === true ? { view: contrastsOfResults } : {},
  )
}

function rowsDocument({ warnings, ...rows }: Awaited<ReturnType<Source['rows']>>): PrintedDocument {
  const view = documents.Rows
  return {
    kind: 'Rows',
    data: rows,
    warnings,
    warnsBesideRecords: true,
    table: () => view.table(rows),
    json: () => view.json(rows, warnings),
    jsonl: () => view.jsonl(rows),
    csv: () => view.csv(rows),
  }
}

/** `view` instead of the kind's own; not as JSON, which has the whole of it. */
function documentFrom<Data>(
  definition: Definition<Data>,
  { data, warnings }: Told<Data>,
  { view = definition, ...rest }: { readonly view?: View<Data>; readonly warnsBesideRecords?: boolean } = {},
): PrintedDocument {
  return {
    kind: definition.kind,
    data,
    warnings,
    table: (page) => view.table(data, page),
    ...(view.jsonl && { jsonl: () => view.jsonl!(data) }),
    ...(view.csv && { csv: () => view.csv!(data) }),
    ...rest,
  }
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
