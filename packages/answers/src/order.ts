import type { RecordLayout } from '@driftfarm/kernel'
import { type Estimate, estimateShape, orderOfEstimates, type Stopped, stoppedShape } from '@driftfarm/statistics'
import { inShapeOrder } from './inShapeOrder.ts'

// PostgreSQL does not keep the order of keys in values of type jsonb, and version 0.1.0 stored all values with this
// type. The functions below restore the order that the keys had when the value was computed.

type Estimates = Readonly<Record<string, Estimate>>

const orderEstimate = inShapeOrder<Estimate>(estimateShape)

export const orderStopped = inShapeOrder<Stopped>(stoppedShape)

export function orderEstimates(estimates: Estimates, layout: RecordLayout, horizons: readonly number[]): Estimates {
  const names = namesOf(layout, horizons)
  const given = isInOrder(estimates, names) ? estimates : orderKeys(estimates, names)
  const ordered: Record<string, Estimate> = {}
  for (const name in given) ordered[name] = orderEstimate(given[name]!)
  return ordered
}

/** Keys may be missing. */
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
 * Computing the names takes long, and most consecutive cells have the same layout and horizons. So the names are
 * computed again only if the layout or the horizons have changed.
 */
function namesOf(layout: RecordLayout, horizons: readonly number[]): readonly string[] {
  if (latest?.layout !== layout || latest.horizons !== horizons)
    latest = { layout, horizons, names: orderOfEstimates(layout, horizons) }
  return latest.names
}

/**
 * Keys that are not in `wanted` come last. A plain loop is used because it is fast, and a document may have 10^5 such
 * records.
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
