import { type EstimateKind, type EventName, estimateKinds, kindOf, parseEvent } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'

/** Throws a StatisticsError if the text does not name an event. Rates, times and costs are not events. */
export function eventNamed(text: string): EventName {
  const event = parseEvent(text)
  if (event === null) throw noSuchEstimate(text)
  return event
}

export function noSuchEstimate(text: string): StatisticsError {
  return new StatisticsError('ESTIMATE', text, expected)
}

const events = (Object.keys(estimateKinds) as EstimateKind[]).filter((kind) => kindOf(kind).value === 'event')
const words = [
  ...events.filter((kind) => !kindOf(kind).named),
  ...events.filter((kind) => kindOf(kind).named).map((kind) => `${kind}:NAME`),
]
const untimed = events.filter((kind) => !kindOf(kind).timed)
const expected =
  `use ${words.slice(0, -1).join(', ')} or ${words.at(-1)}, where NAME is the name of one of the cell's events; for ` +
  `the probability at one of the horizons, append @STEP (not possible for ${untimed.join(', ')})`
