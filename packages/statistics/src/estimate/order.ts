import type { RecordLayout } from '@driftfarm/kernel'
import { atHorizons, otherNames, probabilityNames } from '@driftfarm/spec'
import { type Events, eventNamesIn } from './defined.ts'
import { jointNames } from './joint.ts'

/**
 * The estimates of a cell where the spec names none: probabilities, those at its horizons, then rates, times and costs.
 */
export function estimateNames(layout: RecordLayout, horizons: readonly number[], events?: Events): string[] {
  const names = eventNamesIn(layout, events)
  const probabilities = probabilityNames(names)
  return [...probabilities, ...atHorizons(probabilities, horizons), ...otherNames(names)]
}

/** The order of estimates in documents: that of `estimateNames`, then combinations of events. */
export function orderOfEstimates(layout: RecordLayout, horizons: readonly number[]): string[] {
  return [...estimateNames(layout, horizons), ...jointNames(layout)]
}
