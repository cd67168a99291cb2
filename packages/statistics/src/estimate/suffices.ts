import type { Demand } from '@driftfarm/spec'
import { talliedHorizons } from '@driftfarm/spec'
import type { TallyJson } from '../tallyJson.ts'
import { entryOf } from './registry.ts'

/**
 * Whether a stored tally contains all counts that a request needs. If not, the trials must be recomputed. Estimates
 * that the request does not name are not required: results leave them out if the tally lacks their counts.
 */
export function suffices(
  tally: TallyJson,
  demand: Pick<Demand, 'horizons' | 'rateAfter' | 'estimates' | 'until'>,
): boolean {
  const has = new Map(tally.horizons.map((each) => [each.horizon, each]))
  if (!talliedHorizons(demand).every((horizon) => has.has(horizon))) return false
  const { rateAfter = 0, estimates, until } = demand
  // The methods `splitting` and `tilt` provide no further counts, so recomputing their trials would not help.
  if (tally.values !== undefined) return true
  if (rateAfter > 0 && has.get(rateAfter)!.atRisk === undefined) return false
  const requested = [...(estimates ?? []), ...(until?.rules ?? []).map(({ estimate }) => estimate)]
  return requested.every((text) => {
    const { name, entry } = entryOf(text)
    return entry.isIn(name, tally)
  })
}
