import type { Tally } from '@driftfarm/kernel'
import type { Estimate } from './estimate.ts'

export type WarningCode = 'NO_EVENTS' | 'ALWAYS' | 'DIVERGED' | 'FEW_ESCAPES' | 'RATE_VARIES' | 'NOT_REACHED'

/** Something a reader of an estimate should know, about one cell. */
export interface Warning {
  readonly code: WarningCode
  /** The estimate it is about. */
  readonly estimate: string
  readonly message: string
}

/** Rates that fit are called varying in one cell of a thousand. */
const varies = 0.001

/** Only of estimates that were asked for; those at shorter horizons say nothing new. */
export function warningsOf(estimates: Readonly<Record<string, Estimate>>, tally: Tally): readonly Warning[] {
  const warnings: Warning[] = []
  const { escape: escaping, escapeRate, escapeStep } = estimates
  const trials = tally.trials
  if (escaping?.events === 0)
    warnings.push({
      code: 'NO_EVENTS',
      estimate: 'escape',
      message: `no escape in ${trials} trials: only the upper limit ${escaping.high.toPrecision(2)} is known`,
    })
  if (escaping !== undefined && trials > 0 && escaping.events === trials)
    warnings.push({
      code: 'ALWAYS',
      estimate: 'escape',
      message: `all ${trials} trials escaped: only the lower limit ${escaping.low.toPrecision(6)} is known`,
    })
  const diverged = tally.ends[2] ?? 0
  if (diverged > 0)
    warnings.push({
      code: 'DIVERGED',
      estimate: 'diverge',
      message: `${diverged} of ${trials} trials diverged: the step size may be beyond stability`,
    })
  if (escapeStep?.method.startsWith('bounded') && escapeStep.events > 0)
    warnings.push({
      code: 'FEW_ESCAPES',
      estimate: 'escapeStep',
      message: `escapeStep rests on ${escapeStep.events} escapes: its interval is a bound`,
    })
  const fit = escapeRate?.exponentiality
  if (fit && fit.pValue < varies)
    warnings.push({
      code: 'RATE_VARIES',
      estimate: 'escapeRate',
      message: `escapes do not come at one rate ${escapeRate.after === 0 ? 'from the start on' : `after step ${escapeRate.after}`} (chi-square ${fit.statistic.toPrecision(4)}, ${fit.degreesOfFreedom} degrees of freedom): ${escapeRate.after === 0 ? 'leave out the first steps by rate: {after: n}' : 'escapeRate is a mean, and a later rate: {after: n} another'}`,
    })
  for (const [name, { value }] of Object.entries(estimates))
    if (name.startsWith('cost:') && value === Number.POSITIVE_INFINITY)
      warnings.push({
        code: 'NOT_REACHED',
        estimate: name,
        message: `no trial reached ${name.slice('cost:'.length)}: ${name} has a lower limit only`,
      })
  return warnings
}
