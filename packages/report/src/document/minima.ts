import { count, nonNegative, type Plain, share } from '@driftfarm/statistics'
import type { FoundPoint, Minima } from '@driftfarm/theory'
import { shareShape } from '@driftfarm/theory/shapes'
import * as z from 'zod'
import { confidenceText, countText, estimateText } from '../format/quantity.ts'
import { renderColumns, type TableOptions } from '../format/table.ts'
import { texts } from '../format/text.ts'
import { cellByCell, define } from './define.ts'
import { type Origin, originShape, paramsText, real, realShape } from './fields.ts'

const pointShape = z.strictObject({
  name: z.string(),
  known: z
    .string()
    .nullable()
    .describe('The name of this point in the cell; null if the cell does not name the point.'),
  kind: z.enum(['minimum', 'saddle', 'flat', 'unsettled']),
  loss: realShape,
  gradnorm: realShape,
  /**
   * The smallest and the largest eigenvalue, the number of negative eigenvalues, and the number of eigenvalues that
   * are zero within the tolerance.
   */
  eigenvalues: z
    .strictObject({ smallest: z.number(), largest: z.number(), negative: count, zero: count })
    .nullable()
    .describe('Eigenvalues of the Hessian; null if the Hessian is not finite.'),
  share: shareShape,
  first: count.describe('Trial index of the first descent that ended here.'),
  /** Number of descents in which a plain Newton step failed, so that a damped step was needed. */
  damped: count,
  point: z.array(z.number()),
})
type PointResult = Plain<z.infer<typeof pointShape>>

const cellShape = originShape.extend({
  /** The kind of the start: point, uniform, ... */
  start: z.string(),
  dimension: count,
  descents: count,
  /** Settings of the descents: step size, gradient norm at which a descent ends, and maximum number of steps. */
  eta: nonNegative,
  gradient: nonNegative,
  steps: count,
  /** Simultaneous confidence level of the intervals for all shares in the cell. */
  confidence: share,
  /** The symmetry under which points count as the same point. */
  symmetry: z.string(),
  tolerances: z.strictObject({
    gradient: nonNegative,
    eigenvalue: nonNegative,
    merge: nonNegative,
    flatLoss: nonNegative,
  }),
  minima: z.array(pointShape),
  /** Points of the other kinds: saddle, flat and unsettled. */
  notMinima: z.array(pointShape),
  diverged: shareShape,
  unfinished: count,
})
export type MinimaCell = Plain<z.infer<typeof cellShape>>

const minimaShape = z.strictObject({
  sweep: z.strictObject({ name: z.string() }),
  cells: z
    .array(cellShape)
    .describe('The requested cell, or the first cell of each combination of landscape, start and step size.'),
})

/** What `minima` prints. */
export const minima = define('Minima', minimaShape, {
  table: cellByCell((cell, options) => renderMinima(cell, options) + minimaBelow(cell)),
})

export function minimaCell(origin: Origin & Pick<MinimaCell, 'start'>, found: Minima): MinimaCell {
  const { dimension, descents, descent, minima, others, diverged, unfinished, ...settings } = found
  const { eta, gradient, steps } = descent
  const ends = { minima: minima.map(pointResult), notMinima: others.map(pointResult), diverged, unfinished }
  return { ...origin, dimension, descents, eta, gradient, steps, ...settings, ...ends }
}

function pointResult({ eigenvalues: all, negative, zero, ...found }: FoundPoint): PointResult {
  const eigenvalues = all?.length ? { smallest: all[0]!, largest: all.at(-1)!, negative, zero } : null
  return { ...found, loss: real(found.loss), gradnorm: real(found.gradnorm), eigenvalues }
}

/** A cell's minima and other end points as tables, with the meaning of the numbers. */
export function renderMinima(cell: MinimaCell, options: TableOptions = {}): string {
  const { minima, notMinima, diverged, unfinished, descents, tolerances, confidence, dimension } = cell
  const { value, interval } = estimateText(diverged)
  const lines = texts(
    `cell ${cell.index}${paramsText(cell.params)}: ${countText(descents, 'noise-free descent')} from ` +
      `${startText(cell.start)}, eta ${cell.eta}, until |grad L| <= ${small(cell.gradient)} or ${cell.steps} steps`,
    '',
    minima.length > 0
      ? pointTable(minima, options)
      : texts('no minimum was found', unfinished > descents / 2 && atInfinity, ''),
    notMinima.length > 0 && ['not a minimum, or not proven to be one:', pointTable(notMinima, options)],
    diverged.count > 0 &&
      `${diverged.count} of ${descents} descents diverged: share ${value} ${interval}; a smaller --eta may help`,
    unfinished > 0 &&
      `${unfinished} of ${descents} descents ran out of steps: completed by the Levenberg-Marquardt method`,
    descents > 1 &&
      'share: fraction of the starts that lead to the point; the intervals are simultaneous at ' +
        `${confidenceText(confidence, 4)} confidence (Clopper-Pearson, Bonferroni)`,
    `end points within ${small(tolerances.merge)} (1 + |theta|) of each other count as one ` +
      `point${cell.symmetry === '' ? '' : `; ${cell.symmetry}`}`,
    'smallest, largest: eigenvalues of the Hessian',
    `counted as zero: gradients of length up to ${small(tolerances.gradient)} (1 + |L|), and eigenvalues of ` +
      `magnitude up to ${small(tolerances.eigenvalue)} times the largest magnitude of ` +
      countText(dimension, 'eigenvalue'),
    cell.start === 'point' &&
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
  return renderColumns(options, points, [
    ['name', ({ name }) => name],
    isKnown && ['known as', ({ known }) => known],
    hasKinds && ['kind', ({ kind }) => kind],
    // A loss below 1e-12 may consist only of the rounding errors of larger numbers, so only one digit is shown.
    ['loss', ({ loss }) => digits(loss, Math.abs(Number(loss)) < 1e-12 ? 1 : 9)],
    ['|grad|', ({ gradnorm }) => digits(gradnorm, 1)],
    ['smallest', ({ eigenvalues }) => (eigenvalues === null ? '-' : digits(eigenvalues.smallest, 5))],
    ['largest', ({ eigenvalues }) => (eigenvalues === null ? '-' : digits(eigenvalues.largest, 5))],
    hasKinds && ['negative', ({ eigenvalues }) => eigenvalues?.negative ?? '-'],
    hasKinds && ['zero', ({ eigenvalues }) => eigenvalues?.zero ?? '-'],
    ['share', ({ share }) => estimateText(share).value],
    ['interval', ({ share }) => estimateText(share).interval],
  ])
}

const digits = (value: number | string, count: number): number | string =>
  typeof value === 'number' ? Number(value.toPrecision(count)) : value

const small = (value: number): string => (value < 1e-3 ? value.toExponential() : String(value))

function startText(kind: string): string {
  const word = { descend: 'descended', train: 'trained' }[kind] ?? kind
  return kind === 'point' ? 'a point' : `${/^[aeiou](?!niform)/.test(word) ? 'an' : 'a'} ${word} start`
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

function minimaBelow(cell: MinimaCell): string {
  return cell.dimension > maxPrinted || cell.minima.length === 0 ? '' : `\n# under landscape:\n${minimaYaml(cell)}`
}
