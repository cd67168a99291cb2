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
  const ordered = orderKeys(estimates, orderOfEstimates(layout, horizons))
  for (const name of Object.keys(ordered)) ordered[name] = orderEstimate(ordered[name]!)
  return ordered
}

/** The keys that are there, in the wanted order, and what else there is behind them. A plain loop: documents have 10^5 of these. */
export function orderKeys<T>(record: Readonly<Record<string, T>>, wanted: readonly string[]): Record<string, T> {
  const ordered: Record<string, T> = {}
  for (const key of wanted) {
    const value = record[key]
    if (value !== undefined) ordered[key] = value
  }
  for (const key of Object.keys(record)) if (!(key in ordered)) ordered[key] = record[key]!
  return ordered
}
