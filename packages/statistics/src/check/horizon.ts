import { kindNamed } from '@driftfarm/spec'
import type { Estimate } from '../estimate/estimate.ts'
import type { Found } from './believed.ts'
import { type Check, check } from './check.ts'
import { percent } from './percent.ts'

/** Up to this share without an end, and a probability of ends is hardly one of the horizon. */
const mostUndecided = 0.01

/** Rates that fit are called varying in one cell of a thousand. */
const varies = 0.001

/**
 * A first exit is of its horizon by definition. One that competes with convergence is decided only once either
 * happened: with more steps its probability may rise by as much as is undecided, which misleads where that is more than
 * all of it.
 */
export function horizonChecks(
  name: string,
  estimate: Estimate,
  { tally, estimates }: Found,
  horizon: number,
): readonly Check[] {
  return [ofEnds(name, estimate, tally, horizon), ...ofRate(estimates)]
}

function ofEnds(name: string, { event, value }: Estimate, tally: Found['tally'], horizon: number): Check {
  const competes = event === 'escape before converging' || name === 'converge' || kindNamed(name) === 'settle'
  if (!competes) return check('horizon', 'good', `the probability is that of ${horizon} steps`)
  const undecided = undecidedOf(name, tally) / tally.trials
  const text = `${percent(undecided)} of the trials were undecided after ${horizon} steps`
  if (undecided <= mostUndecided) return check('horizon', 'good', text)
  const rises = `with more, ${name} may rise by as much`
  return undecided > value
    ? check('horizon', 'doubtful', `${text}: ${rises}, which is more than all of it`, 'take more `trial.steps`')
    : check('horizon', 'note', `${text}: ${rises}`, 'take more `trial.steps`')
}

/** Trials that had no end. A quench says of those too where they settle: then only the ones that it left open count. */
function undecidedOf(name: string, { ends, settled, trials }: Found['tally']): number {
  if (kindNamed(name) !== 'settle') return ends[3]!
  const open = settled.reduce((left, count) => left - count, trials - ends[2]!)
  return Math.max(0, Math.min(ends[3]!, open))
}

/** A rate that is not one cannot be carried over to other horizons. */
function ofRate({ escapeRate }: Found['estimates']): readonly Check[] {
  const fit = escapeRate?.exponentiality
  if (!fit || !(fit.pValue < varies)) return []
  const after = escapeRate!.after ?? 0
  return [
    check(
      'horizon',
      'note',
      `the chance of an escape changes from step to step${after === 0 ? '' : ` after step ${after} too`} (that it ` +
        `is constant is rejected, p < ${varies}): escapeRate is its mean over the steps that were taken`,
      after === 0 ? '`rate: {after: n}` leaves out the first n steps' : 'another `rate: {after: n}` is another mean',
    ),
  ]
}
