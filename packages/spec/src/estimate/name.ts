import { cached } from '../cached.ts'
import { type EstimateKind, type EventKind, type EventNames, estimateKinds, kindOf } from './kinds.ts'

/** The parts of the name of an estimate, such as `escape`, `exit:upper`, `mark:m2@100`, `escapeRate`, or `cost:m2`. */
export interface EstimateName {
  readonly kind: EstimateKind
  /** The text after the colon; '' if there is no colon. */
  readonly name: string
  /** The number after the @; null for the full horizon. */
  readonly horizon: number | null
}

/** The name of a probability of a single event. */
export interface EventName extends EstimateName {
  readonly kind: EventKind
}

/** An ordinary sweep has fewer names than this, so the cache is rarely cleared. */
const maxCached = 1000

/**
 * Parses a name; null if the text is not the name of an estimate. `estimateNames` decides whether a cell has the
 * estimate. Names are cached, since all cells of a sweep use the same names.
 */
export const parseEstimate: (text: string) => EstimateName | null = cached(maxCached, read)

function read(text: string): EstimateName | null {
  const [, event = '', step] = /^(.*?)(?:@(\d+))?$/s.exec(text) ?? []
  const colon = event.indexOf(':')
  const kind = colon < 0 ? event : event.slice(0, colon)
  if (!isKind(kind)) return null
  const { named = false, timed } = kindOf(kind)
  if (named === colon < 0) return null
  const horizon = step === undefined ? null : Number(step)
  if (horizon !== null && !timed) return null
  return Object.freeze({ kind, name: event.slice(kind.length + 1), horizon })
}

export function printEstimate({
  kind,
  name = '',
  horizon = null,
}: Partial<EstimateName> & { kind: EstimateKind }): string {
  return `${kind}${name === '' ? '' : `:${name}`}${horizon === null ? '' : `@${horizon}`}`
}

/**
 * Parses the name of the probability of a single event, the kind of estimate that stopping rules and contrasts can
 * use. Returns null for rates, times, costs and combinations of events.
 */
export function parseEvent(text: string): EventName | null {
  const parsed = parseEstimate(text)
  return parsed !== null && kindOf(parsed.kind).value === 'event' ? (parsed as EventName) : null
}

export function kindNamed(text: string): EstimateKind | null {
  return parseEstimate(text)?.kind ?? null
}

/** Whether the text names an escape, through any exit or a named exit, at the full horizon or a shorter horizon. */
export function isEscape(text: string): boolean {
  const kind = kindNamed(text)
  return kind !== null && kindOf(kind).escapes === true
}

/** Whether splitting and tilt can estimate the quantity: they estimate only escapes at the full horizon. */
export function isEstimatedByValues(text: string): boolean {
  return isEscape(text) && parseEstimate(text)?.horizon === null
}

export function isKind(word: string): word is EstimateKind {
  return Object.hasOwn(estimateKinds, word)
}

const kinds = Object.keys(estimateKinds) as EstimateKind[]
const isOfEvent = (kind: EstimateKind): boolean => kindOf(kind).value === 'event'

function namesOf(events: EventNames, some: readonly EstimateKind[]): string[] {
  return some.flatMap((kind) =>
    kindOf(kind)
      .of(events)
      .map((name) => printEstimate({ kind, name })),
  )
}

/** Names of probabilities, in the order of results. */
export function probabilityNames(events: EventNames): string[] {
  return namesOf(events, kinds.filter(isOfEvent))
}

/** Names of rates, times and costs, in the order of results. */
export function otherNames(events: EventNames): string[] {
  return namesOf(
    events,
    kinds.filter((kind) => !isOfEvent(kind) && kindOf(kind).value !== 'together'),
  )
}

/**
 * Returns the names of the estimates at shorter horizons, such as `escape@100`. They are made from the names in `names`
 * whose event happens at a particular step, with each of `horizons`.
 */
export function atHorizons(names: readonly string[], horizons: readonly number[]): string[] {
  if (horizons.length === 0) return []
  const timed = names.flatMap((text) => {
    const parsed = parseEstimate(text)
    return parsed !== null && parsed.horizon === null && kindOf(parsed.kind).timed ? [parsed] : []
  })
  return horizons.flatMap((horizon) => timed.map((name) => printEstimate({ ...name, horizon })))
}

export function estimateNames(events: EventNames, horizons: readonly number[]): string[] {
  return [...namesOf(events, kinds), ...atHorizons(probabilityNames(events), horizons)]
}
