export interface Range {
  /** The allowed values, as a phrase for messages such as "write a number > 0". */
  readonly expected: string
  readonly integer?: boolean
  readonly min?: number
  readonly max?: number
  /** Exclusive bounds. */
  readonly above?: number
  readonly below?: number
}

export function isInRange(value: number, { min, max, above, below }: Range): boolean {
  return (
    (min === undefined || value >= min) &&
    (max === undefined || value <= max) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below)
  )
}

export function closed(range: Range): Range {
  return range.above === 0 && range.max === undefined ? ranges.nonNegative : range
}

export const ranges = {
  any: { expected: 'a finite number' },
  steps: { expected: 'an integer from 1 to 10^12', integer: true, min: 1, max: 1e12 },
  trials: { expected: 'an integer from 1 to 10^15', integer: true, min: 1, max: 1e15 },
  dimension: { expected: 'an integer from 1 to 10000', integer: true, min: 1 },
  width: { expected: 'an integer from 1 to 100000', integer: true, min: 1, max: 100_000 },
  batch: { expected: 'an integer from 1 to 10^7, or full', integer: true, min: 1, max: 1e7 },
  samples: { expected: 'an integer from 2 to 1000000', integer: true, min: 2, max: 1e6 },
  positive: { expected: 'a number > 0', above: 0 },
  nonNegative: { expected: 'a number >= 0', min: 0 },
  alpha: { expected: 'a number > 0 and <= 2', above: 0, max: 2 },
  probability: { expected: 'a number from 0 to 1', min: 0, max: 1 },
  beta: { expected: 'a number >= 0 and < 1', min: 0, below: 1 },
  hold: { expected: 'an integer from 1 to 10^12', integer: true, min: 1, max: 1e12 },
  stepIndex: { expected: 'an integer from 0 to 10^12', integer: true, min: 0, max: 1e12 },
  horizon: { expected: 'an integer from 1 to 10^12', integer: true, min: 1, max: 1e12 },
  share: { expected: 'a number > 0 and <= 1', above: 0, max: 1 },
  confidence: { expected: 'a number > 0 and < 1', above: 0, below: 1 },
  halfWidth: { expected: 'a number > 0 and < 0.5', above: 0, below: 0.5 },
  threshold: { expected: 'a number > 0 and < 1', above: 0, below: 1 },
  indifference: { expected: 'a number > 0 and < 1, relative to `above`', above: 0, below: 1 },
  events: { expected: 'an integer from 2 to 10^15', integer: true, min: 2, max: 1e15 },
  mixture: { expected: 'a number >= 0 and < 1', min: 0, below: 1 },
  particles: { expected: 'an integer from 1 to 1000000', integer: true, min: 1, max: 1e6 },
  replicas: { expected: 'an integer from 1 to 4294967296', integer: true, min: 1, max: 2 ** 32 },
  priority: { expected: 'an integer from -10 to 10', integer: true, min: -10, max: 10 },
  count: { expected: 'an integer from 1 to 1000000', integer: true, min: 1 },
} as const satisfies Record<string, Range>
