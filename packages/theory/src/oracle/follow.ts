import { elementary } from '@driftfarm/formula'
import { expMinusOne, logOnePlus } from '@driftfarm/statistics'
import type { FiniteChain } from './finiteChain.ts'

const { exp } = elementary

/** What has happened within a number of steps. */
export interface AtHorizon {
  readonly horizon: number
  /** By question. */
  readonly values: readonly number[]
  /** P(left the box): no value can be off by more for this reason. */
  readonly lost: number
}

/** Multiplications in all: some seconds. */
const mostWork = 1.2e10
/** The same for what has no horizon, once all horizons are done. */
const mostWorkEver = 1.5e9
/** Smaller fluxes have lost digits, being sums of numbers that are no longer normal. */
const negligible = 1e-280
/** How often it is looked whether the chain has settled. */
const every = 16
/** What may be wrong in the logarithm of a flux for having settled too early. */
const settledTo = 1e-11

export interface Followed {
  /** By horizon; null where it was too far. */
  readonly horizons: readonly (AtHorizon | null)[]
  /** Without a horizon, if that was asked for and is told by what was followed. */
  readonly ever: Ever | null
}

export interface Ever {
  readonly values: readonly number[]
  readonly lost: number
  /** Mean of the steps until a trial ends. */
  readonly steps: number
  /** Of those that have not ended for long, the part that ends in a step; null if none were left. */
  readonly rate: number | null
  /** The part of them that leaves the box in a step. */
  readonly leak: number
}

/**
 * Carries the mass of all trials forward, step by step, up to the last horizon (ascending, at least 1): sums of
 * non-negative numbers alone, so that the smallest probability keeps its digits. Once the mass that is left only
 * shrinks, by one factor a step, the rest follows in closed form.
 */
export function follow(chain: FiniteChain, horizons: readonly number[], asksEver: boolean): Followed {
  const { first, isStationary, stands } = chain
  const results: AtHorizon[] = []
  let mass = Float64Array.from(first.mass)
  let next = new Float64Array(mass.length)
  const values = [...first.absorbed]
  let lost = first.lost
  let steps = 1
  let work = 0
  let before: Look | null = null
  let ever: Ever | null = null
  let n = 1
  const put = (standing: Float64Array, happened: readonly number[], off: number) =>
    results.push({ horizon: horizons[results.length]!, values: valuesAt(standing, happened, stands), lost: off })
  for (;;) {
    while (results.length < horizons.length && horizons[results.length]! <= n) put(mass, values, lost)
    const isDone = results.length === horizons.length
    if ((isDone && !asksEver) || work > (isDone ? mostWorkEver : mostWork)) break
    const stage = chain.stage(n)
    const flux = stage.absorbed.map((part) => dot(mass, part))
    const leak = dot(mass, stage.lost)
    const left = total(mass)
    // Nothing that is left can change a digit.
    if (left === 0 || (flux.every((_, q) => left <= 1e-17 * values[q]!) && stands.every((so) => so === null))) {
      while (results.length < horizons.length) put(mass, values, lost)
      ever = { values, lost, steps, rate: null, leak: 0 }
      break
    }
    if (isStationary && n % every === 0) {
      const rate = (dot(mass, stage.ended) + leak) / left
      const standing = stands.flatMap((so) => (so === null || so.length !== mass.length ? [] : dot(mass, so)))
      const look: Look = { flux: [...flux, ...standing], left, factor: before === null ? 0 : left / before.left }
      const drift = before === null || before.factor === 0 ? Number.POSITIVE_INFINITY : driftOf(before, look)
      const toGo = isDone ? 0 : horizons.at(-1)! - n
      if (drift * Math.min(toGo, 1 / rate) <= settledTo && (!isDone || drift <= settledTo * rate)) {
        while (results.length < horizons.length) {
          const ahead = horizons[results.length]! - n
          const survived = exp(ahead * logOnePlus(-rate))
          // Of the flux of this step, how many times it comes in all.
          const times = rate === 0 ? ahead : -expMinusOne(ahead * logOnePlus(-rate)) / rate
          put(
            mass.map((part) => part * survived),
            values.map((value, q) => value + flux[q]! * times),
            lost + leak * times,
          )
        }
        if (drift <= settledTo * rate) {
          const sum = values.map((value, q) => value + flux[q]! / rate)
          ever = { values: sum, lost: lost + leak / rate, steps: steps + left / rate, rate, leak: leak / left }
          break
        }
        if (!asksEver) break
      }
      before = look
    }
    for (const [q, part] of flux.entries()) values[q]! += part
    lost += leak
    steps += left
    if (next.length !== stage.matrix.columns) next = new Float64Array(stage.matrix.columns)
    stage.matrix.applyLeft(mass, next)
    const free: Float64Array<ArrayBuffer> = mass
    mass = next
    next = free
    work += stage.matrix.entries
    n++
  }
  return { horizons: horizons.map((_, index) => results[index] ?? null), ever: isStationary ? ever : null }
}

/** What was left, and what flowed into each event or stands for it. */
interface Look {
  readonly flux: readonly number[]
  readonly left: number
  /** By how much what is left had shrunk since the look before. */
  readonly factor: number
}

/**
 * By how much a step changes the flux into an event beyond the one factor by which all shrinks, or that factor itself.
 */
function driftOf(before: Look, { flux, left, factor }: Look): number {
  const drift = (now: number, then: number) => (then < negligible ? 0 : Math.abs(now / (then * factor) - 1) / every)
  const own = left < negligible ? 0 : Math.abs(factor / before.factor - 1) / every
  return Math.max(own, ...flux.map((now, q) => drift(now, before.flux[q]!)))
}

/** What is so at the horizon is told at the last one alone, whose states `stands` speaks of. */
function valuesAt(
  mass: Float64Array,
  values: readonly number[],
  stands: readonly (Float64Array | null)[],
): readonly number[] {
  return values.map((value, q) => {
    const so = stands[q]
    return so === null || so === undefined ? value : so.length === mass.length ? value + dot(mass, so) : Number.NaN
  })
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function total(mass: Float64Array): number {
  let sum = 0
  for (let i = 0; i < mass.length; i++) sum += mass[i]!
  return sum
}
