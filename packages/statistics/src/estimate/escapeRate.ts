import { betaBinomialLimits } from '../interval/betaBinomial.ts'
import { poissonAt } from '../interval/poisson.ts'
import { countOf } from './count.ts'
import type { Entry } from './entry.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'
import { isFixed } from './exact.ts'
import { exponentiality } from './exponentiality.ts'
import { described } from './probability.ts'

/**
 * Escapes per step at risk, both after the burn-in: the maximum likelihood estimate of a constant rate per
 * step, right censored. The limits are those of a Poisson count over the steps at risk; where any look must be right,
 * those of the mixture over single steps, each an escape or not. null where the steps at risk are not known.
 */
export function escapeRate(evidence: Evidence): Estimate | null {
  const { tally, guard, rateAfter: after = 0 } = evidence
  const within = after === 0 ? null : tally.horizons.find(({ horizon }) => horizon === after)
  const atRisk = within === null ? stepsAtRisk(evidence) : within?.atRisk
  if (atRisk === undefined || atRisk === null || atRisk === 0n) return null
  const escapes = tally.escaped - (within?.escaped ?? 0)
  const steps = Number(atRisk)
  const alpha = guard.alpha / guard.divisor
  const mean = isFixed(guard) ? poissonAt(escapes, alpha) : null
  const { low, high } = mean
    ? { low: mean.low / steps, high: mean.high / steps }
    : betaBinomialLimits(escapes, steps, alpha)
  return {
    value: escapes / steps,
    low,
    high,
    ...described(mean ? 'poisson' : 'beta-binomial', guard),
    events: escapes,
    atRisk: String(atRisk),
    after,
    exponentiality: exponentiality(evidence),
  }
}

/**
 * Of an old tally: steps before and at the first escape are known while no trial goes on after it, or none ends early
 * otherwise.
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
  meaning: 'escapes per step that was taken',
}
