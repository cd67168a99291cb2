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

/** Cells of splitting and tilt use `valued` instead. */
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

export function entryOf(text: string, layout?: RecordLayout) {
  const name = parseEstimate(text)
  if (name === null) throw noSuchEstimate(text)
  return { name, entry: layout?.valued ? valued : registry[name.kind] }
}

/** Returns an explanation of an estimate of this kind; undefined if the name explains itself. */
export function meaningOf(kind: EstimateKind): string | undefined {
  return registry[kind].meaning
}
