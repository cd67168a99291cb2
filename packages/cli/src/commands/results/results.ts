import {
  contrastsOfResults,
  crossingsOfResults,
  documents,
  type Rows,
  rowsParquet,
  type Source,
  type StreamedResults,
  type View,
} from '@driftfarm/report'
import { CliError } from '../../failure.ts'
import { type Format, formatOf, type PrintedDocument, printDocument, printedDocument, streamed } from '../../output.ts'
import { progressOf, withProgressLine } from '../../progress.ts'
import { streamedResults } from '../../resultsWithProgress.ts'
import { requireFarm, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { withProgress } from '../../withProgress.ts'
import type { ResultsOptions } from '../results.ts'
import { bestDocument } from './best.ts'
import { printNamesakes } from './namesakes.ts'

export async function results(given: Shell, text: string, options: ResultsOptions): Promise<void> {
  const shell = withProgressLine(given, options.progress)
  const format = formatOf(options)
  refuseConflictingOptions(options, format)
  requireFarm(shell, text)
  await withSweep(shell, text, async (farmClient, sweep) => {
    const kind = await withDocument(shell, farmClient, sweep, options, async (document) => {
      await printDocument(shell, document, options)
      return document.kind
    })
    if (kind === 'Results' && format === 'table') await printNamesakes(shell, farmClient, sweep.id)
  })
}

/** The cells of the document can be read only until `use` returns. */
async function withDocument<T>(
  shell: Shell,
  source: Source,
  { id, name }: { readonly id: string; readonly name: string },
  options: ResultsOptions,
  use: (document: PrintedDocument) => Promise<T>,
): Promise<T> {
  const onCells = cellsRead(shell)
  if (options.best !== undefined)
    return use(await bestDocument(source, { id, name }, { ...options, best: options.best, onCells }))
  if (options.rows === true) return use(rowsDocument(shell, await source.rows(id)))
  if (options.fit !== undefined) {
    const { data, warnings } = await source.fit(
      { sweep: id, formula: options.fit, method: options.method },
      { onCells },
    )
    return use(printedDocument(documents.Fit, data, { warnings, warnsWithRecords: true }))
  }
  if (options.curve === true)
    return source.withCurves(id, (curves) => {
      const cells = () => withProgress(curves.cells(), progressOf(shell, 'reading curve', null))
      return use(streamed('Curves', documents.Curves.streamed, { ...curves, cells }, { warnsWithRecords: true }))
    })
  return source.withResults(id, async (results) =>
    use(
      options.contrasts === true
        ? await tailDocument(results, contrastsOfResults)
        : options.crossings === true
          ? await tailDocument(results, crossingsOfResults)
          : streamedResults(shell, results),
    ),
  )
}

function cellsRead(shell: Shell): (done: number, total: number) => void {
  let showProgress: ((done: number) => void) | null = null
  return (done, total) => {
    showProgress ??= progressOf(shell, 'reading cell', total)
    showProgress(done)
  }
}

function rowsDocument(shell: Shell, found: Awaited<ReturnType<Source['rows']>>): PrintedDocument {
  const { warnings, columns } = found
  const rows = { columns, records: withProgress(found.records, progressOf(shell, 'reading row', null)) }
  const { kind, table, json, jsonl, csv } = documents.Rows
  return {
    kind,
    data: rows,
    warnings,
    warnsWithRecords: true,
    table: () => table(rows),
    json: () => json(rows, warnings),
    jsonl: () => jsonl(rows),
    csv: () => csv(rows),
    parquet: async () => rowsParquet({ ...rows, ...countedGroups(shell, found) }),
  }
}

function countedGroups(shell: Shell, { groups }: Pick<Rows, 'groups'>): Pick<Rows, 'groups'> {
  if (groups === undefined) return {}
  const showProgress = progressOf(shell, 'reading row', null)
  return {
    async *groups(rows) {
      let done = 0
      for await (const group of groups(rows)) {
        yield group
        done += group[0]?.length ?? 0
        showProgress(done)
      }
    },
  }
}

type Tail = Awaited<ReturnType<StreamedResults['tail']>>

async function tailDocument({ tail, warnings }: StreamedResults, view: Required<View<Tail>>): Promise<PrintedDocument> {
  const data = await tail()
  const { table, csv, jsonl } = view
  return {
    kind: 'Results',
    warnings,
    table: (page) => table(data, page),
    csv: () => csv(data),
    jsonl: () => jsonl(data),
  }
}

function refuseConflictingOptions(
  { rows, contrasts, crossings, best, curve, fit, method, max, min }: ResultsOptions,
  format: Format,
): void {
  const requested = [
    ...(rows === true ? ['--rows'] : []),
    ...(contrasts === true ? ['--contrasts'] : []),
    ...(crossings === true ? ['--crossings'] : []),
    ...(best === undefined ? [] : ['--best']),
    ...(curve === true ? ['--curve'] : []),
    ...(fit === undefined ? [] : ['--fit']),
  ]
  if (requested.length > 1)
    throw new CliError('USAGE', `${requested.join(' and ')} cannot be combined`, 'give only one of them')
  for (const [word, isRequested] of Object.entries({ contrasts, crossings }))
    if (isRequested === true && format === 'json')
      throw new CliError('USAGE', `--json already includes the ${word}`, `omit --${word}`)
  if (fit === undefined && method !== undefined)
    throw new CliError('USAGE', '--method needs --fit', 'add --fit "log(escape) ~ 1/T", or omit --method')
  if (best === undefined && (max === true || min === true))
    throw new CliError(
      'USAGE',
      '--max and --min need --best',
      'add --best with the name of an estimate, such as --best escape',
    )
}
