import type { RecordLayout } from '@driftfarm/kernel'
import type { Stopped } from '@driftfarm/report'
import { type Estimate, probabilityNames } from '@driftfarm/statistics'

// jsonb keeps no order of keys: documents get back the one in which they were made.

const estimateFields = [
  'value',
  'low',
  'high',
  'confidence',
  'method',
  'events',
  'event',
  'simultaneous',
  'atRisk',
  'quantiles',
] as const satisfies readonly (keyof Estimate)[]

type Estimates = Readonly<Record<string, Estimate>>

/** Probabilities in the order of the cell's events, each at its horizons after all at the full one, then the times. */
export function orderEstimates(estimates: Estimates, layout: RecordLayout, horizons: readonly number[]): Estimates {
  const names = probabilityNames(layout)
  const atHorizons = horizons.flatMap((horizon) => names.map((name) => `${name}@${horizon}`))
  const ordered = orderKeys(estimates, [...names, ...atHorizons, 'escapeRate', 'escapeStep'])
  for (const name of Object.keys(ordered)) ordered[name] = orderEstimate(ordered[name]!)
  return ordered
}

function orderEstimate(estimate: Estimate): Estimate {
  const ordered = orderKeys(estimate as unknown as Record<string, unknown>, estimateFields) as unknown as Estimate
  if (ordered.quantiles === undefined) return ordered
  const shares = Object.keys(ordered.quantiles).sort((a, b) => Number(a) - Number(b))
  return { ...ordered, quantiles: orderKeys(ordered.quantiles, shares) }
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

const stoppedFields = ['rule', 'estimate', 'relative', 'halfWidth', 'events', 'above', 'indifference', 'decision']

export function orderStopped(stopped: Stopped): Stopped {
  return orderKeys(stopped as unknown as Record<string, unknown>, stoppedFields) as unknown as Stopped
}
