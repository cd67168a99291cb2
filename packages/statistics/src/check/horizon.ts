import { kindNamed } from '@driftfarm/spec'
import type { Estimate } from '../estimate/estimate.ts'
import type { CellFindings } from './cellFindings.ts'
import { type Check, check } from './check.ts'
import { percent } from './percent.ts'
import type { RelaxationPremise } from './premises.ts'

/** If at most this share of the trials has no end, the probability of an end hardly depends on the horizon. */
const mostUndecided = 0.01

/** A constant rate is wrongly called varying in this share of cells. */
const varies = 0.001

/** Whether escapeRate, where there is one, is a rate: the same in all steps that count. */
export function rateChecks(
  { tally, estimates }: CellFindings,
  { horizon, relaxation }: { readonly horizon: number; readonly relaxation: RelaxationPremise | null },
): readonly Check[] {
  const transient = ofTransient(estimates, tally, horizon, relaxation)
  return transient.length > 0 ? transient : ofRate(estimates)
}

/**
 * How far a probability depends on the horizon. A first exit refers to its horizon by definition. An exit that competes
 * with convergence is decided only when either has happened: with more steps its probability may rise by the share of
 * undecided trials, which misleads where that share exceeds the probability itself.
 */
export function horizonCheck(
  name: string,
  { event, value }: Estimate,
  tally: CellFindings['tally'],
  horizon: number,
): Check {
  const competes = event === 'escape before converging' || name === 'converge' || kindNamed(name) === 'settle'
  if (!competes) return check('horizon', 'good', `the probability refers to ${horizon} steps`)
  const undecided = undecidedOf(name, tally) / tally.trials
  const text = `${percent(undecided)} of the trials were undecided after ${horizon} steps`
  if (undecided <= mostUndecided) return check('horizon', 'good', text)
  const rises = `with more steps ${name} may rise by this much`
  return undecided > value
    ? check('horizon', 'doubtful', `${text}: ${rises}, more than its present value`, 'raise `trial.steps`')
    : check('horizon', 'note', `${text}: ${rises}`, 'raise `trial.steps`')
}

/**
 * Trials without an end. A quench tells of these too where they settle; for `settle` only those that it left open
 * count.
 */
function undecidedOf(name: string, { ends, settled, trials }: CellFindings['tally']): number {
  if (kindNamed(name) !== 'settle') return ends[3]!
  const open = settled.reduce((left, count) => left - count, trials - ends[2]!)
  return Math.max(0, Math.min(ends[3]!, open))
}

/** A rate is one of the start where the steps in which trials forget it are more than this share of those counted. */
const mostTransient = 1 / 3
/** Where nearly all trials have escaped, the test of a constant rate sees what changes. */
const nearlyAll = 0.9
/** Steps to propose for a rate, in multiples of those in which trials forget their start. */
const enough = 10

/**
 * A rate over steps in which trials have not yet forgotten their start. With few escapes the test of a constant rate
 * cannot find this out.
 */
function ofTransient(
  estimates: CellFindings['estimates'],
  { trials, escaped }: CellFindings['tally'],
  horizon: number,
  relaxation: RelaxationPremise | null,
): readonly Check[] {
  const { escapeRate } = estimates
  if (escapeRate === undefined || relaxation === null || escaped > nearlyAll * trials) return []
  const after = escapeRate.after ?? 0
  if (!isTransient({ horizon, after }, relaxation)) return []
  const { steps } = relaxation
  // Where nobody asks for a rate, the probability is the answer, and it is about these steps whatever follows.
  const isRequested = after > 0 || estimates.escapeStep === undefined
  return [
    check(
      'horizon',
      isRequested ? 'doubtful' : 'note',
      `trials need about ${steps} steps to forget their start. escapeRate counts ` +
        `${after === 0 ? 'all steps' : `the steps after step ${after}`} up to step ${horizon}, so it is not ` +
        'a steady rate yet',
      `write \`rate: {after: ${steps}}\` and \`trial.steps: ${Math.max(horizon, enough * steps)}\` or more`,
    ),
  ]
}

/** Whether a large share of the steps between `after` and the horizon goes by before the start is forgotten. */
export function isTransient(
  { horizon, after }: { readonly horizon: number; readonly after: number },
  { steps }: RelaxationPremise,
  share = mostTransient,
): boolean {
  return Math.min(steps, horizon) - after > share * (horizon - after)
}

/** A note where the rate of escape changes in time: such a rate must not be carried over to other horizons. */
function ofRate({ escapeRate }: CellFindings['estimates']): readonly Check[] {
  const fit = escapeRate?.exponentiality
  if (!fit || !(fit.pValue < varies)) return []
  const after = escapeRate!.after ?? 0
  return [
    check(
      'horizon',
      'note',
      `the hazard rate changes over time${after === 0 ? '' : `, even after step ${after}`} (a constant rate is ` +
        `rejected, p < ${varies}). escapeRate is its mean over the steps at risk`,
      after === 0 ? '`rate: {after: n}` leaves out the first n steps' : 'another `rate: {after: n}` gives another mean',
    ),
  ]
}
