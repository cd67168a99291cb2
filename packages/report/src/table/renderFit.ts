import { barrierFactor } from '@driftfarm/statistics'
import type { FitData, FitParameter } from '../document/fit.ts'
import { estimateText } from './digits.ts'
import { renderRecords, type TableOptions } from './renderRecords.ts'
import { subtreeLabels } from './subtreeLabels.ts'
import { printable, wrapped } from './text.ts'

/** A fit as text: the line, how well it fits, and the cells it goes through. */
export function renderFit(data: FitData, options: TableOptions = {}): string {
  const { sweep, formula, link, family, confidence, slope, intercept, arrhenius, temperature, freedom, cells, scale } =
    data
  const rows: [string, FitParameter][] = [
    ['slope', slope],
    ['intercept', intercept],
    ...(arrhenius === null
      ? []
      : ([
          [`barrier (-slope${times(barrierFactor(temperature))})`, arrhenius.barrier],
          ['prefactor (exp of the intercept)', arrhenius.prefactor],
        ] as [string, FitParameter][])),
  ]
  const percent = `${Number((100 * confidence).toPrecision(4))} %`
  const labels = paths(data).map((path) => {
    const values = cells.map(({ params }) => params[path])
    return values.every((value) => typeof value === 'number') ? values : subtreeLabels(values)
  })
  const small = (value: number) => Number(value.toPrecision(3))
  const body = [
    `${printable(sweep.name)}: ${printable(formula)} over ${cells.length} cells`,
    '',
    renderRecords(
      ['', 'value', `${percent} interval`],
      rows.map(([name, value]) => [name, ...parameterText(value)]),
      options,
    ),
    `${howFitted[family]}${scale > 1 ? `, widened by ${small(Math.sqrt(scale))} for the scatter of the cells` : ''}`,
    freedom === 0
      ? 'two cells always have a line through them: nothing to judge it by'
      : `deviance ${small(data.deviance)} at ${freedom} degrees of freedom, p = ` +
        `${small(data.pValue ?? Number.NaN)}; dispersion ${small(data.dispersion ?? Number.NaN)}`,
    ...(temperature === null ? [] : wrapped(saidOf(temperature), options.width ?? 160)),
    '',
    renderRecords(
      [
        'cell',
        ...paths(data),
        printable(data.against),
        'events',
        family === 'poisson' ? 'steps at risk' : data.method === 'splitting' ? 'replicas' : 'trials',
        'observed',
        'fitted',
        'residual',
      ],
      cells.map((cell, at) => [
        cell.index,
        ...labels.map((label) => label[at]),
        Number(cell.x.toPrecision(6)),
        cell.events,
        typeof cell.exposure === 'string' ? BigInt(cell.exposure) : cell.exposure,
        Number(cell.observed.toPrecision(4)),
        Number(cell.fitted.toPrecision(4)),
        Number(cell.residual.toFixed(2)),
      ]),
      options,
    ),
    `residual: ${family === 'normal' ? 'in standard errors' : "root of the cell's deviance"}; beyond 3 in size the ` +
      `${link === 'log' ? 'logarithm' : 'estimate'} does not lie on the line there`,
  ]
  return `${body.map((line) => line.trimEnd()).join('\n')}\n`
}

const times = (factor: number | null): string =>
  factor === null || factor === 1 ? '' : ` x ${Number(factor.toPrecision(3))}`

const saidOf = ({ text, mend }: { readonly text: string; readonly mend: string | null }): string =>
  printable(`temperature: ${text}${mend === null ? '' : `; ${mend}`}`)

const howFitted: Readonly<Record<FitData['family'], string>> = {
  binomial: 'maximum likelihood of binomial counts, limits of the profile likelihood',
  poisson: 'maximum likelihood of Poisson counts over steps at risk, limits of the profile likelihood',
  normal: 'least squares, cells weighed by the spread of their values, normal limits',
}

function parameterText({ value, low, high }: FitParameter): [string, string] {
  if (typeof value === 'string' || typeof low === 'string' || typeof high === 'string')
    return [String(value), `[${low}, ${high}]`]
  const { value: text, interval } = estimateText({ value, low, high })
  return [text, interval]
}

const paths = ({ cells }: FitData): string[] => [...new Set(cells.flatMap(({ params }) => Object.keys(params)))]
