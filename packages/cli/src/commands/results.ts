import {
  contrastsOfResults,
  crossingsOfResults,
  type Definition,
  documents,
  type OnCells,
  type Rows,
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
import { type Format, formatOf, printData } from '../output.ts'
import { progressOf, progressOfCells, withProgress } from '../progress.ts'
import { printNamesakes, printStreamed } from '../run/printResults.ts'
import { type SweepName, withSweep } from '../session.ts'
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
    refuseConflictingOptions(options, formatOf(options))
    await withSweep(shell, text, (source, sweep) => printRequested(shell, source, sweep, options))
  },
})

async function printRequested(shell: Shell, source: Source, { id, name }: SweepName, options: ResultsOptions) {
  const onCells = progressOfCells(shell)
  const { best, rows, fit, method, observed, curve, contrasts, crossings } = options
  const printAnswer = <Data>(definition: Definition<Data>, { data, warnings }: WithWarnings<Data>) =>
    printData(shell, definition, data, options, { warnings, warnsWithRecords: true })
  if (best !== undefined) return printBest(shell, source, { id, name }, best, options, onCells)
  if (rows === true) return printRows(shell, await source.rows(id), options)
  if (fit !== undefined)
    return printAnswer(documents.Fit, await source.fit({ sweep: id, formula: fit, method }, { onCells }))
  if (observed === true) return printAnswer(documents.Observed, await source.observed({ sweep: id }))
  if (curve === true)
    return source.withCurves(id, ({ cells, ...curves }) => {
      const view = { kind: 'Curves', ...documents.Curves.streamed }
      const shown = { ...curves, cells: () => withProgress(cells(), progressOf(shell, 'reading curve', null)) }
      return printData(shell, view, shown, options, { warnings: curves.warnings, warnsWithRecords: true })
    })
  await source.withResults(id, async (results) => {
    const view = contrasts === true ? contrastsOfResults : crossings === true ? crossingsOfResults : null
    if (view === null) return printStreamed(shell, results, options)
    const { tail, warnings } = results
    await printData(shell, { kind: 'Results', ...(view as View<Tail>) }, await tail(), options, { warnings })
  })
  if (formatOf(options) === 'table') await printNamesakes(shell, source, id)
}

type Tail = Awaited<ReturnType<StreamedResults['tail']>>

async function printRows(shell: Shell, all: Required<Rows>, options: ResultsOptions): Promise<void> {
  const rows = { ...all, records: withProgress(all.records, progressOf(shell, 'reading row', null)) }
  const parquet = async () => rowsParquet(rows)
  await printData(shell, documents.Rows, rows, options, { warnings: all.warnings, warnsWithRecords: true, parquet })
}

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

async function printBest(
  shell: Shell,
  source: Source,
  sweep: SweepName,
  best: string,
  { max, min, ...requested }: ResultsOptions,
  onCells: OnCells,
): Promise<void> {
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
  await printData(shell, documents.Best, found.data, requested, { warnings: found.warnings })
}
