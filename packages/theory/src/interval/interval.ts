import { elementary, type Matrix, zeros } from '@driftfarm/formula'
import { spectrum } from '../linear/spectrum.ts'

/** All numbers from `low` to `high`; the ends are never NaN. */
export type Interval = readonly [low: number, high: number]

export const everything: Interval = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]

/** An upper bound on the relative rounding error of an IEEE operation. */
const unit = 2 ** -52
/** Eight units in the last place. The measured error of the elementary functions is at most 1.6 units. */
const eightUnits = 2 ** -49
const tiny = 5e-324

const below = (x: number, by: number): number => x - (Math.abs(x) * by + tiny)
const above = (x: number, by: number): number => x + (Math.abs(x) * by + tiny)

/** Rounds outward; `everything` if an end is not a number. */
export function outward(low: number, high: number, by = unit): Interval {
  if (Number.isNaN(low) || Number.isNaN(high)) return everything
  return [
    low === Number.POSITIVE_INFINITY ? Number.MAX_VALUE : below(low, by),
    high === Number.NEGATIVE_INFINITY ? -Number.MAX_VALUE : above(high, by),
  ]
}

export const point = (x: number): Interval => (Number.isNaN(x) ? everything : [x, x])

export const hull = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])]

/** The intersection of two intervals that contain the same value; `a` if rounding has left no common point. */
export function both(a: Interval, b: Interval): Interval {
  const low = Math.max(a[0], b[0])
  const high = Math.min(a[1], b[1])
  return low <= high ? [low, high] : a
}

export const negate = ([low, high]: Interval): Interval => [-high, -low]

export const add = (a: Interval, b: Interval): Interval => outward(a[0] + b[0], a[1] + b[1])

export const subtract = (a: Interval, b: Interval): Interval => outward(a[0] - b[1], a[1] - b[0])

/** 0 times infinity is 0. */
const product = (x: number, y: number): number => (x === 0 || y === 0 ? 0 : x * y)

export function multiply(a: Interval, b: Interval): Interval {
  const corners = [product(a[0], b[0]), product(a[0], b[1]), product(a[1], b[0]), product(a[1], b[1])] as const
  if (a[0] === a[1] && (a[0] === 1 || a[0] === 0)) return a[0] === 1 ? b : [0, 0]
  if (b[0] === b[1] && (b[0] === 1 || b[0] === 0)) return b[0] === 1 ? a : [0, 0]
  return outward(Math.min(...corners), Math.max(...corners))
}

export function divide(a: Interval, b: Interval): Interval {
  if (b[0] <= 0 && b[1] >= 0) return everything
  const corners = [a[0] / b[0], a[0] / b[1], a[1] / b[0], a[1] / b[1]] as const
  return outward(Math.min(...corners), Math.max(...corners))
}

/** a^k for an integer k. */
export function power(a: Interval, k: number): Interval {
  if (k === 0) return [1, 1]
  if (k === 1) return a
  if (k < 0) return divide([1, 1], power(a, -k))
  // Repeated squaring has an error of at most k units in the last place.
  const by = (k + 2) * unit
  const low = elementary.powerInteger(a[0], k)
  const high = elementary.powerInteger(a[1], k)
  if (k % 2 === 1) return outward(low, high, by)
  if (a[0] <= 0 && a[1] >= 0) return [0, outward(0, Math.max(low, high), by)[1]]
  const [least, most] = outward(Math.min(low, high), Math.max(low, high), by)
  return [Math.max(0, least), most]
}

/** f must be non-decreasing. */
export function increasing(f: (x: number) => number, [low, high]: Interval, range = everything): Interval {
  const [least, most] = outward(f(low), f(high), eightUnits)
  return [Math.max(range[0], least), Math.min(range[1], most)]
}

const twoPi = 6.283185307179586

export function cosine([low, high]: Interval): Interval {
  if (!(high - low < twoPi) || Math.abs(low) > 1e6 || Math.abs(high) > 1e6) return [-1, 1]
  const ends = [elementary.cos(low), elementary.cos(high)] as const
  // `twoPi` is rounded, and the ends are at most 1e6. The error in the multiples of `twoPi` is below this.
  const room = 1e-9
  const isPassed = (phase: number) =>
    Math.floor((high - phase + room) / twoPi) > Math.floor((low - phase - room) / twoPi) ||
    Math.abs((low - phase) / twoPi - Math.round((low - phase) / twoPi)) < room
  const [least, most] = outward(Math.min(...ends), Math.max(...ends), eightUnits)
  return [isPassed(twoPi / 2) ? -1 : Math.max(-1, least), isPassed(0) ? 1 : Math.min(1, most)]
}

export const sine = (a: Interval): Interval => {
  const quarter = twoPi / 4
  const moved = cosine([below(a[0] - quarter, eightUnits), above(a[1] - quarter, eightUnits)])
  // Covers the rounding error of the shift by pi/2.
  const room = 4e-16 * (1 + Math.max(Math.abs(a[0]), Math.abs(a[1])))
  return [Math.max(-1, moved[0] - room), Math.min(1, moved[1] + room)]
}

/**
 * Bounds all eigenvalues of all symmetric matrices within an interval matrix. By Weyl's inequality, they differ from
 * those of the midpoint matrix by at most the largest row sum of the radii.
 */
export function eigenvalueBounds(entries: readonly Interval[], size: number): Interval {
  if (size === 1) return entries[0]!
  // A diagonal matrix of exact numbers needs no widening for rounding.
  if (entries.every(([low, high], at) => low === high && (at % (size + 1) === 0 || low === 0))) {
    const diagonal = Array.from({ length: size }, (_, i) => entries[i * (size + 1)]![0])
    return [Math.min(...diagonal), Math.max(...diagonal)]
  }
  const matrix: Matrix = zeros(size)
  let reach = 0
  let largest = 0
  for (let i = 0; i < size; i++) {
    let row = 0
    for (let j = 0; j < size; j++) {
      const [low, high] = entries[i * size + j]!
      const middle = low / 2 + high / 2
      row += (high - middle) * (1 + 1e-14) + 1e-300
      matrix.values[i * size + j] = middle
      largest = Math.max(largest, Math.abs(middle))
    }
    reach = Math.max(reach, row)
  }
  if (!Number.isFinite(reach) || !Number.isFinite(largest)) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]
  const values = spectrum(matrix)
  const rounding = 64 * size * size * 2 ** -52 * largest
  return [values[0]! - reach - rounding, values.at(-1)! + reach + rounding]
}
