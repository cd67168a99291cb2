import { isEscape } from '@driftfarm/spec'
import { type CellFindings, escapeShare } from './cellFindings.ts'
import { type Check, check } from './check.ts'
import { entriesOf } from './entriesOf.ts'
import { percent } from './percent.ts'
import type { StartPremise } from './premises.ts'

/**
 * Two shares are compared with the measured number: the share of starts at which an event already holds, and the share
 * of starts outside the basin. If a share is at least this fraction of the number, the starts explain the number.
 */
const half = 0.5

/**
 * Reports events that already hold at theta_0, and start points that lie outside the basin of the minimum that the
 * sweep examines. `found` is null before any trial.
 */
export function startChecks(
  start: StartPremise | null,
  measuresEscape: boolean,
  found: CellFindings | null,
): readonly Check[] {
  if (start === null) return []
  const { holds, outside } = start
  const exits = entriesOf(holds).filter(([name]) => isEscape(name))
  const rest = entriesOf(holds).filter(([name]) => !isEscape(name))
  const checks: Check[] = []
  if (exits.length > 0) {
    const [name, share] = exits.reduce((most, each) => (each[1] > most[1] ? each : most))
    const explains = share >= half * (found === null ? 1 : (found.estimates[name]?.value ?? escapeShare(found)))
    checks.push(
      check(
        'start',
        explains ? 'wrong' : 'doubtful',
        `${name} already holds at ${percent(share)} of the starts, before the first step`,
        'move `start` or the event, so that the event holds at no start',
      ),
    )
  }
  if (rest.length > 0) {
    const list = rest.map(([name, share]) => `${name} ${percent(share)}`).join(', ')
    checks.push(
      check('start', 'note', `events that already hold before the first step, with their share of starts: ${list}`),
    )
  }
  if (outside !== null && outside.share > 0) {
    const misleads = measuresEscape && outside.share >= half * (found === null ? 1 : escapeShare(found))
    checks.push(
      check(
        'start',
        misleads ? 'doubtful' : 'note',
        `${percent(outside.share)} of the starts lie outside the basin of ${outside.minimum}`,
        misleads ? `start nearer to ${outside.minimum}, or at it (\`start: {minimum: ${outside.minimum}}\`)` : null,
      ),
    )
  }
  return checks.length > 0 ? checks : [check('start', 'good', 'no event holds before the first step')]
}
