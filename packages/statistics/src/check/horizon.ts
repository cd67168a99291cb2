import { kindNamed } from '@driftfarm/spec'
import type { Estimate } from '../evidence/estimate.ts'
import type { CellFindings, CheckEntry } from '../finding/cellFindings.ts'
import { doubtful, good, note, percent, type Statement, say } from '../finding/check.ts'
import type { RelaxationPremise } from '../finding/premises.ts'

/** If at most this share of the trials is undecided, the probability hardly depends on the horizon. */
const mostUndecided = 0.01

const significance = 0.001

export function rateChecks(
  { tally, estimates }: CellFindings,
  { horizon, relaxation }: { readonly horizon: number; readonly relaxation: RelaxationPremise | null },
): Statement | null {
  return ofTransient(estimates, tally, horizon, relaxation) ?? ofRate(estimates)
}

/**
 * For convergence, settling and a committor (P(escape before converging)), undecided trials may still have the event
 * after the horizon. With more steps, the probability may rise by up to the share of undecided trials. Any other
 * probability, such as that of a first exit, is defined for the horizon, so its check always passes.
 */
export function horizonCheck(
  name: string,
  { event, value }: Estimate,
  tally: CellFindings['tally'],
  horizon: number,
): Statement {
  const competes = event === 'escape before converging' || name === 'converge' || kindNamed(name) === 'settle'
  if (!competes) return good(`the probability refers to ${horizon} steps`)
  const undecided = undecidedOf(name, tally) / tally.trials
  const text = `${percent(undecided)} of the trials were undecided after ${horizon} steps`
  if (undecided <= mostUndecided) return good(text)
  const rises = `with more steps \`${name}\` may rise by this much`
  return undecided > value
    ? doubtful(`${text}: ${rises}, which is more than its present value`, 'raise `trial.steps`')
    : note(`${text}: ${rises}`, 'raise `trial.steps`')
}

/** For `settle`, a trial that a quench assigned to a minimum is decided. */
function undecidedOf(name: string, { ends, settled, trials }: CellFindings['tally']): number {
  if (kindNamed(name) !== 'settle') return ends[3]!
  const open = settled.reduce((left, count) => left - count, trials - ends[2]!)
  return Math.max(0, Math.min(ends[3]!, open))
}

/**
 * If trials need more than this share of the counted steps to forget their start, the rate still depends on the start.
 */
const mostTransient = 1 / 3
/**
 * If more than this share of the trials have escaped, the test of a constant rate detects a dependence on the start, so
 * `ofTransient` is not needed.
 */
const nearlyAll = 0.9
const relaxations = 10

/** With few escapes, the test of a constant rate cannot detect that the rate still depends on the start. */
function ofTransient(
  estimates: CellFindings['estimates'],
  { trials, escaped }: CellFindings['tally'],
  horizon: number,
  relaxation: RelaxationPremise | null,
): Statement | null {
  const { escapeRate } = estimates
  if (escapeRate === undefined || relaxation === null || escaped > nearlyAll * trials) return null
  const after = escapeRate.after ?? 0
  if (!isTransient({ horizon, after }, relaxation)) return null
  const { steps } = relaxation
  // If no rate is requested, the user wants the probability, which is valid even if the rate is not steady.
  const isRequested = after > 0 || estimates.escapeStep === undefined
  return say(
    isRequested ? 'doubtful' : 'note',
    `trials need about ${steps} steps to forget their start. escapeRate counts ` +
      `${after === 0 ? 'all steps' : `the steps after step ${after}`} up to step ${horizon}, so it is not ` +
      'a steady rate yet',
    `write \`rate: {after: ${steps}}\` and \`trial.steps: ${Math.max(horizon, relaxations * steps)}\` or more`,
  )
}

export function isTransient(
  { horizon, after }: { readonly horizon: number; readonly after: number },
  { steps }: RelaxationPremise,
  share = mostTransient,
): boolean {
  return Math.min(steps, horizon) - after > share * (horizon - after)
}

/** A rate that changes over time is not valid for other horizons. */
function ofRate({ escapeRate }: CellFindings['estimates']): Statement | null {
  const fit = escapeRate?.exponentiality
  if (!fit || !(fit.pValue < significance)) return null
  const after = escapeRate!.after ?? 0
  return note(
    `the hazard rate changes over time${after === 0 ? '' : `, even after step ${after}`} (a constant rate is ` +
      `rejected, p < ${significance}). escapeRate is its mean over the steps at risk`,
    after === 0
      ? '`rate: {after: n}` leaves out the first n steps'
      : 'to average over other steps, change n in `rate: {after: n}`',
  )
}

export const horizon: CheckEntry = {
  parts: ['relaxation'],
  ofTrials: (cell, main) => {
    const { tally, horizon: steps, premises } = cell
    if (tally.values !== undefined) return []
    const ofRate = rateChecks(cell, { horizon: steps, relaxation: premises?.relaxation ?? null })
    return [main === null ? null : horizonCheck(...main, tally, steps), ofRate]
  },
  proposesTrials: true,
}
