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
import { counted } from '../../counted.ts'
import { CliError } from '../../failure.ts'
import { type Format, formatOf, type PrintedDocument, printDocument, shown, streamed } from '../../output.ts'
import { progressing, progressOf } from '../../progress.ts'
import { requireFarm, withSweep } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { streamedResults } from '../../toldResults.ts'
import type { ResultsOptions } from '../results.ts'
import { bestDocument } from './best.ts'
import { noteNamesakes } from './namesakes.ts'

export async function results(given: Shell, text: string, options: ResultsOptions): Promise<void> {
  const shell = progressing(given, options.progress)
  const format = formatOf(options)
  refuseAtOdds(options, format)
  requireFarm(shell, text)
  await withSweep(shell, text, async (desk, sweep) => {
    const kind = await withDocument(shell, desk, sweep, options, async (document) => {
      await printDocument(shell, document, options)
      return document.kind
    })
    if (kind === 'Results' && format === 'table') await noteNamesakes(shell, desk, sweep.id)
  })
}

/** Hands the document that the options ask for to `use`, during which its cells can be read. */
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
    const { data, warnings } = await source.fit(id, options.fit, { method: options.method, onCells })
    return use(shown(documents.Fit, data, { warnings, warnsBesideRecords: true }))
  }
  if (options.curve === true)
    return source.withCurves(id, (curves) => {
      const cells = () => counted(curves.cells(), progressOf(shell, 'reading curve', null))
      return use(streamed('Curves', documents.Curves.streamed, { ...curves, cells }, { warnsBesideRecords: true }))
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

/** Shows how many cells have been read, of as many as the first report says. */
function cellsRead(shell: Shell): (done: number, total: number) => void {
  let tell: ((done: number) => void) | null = null
  return (done, total) => {
    tell ??= progressOf(shell, 'reading cell', total)
    tell(done)
  }
}

function rowsDocument(shell: Shell, found: Awaited<ReturnType<Source['rows']>>): PrintedDocument {
  const { warnings, columns } = found
  const rows = { columns, records: counted(found.records, progressOf(shell, 'reading row', null)) }
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
    parquet: async () => rowsParquet({ ...rows, ...countedGroups(shell, found) }),
  }
}

/** The rows as columns, where they are to be had; how many have been read is shown. */
function countedGroups(shell: Shell, { groups }: Pick<Rows, 'groups'>): Pick<Rows, 'groups'> {
  if (groups === undefined) return {}
  const tell = progressOf(shell, 'reading row', null)
  return {
    async *groups(rows) {
      let done = 0
      for await (const group of groups(rows)) {
        yield group
        done += group[0]?.length ?? 0
        tell(done)
      }
    },
  }
}

type Tail = Awaited<ReturnType<StreamedResults['tail']>>

/** What is told of all cells together, without the cells. */
async function tailDocument({ tail, warnings }: StreamedResults, view: Required<View<Tail>>): Promise<PrintedDocument> {
  const told = await tail()
  const { table, csv, jsonl } = view
  return {
    kind: 'Results',
    warnings,
    table: (page) => table(told, page),
    csv: () => csv(told),
    jsonl: () => jsonl(told),
  }
}

/** Refuses options that exclude one another or have no effect beside another. */
function refuseAtOdds(
  { rows, contrasts, crossings, best, curve, fit, method, max, min }: ResultsOptions,
  format: Format,
): void {
  const asked = [
    ...(rows === true ? ['--rows'] : []),
    ...(contrasts === true ? ['--contrasts'] : []),
    ...(crossings === true ? ['--crossings'] : []),
    ...(best === undefined ? [] : ['--best']),
    ...(curve === true ? ['--curve'] : []),
    ...(fit === undefined ? [] : ['--fit']),
  ]
  if (asked.length > 1)
    throw new CliError('USAGE', `${asked.join(' and ')} ask for different things`, 'leave all but one out')
  for (const [word, isAsked] of Object.entries({ contrasts, crossings }))
    if (isAsked === true && format === 'json')
      throw new CliError('USAGE', `--json prints the ${word} beside the cells`, `leave --${word} out`)
  if (fit === undefined && method !== undefined)
    throw new CliError('USAGE', '--method belongs to --fit', 'write --fit "log(escape) ~ 1/T", or leave it out')
  if (best === undefined && (max === true || min === true))
    throw new CliError('USAGE', '--max and --min belong to --best', 'write --best escape, or another estimate')
}
