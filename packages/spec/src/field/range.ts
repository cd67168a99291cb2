/** The bounds have the names that JSON Schema gives them. */
export interface Range {
  /** The allowed values, as a phrase for messages such as "write a number > 0". */
  readonly expected: string
  readonly type?: 'integer'
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
}

/** A number of a spec: its range, and what it is. */
export interface NumberWords {
  readonly range: Range
  readonly description: string
  readonly default?: number
}

export function isInRange(value: number, range: Range): boolean {
  const { minimum = value, maximum = value, exclusiveMinimum, exclusiveMaximum } = range
  return (
    value >= minimum &&
    value <= maximum &&
    !(exclusiveMinimum !== undefined && value <= exclusiveMinimum) &&
    !(exclusiveMaximum !== undefined && value >= exclusiveMaximum)
  )
}

export function closed(range: Range): Range {
  return range.exclusiveMinimum === 0 && range.maximum === undefined ? ranges.nonNegative : range
}

export const ranges = {
  any: { expected: 'a finite number' },
  steps: { expected: 'an integer from 1 to 10^12', type: 'integer', minimum: 1, maximum: 1e12 },
  trials: { expected: 'an integer from 1 to 10^15', type: 'integer', minimum: 1, maximum: 1e15 },
  dimension: { expected: 'an integer from 1 to 10000', type: 'integer', minimum: 1 },
  width: { expected: 'an integer from 1 to 100000', type: 'integer', minimum: 1, maximum: 100_000 },
  batch: { expected: 'an integer from 1 to 10^7, or full', type: 'integer', minimum: 1, maximum: 1e7 },
  samples: { expected: 'an integer from 2 to 1000000', type: 'integer', minimum: 2, maximum: 1e6 },
  positive: { expected: 'a number > 0', exclusiveMinimum: 0 },
  nonNegative: { expected: 'a number >= 0', minimum: 0 },
  alpha: { expected: 'a number > 0 and <= 2', maximum: 2, exclusiveMinimum: 0 },
  probability: { expected: 'a number from 0 to 1', minimum: 0, maximum: 1 },
  belowOne: { expected: 'a number >= 0 and < 1', minimum: 0, exclusiveMaximum: 1 },
  stepIndex: { expected: 'an integer from 0 to 10^12', type: 'integer', minimum: 0, maximum: 1e12 },
  share: { expected: 'a number > 0 and <= 1', maximum: 1, exclusiveMinimum: 0 },
  halfWidth: { expected: 'a number > 0 and < 0.5', exclusiveMinimum: 0, exclusiveMaximum: 0.5 },
  betweenZeroAndOne: { expected: 'a number > 0 and < 1', exclusiveMinimum: 0, exclusiveMaximum: 1 },
  indifference: { expected: 'a number > 0 and < 1, relative to `above`', exclusiveMinimum: 0, exclusiveMaximum: 1 },
  events: { expected: 'an integer from 2 to 10^15', type: 'integer', minimum: 2, maximum: 1e15 },
  particles: { expected: 'an integer from 1 to 1000000', type: 'integer', minimum: 1, maximum: 1e6 },
  replicas: { expected: 'an integer from 1 to 4294967296', type: 'integer', minimum: 1, maximum: 2 ** 32 },
  priority: { expected: 'an integer from -10 to 10', type: 'integer', minimum: -10, maximum: 10 },
  count: { expected: 'an integer from 1 to 1000000', type: 'integer', minimum: 1 },
} as const satisfies Record<string, Range>
