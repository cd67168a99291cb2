import type { RecordLayout } from '@driftfarm/kernel'
import { parseEvent } from '@driftfarm/spec'
import { eventTest } from '../contrast/eventBits.ts'

/** Calls `add` with the events and the exposure of the trial whose record starts at byte `at`. */
export type TrialReader = (words: DataView, at: number, add: (events: number, exposure: number) => void) => void

/**
 * `events` is 0 or 1, and `exposure` is 1, with two exceptions. For `escapeRate`, `exposure` is the number of steps at
 * risk after the burn-in `after`. For splitting and tilt, `events` is the value of the replica or trial.
 * Returns null for estimates that cannot be fitted.
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
