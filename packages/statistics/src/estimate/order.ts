import type { RecordLayout } from '@driftfarm/kernel'
import { atHorizons, otherNames, probabilityNames } from '@driftfarm/spec'
import { type Events, eventNamesIn } from './defined.ts'
import { jointNames } from './joint.ts'

/** What a cell is asked for where nobody says: probabilities, those at its horizons, then rates, times and costs. */
export function estimateNames(layout: RecordLayout, horizons: readonly number[], events?: Events): string[] {
  const names = eventNamesIn(layout, events)
  const probabilities = probabilityNames(names)
  return [...probabilities, ...atHorizons(probabilities, horizons), ...otherNames(names)]
}

/** The order of estimates in documents: as `estimateNames`, then what happened together. */
export function orderOfEstimates(layout: RecordLayout, horizons: readonly number[]): string[] {
  return [...estimateNames(layout, horizons), ...jointNames(layout)]
}
