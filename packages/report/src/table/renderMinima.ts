import type { MinimaCell, PointResult } from '../document/minima.ts'
import { estimateText } from './digits.ts'
import { countText } from './quantity.ts'
import { renderRecords, type TableOptions } from './renderRecords.ts'

/** A cell's minima and other end points as tables, with the meaning of the numbers. */
export function renderMinima(cell: MinimaCell, options: TableOptions = {}): string {
  const { minima, notMinima, diverged, unfinished, descents, tolerances, confidence, dimension } = cell
  const percent = `${Number((100 * confidence).toPrecision(4))} %`
  const lines = [
    `cell ${cell.index}${paramsText(cell)}: ${descents} noise-free ${descents === 1 ? 'descent' : 'descents'} from ` +
      `${startText(cell.start)}, eta ${cell.eta}, until |grad L| <= ${small(cell.gradient)} or ${cell.steps} steps`,
  ]
  if (minima.length > 0) lines.push('', pointTable(minima, options))
  else lines.push('', 'no minimum was found', ...(unfinished > descents / 2 ? [atInfinity] : []), '')
  if (notMinima.length > 0) {
    lines.push('not a minimum, or not proven to be one:', pointTable(notMinima, options))
  }
  const isMany = descents > 1
  lines.push(
    ...(diverged.count > 0
      ? [
          `${diverged.count} of ${descents} descents diverged: share ${estimateText(diverged).value} ` +
            `${estimateText(diverged).interval}; a smaller --eta may help`,
        ]
      : []),
    ...(unfinished > 0
      ? [`${unfinished} of ${descents} descents ran out of steps: completed by the Levenberg-Marquardt method`]
      : []),
    ...(isMany
      ? [
          'share: fraction of the starts that lead to the point; the intervals are simultaneous at ' +
            `${percent} confidence (Clopper-Pearson, Bonferroni)`,
        ]
      : []),
    `end points within ${small(tolerances.merge)} (1 + |theta|) of each other count as one ` +
      `point${cell.symmetry === '' ? '' : `; ${cell.symmetry}`}`,
    'smallest, largest: eigenvalues of the Hessian',
    `counted as zero: gradients of length up to ${small(tolerances.gradient)} (1 + |L|), and eigenvalues of ` +
      `magnitude up to ${small(tolerances.eigenvalue)} times the largest magnitude of ` +
      countText(dimension, 'eigenvalue'),
  )
  if (cell.start === 'point')
    lines.push(
      'a start at a point gives one descent; a random start such as {uniform: {low: -2, high: 2}} finds more minima',
    )
  return `${lines.join('\n')}\n`
}

const atInfinity =
  'Most descents were still going down after all of their steps. The loss may have no minimum at a finite point, ' +
  'as with cross-entropy without weight decay (with `decay: 0.01`, a minimum exists). If the loss has a minimum, ' +
  'use more --steps or a larger --eta.'

function pointTable(points: readonly PointResult[], options: TableOptions): string {
  const isKnown = points.some(({ known }) => known !== null)
  const hasKinds = points.some(({ kind }) => kind !== 'minimum')
  const rows = points.map((one) => {
    const { value, interval } = estimateText(one.share)
    return [
      one.name,
      ...(isKnown ? [one.known ?? ''] : []),
      ...(hasKinds ? [one.kind] : []),
      // A loss below 1e-12 may consist only of the rounding errors of larger numbers, so only one digit is shown.
      digits(one.loss, Math.abs(Number(one.loss)) < 1e-12 ? 1 : 9),
      digits(one.gradnorm, 1),
      one.eigenvalues === null ? '-' : digits(one.eigenvalues.smallest, 5),
      one.eigenvalues === null ? '-' : digits(one.eigenvalues.largest, 5),
      ...(hasKinds ? [one.eigenvalues?.negative ?? '-', one.eigenvalues?.zero ?? '-'] : []),
      value,
      interval,
    ]
  })
  const titles = [
    'name',
    ...(isKnown ? ['known as'] : []),
    ...(hasKinds ? ['kind'] : []),
    'loss',
    '|grad|',
    'smallest',
    'largest',
    ...(hasKinds ? ['negative', 'zero'] : []),
    'share',
    'interval',
  ]
  return renderRecords(titles, rows, options)
}

const digits = (value: number | string, count: number): number | string =>
  typeof value === 'number' ? Number(value.toPrecision(count)) : value

const small = (value: number): string => (value < 1e-3 ? value.toExponential() : String(value))

function paramsText({ params }: MinimaCell): string {
  const entries = Object.entries(params).map(([path, value]) => `${path}=${JSON.stringify(value)}`)
  return entries.length === 0 ? '' : ` (${entries.join(', ')})`
}

function startText(kind: string): string {
  return kind === 'point'
    ? 'a point'
    : `${kind === 'uniform' || kind === 'gaussian' ? 'a' : 'an'} ${kind} start`.replace('an descend', 'a descended')
}

/**
 * The minima as YAML for `landscape:` of a spec. Each number is printed with the fewest digits that identify the
 * double.
 *
 *     minima:
 *       m1: [-1.0466805318046022]
 */
export function minimaYaml({ minima }: MinimaCell): string {
  if (minima.length === 0) return 'minima: {}\n'
  return `minima:\n${minima.map(({ name, point }) => `  ${name}: [${point.join(', ')}]\n`).join('')}`
}

/** Maximum number of coordinates of a printed point. Points with more coordinates are only written to a file. */
export const maxPrinted = 16

export const minimaBelow = (cell: MinimaCell): string =>
  cell.dimension > maxPrinted || cell.minima.length === 0 ? '' : `\n# under landscape:\n${minimaYaml(cell)}`
