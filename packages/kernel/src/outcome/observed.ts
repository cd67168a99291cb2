import { pointsOf } from '@driftfarm/spec'
import type { ObservedPlan, Watch } from '../model/observed.ts'
import { recordFields, wholeAt } from './recordFields.ts'

/** A sum without rounding: `digits` times 2 to the power `exponent`. `digits` is odd, or both are 0. */
export type ExactSum = readonly [digits: bigint, exponent: number]

/** Additive summary of one observed value. `finite` trials have a number; `notFinite` have NaN or an infinity. */
export interface ObservedTally {
  readonly finite: number
  readonly notFinite: number
  readonly sum: ExactSum
  readonly squares: ExactSum
  /** 0 without a finite value. */
  readonly min: number
  readonly max: number
  /** Sparse histogram of the finite values: pairs [bin, count], ascending by bin; see `observedBin`. */
  readonly histogram: readonly (readonly [bin: number, count: number])[]
}

/** By key (`observedKeys`), a tally for the time, or for each point of a series. */
export type Observed = Readonly<Record<string, readonly ObservedTally[]>>

const words = new DataView(new ArrayBuffer(8))

/** The sign, the exponent and the first 20 bits of the fraction. */
export function upperBits(value: number): number {
  words.setFloat64(0, value)
  return words.getUint32(0)
}

/** The double with these upper bits, whose other bits are 0. */
export function ofUpperBits(bits: number): number {
  words.setUint32(0, bits)
  words.setUint32(4, 0)
  return words.getFloat64(0)
}

/** Upper bits of a double below its sign, exponent and first 6 bits of the fraction. */
const dropped = 14

/**
 * The bin of a finite value: 0 for 0, and the sign times k >= 1 otherwise. An octave has 64 bins, so the middle of a
 * bin differs from each of its values by less than 0.8 %.
 */
export function observedBin(value: number): number {
  if (value === 0) return 0
  const bin = (upperBits(Math.abs(value)) >>> dropped) + 1
  return value < 0 ? -bin : bin
}

/** The limits of a bin, the lower one first. */
export function observedBinLimits(bin: number): readonly [low: number, high: number] {
  const [near, far] = [ofUpperBits((Math.abs(bin) - 1) << dropped), ofUpperBits(Math.abs(bin) << dropped)]
  return bin === 0 ? [0, 0] : bin > 0 ? [near, far] : [-far, -near]
}

const none: ExactSum = [0n, 0]
export const noValues: ObservedTally = {
  finite: 0,
  notFinite: 0,
  sum: none,
  squares: none,
  min: 0,
  max: 0,
  histogram: [],
}

/** Collects the values of one watch at one point, in any order. */
class Collector {
  private finite = 0
  private notFinite = 0
  private sum: ExactSum = none
  private squares: ExactSum = none
  private min = Number.POSITIVE_INFINITY
  private max = Number.NEGATIVE_INFINITY
  private readonly histogram = new Map<number, number>()

  add(value: number): void {
    if (!Number.isFinite(value)) {
      this.notFinite++
      return
    }
    this.finite++
    if (value < this.min) this.min = value
    if (value > this.max) this.max = value
    const bin = observedBin(value)
    this.histogram.set(bin, (this.histogram.get(bin) ?? 0) + 1)
    if (value === 0) return
    const [digits, exponent] = exactOf(value)
    this.sum = aligned(this.sum, [digits, exponent])
    this.squares = aligned(this.squares, [digits * digits, 2 * exponent])
  }

  get tally(): ObservedTally {
    const { finite, notFinite, sum, squares, min, max, histogram } = this
    if (finite === 0) return { ...noValues, notFinite }
    const ordered = [...histogram].sort(([a], [b]) => a - b)
    return { finite, notFinite, sum: reduced(sum), squares: reduced(squares), min, max, histogram: ordered }
  }
}

/** A finite double as an integer times a power of two. */
export function exactOf(value: number): ExactSum {
  const high = upperBits(value)
  const exponent = (high >>> 20) & 0x7ff
  const fraction = (high & 0xfffff) * 2 ** 32 + words.getUint32(4)
  const size = exponent === 0 ? fraction : fraction + 2 ** 52
  return [BigInt(value < 0 ? -size : size), Math.max(exponent, 1) - 1075]
}

function aligned([a, p]: ExactSum, [b, q]: ExactSum): ExactSum {
  if (a === 0n) return [b, q]
  return p <= q ? [a + (b << BigInt(q - p)), p] : [(a << BigInt(p - q)) + b, q]
}

/** The one way to write a sum, so that equal sums are equal texts. */
function reduced([digits, exponent]: ExactSum): ExactSum {
  if (digits === 0n) return none
  const zeros = (digits & -digits).toString(2).length - 1
  return [digits >> BigInt(zeros), exponent + zeros]
}

/** Adds what both have; a key that one of them lacks is left out. */
export function addObserved(a: Observed, b: Observed): Observed {
  const shared = Object.keys(a).filter((key) => b[key]?.length === a[key]!.length)
  return Object.fromEntries(shared.map((key) => [key, a[key]!.map((each, i) => addOne(each, b[key]![i]!))]))
}

function addOne(a: ObservedTally, b: ObservedTally): ObservedTally {
  const notFinite = a.notFinite + b.notFinite
  if (a.finite === 0) return { ...b, notFinite }
  if (b.finite === 0) return { ...a, notFinite }
  const histogram = new Map(a.histogram)
  for (const [bin, count] of b.histogram) histogram.set(bin, (histogram.get(bin) ?? 0) + count)
  return {
    finite: a.finite + b.finite,
    notFinite,
    sum: reduced(aligned(a.sum, b.sum)),
    squares: reduced(aligned(a.squares, b.squares)),
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
    histogram: [...histogram].sort(([a], [b]) => a - b),
  }
}

/** How many of the values of a watch a trial has; `record` is the offset of the trial's record. */
export function reachedPoints({ kind, argument, points }: Watch, words: DataView, record: number): number {
  const { steps, escapedAt, convergedAt, marks } = recordFields
  const whole = (offset: number) => wholeAt(words, record + offset)
  switch (kind) {
    case 'step':
      return whole(steps.offset) >= argument ? 1 : 0
    case 'every':
      return Math.min(points, pointsOf(argument, whole(steps.offset)))
    default: {
      const at = { escape: escapedAt.offset, converge: convergedAt.offset, mark: marks.offset + 8 * argument }[kind]
      return whole(at) > 0 ? 1 : 0
    }
  }
}

/** Tallies the observed values of trials, in any order of trials. */
export class ObservedCollector {
  private readonly slots: readonly Collector[]

  constructor(private readonly plan: ObservedPlan) {
    this.slots = Array.from({ length: plan.slots }, () => new Collector())
  }

  /**
   * `values` are the observed values of the trial whose record is at byte `at` of `words`. Writes the values that
   * belong to no series to `row`; NaN if the trial does not have a value.
   */
  add(values: ArrayLike<number>, words: DataView, at: number, row?: Float64Array): void {
    const { watches, singles } = this.plan
    for (const watch of watches) {
      const end = watch.at + reachedPoints(watch, words, at)
      for (let slot = watch.at; slot < end; slot++) this.slots[slot]!.add(values[slot]!)
      if (row !== undefined && watch.at < singles) row[watch.at] = end > watch.at ? values[watch.at]! : Number.NaN
    }
  }

  get tally(): Observed {
    return Object.fromEntries(
      this.plan.watches.map(({ key, at, points }) => [
        key,
        this.slots.slice(at, at + points).map(({ tally }) => tally),
      ]),
    )
  }
}
