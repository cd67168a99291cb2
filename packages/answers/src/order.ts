import type { RecordLayout } from '@driftfarm/kernel'
import { type Estimate, orderOfEstimates, type Stopped } from '@driftfarm/statistics'

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
  'after',
  'exponentiality',
  'quantiles',
  'quantileLimits',
  'gradients',
  'replicas',
  'weights',
] as const satisfies readonly (keyof Estimate)[]

type Estimates = Readonly<Record<string, Estimate>>

/** Probabilities in the order of the cell's events, each at its horizons after all at the full one, then times and costs, then what happened together. */
export function orderEstimates(estimates: Estimates, layout: RecordLayout, horizons: readonly number[]): Estimates {
  const ordered = orderKeys(estimates, orderOfEstimates(layout, horizons))
  for (const name of Object.keys(ordered)) ordered[name] = orderEstimate(ordered[name]!)
  return ordered
}

function orderEstimate(estimate: Estimate): Estimate {
  const ordered = orderNumbers(estimate as unknown as Record<string, unknown>, estimateFields)
  for (const [name, keys] of nested) {
    const inner = ordered[name]
    if (inner) ordered[name] = orderNumbers(inner as Record<string, unknown>, keys)
  }
  return ordered as unknown as Estimate
}

/** Infinities come out of jsonb as text. */
function orderNumbers(record: Readonly<Record<string, unknown>>, wanted: readonly string[]): Record<string, unknown> {
  const ordered = orderKeys(record, wanted)
  for (const key of Object.keys(ordered)) if (ordered[key] === 'Infinity') ordered[key] = Number.POSITIVE_INFINITY
  return ordered
}

const shares = ['0.1', '0.25', '0.5', '0.75', '0.9']
const nested = [
  ['exponentiality', ['statistic', 'degreesOfFreedom', 'pValue']],
  ['quantiles', shares],
  ['quantileLimits', shares],
  ['gradients', ['value', 'low', 'high']],
  ['replicas', ['count', 'extinct', 'relativeVariance', 'largestShare', 'levels', 'ladder']],
  ['weights', ['relativeVariance', 'largestShare', 'effectiveEvents']],
] as const

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
