import type { CheckEntry } from '../finding/cellFindings.ts'
import { good, note, percent, type Statement, say, short } from '../finding/check.ts'
import type { Premises, TemperatureAt } from '../finding/premises.ts'

/**
 * Relative deviations of the temperature T: above the first, the verdict is `note`; above the second, `doubtful`.
 * Escape rates are proportional to exp(-barrier / T). So a deviation of a few per cent is visible in a fit, and a
 * deviation of 20 % changes a rate severalfold.
 */
const worthKnowing = 0.05
const misleading = 0.2

/**
 * If the deviations at the first and the last step differ by at most this, they are equal up to rounding, and the one
 * at the first step is reported.
 */
const further = 1e-9

/** Gradient descent without memory is stable up to this value of eta times curvature. */
const withoutMemory = 2

/**
 * If the spec requests no temperature but the rule has memory, the temperature of theta is compared with the
 * temperature that corresponds to the noise of a single step. In this case, the verdict is at most `note`.
 */
function ofTemperature({ temperature, stability }: Premises): Statement | null {
  if (temperature === null) return null
  if (temperature.unlike !== undefined)
    return note(
      `the temperature ${short(temperature.asked!)} sets only the size of the noise in one step, sqrt(2 eta T). ` +
        `With ${temperature.unlike}, theta has no exact temperature`,
    )
  const limit = stability?.limit ?? withoutMemory
  const { end } = temperature
  const wanted = ({ asked }: TemperatureAt) => asked !== null || limit !== withoutMemory
  const compared = [
    wanted(temperature) ? comparedAt(temperature, '') : null,
    end !== null && wanted(end) ? comparedAt(end, 'at the last step, ') : null,
  ].filter((each) => each !== null)
  if (compared.length === 0) return null
  const worst = compared.reduce((worst, each) => (each.off > worst.off + further ? each : worst))
  const { asked, text, off } = worst
  if (!(off > worthKnowing)) return asked ? good(text) : null
  const { why, hint } = reason(limit, worst)
  const verdict = asked && off > misleading ? 'doubtful' : 'note'
  return say(verdict, `${text}. The deviation is ${percent(off)}, because ${why}`, asked ? hint : null)
}

interface Compared {
  readonly asked: boolean
  readonly text: string
  /** Largest deviation, relative to the intended temperature. */
  readonly off: number
  /**
   * Whether the temperature of theta is above the temperature that corresponds to the noise of a single step, for
   * example because the rule accumulates noise. False if the spec requests a temperature, because theta is then
   * compared with the requested temperature.
   */
  readonly hotter: boolean
  /** Variance of the noise distribution; must be 1 for theta to reach the temperature in the spec. */
  readonly variance: number
}

function comparedAt({ asked, nominal, modes }: TemperatureAt, when: string): Compared | null {
  const meant = asked ?? nominal
  if (modes.length === 0 || !(meant > 0)) return null
  const real = modes.map(({ temperature }) => temperature)
  const [low, high] = [Math.min(...real), Math.max(...real)]
  // A finding for several cells replaces each number by a range such as "1 to 2", so this text must not put another
  // "to" between two numbers.
  const range =
    short(low) === short(high)
      ? `the temperature ${short(low)}`
      : `a temperature of at least ${short(low)} and at most ${short(high)}`
  const compared =
    asked === null ? `the noise of a single step corresponds to ${short(meant)}` : `${short(meant)} was requested`
  return {
    asked: asked !== null,
    text: `${when}theta has ${range} along the principal axes of its minimum; ${compared}`,
    off: Math.max(Math.abs(low / meant - 1), Math.abs(high / meant - 1)),
    hotter: asked === null && high / meant - 1 > 1 - low / meant,
    variance: nominal / meant,
  }
}

/**
 * `limit` is the largest stable product of eta and curvature. It identifies the rule: 2 for a rule without memory,
 * 2 (1 + beta) with momentum, and below 2 with nesterov.
 */
function reason(limit: number, { variance, hotter }: Compared) {
  if (Math.abs(variance - 1) > worthKnowing)
    return {
      why: `the distribution of the noise has variance ${short(variance)}`,
      hint: 'use a `law` of variance 1, or set `temperature` to T divided by the variance',
    }
  const beta = short(limit / withoutMemory - 1)
  if (limit > withoutMemory && hotter)
    return {
      why: `with momentum beta ${beta}, noise on the gradient accumulates to a temperature of T/(1 - beta)`,
      hint: null,
    }
  if (limit > withoutMemory)
    return {
      why: `with momentum beta ${beta}, noise on theta gives theta a temperature of about T(1 - beta)`,
      hint:
        'to get T, put the noise on the gradient with `sigma: "= sqrt(2*T*(1 - beta)/eta)"`. Only then is the slope ' +
        'of a fit against 1/T a barrier',
    }
  return limit === withoutMemory
    ? { why: 'the steps are long for this curvature', hint: 'use a smaller `eta`' }
    : {
        why: 'the rule also uses earlier gradients',
        hint: 'use `rule: gradient`, or adjust `temperature` until theta has the temperature you want',
      }
}

export const temperature: CheckEntry = { parts: ['temperature'], ofPremises: ofTemperature }
