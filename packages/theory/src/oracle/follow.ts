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
/** How often it is looked whether the chain has settled. */
const every = 16
/** What may be wrong in the logarithm of a flux for having settled too early. */
const settledTo = 2e-12

/**
 * Carries the mass of all trials forward, step by step, up to the last horizon (ascending, at least 1): sums of
 * non-negative numbers alone, so that the smallest probability keeps its digits. Once the mass that is left only shrinks, by one
 * factor a step, the rest follows in closed form. Null at horizons that were too far for that.
 */
export function follow(chain: FiniteChain, horizons: readonly number[]): (AtHorizon | null)[] {
  const { size, first, isStationary, stands } = chain
  const results: (AtHorizon | null)[] = []
  let mass = Float64Array.from(first.mass)
  let next = new Float64Array(size)
  const values = [...first.absorbed]
  let lost = first.lost
  let work = 0
  let before: { readonly flux: readonly number[]; readonly left: number } | null = null
  let n = 1
  const note = () => {
    while (results.length < horizons.length && horizons[results.length]! <= n)
      results.push({ horizon: horizons[results.length]!, values: valuesAt(mass, values, stands), lost })
  }
  for (note(); results.length < horizons.length && work < mostWork; note()) {
    const stage = chain.stage(n)
    const flux = stage.absorbed.map((part) => dot(mass, part))
    const leak = dot(mass, stage.lost)
    const left = total(mass)
    // Nothing that is left can change a digit.
    if (flux.every((_, q) => left <= 1e-17 * values[q]!) && stands.every((so) => so === null)) {
      while (results.length < horizons.length)
        results.push({ horizon: horizons[results.length]!, values: [...values], lost })
      break
    }
    if (isStationary && n % every === 0) {
      const rate = (dot(mass, stage.ended) + leak) / left
      const toGo = horizons.at(-1)! - n
      if (before !== null && isSettled(before, flux, left, rate, toGo)) {
        while (results.length < horizons.length) {
          const horizon = horizons[results.length]!
          const steps = horizon - n
          const survived = exp(steps * logOnePlus(-rate))
          const share = -expMinusOne(steps * logOnePlus(-rate)) / rate
          results.push({
            horizon,
            values: valuesAt(
              mass.map((part) => part * survived),
              values.map((value, q) => value + flux[q]! * share),
              stands,
            ),
            lost: lost + leak * share,
          })
        }
        break
      }
      before = { flux, left }
    }
    for (const [q, part] of flux.entries()) values[q]! += part
    lost += leak
    stage.matrix.applyLeft(mass, next)
    const free: Float64Array<ArrayBuffer> = mass
    mass = next
    next = free
    work += stage.matrix.entries
    n++
  }
  while (results.length < horizons.length) results.push(null)
  return results
}

/** Whether the flux into each event, and the mass, have shrunk by the one factor since `every` steps ago. */
function isSettled(
  before: { readonly flux: readonly number[]; readonly left: number },
  flux: readonly number[],
  left: number,
  rate: number,
  toGo: number,
): boolean {
  const factor = exp(every * logOnePlus(-rate))
  const drift = (now: number, then: number) => (then === 0 ? 0 : Math.abs(now / (then * factor) - 1) / every)
  const most = Math.max(drift(left, before.left), ...flux.map((now, q) => drift(now, before.flux[q]!)))
  return most * Math.min(toGo, 1 / rate) <= settledTo
}

function valuesAt(
  mass: Float64Array,
  values: readonly number[],
  stands: readonly (Float64Array | null)[],
): readonly number[] {
  return values.map((value, q) => {
    const so = stands[q]
    return so === null || so === undefined ? value : value + dot(mass, so)
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
