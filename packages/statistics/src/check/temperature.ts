import { type Check, check } from './check.ts'
import { percent, short } from './percent.ts'
import type { Premises, TemperatureAt } from './premises.ts'

/** Escape rates go as exp(-barrier / T): a few per cent of T are seen in a fit, and a fifth of it changes a rate several times over. */
const worthKnowing = 0.05
const misleading = 0.2

/** Beyond rounding: of two steps that are as far off the first is told. */
const further = 1e-9

/**
 * The temperature that the rule gives the noise along the curvatures of the start's minimum, against the one that is asked for: at the
 * first step, and at the last where they are scheduled.
 */
export function temperatureChecks({ temperature, stability }: Premises): readonly Check[] {
  if (temperature === null) return []
  const begin = comparedAt(temperature, '')
  const end = temperature.end === null ? null : comparedAt(temperature.end, ' at the last step')
  const compared = [begin, end].filter((each) => each !== null)
  if (compared.length === 0) return []
  const { text, off, variance } = compared.reduce((worst, each) => (each.off > worst.off + further ? each : worst))
  if (!(off > worthKnowing)) return [check('temperature', 'good', text)]
  const { why, mend } = reason(stability?.limit ?? 2, variance)
  return [
    check('temperature', off > misleading ? 'doubtful' : 'note', `${text}: ${percent(off)} apart, since ${why}`, mend),
  ]
}

interface Compared {
  readonly text: string
  /** Largest distance from the temperature that is asked for, as a share of it. */
  readonly off: number
  /** Of the law of the noise; to ask for a temperature means one of 1. */
  readonly variance: number
}

function comparedAt({ asked, nominal, modes }: TemperatureAt, when: string): Compared | null {
  if (modes.length === 0 || asked === null || !(asked > 0)) return null
  const real = modes.map(({ temperature }) => temperature)
  const [low, high] = [Math.min(...real), Math.max(...real)]
  const range = short(low) === short(high) ? short(low) : `${short(low)} to ${short(high)}`
  return {
    text: `theta has the temperature ${range}${when} along the curvatures of its minimum, ${short(asked)} is asked for`,
    variance: nominal / asked,
    off: Math.max(Math.abs(low / asked - 1), Math.abs(high / asked - 1)),
  }
}

/** By where the rule is stable: eta times curvature up to 2 without memory, 2 (1 + beta) with momentum. */
function reason(limit: number, variance: number): { readonly why: string; readonly mend: string } {
  if (Math.abs(variance - 1) > worthKnowing)
    return {
      why: `the law of its noise has the variance ${short(variance)}`,
      mend: 'take a law of variance 1, or ask for T over the variance where T is meant',
    }
  if (limit > 2)
    return {
      why: `noise on theta beside momentum beta ${short(limit / 2 - 1)} tends to T(1 - beta)`,
      mend: 'put the noise on the gradient, `sigma: "= sqrt(2*T*(1 - beta)/eta)"`, where T is meant: a slope against 1/T is a barrier only then',
    }
  return limit === 2
    ? { why: 'the steps are long for the curvature', mend: 'take a smaller `eta`' }
    : {
        why: 'the rule remembers gradients',
        mend: 'take `rule: gradient`, or what temperature gives the one that is meant',
      }
}
