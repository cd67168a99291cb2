import type { RecordLayout } from '@driftfarm/kernel'
import { type Estimate, estimateShape, orderOfEstimates, type Stopped, stoppedShape } from '@driftfarm/statistics'
import { inShapeOrder } from './inShapeOrder.ts'

// What an earlier version stored, and what is jsonb, has not kept the order of its keys: documents get back the order
// in which they were made.

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

/** Whether the keys come in the wanted order, of which some may be missing. */
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

/** The names of the last call are kept: neighbouring cells mostly share their layout, and making names takes long. */
function namesOf(layout: RecordLayout, horizons: readonly number[]): readonly string[] {
  if (latest?.layout !== layout || latest.horizons !== horizons)
    latest = { layout, horizons, names: orderOfEstimates(layout, horizons) }
  return latest.names
}

/**
 * The record with its keys in the wanted order, followed by any other keys. A plain loop, since a document has 10^5 of
 * these.
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
