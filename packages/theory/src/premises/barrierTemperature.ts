import { type Cell, type Drift, isPlain } from '@driftfarm/spec'
import type { BarrierTemperature } from '@driftfarm/statistics'
import { driftLaw } from '../drift.ts'
import { isStationary } from './stepNoiseAt.ts'
import { temperatureOf } from './temperature.ts'

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
  if (landscape.kind !== 'population' && landscape.batch !== null)
    return { unknown: 'the noise of batches depends on theta' }
  for (const entry of update.drift) {
    const why = driftFault(entry)
    if (why !== null) return { unknown: why }
  }
  if (!isStationary(cell)) return { unknown: 'the step size or the noise changes from step to step' }
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

function withoutTemperature({ update: { rule, drift } }: Cell): string {
  if (rule.kind === 'custom') return 'the custom rule is not linear in the gradients, or has no noise'
  return ['gradient', 'momentum', 'nesterov'].includes(rule.kind) || drift.length === 0
    ? 'there is no noise'
    : `the steps of ${rule.kind} are not linear in the gradients`
}
