import { type Check, check } from './check.ts'
import { percent, short } from './percent.ts'
import type { Premises } from './premises.ts'

/** Escape rates go as exp(-barrier / T): a few per cent of T are seen in a fit, and a fifth of it changes a rate several times over. */
const worthKnowing = 0.05
const misleading = 0.2

/**
 * The temperature that the rule gives the noise along the curvatures of the start's minimum, against the one that is asked for, or,
 * where a slope is called a barrier, the one that is meant.
 */
export function temperatureChecks({ temperature, stability }: Premises, barrier: boolean): readonly Check[] {
  if (temperature === null || temperature.modes.length === 0) return []
  const { asked, nominal, modes } = temperature
  if (asked === null && !barrier) return []
  const meant = asked ?? nominal
  const real = modes.map(({ temperature: each }) => each)
  const [low, high] = [Math.min(...real), Math.max(...real)]
  const off = Math.max(Math.abs(low / meant - 1), Math.abs(high / meant - 1))
  const range = short(low) === short(high) ? short(low) : `${short(low)} to ${short(high)}`
  const along = `theta has the temperature ${range} along the curvatures of its minimum, ${short(meant)} is ${asked === null ? 'that of a single step' : 'asked for'}`
  if (!(off > worthKnowing)) return [check('temperature', 'good', along)]
  // Stability with momentum ends at 2 (1 + beta).
  const beta = stability === null ? 0 : stability.limit / 2 - 1
  const why =
    beta > 0
      ? `noise on theta beside momentum beta ${short(beta)} tends to T(1 - beta)`
      : 'the steps are long for the curvature'
  return [
    check(
      'temperature',
      off > misleading ? 'doubtful' : 'note',
      `${along}: ${percent(off)} apart, since ${why}`,
      beta > 0 ? 'ask for T/(1 - beta) where T is meant, and a smaller `eta`' : 'take a smaller `eta`',
    ),
  ]
}
