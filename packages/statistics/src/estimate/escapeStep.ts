import { binStart, type RecordLayout, type Tally } from '@driftfarm/kernel'
import { sequenceErrors } from '../interval/asymptoticSequence.ts'
import type { Interval } from '../interval/interval.ts'
import { studentQuantile } from '../special/student.ts'
import type { Guard } from '../stopping/guard.ts'
import type { Estimate } from './estimate.ts'
import { described, limits } from './probability.ts'

/** Below this many escapes the mean is far from normal, and the interval comes from the probability of escape. */
const fewestForNormal = 30
const shares = [
  ['0.1', 1n, 10n],
  ['0.25', 1n, 4n],
  ['0.5', 1n, 2n],
  ['0.75', 3n, 4n],
  ['0.9', 9n, 10n],
] as const

/**
 * Restricted mean of min(tau, N), tau the step of the escape and N the horizon, never the mean over escaped
 * trials alone; and quantiles of tau over all trials.
 */
export function escapeStep(tally: Tally, layout: RecordLayout, guard: Guard): Estimate {
  const { trials, escaped, escapeSteps } = tally
  const value = Number(escapeSteps) / trials
  const limited = escaped < fewestForNormal || spread(tally) === 0
  const { method, ...interval } = limited
    ? { method: 'bounded', ...bounded(tally, layout, guard) }
    : guard.kind === 'fixed' || guard.kind === 'look'
      ? { method: 'student', ...around(value, studentHalfWidth(tally, guard.alpha / guard.divisor)) }
      : { method: 'asymptotic-sequence', ...around(value, sequenceHalfWidth(tally, guard.alpha / guard.divisor)) }
  return {
    value,
    low: Math.max(interval.low, Math.min(1, value)),
    high: Math.min(interval.high, layout.horizon),
    ...described(method, guard),
    events: escaped,
    quantiles: Object.fromEntries(shares.map(([name, above, below]) => [name, quantile(tally, layout, above, below)])),
  }
}

/** Each escape brings the mean at most N - 1 steps below the horizon. */
function bounded(tally: Tally, layout: RecordLayout, guard: Guard): Interval {
  const most = limits('escape', tally.escaped, tally.trials, guard).high
  return { low: layout.horizon - most * (layout.horizon - 1), high: layout.horizon }
}

function around(value: number, half: number): Interval {
  return { low: value - half, high: value + half }
}

/** Sample standard deviation, its square exact before the last division. */
function spread({ trials, escapeSteps, escapeStepsSquared }: Tally): number {
  if (trials < 2) return 0
  const squares = BigInt(trials) * escapeStepsSquared - escapeSteps * escapeSteps
  return Math.sqrt(Number(squares) / trials / (trials - 1))
}

function studentHalfWidth(tally: Tally, alpha: number): number {
  return (studentQuantile(alpha, tally.trials - 1) * spread(tally)) / Math.sqrt(tally.trials)
}

function sequenceHalfWidth(tally: Tally, alpha: number): number {
  return (spread(tally) / Math.sqrt(tally.trials)) * sequenceErrors(tally.trials, alpha)
}

function quantile(tally: Tally, layout: RecordLayout, above: bigint, below: bigint): [number, number] | null {
  const rank = Number((BigInt(tally.trials) * above + below - 1n) / below)
  let escaped = 0
  for (const [bin, count] of tally.escapeHistogram) {
    escaped += count
    if (escaped >= rank) return [binStart(bin), Math.min(binStart(bin + 1) - 1, layout.horizon)]
  }
  return null
}
