import type { RecordLayout } from '@driftfarm/kernel'
import { type Estimate, estimateShape, orderOfEstimates, type Stopped, stoppedShape } from '@driftfarm/statistics'
import { inShapeOrder } from './inShapeOrder.ts'

// jsonb does not keep the order of keys: documents get back the order in which they were made.

type Estimates = Readonly<Record<string, Estimate>>

const orderEstimate = inShapeOrder<Estimate>(estimateShape)

/** What ended a cell, with its keys in the order of the shape. */
export const orderStopped = inShapeOrder<Stopped>(stoppedShape)

/** The estimates of a cell in the order in which they are listed, each with its keys in the order of the shape. */
export function orderEstimates(estimates: Estimates, layout: RecordLayout, horizons: readonly number[]): Estimates {
  const ordered = orderKeys(estimates, namesOf(layout, horizons))
  for (const name of Object.keys(ordered)) ordered[name] = orderEstimate(ordered[name]!)
  return ordered
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
