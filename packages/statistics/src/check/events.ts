import type { Estimate } from '../estimate/estimate.ts'
import type { Found } from './believed.ts'
import { type Check, check } from './check.ts'
import { percent } from './percent.ts'

/**
 * Fewer events, or trials without, and the half-width is more than half of the probability or of what it lacks to 1. The interval is
 * exact all the same, so it is worth knowing and no doubt.
 */
const fewestEvents = 16

/** Whether there are enough events, and enough trials without. */
export function eventsCheck(name: string, { value, low, high, events }: Estimate, { tally }: Found): Check {
  const { trials } = tally
  const what = `${events} of ${trials} trials have ${name}`
  if (events === 0)
    return check(
      'events',
      'note',
      `${what}: only the upper limit is known`,
      name === 'escape'
        ? 'more trials lower it; `method: splitting` finds escapes however rare'
        : 'more trials lower it',
    )
  if (events === trials) return check('events', 'note', `${what}: only the lower limit is known`)
  const rare = Math.min(events, trials - events)
  const relative = (high - low) / 2 / Math.min(value, 1 - value)
  const width = `the half-width is ${percent(relative)} of ${value <= 0.5 ? 'the probability' : 'what it lacks to 1'}`
  return rare >= fewestEvents
    ? check('events', 'good', `${what}: ${width}`)
    : check('events', 'note', `${what}: few, ${width}`, 'more trials narrow it')
}

/** Costs of what no trial reached are infinite, with a lower limit. */
export function costChecks(estimates: Found['estimates']): readonly Check[] {
  const never = Object.entries(estimates).filter(
    ([name, { value }]) => name.startsWith('cost:') && value === Number.POSITIVE_INFINITY,
  )
  return never.map(([name]) =>
    check('events', 'note', `no trial reached ${name.slice('cost:'.length)}: ${name} has a lower limit only`),
  )
}
