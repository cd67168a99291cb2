import { isEscape } from '@driftfarm/spec'
import { type CellFindings, escapeShare } from './cellFindings.ts'
import { type Check, check } from './check.ts'
import { entriesOf } from './entriesOf.ts'
import { percent } from './percent.ts'
import type { StartPremise } from './premises.ts'

/**
 * An event may already hold at some starts, and some starts may lie outside the basin. If the share of such starts is
 * at least this fraction of the measured probability, they explain the result.
 */
const half = 0.5

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
  return checks.length > 0 ? checks : [check('start', 'good', 'no event condition holds before the first step')]
}
