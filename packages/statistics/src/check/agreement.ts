import type { Estimate } from '../estimate/estimate.ts'
import { normalQuantile } from '../special/normal.ts'
import { normalTail } from '../special/normalTail.ts'
import type { Check } from './check.ts'

/** Two right methods come to lie further apart once in a thousand cells. */
const least = 1e-3

/** Whether two methods give one probability: by the normal test of their difference, with standard errors from the intervals. */
export function agreement(first: Estimate, second: Estimate, methods: readonly [string, string]): Check {
  const errors = [first, second].map((each) =>
    standardError(each, first.value <= second.value ? each === first : each === second),
  )
  const [a, b] = errors as [number, number]
  const apart = Math.abs(first.value - second.value)
  const both = Math.sqrt(a * a + b * b)
  const pValue = apart === 0 ? 1 : 2 * normalTail(apart / both)
  const values = `${methods[0]} ${first.value.toPrecision(3)}, ${methods[1]} ${second.value.toPrecision(3)}`
  const verdict = pValue >= least ? 'good' : 'bad'
  return {
    name: 'methods',
    verdict,
    text: `${values}: ${verdict === 'good' ? 'they agree' : 'they differ'} (p = ${pValue.toPrecision(2)})`,
  }
}

/** On the side that faces the other value. */
function standardError({ value, low, high, confidence, simultaneous = 1 }: Estimate, above: boolean): number {
  const z = -normalQuantile((1 - confidence) / simultaneous / 2)
  return (above ? high - value : value - low) / z
}
