import type { RecordLayout } from '@driftfarm/kernel'
import { atHorizons, type EventNames, otherNames, probabilityNames } from '@driftfarm/spec'
import { type Events, eventNamesIn } from './defined.ts'
import { jointNames } from './joint.ts'

interface Known {
  readonly events: EventNames
  readonly horizons: readonly number[]
  readonly names: readonly string[]
}

/** Cached, because most cells of a sweep have the same estimates. */
let latest: Known | null = null

/** Returns the names of the estimates that are computed if the spec does not name any. */
export function estimateNames(layout: RecordLayout, horizons: readonly number[], of?: Events): readonly string[] {
  const events = eventNamesIn(layout, of)
  if (latest === null || !sameNames(latest.events, events) || !same(latest.horizons, horizons)) {
    const probabilities = probabilityNames(events)
    const names = [...probabilities, ...atHorizons(probabilities, horizons), ...otherNames(events)]
    latest = { events, horizons: [...horizons], names }
  }
  return latest.names
}

/** All estimates in the order of documents: those of `estimateNames`, then combinations of events. */
export function orderOfEstimates(layout: RecordLayout, horizons: readonly number[]): string[] {
  return [...estimateNames(layout, horizons), ...jointNames(layout)]
}

function sameNames(a: EventNames, b: EventNames): boolean {
  return (
    a.escapes === b.escapes &&
    a.converges === b.converges &&
    a.settles === b.settles &&
    same(a.exits, b.exits) &&
    same(a.minima, b.minima) &&
    same(a.classes, b.classes) &&
    same(a.marks, b.marks)
  )
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i])
}
