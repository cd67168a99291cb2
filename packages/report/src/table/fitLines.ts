import type { FitData, OneFit } from '../document/fit.ts'
import { parameterText } from './parameterText.ts'
import { renderRecords, type TableOptions } from './renderRecords.ts'
import { printable, widthOf } from './text.ts'

/**
 * The table has one line for each fit or, if that would be too wide, one line for each coefficient. Numbers are never
 * cut, since a cut number would be a different number.
 */
export function fitLines(data: FitData, title: string, options: TableOptions): string {
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
      small(fit.pValue),
      small(fit.dispersion),
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
      ].map((row, at) => (at === 0 ? [fit.at, fit.cells.length, ...row, small(fit.pValue)] : ['', null, ...row, null])),
    ),
  ]
}

const barrierOf = ({ barrier }: OneFit): unknown[] =>
  barrier === null ? ['', '', ''] : [...parameterText(barrier), small(barrier.theory.barrier)]

const intervalTitle = ([first]: readonly OneFit[]): string => `${Number((100 * first!.confidence).toPrecision(4))} %`

const small = (value: number | null): number | null => (value === null ? null : Number(value.toPrecision(3)))
