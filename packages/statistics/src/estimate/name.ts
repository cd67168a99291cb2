import { StatisticsError } from '../error.ts'

/** The kinds of event that can be counted, with a name and without. */
const named = ['exit', 'settle', 'class', 'mark'] as const
const unnamed = ['escape', 'converge', 'diverge', 'stay'] as const
export type EventKind = (typeof unnamed)[number] | (typeof named)[number]

/** A parsed name of a probability: `escape`, `exit:upper`, `mark:m2@100`. */
export interface EventName {
  readonly kind: EventKind
  /** After the colon; '' where the kind has none. */
  readonly name: string
  /** After the @; null is the full horizon. */
  readonly horizon: number | null
}

export function parseEventName(text: string): EventName {
  const [, event = '', horizon] = /^(.*?)(?:@(\d+))?$/s.exec(text) ?? []
  const at = horizon === undefined ? null : Number(horizon)
  const plain = unnamed.find((each) => each === event)
  if (plain !== undefined) return { kind: plain, name: '', horizon: at }
  const colon = event.indexOf(':')
  const kind = named.find((each) => each === event.slice(0, colon))
  if (kind === undefined) throw noSuchEstimate(text)
  return { kind, name: event.slice(colon + 1), horizon: at }
}

export function noSuchEstimate(text: string): StatisticsError {
  return new StatisticsError(
    'ESTIMATE',
    text,
    'escape, converge, diverge, stay, exit:NAME, settle:NAME, class:NAME or mark:NAME that the events define, with @STEP for one of the horizons (not settle, class)',
  )
}
