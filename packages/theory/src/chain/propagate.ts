import { dot, elementary } from '@driftfarm/formula'
import { expMinusOne, logOnePlus } from '@driftfarm/statistics'
import { apart, Flow, type NodeChain, total } from './finiteChain.ts'

const { exp, log } = elementary

export interface AtHorizon {
  readonly values: readonly number[]
  /** The probability of leaving the box, which is the largest error that the box can cause in any value. */
  readonly lost: number
}

/** This many multiplications take a few seconds. */
const defaultMaxWork = 1.2e10
/**
 * Once all answers with a horizon are computed, the oracle takes further steps only for the answers without a horizon.
 * It stops when the total number of multiplications exceeds this.
 */
const maxWorkWithoutHorizon = 1.5e9
/** Fluxes smaller than this have lost digits, because they are sums of subnormal numbers. */
const negligible = 1e-280
const testInterval = 16
const minForecastShare = 1 / 12
/**
 * Because forecasts are rough, the oracle gives up only if the forecast exceeds the allowed work by this factor.
 */
const forecastMargin = { settling: 4, schedule: 2 } as const
/** The largest error that stopping early may cause in the logarithm of a flux. */
const settledTo = 1e-11

export interface Ever {
  readonly values: readonly number[]
  readonly lost: number
  readonly steps: number
  /**
   * Once the chain has settled, the share of the remaining trials that end or leave the box in one step; null if none
   * remain.
   */
  readonly rate: number | null
  /** Once the chain has settled, the share of the remaining trials that leave the box in one step. */
  readonly leak: number
}

/**
 * Carries the mass of all trials forward, step by step, up to the last horizon. `horizons` ascend and are at least 1.
 * Unless the density has kinks (see `driftOf`), only non-negative numbers are added, so the smallest probability keeps
 * its digits. Once the remaining mass falls by the same factor in each step, the later steps follow in closed form.
 */
export function propagate(
  chain: NodeChain,
  horizons: readonly number[],
  includesUnlimited: boolean,
  maxWork: number = defaultMaxWork,
) {
  const { first, isStationary, stands } = chain
  const results: AtHorizon[] = []
  const flow = new Flow(chain)
  const values = [...first.absorbed]
  let lost = first.lost
  let steps = 1
  let before: MassSnapshot | null = null
  let ever: Ever | null = null
  const drifts: number[] = []
  const requested = isStationary ? horizons.length : affordableHorizons(chain, horizons, maxWork)
  const put = (standing: Float64Array, happened: readonly number[], off: number) =>
    results.push({ values: valuesAt(standing, happened, stands), lost: off })
  for (;;) {
    const { mass, n, work } = flow
    while (results.length < horizons.length && horizons[results.length]! <= n) put(mass, values, lost)
    const isDone = results.length === requested
    const most = isDone ? maxWorkWithoutHorizon : maxWork
    if ((isDone && !includesUnlimited) || work > most) break
    const stage = chain.stage(n)
    const flux = stage.absorbed.map((part) => dot(mass, part))
    const leak = dot(mass, stage.lost)
    const left = total(mass)
    if (left === 0 || (flux.every((_, q) => left <= 1e-17 * values[q]!) && stands.every((so) => so === null))) {
      while (results.length < horizons.length) put(mass, values, lost)
      ever = { values, lost, steps, rate: null, leak: 0 }
      break
    }
    if (isStationary && n % testInterval === 0) {
      const rate = Math.max(0, dot(mass, stage.ended) + leak) / left
      // If no mass ends or leaves the box in this step, perhaps none ever will, so further steps may be useless.
      if (isDone && isNegligible(rate * left)) break
      const standing = stands.flatMap((so) => (so === null || so.length !== mass.length ? [] : dot(mass, so)))
      const fluxes = [...flux, ...standing]
      const look: MassSnapshot = {
        flux: fluxes,
        left,
        factor: before === null ? 0 : left / before.left,
        mass: fluxes.some(isNegligible) || mass.some(isNegative) ? mass.map((part) => part / left) : null,
      }
      const isFirst = before === null || before.factor === 0
      const drift = isFirst ? Number.POSITIVE_INFINITY : driftOf(before!, look)
      if (!isFirst) drifts.push(relativeDrift(before!, look))
      const toGo = isDone ? 0 : horizons.at(-1)! - n
      if (work > minForecastShare * most) {
        const within = isDone ? Number.POSITIVE_INFINITY : toGo
        const goal = settledTo * (isDone ? rate : Math.max(rate, 1 / toGo))
        const affordable = (most - work) / stage.matrix.entries
        if (Math.min(within, stepsUntil(goal, drifts) / forecastMargin.settling) > affordable) break
      }
      if (drift * Math.min(toGo, 1 / rate) <= settledTo && (!isDone || drift <= settledTo * rate)) {
        while (results.length < horizons.length) {
          const ahead = horizons[results.length]! - n
          const survived = exp(ahead * logOnePlus(-rate))
          // The sum of the fluxes from this step to the horizon, divided by the flux of this step.
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
        if (!includesUnlimited) break
      }
      before = look
    }
    for (const [q, part] of flux.entries()) values[q]! += part
    lost += leak
    steps += left
    flow.step(stage)
  }
  return {
    /** One entry for each horizon; null if the horizon was too far. */
    horizons: horizons.map((_, index) => results[index] ?? null),
    /**
     * The answers without a horizon; null if they were not requested, or if the chain had not settled when the
     * computation stopped.
     */
    ever: isStationary ? ever : null,
    work: flow.work,
  }
}

/**
 * Estimates how many of the horizons are affordable if each step has a matrix of its own, as in a schedule. The work of
 * a step is the number of entries of its matrix. For every step, the estimate uses the smallest of the first, the
 * middle and the last matrix.
 */
export function affordableHorizons(
  chain: Pick<NodeChain, 'entriesAt'>,
  horizons: readonly number[],
  maxWork: number,
): number {
  const last = horizons.at(-1)!
  const entries = [1, Math.ceil(last / 2), last].map((n) => chain.entriesAt(n))
  const most = (forecastMargin.schedule * maxWork) / Math.min(...entries)
  return horizons.filter((horizon) => horizon <= most).length
}

/**
 * If the drift of the fluxes (see `relativeDrift`) is at most this, no forecast is made, because the drift may be only
 * rounding error. Rounding error does not fall from test to test, and it may be exactly 0 by chance.
 */
const roundingDrift = 1e-12
const minTests = 8

/**
 * Forecasts the number of steps until the drift of the fluxes has fallen to the goal; 0 if no forecast is possible yet.
 * The drift is a sum of decaying modes. The slow modes remain longest, so the drift falls ever more slowly, and the
 * forecast is too low. Some modes oscillate, as with momentum, so the largest drift in the last quarter of `drifts` is
 * compared with the largest drift in the quarter before.
 */
export function stepsUntil(goal: number, drifts: readonly number[]): number {
  const quarter = Math.floor(drifts.length / 4)
  if (drifts.length < minTests || drifts.at(-1)! <= Math.max(goal, roundingDrift)) return 0
  const [then, now] = [Math.max(...drifts.slice(-2 * quarter, -quarter)), Math.max(...drifts.slice(-quarter))]
  if (now >= then) return Number.POSITIVE_INFINITY
  return (quarter * testInterval * log(now / goal)) / log(then / now)
}

interface MassSnapshot {
  /**
   * For each question, the mass that ends in this step with the event of the question. Then, for each question about
   * the state at the horizon, the mass in the states in which the answer is yes.
   */
  readonly flux: readonly number[]
  readonly left: number
  /** The remaining mass, divided by the remaining mass at the previous test; 0 at the first test. */
  readonly factor: number
  /**
   * The mass of each state as a share of the remaining mass; null if the fluxes alone show whether the chain has
   * settled.
   */
  readonly mass: Float64Array | null
}

function isNegative(part: number): boolean {
  return part < 0
}

function isNegligible(flux: number): boolean {
  return Math.abs(flux) < negligible
}

/**
 * Returns the largest relative change per step of two kinds of quantities: each flux as a share of the remaining mass,
 * and the factor by which the remaining mass falls between two tests. A negligible flux may still grow. If a flux is
 * negligible, the result is therefore infinite until the distribution of the mass no longer changes. If the density has
 * kinks, nodes may have negative mass, and a small flux may be only rounding error. If nodes have negative mass, the
 * result is therefore finite, but at least the change per step of the distribution of the mass.
 */
function driftOf(before: MassSnapshot, look: MassSnapshot): number {
  const { mass } = look
  const seen = relativeDrift(before, look)
  if (before.mass === null) return seen
  if (mass === null || mass.length !== before.mass.length) return Number.POSITIVE_INFINITY
  if (mass.some(isNegative)) return Math.max(apart(before.mass, mass) / testInterval, seen)
  return spreads(before.mass, mass) ? Number.POSITIVE_INFINITY : seen
}

/**
 * Like `driftOf`, but ignores negligible fluxes and the distribution of the mass. It is never larger than `driftOf`.
 */
function relativeDrift(before: MassSnapshot, { flux, left, factor }: MassSnapshot): number {
  const drift = (now: number, then: number) =>
    isNegligible(then) ? 0 : Math.abs(now / (then * factor) - 1) / testInterval
  const own = left < negligible ? 0 : Math.abs(factor / before.factor - 1) / testInterval
  return Math.max(own, ...flux.map((now, q) => drift(now, before.flux[q]!)))
}

const roundingChange = 1e-9

function spreads(before: Float64Array, now: Float64Array): boolean {
  return now.some((part, i) => {
    const then = before[i]!
    return Math.abs(part - then) > roundingChange * Math.abs(then) && !(isNegligible(part) && isNegligible(then))
  })
}

/**
 * For each question about the state at the horizon, `stands` marks the states in which the answer is yes. The states
 * are those at the last horizon. If the chain has another number of states at an earlier horizon, the question has no
 * answer there, and its value is NaN.
 */
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
