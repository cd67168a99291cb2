import { norm } from '@driftfarm/formula'
import { type Cell, changeOfSteps, type Drift, isPlain, trainingNoise } from '@driftfarm/spec'
import type { BarrierTemperature, TemperatureAt, TemperaturePremise } from '@driftfarm/statistics'
import { driftLaw } from '../drift.ts'
import { stationaryCovariance } from '../linear/recursion.ts'
import { hasConstantScales } from '../stationary.ts'
import { type LinearRule, linearSteps, recursionOf, type StepNoise } from './linearRule.ts'
import { stepNoiseAt } from './stepNoise.ts'

/** The temperature that corresponds to the noise of a rule. */
export type RuleTemperature = Readonly<NonNullable<ReturnType<typeof temperatureOf>>>

/**
 * Returns the temperature of a cell's trials about a minimum, at step n of its schedules. In a direction of curvature
 * h, the gradient is h theta, so the rule is a linear recursion. The stationary variance v of theta solves the discrete
 * Lyapunov equation. The temperature is defined as h v, because h v = T if theta has the density exp(-L/T). For
 * gradient descent with noise of temperature T, the result is 2T / (2 - eta h). With momentum, the result tends to
 * T (1 - beta) for small eta h.
 *
 * Returns null if theory gives no temperature: without noise, for noise that depends on theta (such as batches) or has
 * no finite variance, and for steps that are not those of a linear rule.
 */
export function temperatureOf(cell: Cell, n = 0) {
  const { eta, noise } = stepNoiseAt(cell, n)
  if (noise === null || !(eta > 0)) return null
  const rule = linearSteps(cell, eta)
  if (rule === null) return null
  // A custom rule may draw a normal number xi. Its factor in the next theta includes the xi that reaches theta through
  // the new states.
  const own = rule.theta.xi + rule.theta.states.reduce((sum, weight, k) => sum + weight * rule.next[k]!.xi, 0)
  const step = norm([eta * noise.gradient, noise.theta, own])
  if (step === 0) return null
  return {
    /** The temperature that the spec requests; null if the noise is specified in another way. */
    asked: requestedTemperature(cell, noise, eta),
    /**
     * s^2 / (2 eta), where s is the standard deviation of the noise in one step. It is the temperature of a rule
     * without memory in the limit of small steps.
     */
    nominal: (step * step) / (2 * eta),
    /**
     * Returns h times the stationary variance in a direction of curvature h > 0. Returns null if there is no stationary
     * variance, because the steps are too large or nothing confines theta.
     */
    along: (curvature: number) => along(rule, curvature, noise),
  }
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
  const end = hasConstantScales(cell) ? null : temperatureOf(cell, cell.trial.steps - 1)
  return { ...alongAll(begin, curved), end: end === null ? null : alongAll(end, curved) }
}

function premiseOfNonlinearRule(cell: Cell): TemperaturePremise | null {
  const { eta, noise } = stepNoiseAt(cell, 0)
  if (noise === null || !(eta > 0) || linearSteps(cell, eta) !== null) return null
  const requested = requestedTemperature(cell, noise, eta)
  const unlike = changeOfSteps(cell.update) ?? cell.update.rule.kind
  return requested === null ? null : { asked: requested, nominal: requested, modes: [], end: null, unlike }
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

/**
 * The limit eta h to 0 is approximated by this value of eta h. The value is far above rounding errors, and far below
 * 1 - beta for every usual momentum beta.
 */
const slowEtaH = 1e-7
/**
 * The temperature is computed at two curvatures. A larger relative difference of the two results means that something
 * other than the gradient confines theta.
 */
const maxChange = 0.01

/**
 * The temperature in the limit of small steps: `temperatureOf(cell).along(h)` as eta h falls to 0. It is T for gradient
 * descent. With momentum it is T (1 - beta) for noise given by `temperature`, and T/(1 - beta) for noise on the
 * gradient.
 *
 * This temperature decides how fast a barrier is crossed. For steps of finite size, the density has a factor
 * exp(c eta |grad L|^2 / T) with a constant c. This factor is 1 at a minimum and at a saddle, so the measured barrier
 * changes only by O(eta^2). In contrast, gradient descent with eta h = 0.2 has the temperature 1.11 T in a direction of
 * curvature h. The temperature is known only for Gaussian noise that is the same at every point and step.
 */
export function barrierTemperature(cell: Cell): BarrierTemperature {
  const { update, landscape } = cell
  const [noise] = trainingNoise(landscape)
  if (noise !== undefined)
    return { unknown: `the noise of ${noise === 'mini-batches' ? 'batches' : noise} depends on theta` }
  for (const entry of update.drift) {
    const why = driftFault(entry)
    if (why !== null) return { unknown: why }
  }
  if (!hasConstantScales(cell)) return { unknown: 'the step size or the noise changes from step to step' }
  const found = temperatureOf(cell)
  if (found === null) return { unknown: withoutTemperature(cell) }
  const { value: eta } = update.eta as { readonly value: number }
  const temperature = found.along(slowEtaH / eta)
  const check = found.along((2 * slowEtaH) / eta)
  if (temperature === null || check === null || Math.abs(check / temperature - 1) > maxChange)
    return { unknown: 'something other than the gradient also moves theta' }
  return { temperature, why: momentumEffect(cell) }
}

function momentumEffect({ update: { rule, drift } }: Cell): string | null {
  if (isPlain(rule) || (rule.kind !== 'momentum' && rule.kind !== 'nesterov')) return null
  const onGradient = drift.map((entry) => entry.form === 'additive' && entry.scale === 'sigma')
  const given = `with ${rule.kind} beta ${rule.beta}`
  if (onGradient.every((is) => is)) return `${given}, noise on the gradient has temperature T/(1 - beta)`
  return onGradient.some((is) => is) ? null : `${given}, noise on theta has temperature T (1 - beta)`
}

function driftFault(entry: Drift): string | null {
  if (entry.form !== 'additive') return `${entry.form} noise depends on theta`
  if (entry.when !== null || entry.every !== 1) return 'the noise acts only at some steps'
  return driftLaw(entry.law).isNormal
    ? null
    : `rare escapes depend on the tails of the ${entry.law.kind} distribution, not on its variance`
}

function withoutTemperature({ update }: Cell): string {
  const { rule, drift } = update
  const change = changeOfSteps(update)
  if (change !== null) return `\`${change}\` changes the steps of the rule`
  if (rule.kind === 'custom') return 'the custom rule is not linear in the gradients, or has no noise'
  return ['gradient', 'momentum', 'nesterov'].includes(rule.kind) || drift.length === 0
    ? 'there is no noise'
    : `the steps of ${rule.kind} are not linear in the gradients`
}
