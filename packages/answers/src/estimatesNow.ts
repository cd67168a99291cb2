import { type Prefix, tallyOf } from '@driftfarm/database'
import { type Estimate, estimatesOf } from '@driftfarm/statistics'

export function estimatesNow(prefix: Prefix): Readonly<Record<string, Estimate>> {
  if (prefix.state !== 'open') return prefix.estimates ?? {}
  return estimatesOf(tallyOf(prefix), prefix.layout, prefix.demand, prefix.choice)
}
