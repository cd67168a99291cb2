import { intercept, normalQuantile } from '@driftfarm/statistics'
import { csvLine } from '../format/csv.ts'
import { jsonLines } from '../format/json.ts'
import { paramColumns, paramTitles } from '../format/label.ts'
import { mergeStatements, type Statement } from '../format/mergeStatements.ts'
import { confidenceText, countText, parameterText } from '../format/quantity.ts'
import { type RecordColumn, renderColumns, renderRecords, type TableOptions } from '../format/table.ts'
import { printable, texts, widthOf, wrapped } from '../format/text.ts'
import { define, type View } from './define.ts'
import { type FitData, type FitParameter, fitShape, type OneFit } from './fit.ts'

/** What `fit` and `results --fit` print. CSV and JSON lines have one line for each coefficient. */
export const fit = define('Fit', fitShape, {
  table: renderFit,
  csv: (data) => recordsCsv(coefficientRecords(data)),
  jsonl: (data) => jsonLines(coefficientRecords(data)),
})

/** Shows the cells of fits with their residuals. In JSON, the residuals are part of the fits. */
export const residualsOfFit: Required<View<FitData>> = {
  table: renderResiduals,
  csv: (data) => recordsCsv(residualRecords(data)),
  jsonl: (data) => jsonLines(residualRecords(data)),
}

export function renderFit(data: FitData, options: TableOptions = {}): string {
  const [only] = data.fits
  return text(data.by === null && only !== undefined ? oneFit(data, only, options) : byValue(data, options))
}

function renderResiduals(data: FitData, options: TableOptions = {}): string {
  return text([
    headOf(data),
    '',
    ...data.fits.flatMap((fit) =>
      texts(fit.at !== null && printable(`${titleOf(data)} ${fit.at}`), cellsOf(data, fit, options)),
    ),
    legendOf(data),
  ])
}

const text = (lines: readonly string[]): string => `${lines.map((line) => line.trimEnd()).join('\n')}\n`

function headOf({ sweep, formula, fits, by, where }: FitData): string {
  const cells = fits.reduce((sum, fit) => sum + fit.cells.length, 0)
  const chosen = where === null ? '' : ` where ${where}`
  const each = by === null ? '' : `, one fit for each ${by}`
  return printable(`${sweep.name}: ${formula} over ${countText(cells, 'cell')}${chosen}${each}`)
}

function oneFit(data: FitData, fit: OneFit, options: TableOptions): readonly string[] {
  const { coefficients, barrier, temperature, confidence } = fit
  const rows: [string, FitParameter][] = coefficients.map((each) => [labelOf(data, each.name), each])
  if (barrier !== null) rows.push([barrierLabel(data, barrier), barrier])
  if (barrier?.prefactor) rows.push(['prefactor (exp of the intercept)', barrier.prefactor])
  const titles = ['', 'value', `${confidenceText(confidence, 4)} interval`, 'standard error']
  const lines = rows.map(([name, value]) => [name, ...parameterText(value), errorOf(value)])
  const width = options.width ?? 160
  return texts(
    headOf(data),
    '',
    renderRecords(titles, lines, options),
    wrapped(howFitted(fit), width),
    sharing(fit),
    judgement(fit),
    correlations(fit),
    temperature && wrapped(printable(`temperature: ${temperature.text}${then(temperature.hint)}`), width),
    barrier && wrapped(printable(`theory: ${barrier.theory.text}`), width),
    '',
    cellsOf(data, fit, options),
    legendOf(data),
  )
}

function byValue(data: FitData, options: TableOptions): readonly string[] {
  const { fits, refused } = data
  const width = options.width ?? 160
  const barrierTerms = [...new Set(fits.flatMap(({ barrier }) => barrier?.term ?? []))]
  const unfitted = refused.map(({ at, why }) => ({ at, text: why }))
  const temperatures = fits.flatMap(({ at, temperature }) =>
    temperature === null ? [] : [{ at: at!, text: temperature.text + then(temperature.hint) }],
  )
  const said = (sentences: readonly Statement[], about: string, of = fits.length) =>
    mergeStatements(sentences, titleOf(data), of).flatMap((each) => wrapped(printable(`${about}: ${each}`), width))
  return texts(
    headOf(data),
    '',
    fitLines(data, titleOf(data), options),
    [...new Set(fits.flatMap((fit) => texts(howFitted(fit), sharing(fit))))],
    barrierTerms.length > 0 &&
      `effective barrier: the negative of the coefficient of ${printable(barrierTerms.join(' or '))}`,
    said(temperatures, 'temperature'),
    said(theoriesOf(fits), 'theory'),
    said(unfitted, 'no fit', fits.length + refused.length),
  )
}

/** What theory says about the barriers of fits. */
export const theoriesOf = (fits: readonly OneFit[]): Statement[] =>
  fits.flatMap(({ at, barrier }) => (barrier === null ? [] : [{ at: at ?? '', text: barrier.theory.text }]))

type FittedCell = OneFit['cells'][number]

function cellsOf({ terms }: FitData, fit: OneFit, options: TableOptions): string {
  const { cells, family, method } = fit
  const paths = [...new Set(cells.flatMap(({ params }) => Object.keys(params)))]
  const exposures = family === 'poisson' ? 'steps at risk' : method === 'splitting' ? 'replicas' : 'trials'
  return renderColumns(options, cells, [
    ['cell', ({ index }) => index],
    ...paramColumns(paths, paths, cells),
    ...terms.map((term, at): RecordColumn<FittedCell> => [term, ({ x }) => Number(x[at]!.toPrecision(6))]),
    ['events', ({ events }) => events],
    [exposures, ({ exposure }) => BigInt(exposure)],
    ['observed', ({ observed }) => Number(observed.toPrecision(4))],
    ['fitted', ({ fitted }) => Number(fitted.toPrecision(4))],
    ['residual', ({ residual }) => Number(residual.toFixed(2))],
  ])
}

const legendOf = ({ fits, link }: FitData): string =>
  `residual: ${fits[0]?.family === 'normal' ? 'in standard errors' : "signed root of the cell's deviance"}. If the ` +
  `residual is beyond ±3, the ${link === 'log' ? 'logarithm of the estimate' : 'estimate'} of the cell does not fit`

/** The title of the path with a separate fit for each value; '' if there is one fit. */
export const titleOf = ({ by }: FitData): string => (by === null ? '' : (paramTitles([by])[0] ?? by))

function labelOf({ terms }: FitData, name: string): string {
  if (name === intercept) return intercept
  return terms.length === 1 ? `slope (${printable(name)})` : printable(name)
}

const barrierLabel = ({ terms }: FitData, { term, factor }: NonNullable<OneFit['barrier']>): string =>
  `effective barrier (-${terms.length === 1 ? 'slope' : printable(term)}` +
  `${factor === 1 ? '' : ` x ${Number(factor.toPrecision(3))}`})`

const small = (value: number): number => Number(value.toPrecision(3))

const then = (hint: string | null): string => (hint === null ? '' : `; ${hint}`)

function errorOf(value: FitParameter & { readonly error?: unknown }): string {
  return typeof value.error === 'number' ? String(Number(value.error.toPrecision(2))) : ''
}

const manners: Readonly<Record<OneFit['family'], string>> = {
  binomial: 'maximum likelihood for binomial counts, profile-likelihood limits',
  poisson: 'maximum likelihood for Poisson counts over steps at risk, profile-likelihood limits',
  normal: "least squares, cells weighted by the inverse variance of their estimates, Student's t limits",
}

const howFitted = ({ family, confidence, quantile, scale, freedom, at }: OneFit): string => {
  const wider = (quantile * Math.sqrt(scale)) / normalQuantile((1 + confidence) / 2)
  const isWider = at === null && freedom > 0 && wider > 1.005
  // With few degrees of freedom, the scatter is poorly known, so limits are wide even if cells lie close to the line.
  const why = `because of the scatter of the cells, with ${freedomText(freedom)}`
  const width = `, ${small(wider)} times as wide as limits from a normal distribution (${why})`
  return manners[family] + (isWider ? width : '')
}

export const freedomText = (freedom: number): string =>
  `${Number.isInteger(freedom) ? freedom : small(freedom)} ${freedom === 1 ? 'degree' : 'degrees'} of freedom`

/** The computed tail is exact to about 15 digits below 1. */
export const pValueText = (p: number): string => (p < 1e-15 ? 'p < 1e-15' : `p = ${Number(p.toPrecision(2))}`)

const sharing = ({ shared }: OneFit): string | null =>
  shared &&
  `${shared.cells} cells share their noise: the correlation of their errors is estimated from ` +
    `${shared.blocks} blocks of trials`

function judgement({ freedom, expected, deviance, pValue, dispersion, coefficients, shared }: OneFit): string {
  if (freedom === 0)
    return coefficients.length === 2
      ? 'a line through two cells always fits exactly, so the fit cannot be judged'
      : 'a fit with as many coefficients as cells is always exact, so it cannot be judged'
  return (
    `deviance ${small(deviance)}${shared === null ? '' : ` (${small(expected)} expected by chance)`} with ` +
    `${freedomText(freedom)}, ${pValueText(pValue ?? Number.NaN)}; dispersion ${small(dispersion ?? Number.NaN)}`
  )
}

function correlations({ coefficients, covariance }: OneFit): string[] {
  if (coefficients.length < 3) return []
  const found = coefficients.flatMap(({ name }, i) =>
    coefficients.slice(0, i).map((other, j) => {
      const share = Number(covariance[i]![j]) / Math.sqrt(Number(covariance[i]![i]) * Number(covariance[j]![j]))
      return `${other.name} and ${name} ${share.toFixed(2)}`
    }),
  )
  return [printable(`correlation of the errors: ${found.join(', ')}`)]
}

/**
 * The table has one line for each fit or, if that would be too wide, one line for each coefficient. Numbers are never
 * cut, since a cut number would be a different number.
 */
function fitLines(data: FitData, title: string, options: TableOptions): string {
  const whole = { ...options, width: Number.POSITIVE_INFINITY }
  const wide = renderRecords(...lineEach(data, title), { ...whole, color: false })
  const fits = wide.split('\n').every((line) => widthOf(line) <= (options.width ?? 160))
  return renderRecords(...(fits ? lineEach(data, title) : lineForCoefficient(data, title)), whole)
}

type Records = [titles: string[], rows: unknown[][]]

function lineEach({ fits }: FitData, title: string): Records {
  const names = [...new Set(fits.flatMap(({ coefficients }) => coefficients.map(({ name }) => name)))]
  const hasBarrier = fits.some(({ barrier }) => barrier !== null)
  const interval = intervalTitle(fits)
  return [
    [
      title,
      'cells',
      ...names.flatMap((name) => [printable(name), interval]),
      ...(hasBarrier ? ['effective barrier', interval, 'theory'] : []),
      'p',
      'dispersion',
    ],
    fits.map((fit) => [
      fit.at,
      fit.cells.length,
      ...names.flatMap((name) => parameterText(fit.coefficients.find((each) => each.name === name)!)),
      ...(hasBarrier ? barrierOf(fit) : []),
      smallOrNull(fit.pValue),
      smallOrNull(fit.dispersion),
    ]),
  ]
}

function lineForCoefficient({ fits }: FitData, title: string): Records {
  return [
    [title, 'cells', '', 'value', intervalTitle(fits), 'p'],
    fits.flatMap((fit) =>
      [
        ...fit.coefficients.map((each): [string, ...unknown[]] => [printable(each.name), ...parameterText(each)]),
        ...(fit.barrier === null ? [] : [['effective barrier', ...parameterText(fit.barrier)]]),
      ].map((row, at) =>
        at === 0 ? [fit.at, fit.cells.length, ...row, smallOrNull(fit.pValue)] : ['', null, ...row, null],
      ),
    ),
  ]
}

const barrierOf = ({ barrier }: OneFit): unknown[] =>
  barrier === null ? ['', '', ''] : [...parameterText(barrier), smallOrNull(barrier.theory.barrier)]

const intervalTitle = ([first]: readonly OneFit[]): string => confidenceText(first!.confidence, 4)

const smallOrNull = (value: number | null): number | null => (value === null ? null : small(value))

function coefficientRecords({ by, fits }: FitData): Readonly<Record<string, unknown>>[] {
  return fits.flatMap((fit) =>
    fit.coefficients.map(({ name, value, low, high, error }) => {
      const barrier = fit.barrier?.term === name ? fit.barrier : null
      return {
        ...(by === null ? {} : { [by]: fit.at }),
        term: name,
        value,
        low,
        high,
        error,
        confidence: fit.confidence,
        barrier: barrier?.value ?? null,
        'barrier.low': barrier?.low ?? null,
        'barrier.high': barrier?.high ?? null,
        'barrier.theory': barrier?.theory.barrier ?? null,
        method: fit.method,
        family: fit.family,
        cells: fit.cells.length,
        deviance: fit.deviance,
        expected: fit.expected,
        freedom: fit.freedom,
        pValue: fit.pValue,
        dispersion: fit.dispersion,
        scale: fit.scale,
      }
    }),
  )
}

function residualRecords({ by, terms, fits }: FitData): Readonly<Record<string, unknown>>[] {
  const paths = [...new Set(fits.flatMap(({ cells }) => cells.flatMap(({ params }) => Object.keys(params))))]
  return fits.flatMap((fit) =>
    fit.cells.map(({ index, params, x, ...measured }) => ({
      ...(by === null || paths.includes(by) ? {} : { [by]: fit.at }),
      cell: index,
      ...Object.fromEntries(paths.map((path) => [path, params[path] ?? null])),
      ...Object.fromEntries(terms.flatMap((term, at) => (paths.includes(term) ? [] : [[term, x[at]]]))),
      ...measured,
    })),
  )
}

/** All records must have the same keys. */
function recordsCsv(records: readonly Readonly<Record<string, unknown>>[]): string {
  const columns = Object.keys(records[0] ?? {})
  return csvLine(columns) + records.map((record) => csvLine(columns.map((name) => record[name] ?? ''))).join('')
}
