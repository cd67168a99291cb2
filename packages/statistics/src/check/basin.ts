import type { CellFindings } from './cellFindings.ts'
import { type Check, check } from './check.ts'
import { percent } from './percent.ts'
import type { BasinPremise } from './premises.ts'

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
export function basinChecks(basin: BasinPremise | null, found: CellFindings | null): readonly Check[] {
  const short = unreached(basin, found)
  if (basin === null) return short
  const { of, tolerance, ends, changed, noMinimum, enough } = basin
  const looked = `${ends} end points of descents (|grad L| <= ${tolerance})`
  const checks: Check[] = []
  if (changed > 0)
    checks.push(
      check(
        'basin',
        'wrong',
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
      check(
        'basin',
        'doubtful',
        `${noMinimum} of ${looked} are not minima: a lower point can be reached from them without climbing, ` +
          'as on a plateau or at a saddle',
        `use ${enough ?? (of === 'within' ? 'a smaller radius' : 'a smaller tolerance')} for ${keys[of]}`,
      ),
    )
  if (ends > 0 && checks.length === 0 && short.length === 0)
    return [
      check(
        'basin',
        'good',
        `${looked} stay in their basin when the descent continues to a tolerance 100 times smaller`,
      ),
    ]
  return [...checks, ...short]
}

function unreached(basin: BasinPremise | null, found: CellFindings | null): readonly Check[] {
  const counted = found?.tally.unreached
  const [out, of] = counted !== undefined ? [counted, found!.tally.trials] : [basin?.unreached ?? 0, basin?.ends ?? 0]
  if (out === 0 || out / of <= mostUnreached) return []
  const share = percent(out / of)
  const text =
    counted === undefined
      ? `${share} of the descents ran out of steps before reaching the tolerance`
      : `in ${share} of the trials, a descent ran out of steps. These trials count as not escaped or, with a quench, ` +
        'as not settled. The intervals also cover the case that they did escape or settle'
  const hint = 'give the descents more `steps`, a larger `eta`, or a larger tolerance `gradient`'
  return [check('basin', 'doubtful', text, hint)]
}
