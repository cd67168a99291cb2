import type { Cell } from '@driftfarm/spec'
import type { TemperatureAt, TemperaturePremise } from '@driftfarm/statistics'
import { norm } from '../linear/matrix.ts'
import { driveOf, isStationary } from './drive.ts'
import { type LinearRule, linearRule } from './linearRule.ts'
import { stationaryCovariance } from './lyapunov.ts'
import { recursionOf, type StepNoise } from './recursion.ts'

/** What the noise of a rule is worth. */
export interface RuleTemperature {
  /** What the spec asks for by `temperature`; null where the noise is given otherwise. */
  readonly asked: number | null
  /**
   * s^2 / (2 eta), s the standard deviation of one step's noise: what it would mean without a rule's memory, in the
   * limit of small steps.
   */
  readonly nominal: number
  /**
   * h times the stationary variance along a curvature h > 0; null where it has none: steps too large, or nothing that
   * holds it.
   */
  along(curvature: number): number | null
}

/**
 * The temperature of the trials of a cell about a minimum, at step n of its schedules: of the linear recursion that the
 * rule is along each curvature h (g = h theta), the stationary variance v by the discrete Lyapunov equation, and h v,
 * which is T where theta has the density exp(-L/T). For gradient descent with noise of temperature T that is T 2/(2 -
 * eta h); with momentum it tends to T (1 - beta). Null where theory does not know it: without noise; for noise that
 * depends on theta, batches among it, or that has no variance; for rules that are not linear.
 */
export function temperatureOf(cell: Cell, n = 0): RuleTemperature | null {
  const { eta, noise } = driveOf(cell, n)
  if (noise === null || !(eta > 0)) return null
  const rule = linearRule(cell.update.rule, eta)
  if (rule === null) return null
  const own = ownNoise(rule)
  const step = norm([eta * noise.gradient, noise.theta, own])
  if (step === 0) return null
  return {
    asked: askedOf(cell, noise, eta),
    nominal: (step * step) / (2 * eta),
    along: (curvature) => along(rule, curvature, noise),
  }
}

/**
 * `temperatureOf(cell).along(curvature)`: the temperature that the noise really has there; null where theory does not
 * know it.
 */
export function effectiveTemperature(cell: Cell, curvature: number): number | null {
  return temperatureOf(cell)?.along(curvature) ?? null
}

/** Of the xi of a custom rule, as it comes into theta within the step. */
function ownNoise({ next, theta }: LinearRule): number {
  return theta.xi + theta.states.reduce((sum, weight, k) => sum + weight * next[k]!.xi, 0)
}

function askedOf({ update: { drift } }: Cell, noise: StepNoise, eta: number): number | null {
  const [entry, ...others] = drift
  if (entry?.form !== 'additive' || entry.scale !== 'temperature' || others.length > 0) return null
  return entry.amount.kind === 'constant' ? entry.amount.value : (noise.theta * noise.theta) / (2 * eta)
}

function along(rule: LinearRule, curvature: number, noise: StepNoise): number | null {
  if (!(curvature > 0)) return null
  const covariance = stationaryCovariance(recursionOf(rule, curvature, noise))
  const temperature = covariance === null ? Number.NaN : curvature * covariance.values[0]!
  return Number.isFinite(temperature) ? temperature : null
}

/** Curvatures that are kept: their number grows with the dimension, what they say does not. */
const mostModes = 16
/** Curvatures up to this share of the largest are those of valleys, along which nothing holds theta. */
const flat = 1e-6

/**
 * `curvatures` are those of the start's minimum, ascending. At n = 0 and, where anything is scheduled, at the last
 * step.
 */
export function temperaturePremise(cell: Cell, curvatures: () => readonly number[]): TemperaturePremise | null {
  const begin = temperatureOf(cell)
  if (begin === null) return null
  const largest = curvatures().at(-1)!
  const curved = thinned(curvatures().filter((curvature) => curvature > Math.max(0, flat * largest)))
  const end = isStationary(cell) ? null : temperatureOf(cell, cell.trial.steps - 1)
  return { ...alongAll(begin, curved), end: end === null ? null : alongAll(end, curved) }
}

function alongAll(found: RuleTemperature, curvatures: readonly number[]): TemperatureAt {
  const modes = curvatures.flatMap((curvature) => {
    const temperature = found.along(curvature)
    return temperature === null ? [] : [{ curvature, temperature }]
  })
  return { asked: found.asked, nominal: found.nominal, modes }
}

/** Evenly by rank, both ends among them. */
function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= mostModes) return values
  return Array.from({ length: mostModes }, (_, i) => values[Math.round((i * (values.length - 1)) / (mostModes - 1))]!)
}
