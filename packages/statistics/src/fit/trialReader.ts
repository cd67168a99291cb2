import type { RecordLayout } from '@driftfarm/kernel'
import { parseEvent } from '@driftfarm/spec'
import { eventTest } from '../contrast/eventBits.ts'

/** Adds what the record of one trial, at byte `at`, contributes to an estimate: its events and its exposure. */
export type TrialReader = (words: DataView, at: number, add: (events: number, exposure: number) => void) => void

/**
 * How records contribute to what a fit counts: for an event 0 or 1 of 1 trial, for `escapeRate` 0 or 1 of the steps at
 * risk after the burn-in `after`, for splitting and tilt the value of a replica or weighted trial. Null for estimates
 * that no fit takes.
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
