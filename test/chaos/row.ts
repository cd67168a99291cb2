import { seeded } from '@driftfarm/testing/faulty'
import type { Farm } from './farm.ts'
import type { Lab } from './lab.ts'
import type { Part, Promised } from './witness.ts'

/** What a row adds to what the audits of its farm found. */
export interface Found {
  /** How often the fault happened. */
  readonly times: number
  /** Commits of a batch that was there already: each was compared with what is stored. */
  readonly duplicates?: number
  /** Seconds from a fault to when the work that it hit was done by another. */
  readonly recoveryS?: readonly number[]
  /** What is worth telling: measured figures, as a sentence. */
  readonly notes?: readonly string[]
}

export interface Row {
  readonly name: string
  /** The fault and where it happens, as a part of a sentence. */
  readonly fault: string
  /** What must be true beside the invariants. */
  readonly promise: string
  /** The parts that are away, of which people may be told: nothing else may be said. */
  readonly away: readonly Part[]
  /** What must be said. */
  readonly says?: Promised
  /** Whether a process is missing that nobody starts: then a command may be proposed. */
  readonly advised?: boolean
  run(lab: Lab, tools: Tools): Promise<Found>
}

export interface Tools {
  /** From 0 to 1, by the seed of the run and the name of the row. */
  readonly random: () => number
  /** A whole number from 0 to below `size`. */
  pick(size: number): number
  /** A farm that is closed with the row, and whose audits count for it. */
  farm(...options: Parameters<typeof Farm.open> extends [Lab, ...infer Rest] ? Rest : never): Promise<Farm>
}

/** Random numbers of a row: the order in which rows run does not matter. */
export function randomOf(seed: number, name: string): () => number {
  let hash = seed >>> 0
  for (const letter of name) hash = (Math.imul(hash, 31) + letter.charCodeAt(0)) >>> 0
  const random = seeded(hash)
  // The first numbers of near seeds are near.
  for (let skipped = 0; skipped < 10; skipped++) random()
  return random
}

export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
