import { kindNamed } from '@driftfarm/spec'
import { type CellFindings, escapeShare, mainEstimateOf } from './cellFindings.ts'
import { type Check, check } from './check.ts'
import { percent, short } from './percent.ts'
import type { SaddlePremise } from './premises.ts'

/**
 * If the share of starts that lead to a saddle is below this fraction of the measured probability, these starts cannot
 * explain the probability.
 */
const half = 0.5
/** Two shares within this factor of each other count as about equal. */
const alike = 2
/** Eigenvalues with a magnitude below this may be rounding errors. */
const flat = 1e-8

/**
 * An escape from a saddle is not an escape from a minimum: noise moves a trial off the saddle, and then the trial
 * descends. If the descent can end in several places, it may still be worth measuring how likely each place is. The
 * verdict is therefore only a note if the cell has several exits. It is also only a note if the cell measures a
 * committor (P(escape before converging)) and descent leads to several named minima.
 */
export function saddleChecks(
  saddle: SaddlePremise | null,
  measuresEscape: boolean,
  found: CellFindings | null,
): readonly Check[] {
  if (saddle === null) return []
  const { share, curvature, into } = saddle
  const where =
    share === 1 ? 'every start is, or descends into,' : `${percent(share)} of the starts are, or descend into,`
  const ends = [...new Set(into)]
  const beside = ends.length === 0 ? 'descent leads away' : `descent leads to ${ends.join(' and ')}`
  const text =
    `${where} a saddle or a maximum (smallest curvature ` +
    `${Math.abs(curvature) < flat ? 'about 0' : short(curvature)}). From nearby points, ${beside}`
  const hint = 'start at a minimum (`start: {minimum: NAME}`), or measure which of two exits is taken'
  const verdict = verdictOf(saddle, ends.length, measuresEscape, found)
  return [
    check(
      'start',
      verdict,
      verdict === 'note' ? text : `${text}, so the estimate measures this descent`,
      verdict === 'note' ? null : hint,
    ),
  ]
}

function verdictOf(
  { share, escapes }: SaddlePremise,
  ends: number,
  measuresEscape: boolean,
  found: CellFindings | null,
): 'note' | 'doubtful' | 'wrong' {
  if (!measuresEscape) {
    const main = found === null ? null : mainEstimateOf(found.estimates)
    return main !== null && kindNamed(main[0]) === 'settle' && share >= half ? 'doubtful' : 'note'
  }
  if (found === null) return 'doubtful'
  const isCommittor = found.estimates.escape?.event === 'escape before converging' && ends > 1
  if (found.tally.exits.length > 1 || isCommittor) return 'note'
  const measured = escapeShare(found)
  if (share < half * measured) return 'note'
  return measured > 0 && alike * share * escapes >= measured && share * escapes <= alike * measured
    ? 'wrong'
    : 'doubtful'
}
