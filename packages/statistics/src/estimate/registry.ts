import type { RecordLayout } from '@driftfarm/kernel'
import { type EstimateKind, parseEstimate } from '@driftfarm/spec'
import { costs } from './cost.ts'
import type { Entry } from './entry.ts'
import { rate } from './escapeRate.ts'
import { step } from './escapeStep.ts'
import { escaping, event } from './event.ts'
import { joint } from './joint.ts'
import { noSuchEstimate } from './name.ts'
import { valued } from './valued.ts'

/** How each kind of estimate is made of counted trials, and what may be done with it. */
export const registry: Readonly<Record<EstimateKind, Entry>> = {
  escape: escaping,
  exit: escaping,
  converge: event,
  diverge: event,
  stay: event,
  settle: event,
  class: event,
  mark: event,
  escapeRate: rate,
  escapeStep: step,
  cost: costs,
  joint,
}

/** The entry of a name, with the parsed name. Trials with values have one for all that they tell. */
export function entryOf(text: string, layout?: RecordLayout) {
  const name = parseEstimate(text)
  if (name === null) throw noSuchEstimate(text)
  return { name, entry: layout?.valued ? valued : registry[name.kind] }
}

/** Of kinds whose name does not say it: what they are. */
export function meaningOf(kind: EstimateKind): string | undefined {
  return registry[kind].meaning
}
