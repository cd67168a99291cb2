import {
  contrastsOfResults,
  crossingsOfResults,
  type Definition,
  documents,
  type OnCells,
  rowsParquet,
  type Source,
  type StreamedResults,
  type View,
  type WithWarnings,
} from '@driftfarm/report'
import { command } from '../command.ts'
import { CliError, usageError } from '../failure.ts'
import { flag, type OptionsOf, text } from '../options/option.ts'
import { all, formatOfRecords, method, output, progress } from '../options/shared.ts'
import { type Format, formatOf, type PrintedDocument, printDocument, printedDocument } from '../output.ts'
import { progressOf, progressOfCells, streamedResults, withProgress } from '../progress.ts'
import { printNamesakes } from '../run/printResults.ts'
import { withSweep } from '../session.ts'
import type { Shell } from '../shell.ts'

const options = {
  format: formatOfRecords,
  output,
  rows: flag('print one record per recorded trial or replica'),
  curve: flag('print the share of escaped trials, step by step'),
  observed: flag('print the observed values of the spec, with quantiles and series'),
  fit: text('<formula>', 'print a fit of this formula, as `fit` does, e.g. "log(escapeRate) ~ 1/T"'),
  method: { ...method, help: `with --fit: ${method.help}` },
  contrasts: flag('print only the contrasts of the spec'),
  crossings: flag('print only the points where the estimate crosses the threshold of the spec'),
  best: text(
    '<estimate>',
    'print the cell in which this estimate is largest, with an interval that takes this selection into account',
  ),
  max: flag('with --best: find the largest estimate (default)'),
  min: flag('with --best: find the smallest estimate'),
  all,
  progress,
}
type ResultsOptions = OptionsOf<typeof options>

export const results = command('results <sweep>', {
  summary: 'print the estimates of every cell, or one record per trial',
  options,
  examples: [
    'results double-well',
    'results double-well --rows --format csv -o rows.csv',
    'results double-well --format parquet -o cells.parquet',
    'results double-well --best escape',
    'results double-well --fit "log(escapeRate) ~ 1/T" --json',
  ],
  kinds: ['Results', 'Rows', 'Curves', 'Observed', 'Fit', 'Best'],
  async act(shell, text, options) {
    const format = formatOf(options)
    refuseConflictingOptions(options, format)
    await withSweep(shell, text, async (farmClient, sweep) => {
      const kind = await withDocument(shell, farmClient, sweep, options, async (document) => {
        await printDocument(shell, document, options)
        return document.kind
      })
      if (kind === 'Results' && format === 'table') await printNamesakes(shell, farmClient, sweep.id)
    })
  },
})

/** The cells of the document can be read only until `use` returns. */
async function withDocument<T>(
  shell: Shell,
  source: Source,
  { id, name }: { readonly id: string; readonly name: string },
  options: ResultsOptions,
  use: (document: PrintedDocument) => Promise<T>,
): Promise<T> {
  const onCells = progressOfCells(shell)
  const whole = <Data>(definition: Definition<Data>, { data, warnings }: WithWarnings<Data>): PrintedDocument =>
    printedDocument(definition, data, { warnings, warnsWithRecords: true })
  if (options.best !== undefined) return use(await bestDocument(source, { id, name }, options.best, options, onCells))
  if (options.rows === true) return use(rowsDocument(shell, await source.rows(id)))
  if (options.fit !== undefined) {
    const asked = { sweep: id, formula: options.fit, method: options.method }
    return use(whole(documents.Fit, await source.fit(asked, { onCells })))
  }
  if (options.observed === true) return use(whole(documents.Observed, await source.observed({ sweep: id })))
  if (options.curve === true)
    return source.withCurves(id, (curves) => {
      const cells = () => withProgress(curves.cells(), progressOf(shell, 'reading curve', null))
      const view = { kind: 'Curves', ...documents.Curves.streamed }
      return use(printedDocument(view, { ...curves, cells }, { warnings: curves.warnings, warnsWithRecords: true }))
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

function rowsDocument(shell: Shell, { warnings, columns, records }: FoundRows): PrintedDocument {
  const rows = { columns, records: withProgress(records, progressOf(shell, 'reading row', null)) }
  const view = { ...documents.Rows, json: () => documents.Rows.json(rows, warnings) }
  return {
    ...printedDocument(view, rows, { warnings, warnsWithRecords: true }),
    parquet: async () => rowsParquet(rows),
  }
}

type FoundRows = Awaited<ReturnType<Source['rows']>>
type Tail = Awaited<ReturnType<StreamedResults['tail']>>

const tailDocument = async ({ tail, warnings }: StreamedResults, view: View<Tail>): Promise<PrintedDocument> =>
  printedDocument({ kind: 'Results', ...view }, await tail(), { warnings })

function refuseConflictingOptions(
  { rows, contrasts, crossings, best, curve, observed, fit, method, max, min }: ResultsOptions,
  format: Format,
): void {
  const given = { rows, contrasts, crossings, best, curve, observed, fit }
  const requested = Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`]))
  if (requested.length > 1) throw usageError(`${requested.join(' and ')} cannot be combined`, 'give only one of them')
  for (const [word, isRequested] of Object.entries({ contrasts, crossings }))
    if (isRequested === true && format === 'json')
      throw usageError(`--json already includes the ${word}`, `omit --${word}`)
  if (fit === undefined && method !== undefined)
    throw usageError('--method needs --fit', 'add --fit "log(escape) ~ 1/T", or omit --method')
  if (best === undefined && (max === true || min === true))
    throw usageError('--max and --min need --best', 'add --best with the name of an estimate, such as --best escape')
}

async function bestDocument(
  source: Source,
  sweep: { readonly id: string; readonly name: string },
  best: string,
  { max, min, ...requested }: ResultsOptions,
  onCells: OnCells,
): Promise<PrintedDocument> {
  const format = formatOf(requested)
  if (max === true && min === true) throw usageError('--max cannot be combined with --min', 'omit one of them')
  if (format !== 'table' && format !== 'json')
    throw usageError(`--best prints a table or JSON, not ${format}`, 'omit --format')
  const found = await source.best({ sweep: sweep.id, of: best, direction: min === true ? 'min' : 'max' }, { onCells })
  if ('known' in found)
    throw new CliError(
      'UNKNOWN_ESTIMATE',
      `no cell of ${sweep.name} has an estimate ${JSON.stringify(best)}`,
      found.known.length === 0 ? 'the sweep has no trials yet' : `use one of ${found.known.join(', ')}`,
    )
  return printedDocument(documents.Best, found.data, { warnings: found.warnings })
}
