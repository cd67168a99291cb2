import type { Estimate } from '../estimate/estimate.ts'
import { normalQuantile } from '../special/normal.ts'
import { normalTail } from '../special/normalTail.ts'
import { type Check, check } from './check.ts'

/** Two correct methods disagree with a p-value below this in one cell of a thousand. */
const least = 1e-3

/**
 * An estimate of the probability of one cell, with the method that made it. An exact answer has an interval of width 0.
 */
export interface Answer {
  readonly by: string
  readonly estimate: Pick<Estimate, 'value' | 'low' | 'high' | 'confidence' | 'simultaneous'>
}

/**
 * Whether two methods give the same probability: the normal test of their difference, with standard errors taken from
 * the intervals. A p-value below 1e-3 is doubtful. It is wrong only if `pairs` times the p-value is below 1e-3 as well,
 * since `pairs` comparisons are made at once (Bonferroni).
 */
export function agreement(first: Answer, second: Answer, pairs = 1): Check {
  const [a, b] = [first.estimate, second.estimate]
  const apart = Math.abs(a.value - b.value)
  const both = Math.sqrt(standardError(a, a.value <= b.value) ** 2 + standardError(b, a.value > b.value) ** 2)
  const pValue = apart === 0 ? 1 : both === 0 ? 0 : 2 * normalTail(apart / both)
  const values = `${first.by} ${a.value.toPrecision(3)}, ${second.by} ${b.value.toPrecision(3)}`
  const p = `(p = ${pValue.toPrecision(2)})`
  if (pValue >= least) return check('agreement', 'good', `${values}: they agree ${p}`)
  return check(
    'agreement',
    pValue * pairs < least ? 'wrong' : 'doubtful',
    `${values}: they exclude one another ${p}`,
    'see `spread` of the cell that splits or tilts: more `particles`, another `score` or `shift`',
  )
}

/** The standard error on one side of the value: the side that faces the other method's value. */
function standardError({ value, low, high, confidence, simultaneous = 1 }: Answer['estimate'], above: boolean): number {
  const z = -normalQuantile((1 - confidence) / simultaneous / 2)
  return (above ? high - value : value - low) / z
}
