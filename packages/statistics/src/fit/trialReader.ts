import type { RecordLayout } from '@driftfarm/kernel'
import { parseEvent } from '@driftfarm/spec'
import { eventTest } from '../contrast/eventBits.ts'

/** Reads the record of one trial, which starts at byte `at`, and passes its events and exposure to `add`. */
export type TrialReader = (words: DataView, at: number, add: (events: number, exposure: number) => void) => void

/**
 * Returns a reader of the events and exposures that a fit counts. For an event, each trial adds 0 or 1 event, with
 * exposure 1. For `escapeRate`, each trial adds 0 or 1 event, and its exposure is the number of its steps at risk after
 * the burn-in `after`. For splitting and tilt, the value of each replica or weighted trial is added as its number of
 * events, with exposure 1. Returns null for estimates that cannot be fitted.
 */
export function trialReader(estimate: string, layout: RecordLayout, after = 0): TrialReader | null {
  if (layout.valued) return estimate === 'escape' ? (words, at, add) => add(words.getFloat64(at + 32, true), 1) : null
  if (estimate === 'escapeRate')
    return (words, at, add) => {
      const escapedAt = Number(words.getBigInt64(at + 8, true))
      const steps = escapedAt === 0 ? Number(words.getBigInt64(at + 24, true)) : escapedAt
      add(escapedAt > after ? 1 : 0, Math.max(0, steps - after))
    }
  if (parseEvent(estimate) === null) return null
  const had = eventTest(estimate, layout)
  return (words, at, add) => add(had(words, at) ? 1 : 0, 1)
}
