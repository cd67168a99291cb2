import { type Contrast, canonicalJson } from '@driftfarm/spec'
import type { ContrastEstimate } from '@driftfarm/statistics'
import { type Real, real } from './number.ts'

/** A probability in one cell against the same in another. */
export interface ContrastResult {
  readonly of: string
  /** difference: first minus second; ratio: first by second. */
  readonly kind: Contrast['kind']
  /** The swept path that differs, with its two values. */
  readonly between: Readonly<Record<string, readonly [unknown, unknown]>>
  /** Values of the swept paths that the two cells share. */
  readonly params: Readonly<Record<string, unknown>>
  /** Their indices. */
  readonly cells: readonly [first: number, second: number]
  /** A ratio without events in the second is Infinity, without any NaN. */
  readonly value: Real
  readonly low: Real
  readonly high: Real
  readonly confidence: number
  readonly method: string
  /** Trials of both cells with equal indices; null where the cells are independent. */
  readonly paired: ContrastEstimate['paired']
  /** Of equal probabilities, by McNemar's exact test; null without pairs or where the data ended the trials. */
  readonly pValue: number | null
  /** Contrasts that share 1 - confidence, where intervals are simultaneous. */
  readonly simultaneous?: number
}

type Params = Readonly<Record<string, unknown>>

export function contrastResult(
  { of, kind, path, between }: Contrast,
  cells: readonly [number, number],
  [first, second]: readonly [Params, Params],
  estimate: ContrastEstimate,
): ContrastResult {
  const { value, low, high, confidence, method, paired, pValue, simultaneous } = estimate
  const shared = Object.entries(first).filter(
    ([key, value]) => key !== path && canonicalJson(value) === canonicalJson(second[key]),
  )
  return {
    of,
    kind,
    between: { [path]: between },
    params: Object.fromEntries(shared),
    cells,
    value: real(value),
    low: real(low),
    high: real(high),
    confidence,
    method,
    paired,
    pValue,
    ...(simultaneous === undefined ? {} : { simultaneous }),
  }
}
