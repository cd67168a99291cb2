import { seeded } from '@driftfarm/testing/withFaults'
import type { Farm } from './farm.ts'
import type { Lab } from './lab.ts'
import type { Part, Promised } from './witness.ts'

/** Results of a row in addition to the audits of its farm. */
export interface Found {
  /** How often the fault happened. */
  readonly times: number
  /** Duplicate commits of a batch, each of which was compared with the stored one. */
  readonly duplicates?: number
  /** Seconds from a fault until another process finished the affected work. */
  readonly recoveryS?: readonly number[]
  /** Measured figures, as sentences. */
  readonly notes?: readonly string[]
}

export interface Row {
  readonly name: string
  /** The fault and where it happens, as a sentence without its capital letter and full stop. */
  readonly fault: string
  /** The requirement in addition to the invariants, in the same form. */
  readonly promise: string
  /** The parts that are down. Messages may name only these as the cause. */
  readonly away: readonly Part[]
  /** The message that must appear. */
  readonly says?: Promised
  /** Whether a process stays missing until a user starts it, so that a message may propose a command. */
  readonly advised?: boolean
  run(lab: Lab, tools: Tools): Promise<Found>
}

export interface Tools {
  /** A random number from 0 to 1, determined by the seed of the run and the name of the row. */
  readonly random: () => number
  /** A whole number from 0 to below `size`. */
  pick(size: number): number
  /** Opens a farm that is closed with the row, and whose audits count for it. */
  farm(...options: Parameters<typeof Farm.open> extends [Lab, ...infer Rest] ? Rest : never): Promise<Farm>
}

/** Random numbers of a row, independent of the order in which rows run. */
export function randomOf(seed: number, name: string): () => number {
  let hash = seed >>> 0
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
  const random = seeded(hash)
  // The first numbers of similar seeds are similar.
  for (let skipped = 0; skipped < 10; skipped++) random()
  return random
}

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
