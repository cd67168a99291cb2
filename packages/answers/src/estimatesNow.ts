import { type Prefix, tallyOf } from '@driftfarm/database'
import { type Estimate, estimatesOf } from '@driftfarm/statistics'

/** The estimates of an ended cell as stored; those of an open cell made from its newest tally. */
export function estimatesNow(prefix: Prefix): Readonly<Record<string, Estimate>> {
  if (prefix.state !== 'open') return prefix.estimates ?? {}
  return estimatesOf(tallyOf(prefix), prefix.layout, prefix.demand, prefix.how)
}
