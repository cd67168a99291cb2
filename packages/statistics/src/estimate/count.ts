import type { HorizonTally, Outcome, RecordLayout, Tally } from '@driftfarm/kernel'
import { countWhere, diverged } from './joint.ts'
import { type EventName, noSuchEstimate, parseEventName } from './name.ts'

/** How many trials of the tally had the event of a probability estimate. Ask `tells` first: an old tally may not know. */
export function countOf(estimate: string, tally: Tally, layout: RecordLayout): number {
  const event = parseEventName(estimate)
  const count = event.horizon === null ? countAtEnd(event, tally, layout) : countWithin(event, tally, layout)
  if (count === undefined) throw noSuchEstimate(estimate)
  return count
}

/** Whether the tally knows how many trials had the event; those of before it was counted do not. */
export function tells(estimate: string, tally: Pick<Tally, 'joint'> & { horizons: readonly Departures[] }): boolean {
  const { kind, horizon } = parseEventName(estimate)
  if (kind !== 'stay') return true
  if (horizon === null) return tally.joint !== undefined
  return tally.horizons.find((each) => each.horizon === horizon)?.departed !== undefined
}

type Departures = Pick<HorizonTally, 'horizon' | 'departed'>

function countAtEnd({ kind, name }: EventName, tally: Tally, layout: RecordLayout): number | undefined {
  switch (kind) {
    case 'escape':
      return tally.escaped
    case 'converge':
      return tally.convergeHistogram.reduce((sum, [, count]) => sum + count, 0)
    case 'diverge':
      return tally.ends[2]
    case 'stay':
      return tally.joint && countWhere(tally.joint, layout, (escaped, end) => !escaped && end !== diverged)
    case 'exit':
      return tally.exits[layout.exits.indexOf(name)]
    case 'settle':
      return tally.settled[indexOrOther(layout.minima, name)]
    case 'class':
      return tally.classes[indexOrOther(layout.classes, name)]
    case 'mark':
      return tally.marks[layout.marks.indexOf(name)]
  }
}

function countWithin({ kind, name, horizon }: EventName, tally: Tally, layout: RecordLayout): number | undefined {
  const within = tally.horizons.find((each) => each.horizon === horizon)
  switch (kind) {
    case 'escape':
      return within?.escaped
    case 'converge':
      return within?.converged
    case 'diverge':
      return within?.diverged
    case 'stay':
      return within?.departed === undefined ? undefined : tally.trials - within.departed
    case 'exit':
      return within?.exits[layout.exits.indexOf(name)]
    case 'mark':
      return within?.marks[layout.marks.indexOf(name)]
    default:
      return undefined
  }
}

/** "other" stands after the named ones; a name that is none of them is at -1. */
function indexOrOther(names: readonly string[], name: string): number {
  const index = names.indexOf(name)
  return index < 0 && name === 'other' ? names.length : index
}

/** Whether a trial had the event: over the trials of a tally it is true `countOf` times. */
export function eventAt(estimate: string, outcome: Outcome): boolean {
  const { kind, name, horizon } = parseEventName(estimate)
  const within = (step: number | null | undefined) => typeof step === 'number' && (horizon === null || step <= horizon)
  switch (kind) {
    case 'escape':
      return within(outcome.escapedAt)
    case 'converge':
      return within(outcome.convergedAt)
    case 'diverge':
      return outcome.end === 'diverged' && within(outcome.steps)
    case 'stay':
      return !within(outcome.escapedAt) && !(outcome.end === 'diverged' && within(outcome.steps))
    case 'exit':
      return outcome.exit === name && within(outcome.escapedAt)
    case 'settle':
      return outcome.settled === name
    case 'class':
      return outcome.class === name
    case 'mark':
      return within(outcome.marks[name])
  }
}
