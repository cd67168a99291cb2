import type { RecordLayout } from '@driftfarm/kernel'
import { type Estimate, estimateShape, orderOfEstimates, type Stopped, stoppedShape } from '@driftfarm/statistics'
import { inShapeOrder } from './inShapeOrder.ts'

// jsonb keeps no order of keys: documents get back the one in which they were made.

type Estimates = Readonly<Record<string, Estimate>>

const orderEstimate = inShapeOrder<Estimate>(estimateShape)

/** What ended a cell, as it was made. */
export const orderStopped = inShapeOrder<Stopped>(stoppedShape)

/** By name in the order in which a cell's estimates are listed, each as it was made. */
export function orderEstimates(estimates: Estimates, layout: RecordLayout, horizons: readonly number[]): Estimates {
  const ordered = orderKeys(estimates, namesOf(layout, horizons))
  for (const name of Object.keys(ordered)) ordered[name] = orderEstimate(ordered[name]!)
  return ordered
}

let latest: { readonly key: string; readonly names: readonly string[] } | undefined

/** Neighbours mostly have the same: made anew for each of 10^5 cells, names take as long as all the rest. */
function namesOf(layout: RecordLayout, horizons: readonly number[]): readonly string[] {
  const { exits, minima, classes, marks, valued } = layout
  const key = JSON.stringify([exits, minima, classes, marks, valued, horizons])
  if (latest?.key !== key) latest = { key, names: orderOfEstimates(layout, horizons) }
  return latest.names
}

/**
 * The keys that are there, in the wanted order, and what else there is behind them. A plain loop: documents have 10^5
 * of these.
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
