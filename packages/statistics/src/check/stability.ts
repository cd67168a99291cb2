import { type Check, check } from './check.ts'
import { short } from './percent.ts'
import type { StabilityPremise } from './premises.ts'

export function stabilityChecks(stability: StabilityPremise | null): readonly Check[] {
  if (stability === null) return []
  const { eta, curvature, limit, at } = stability
  const largest = `the largest curvature at the ${at ?? 'minimum'} (${short(curvature)})`
  const product = `eta ${short(eta)} times ${largest} is ${short(eta * curvature)}`
  if (eta * curvature <= limit) return [check('stability', 'good', `${product}, within the limit ${short(limit)}`)]
  return [
    check(
      'stability',
      'doubtful',
      `${product}, above the limit ${short(limit)}: descent diverges from there even without noise`,
      `use \`eta\` below ${short(limit / curvature)}`,
    ),
  ]
}
