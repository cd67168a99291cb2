import { betaBinomialLimits } from '../interval/betaBinomial.ts'
import type { Interval } from '../interval/interval.ts'
import { poissonAt } from '../interval/poisson.ts'
import { countOf } from './count.ts'
import type { Entry } from './entry.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'
import { isFixed } from './exact.ts'
import { exponentiality } from './exponentiality.ts'
import { described } from './probability.ts'
import { mayHaveEscaped } from './undecided.ts'

/**
 * Escapes per step at risk, both counted after the burn-in: the maximum likelihood estimate of a constant rate per step
 * with right censoring. The limits are those of a Poisson count over the steps at risk. If the interval must be valid
 * at any interim look, the limits are those of the beta-binomial mixture with each step as one trial. The upper limit
 * counts each trial whose escape is unknown as an escape at its first step. Null if the steps at risk are unknown.
 */
export function escapeRate(evidence: Evidence): Estimate | null {
  const { tally, layout, trial, guard, rateAfter: after = 0 } = evidence
  const within = after === 0 ? null : tally.horizons.find(({ horizon }) => horizon === after)
  const atRisk = within === null ? stepsAtRisk(evidence) : within?.atRisk
  if (atRisk === undefined || atRisk === null || atRisk === 0n) return null
  const escapes = tally.escaped - (within?.escaped ?? 0)
  const steps = Number(atRisk)
  const alpha = guard.alpha / guard.divisor
  const isPoisson = isFixed(guard)
  const limitsAt = (k: number, of: number): Interval => {
    if (!isPoisson) return betaBinomialLimits(k, of, alpha)
    const mean = poissonAt(k, alpha)
    return { low: mean.low / of, high: mean.high / of }
  }
  const known = limitsAt(escapes, steps)
  const more = mayHaveEscaped(tally, trial)
  // Up to `more` further trials may have escaped. Each of them adds at most `horizon - after` steps to `steps`. If it
  // escaped at its first step, only one of these steps was at risk, so the others are subtracted.
  const least = Math.max(escapes + more, steps - more * (layout.horizon - after - 1))
  return {
    value: escapes / steps,
    low: known.low,
    high: more === 0 ? known.high : limitsAt(escapes + more, least).high,
    ...described(isPoisson ? 'poisson' : 'beta-binomial', guard),
    events: escapes,
    atRisk: String(atRisk),
    after,
    exponentiality: exponentiality(evidence),
  }
}

/**
 * Earlier versions stored tallies without the steps at risk. For such a tally, if trials stop when they escape, all
 * steps were at risk. If they continue, but none ended before the horizon, the steps at risk are `escapeSteps`. In all
 * other cases, the steps at risk are unknown.
 */
function stepsAtRisk({ tally, layout, trial }: Evidence): bigint | null {
  if (tally.atRisk !== undefined) return tally.atRisk
  if (trial === undefined || trial.afterEscape === 'stop') return tally.steps
  const endsEarly = tally.ends[2]! + (trial.afterConverge === 'stop' ? countOf('converge', tally, layout) : 0)
  return endsEarly === 0 ? tally.escapeSteps : null
}

export const rate: Entry = {
  make: (_, evidence) => escapeRate(evidence),
  isIn: () => true,
  saysWhichEscape: true,
  fit: 'poisson',
  meaning: 'escapes per step',
}
