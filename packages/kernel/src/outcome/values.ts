import { exactOf, ofUpperBits, upperBits } from './observed.ts'

/**
 * The additive summary of trials that have a value: replicas of splitting or trials of a tilt. A value is at least 0,
 * and its mean is the probability of escape. All sums are exact, in units of 2^-1074 (2^-2148 for squares), so that
 * they do not depend on the order of addition.
 */
export interface ValueTally {
  readonly all: ValueSums
  /**
   * One entry for each named exit. If exits have names, a value is the sum of its parts, one for each exit. The entry
   * of an exit holds the sum of the parts for this exit over all trials or replicas, and the sum of their squares.
   */
  readonly exits: readonly ValueSums[]
  /** Number of replicas that died out. */
  readonly extinct: number
  readonly levels: number
  /** Sparse histogram of the values above 0: pairs [bin, count], ascending by bin; see `valueBin`. */
  readonly histogram: readonly (readonly [bin: number, count: number])[]
  /**
   * The weight of a level of splitting estimates the probability of exceeding the score of the level. For each `decade`
   * j, counted from 1, an entry describes the replicas that have a level with a weight above 0 and at most 10^-j.
   * `count` is the number of these replicas. `scores` adds up, over these replicas, the score of the first such level.
   */
  readonly decades: readonly (readonly [decade: number, count: number, scores: bigint])[]
}

export interface ValueSums {
  readonly sum: bigint
  readonly squares: bigint
}

export const zeroSums: ValueSums = Object.freeze({ sum: 0n, squares: 0n })

/** x in units of 2^-1074. Every finite double is an integer multiple of this unit. */
export function exactUnits(x: number): bigint {
  const [digits, exponent] = exactOf(x)
  return digits << BigInt(exponent + 1074)
}

/** The double nearest to `units` times 2^-1074. */
export function fromUnits(units: bigint): number {
  return quotient(units, 1n << 1074n)
}

/** The double nearest to a / b for b > 0; ties go to the even double. */
export function quotient(a: bigint, b: bigint): number {
  if (a < 0n) return -quotient(-a, b)
  if (a === 0n) return 0
  // If `shift` is below 1074, the integer part of a * 2^shift / b has 53 or 54 bits. `shift` is at most 1074, because
  // no double has bits below 2^-1074. If `shift` is 1074, the integer part ends at the last bit of a subnormal double,
  // so a subnormal quotient, too, is rounded only once.
  const shift = Math.min(1074, 53 - (bits(a) - bits(b)))
  const numerator = shift < 0 ? a : a << BigInt(shift)
  const denominator = shift < 0 ? b << BigInt(-shift) : b
  const whole = numerator / denominator
  const rest = 2n * (numerator - whole * denominator)
  if (whole >> 53n > 0n) return scaled(Number(2n * whole + (rest === 0n ? 0n : 1n)), -shift - 1)
  const up = rest > denominator || (rest === denominator && (whole & 1n) === 1n)
  return scaled(Number(up ? whole + 1n : whole), -shift)
}

function bits(x: bigint): number {
  const digits = x.toString(16)
  return 4 * digits.length - Math.clz32(Number.parseInt(digits[0]!, 16)) + 28
}

/** x * 2^exponent, multiplied in steps that do not round. */
function scaled(x: number, exponent: number): number {
  let value = x
  let left = exponent
  for (; left > 1000; left -= 1000) value *= 2 ** 1000
  for (; left < -1000; left += 1000) value *= 2 ** -1000
  return value * 2 ** left
}

export function sumsOf(value: number): ValueSums {
  const sum = exactUnits(value)
  return { sum, squares: sum * sum }
}

/** The bin of a positive value: the upper 20 bits of the double, which gives 256 bins per octave. */
export const valueBin = (value: number): number => upperBits(value) >>> 12

/** The smallest value in a bin. */
export const valueBinStart = (bin: number): number => ofUpperBits(bin << 12)

export function zeroValues(exits: number): ValueTally {
  return {
    all: zeroSums,
    exits: new Array<ValueSums>(exits).fill(zeroSums),
    extinct: 0,
    levels: 0,
    histogram: [],
    decades: [],
  }
}
