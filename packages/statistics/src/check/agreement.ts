import type { Estimate } from '../estimate/estimate.ts'
import { normalQuantile } from '../special/normal.ts'
import { normalTail } from '../special/normalTail.ts'
import { type Check, check } from './check.ts'

/** Two right methods come to lie further apart once in a thousand cells. */
const least = 1e-3

/** An answer for the probability of one cell. Exact ones have an interval without width. */
export interface Answer {
  readonly by: string
  readonly estimate: Pick<Estimate, 'value' | 'low' | 'high' | 'confidence' | 'simultaneous'>
}

/**
 * Whether two methods give one probability: by the normal test of their difference, with standard errors from the
 * intervals. Of `pairs` that are compared at once, chance alone has one in a thousand disagree: that is doubtful, and
 * wrong only where it would be as rare over all of them.
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

/** On the side that faces the other value. */
function standardError({ value, low, high, confidence, simultaneous = 1 }: Answer['estimate'], above: boolean): number {
  const z = -normalQuantile((1 - confidence) / simultaneous / 2)
  return (above ? high - value : value - low) / z
}
