import type { RecordLayout, Tally } from '@driftfarm/kernel'
import { betaBinomialLimits } from '../interval/betaBinomial.ts'
import { poissonAt } from '../interval/poisson.ts'
import type { Guard } from '../stopping/guard.ts'
import { countOf } from './count.ts'
import type { Events } from './defined.ts'
import type { Estimate } from './estimate.ts'
import { described } from './probability.ts'

/**
 * Escapes per step at risk: the maximum likelihood estimate of a constant rate per step, right censored. The limits are
 * those of a Poisson count over the steps at risk; where any look must be right, those of the mixture over single
 * steps, each an escape or not. null where the steps at risk are not known.
 */
export function escapeRate(tally: Tally, layout: RecordLayout, guard: Guard, events?: Events): Estimate | null {
  const atRisk = stepsAtRisk(tally, layout, events)
  if (atRisk === null || atRisk === 0n) return null
  const steps = Number(atRisk)
  const alpha = guard.alpha / guard.divisor
  const exact = guard.kind === 'fixed' || guard.kind === 'look'
  const mean = exact ? poissonAt(tally.escaped, alpha) : null
  const { low, high } = mean
    ? { low: mean.low / steps, high: mean.high / steps }
    : betaBinomialLimits(tally.escaped, steps, alpha)
  return {
    value: tally.escaped / steps,
    low,
    high,
    ...described(exact ? 'poisson' : 'beta-binomial', guard),
    events: tally.escaped,
    atRisk: String(atRisk),
  }
}

/** Steps before and at the first escape. Trials that go on after it are counted exactly only while no trial ends early otherwise. */
function stepsAtRisk(tally: Tally, layout: RecordLayout, events?: Events): bigint | null {
  if (events === undefined || events.afterEscape === 'stop') return tally.steps
  const endsEarly = tally.ends[2]! + (events.afterConverge === 'stop' ? countOf('converge', tally, layout) : 0)
  return endsEarly === 0 ? tally.escapeSteps : null
}
