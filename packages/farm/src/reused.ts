import type { Submitted } from '@driftfarm/database'
import type { ReusedData } from '@driftfarm/report'

/** The data that a submission reuses from other sweeps; null if it reuses none. */
export function reusedData({ reused }: Pick<Submitted, 'reused'>): ReusedData | null {
  return reused === null ? null : { ...reused, trials: String(reused.trials) }
}
