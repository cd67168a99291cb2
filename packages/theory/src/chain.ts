import { landscapeFunction, scaleFunction } from '@driftfarm/kernel'
import { type Cell, changeOfSteps, isPlain, type Law, type Tables, trainingNoise } from '@driftfarm/spec'
import { refuse } from './refusal.ts'
import { hasConstantScales } from './stationary.ts'

/**
 * The chain theta_{n+1} = theta_n - eta_n grad L(theta_n) + s_n xi_{n+1} that the trials of a cell follow: plain
 * full-batch gradient descent with one additive drift or none.
 */
export type AdditiveChain = Readonly<ReturnType<typeof additiveChain>>

/** Refuses if the noise-free steps of a cell are not theta' = theta - eta_n grad L(theta). */
export function requireFullDescent(cell: Cell): void {
  const change = changeOfSteps(cell.update)
  if (change !== null) refuse(`\`${change}\` changes the steps of gradient descent`)
  requireFullGradient(cell)
}

/** Refuses if the steps of a cell have a memory, or use gradients with the noise of training. */
export function requireFullGradient({ update: { rule }, landscape }: Cell): void {
  if (!isPlain(rule)) refuse(`the rule is ${rule.kind}, not gradient`)
  const [noise] = trainingNoise(landscape)
  if (noise !== undefined) refuse(`steps use ${noise}, which ${noise === 'mini-batches' ? 'are' : 'is'} random too`)
}

export function additiveChain(cell: Cell, tables: Tables) {
  const { drift } = cell.update
  requireFullDescent(cell)
  if (drift.length > 1) refuse(`${drift.length} drift entries act together`)
  const [entry] = drift
  if (entry !== undefined && entry.form !== 'additive') refuse(`the drift is ${entry.form}, not additive`)
  if (entry !== undefined && (entry.when !== null || entry.every !== 1)) refuse('the drift does not act at every step')
  const scales = scaleFunction(cell)
  const law: Law = entry?.law ?? { kind: 'gaussian' }
  return {
    landscape: landscapeFunction(cell, tables),
    eta: memoized((n) => scales(n).eta),
    /** The scale s_n of step n: eta_n sigma_n, or s_n directly if the spec gives it; 0 without drift. */
    scale: memoized((n) => {
      const { eta, drift } = scales(n)
      const [amount = 0] = drift
      return entry?.form === 'additive' && entry.scale === 'sigma' ? eta * amount : amount
    }),
    /** The distribution of each coordinate of xi, or of the whole vector if `isotropic`. */
    law,
    isotropic: entry?.isotropic ?? false,
    /** Whether eta_n and s_n are the same for every n. */
    stationary: hasConstantScales(cell),
  }
}

/** The extremes of the step scale |s_n| over all steps, and the highest temperature s^2 / (2 eta (1 - beta)). */
export type Scales = ReturnType<typeof scalesOf>

/** A longer schedule would take too much work. */
const maxSteps = 100_000

/** Refuses with the reason `silent` if a step has no drift. */
export function scalesOf({ eta, scale, stationary }: AdditiveChain, steps: number, silent: string, beta = 0) {
  const count = stationary ? 1 : steps
  if (count > maxSteps) refuse(`the schedule has ${steps} steps, more than ${maxSteps}`)
  let [smallest, largest, temperature] = [Number.POSITIVE_INFINITY, 0, 0]
  for (let n = 0; n < count; n++) {
    const size = Math.abs(scale(n))
    smallest = Math.min(smallest, size)
    largest = Math.max(largest, size)
    temperature = Math.max(temperature, (size * size) / (2 * Math.abs(eta(n)) * (1 - beta)))
  }
  if (!(smallest > 0)) refuse(silent)
  return Number.isFinite(temperature) ? { smallest, largest, temperature } : refuse('eta is 0')
}

/**
 * Values are stored for steps below this number, because a bound is evaluated for many balls and needs the same values
 * for each.
 */
const maxMemoized = 2 ** 20

function memoized(f: (n: number) => number): (n: number) => number {
  const values: number[] = []
  return (n) => {
    if (n >= maxMemoized) return f(n)
    values[n] ??= f(n)
    return values[n]
  }
}
