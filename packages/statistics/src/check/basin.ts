import type { CellFindings, CheckEntry } from '../finding/cellFindings.ts'
import { doubtful, good, percent, type Statement, say, wrong } from '../finding/check.ts'
import type { BasinPremise, SettlingPremise } from '../finding/premises.ts'

/**
 * A trial whose descent ran out of steps may or may not have had the event. If the share of such trials is above this
 * limit, the other trials may not be representative.
 */
const mostUnreached = 0.01

const keys: Readonly<Record<BasinPremise['of'], string>> = {
  basin: '`escape.gradient`',
  quench: '`quench.gradient`',
  settled: '`converge.gradient`',
  within: '`converge.within`',
}

/**
 * Checks whether descents reached their tolerance, end at minima and stay in their basins if continued. `found` is null
 * before any trial.
 */
export function basinChecks(basin: BasinPremise | null, found: CellFindings | null): readonly Statement[] {
  const short = unreached(basin, found)
  if (basin === null) return short === null ? [] : [short]
  const { of, tolerance, ends, changed, noMinimum, enough } = basin
  const looked = `${ends} end points of descents (|grad L| <= ${tolerance})`
  const checks: Statement[] = []
  if (changed > 0)
    checks.push(
      wrong(
        `${changed} of ${looked} are in another basin after the descent continues to a tolerance 100 times smaller`,
        of === 'within'
          ? 'use a smaller radius for `converge.within`, or replace it by `converge.gradient`'
          : enough === null
            ? 'no smaller tolerance was found that keeps all end points in their basins. Give descents more ' +
              '`steps`, or describe ' +
              'the end state by conditions (`classify`). If the network has no `decay`, set a small one, so that ' +
              'flat valleys have a minimum'
            : `use ${enough} for ${keys[of]}`,
      ),
    )
  if (noMinimum > 0)
    checks.push(
      doubtful(
        `${noMinimum} of ${looked} are not minima: a lower point can be reached from them without climbing, ` +
          'as on a plateau or at a saddle',
        `use ${enough ?? (of === 'within' ? 'a smaller radius' : 'a smaller tolerance')} for ${keys[of]}`,
      ),
    )
  if (ends > 0 && checks.length === 0 && short === null)
    return [good(`${looked} stay in their basin when the descent continues to a tolerance 100 times smaller`)]
  return short === null ? checks : [...checks, short]
}

function unreached(basin: BasinPremise | null, found: CellFindings | null): Statement | null {
  const counted = found?.tally.unreached
  const [out, of] = counted !== undefined ? [counted, found!.tally.trials] : [basin?.unreached ?? 0, basin?.ends ?? 0]
  if (out === 0 || out / of <= mostUnreached) return null
  const share = percent(out / of)
  const text =
    counted === undefined
      ? `${share} of the descents ran out of steps before reaching the tolerance`
      : `in ${share} of the trials, a descent ran out of steps. These trials count as not escaped or, with a quench, ` +
        'as not settled. The intervals also cover the case that they did escape or settle'
  const hint = 'give the descents more `steps`, a larger `eta`, or a larger tolerance `gradient`'
  return doubtful(text, hint)
}

/**
 * If fewer than this share of the converged trials leave their minimum, this is attributed to chance: some trials
 * converge close to the border of a basin.
 */
const few = 0.1
const many = 0.5

export function settlingChecks(settling: SettlingPremise | null): Statement | null {
  if (settling === null || settling.trials === 0) return null
  const { trials, left, steps, hold, enough } = settling
  const share = left / trials
  if (share < few)
    return good(`${trials - left} of ${trials} converged trials stay at their minimum when they continue without noise`)
  return say(
    share >= many ? 'wrong' : 'doubtful',
    `${left} of ${trials} converged trials have moved away after ${steps} more steps without noise: ` +
      `with \`hold: ${hold}\`, trials that meet the condition only in passing also count as converged`,
    enough === null
      ? 'raise `converge.hold` to the number of steps that the rule needs to come to rest, or set ' +
          '`quench: true`: noise-free descent from the last theta then decides in which minimum a trial settled'
      : `use \`converge.hold: ${enough.hold}\`: of the ${enough.trials} trials that converged with this value, ` +
          'none moved away again',
  )
}

/** Examines the ends of descents, and whether converged trials stay where they are. */
export const basin: CheckEntry = {
  parts: ['basin', 'settling'],
  ofPremises: (premises, { found }) => [...basinChecks(premises.basin, found), settlingChecks(premises.settling)],
  ofTrials: (cell) => (cell.premises ? [] : basinChecks(null, cell)),
}
