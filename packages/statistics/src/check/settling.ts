import { type Check, check } from './check.ts'
import type { SettlingPremise } from './premises.ts'

/**
 * If fewer than this share of the converged trials leave their minimum, this is attributed to chance: some trials
 * converge close to the border of a basin.
 */
const few = 0.1
const many = 0.5

export function settlingChecks(settling: SettlingPremise | null): readonly Check[] {
  if (settling === null || settling.trials === 0) return []
  const { trials, left, steps, hold, enough } = settling
  const share = left / trials
  if (share < few)
    return [
      check(
        'basin',
        'good',
        `${trials - left} of ${trials} converged trials stay at their minimum when they continue without noise`,
      ),
    ]
  return [
    check(
      'basin',
      share >= many ? 'wrong' : 'doubtful',
      `${left} of ${trials} converged trials have moved away after ${steps} more steps without noise: ` +
        `with \`hold: ${hold}\`, trials that meet the condition only in passing also count as converged`,
      enough === null
        ? 'raise `converge.hold` to the number of steps that the rule needs to come to rest, or set ' +
            '`quench: true`: noise-free descent from the last theta then decides in which minimum a trial settled'
        : `use \`converge.hold: ${enough.hold}\`: of the ${enough.trials} trials that converged with this value, ` +
            'none moved away again',
    ),
  ]
}
