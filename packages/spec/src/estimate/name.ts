import { type EstimateKind, type EventKind, estimateKinds, kindOf } from './kinds.ts'

/** A name of an estimate: `escape`, `exit:upper`, `mark:m2@100`, `escapeRate`, `cost:m2`. */
export interface EstimateName {
  readonly kind: EstimateKind
  /** After the colon; '' where there is none. */
  readonly name: string
  /** After the @; null is the full horizon. */
  readonly horizon: number | null
}

/** The name of a probability of what each trial has or has not. */
export interface EventName extends EstimateName {
  readonly kind: EventKind
}

/** null: no name of an estimate. Whether a cell has what it names is for `askable`. */
export function parseEstimate(text: string): EstimateName | null {
  const [, event = '', step] = /^(.*?)(?:@(\d+))?$/s.exec(text) ?? []
  const colon = event.indexOf(':')
  const kind = colon < 0 ? event : event.slice(0, colon)
  if (!isKind(kind)) return null
  const { named, timed } = kindOf(kind)
  if (named === colon < 0) return null
  const horizon = step === undefined ? null : Number(step)
  if (horizon !== null && !timed) return null
  return { kind, name: event.slice(kind.length + 1), horizon }
}

export function printEstimate({
  kind,
  name = '',
  horizon = null,
}: Partial<EstimateName> & { kind: EstimateKind }): string {
  return `${kind}${name === '' ? '' : `:${name}`}${horizon === null ? '' : `@${horizon}`}`
}

/**
 * The name of an event whose trials can be counted, compared and stopped at; null for rates, times, costs, and what
 * occurred together.
 */
export function parseEvent(text: string): EventName | null {
  const parsed = parseEstimate(text)
  return parsed !== null && kindOf(parsed.kind).value === 'event' ? (parsed as EventName) : null
}

export function kindNamed(text: string): EstimateKind | null {
  return parseEstimate(text)?.kind ?? null
}

/** Of an escape, by any exit or by one, at the full horizon or before. */
export function isEscape(text: string): boolean {
  const kind = kindNamed(text)
  return kind !== null && kindOf(kind).escapes === true
}

/** What splitting and tilt tell: escapes of the whole horizon. */
export function valuesTell(text: string): boolean {
  return isEscape(text) && parseEstimate(text)?.horizon === null
}

function isKind(word: string): word is EstimateKind {
  return Object.hasOwn(estimateKinds, word)
}
