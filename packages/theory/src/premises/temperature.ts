import type { Cell } from '@driftfarm/spec'
import type { TemperatureAt, TemperaturePremise } from '@driftfarm/statistics'
import { norm } from '../linear/matrix.ts'
import { type LinearRule, linearRule } from './linearRule.ts'
import { stationaryCovariance } from './lyapunov.ts'
import { recursionOf, type StepNoise } from './recursion.ts'
import { isStationary, stepNoiseAt } from './stepNoiseAt.ts'

/** The temperature that corresponds to the noise of a rule. */
export interface RuleTemperature {
  /** The temperature that the spec requests; null if the noise is specified in another way. */
  readonly asked: number | null
  /**
   * s^2 / (2 eta), where s is the standard deviation of the noise in one step. It is the temperature of a rule without
   * memory in the limit of small steps.
   */
  readonly nominal: number
  /**
   * Returns h times the stationary variance in a direction of curvature h > 0. Returns null if there is no stationary
   * variance, because the steps are too large or nothing confines theta.
   */
  along(curvature: number): number | null
}

/**
 * Returns the temperature of a cell's trials about a minimum, at step n of its schedules. In a direction of curvature
 * h, the gradient is h theta, so the rule is a linear recursion. The stationary variance v of theta solves the discrete
 * Lyapunov equation. The temperature is defined as h v, because h v = T if theta has the density exp(-L/T). For
 * gradient descent with noise of temperature T, the result is 2T / (2 - eta h). With momentum, the result tends to
 * T (1 - beta) for small eta h.
 *
 * Returns null if theory gives no temperature: without noise, for noise that depends on theta (such as batches) or has
 * no finite variance, and for rules that are not linear.
 */
export function temperatureOf(cell: Cell, n = 0): RuleTemperature | null {
  const { eta, noise } = stepNoiseAt(cell, n)
  if (noise === null || !(eta > 0)) return null
  const rule = linearRule(cell.update.rule, eta)
  if (rule === null) return null
  const own = ownNoise(rule)
  const step = norm([eta * noise.gradient, noise.theta, own])
  if (step === 0) return null
  return {
    asked: requestedTemperature(cell, noise, eta),
    nominal: (step * step) / (2 * eta),
    along: (curvature) => along(rule, curvature, noise),
  }
}

export function effectiveTemperature(cell: Cell, curvature: number): number | null {
  return temperatureOf(cell)?.along(curvature) ?? null
}

/**
 * A custom rule may draw a normal number xi. Returns the factor of xi in the formula for the next theta, including the
 * xi that reaches theta through the new states.
 */
function ownNoise({ next, theta }: LinearRule): number {
  return theta.xi + theta.states.reduce((sum, weight, k) => sum + weight * next[k]!.xi, 0)
}

function requestedTemperature({ update: { drift } }: Cell, noise: StepNoise, eta: number): number | null {
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

/** In high dimensions, reporting more curvatures would show nothing new. */
const maxModes = 16
/** Curvatures up to this share of the largest one belong to valleys, along which nothing confines theta. */
const flat = 1e-6

/**
 * Returns the temperature in the principal directions of the start's minimum, in ascending order of curvature. The
 * temperature is computed at step 0 and, if the step size or the drift follows a schedule, also at the last step.
 */
export function temperaturePremise(cell: Cell, curvatures: () => readonly number[]): TemperaturePremise | null {
  const begin = temperatureOf(cell)
  if (begin === null) return premiseOfNonlinearRule(cell)
  const largest = curvatures().at(-1)!
  const curved = evenlyByRank(curvatures().filter((curvature) => curvature > Math.max(0, flat * largest)))
  const end = isStationary(cell) ? null : temperatureOf(cell, cell.trial.steps - 1)
  return { ...alongAll(begin, curved), end: end === null ? null : alongAll(end, curved) }
}

function premiseOfNonlinearRule(cell: Cell): TemperaturePremise | null {
  const { rule } = cell.update
  const { eta, noise } = stepNoiseAt(cell, 0)
  if (noise === null || !(eta > 0) || linearRule(rule, eta) !== null) return null
  const requested = requestedTemperature(cell, noise, eta)
  return requested === null ? null : { asked: requested, nominal: requested, modes: [], end: null, unlike: rule.kind }
}

function alongAll(found: RuleTemperature, curvatures: readonly number[]): TemperatureAt {
  const modes = curvatures.flatMap((curvature) => {
    const temperature = found.along(curvature)
    return temperature === null ? [] : [{ curvature, temperature }]
  })
  return { asked: found.asked, nominal: found.nominal, modes }
}

function evenlyByRank(values: readonly number[]): readonly number[] {
  if (values.length <= maxModes) return values
  return Array.from({ length: maxModes }, (_, i) => values[Math.round((i * (values.length - 1)) / (maxModes - 1))]!)
}
