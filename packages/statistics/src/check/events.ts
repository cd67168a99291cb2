import type { ObservedTally } from '@driftfarm/kernel'
import { kindNamed, parseEstimate } from '@driftfarm/spec'
import type { Estimate } from '../evidence/estimate.ts'
import type { CellFindings, CheckEntry, CheckedCell } from '../finding/cellFindings.ts'
import { good, note, percent, type Statement } from '../finding/check.ts'

/**
 * Minimum for the number of trials with the event, and for the number of trials without it. If either number is
 * smaller, the relative uncertainty of the rarer outcome exceeds 50 %. The width of the interval shows this
 * uncertainty, so the verdict is only a note.
 */
const minEvents = 16

/** Below this probability, splitting is usually faster than direct trials. */
const rareShare = 1e-3

export function eventsCheck(
  name: string,
  { value, low, high, events }: Estimate,
  { tally, isSplitToo = false }: CheckedCell,
): Statement {
  const { trials } = tally
  const alternative =
    name !== 'escape' || value > rareShare
      ? ''
      : isSplitToo
        ? ', or use the estimate of the splitting cell'
        : ', or estimate rare escapes with `method: splitting`'
  const [did, didNot] =
    name === 'escape' ? ['escaped', 'did not escape'] : [`had the event ${name}`, `did not have the event ${name}`]
  if (events === 0)
    return note(
      `none of ${trials} trials ${did}: the probability has only an upper limit`,
      `add trials to lower this limit${alternative}`,
    )
  if (events === trials) return note(`all ${trials} trials ${did}: the probability has only a lower limit`)
  const rare = Math.min(events, trials - events)
  const relative = percent((high - low) / 2 / Math.min(value, 1 - value))
  const known =
    value <= 0.5
      ? `${events} of ${trials} trials ${did}: relative uncertainty ${relative}`
      : `${trials - events} of ${trials} trials ${didNot}: P(no ${name}) has a relative uncertainty of ` + `${relative}`
  return rare >= minEvents ? good(known) : note(`only ${known}`, `add trials to narrow the interval${alternative}`)
}

/** If no trial reached a mark, the estimate of its cost is infinite, and its interval has only a lower limit. */
export function costChecks(estimates: CellFindings['estimates']): readonly Statement[] {
  const never = Object.entries(estimates).filter(
    ([name, { value }]) => value === Number.POSITIVE_INFINITY && kindNamed(name) === 'cost',
  )
  return never.map(([name]) => note(`no trial reached ${parseEstimate(name)!.name}: ${name} has only a lower limit`))
}

/** An observed value without an estimate: none of the trials came to its time. */
export function observationChecks({ observed = {} }: CellFindings['tally']): readonly Statement[] {
  const isMissed = ([at]: readonly ObservedTally[]) => at!.finite + at!.notFinite === 0
  const missed = Object.keys(observed).filter((key) => !key.includes('@every:') && isMissed(observed[key]!))
  return missed.map((key) => {
    const [value, time] = key.split('@') as [string, string]
    const reason = missedTimes[time] ?? `no trial reached ${time.replace('mark:', '')}`
    return note(`${value} has no value at ${time}: ${reason}`)
  })
}

const missedTimes: Readonly<Record<string, string>> = {
  escape: 'no trial escaped',
  converge: 'no trial converged',
  horizon: 'no trial ran to its last step',
}

export const events: CheckEntry = {
  ofTrials: (cell, main) => [
    ...(main === null || cell.tally.values !== undefined
      ? []
      : [eventsCheck(...main, cell), ...costChecks(cell.estimates)]),
    ...observationChecks(cell.tally),
  ],
  proposesTrials: true,
}
