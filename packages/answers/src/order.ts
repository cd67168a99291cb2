import type { RecordLayout } from '@driftfarm/kernel'
import { type Estimate, estimateShape, orderOfEstimates, type Stopped, stoppedShape } from '@driftfarm/statistics'
import { inShapeOrder } from './inShapeOrder.ts'

// Values that are stored as jsonb, or by an earlier version, have lost the order of their keys. Documents restore the
// order in which the values were made.

type Estimates = Readonly<Record<string, Estimate>>

const orderEstimate = inShapeOrder<Estimate>(estimateShape)

/** What stopped a cell, with its keys in the order of the shape. */
export const orderStopped = inShapeOrder<Stopped>(stoppedShape)

/** The estimates of a cell in the order in which they are listed, each with its keys in the order of the shape. */
export function orderEstimates(estimates: Estimates, layout: RecordLayout, horizons: readonly number[]): Estimates {
  const names = namesOf(layout, horizons)
  const given = isInOrder(estimates, names) ? estimates : orderKeys(estimates, names)
  const ordered: Record<string, Estimate> = {}
  for (const name in given) ordered[name] = orderEstimate(given[name]!)
  return ordered
}

/** Whether the keys are in the wanted order. Keys may be missing. */
function isInOrder(record: object, wanted: readonly string[]): boolean {
  let at = 0
  for (const key in record) {
    while (at < wanted.length && wanted[at] !== key) at++
    if (at === wanted.length) return false
  }
  return true
}

let latest:
  | { readonly layout: RecordLayout; readonly horizons: readonly number[]; readonly names: readonly string[] }
  | undefined

/**
 * Returns the names of the last call if possible, because neighbouring cells mostly share their layout and making names
 * takes long.
 */
function namesOf(layout: RecordLayout, horizons: readonly number[]): readonly string[] {
  if (latest?.layout !== layout || latest.horizons !== horizons)
    latest = { layout, horizons, names: orderOfEstimates(layout, horizons) }
  return latest.names
}

/**
 * The record with its keys in the wanted order, followed by any other keys. A plain loop, because a document has 10^5
 * of these records.
 */
export function orderKeys<T>(record: Readonly<Record<string, T>>, wanted: readonly string[]): Record<string, T> {
  const ordered: Record<string, T> = {}
  for (const key of wanted) {
    const value = record[key]
    if (value !== undefined) ordered[key] = value
  }
  for (const key of Object.keys(record)) if (!(key in ordered)) ordered[key] = record[key]!
  return ordered
}
