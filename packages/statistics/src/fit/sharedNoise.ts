import type { RecordLayout } from '@driftfarm/kernel'
import { parseEvent } from '@driftfarm/spec'
import { eventTest } from '../cell/events.ts'
import { StatisticsError } from '../error.ts'

/**
 * Cells share noise if trials of equal index draw the same random numbers. All of these cells divide the trial indices
 * into the same blocks. Their correlations are estimated from the number of events in each block.
 */
export interface SharedNoise {
  /** A key that is equal for cells that share their noise, e.g. the seed of common streams. */
  readonly key: string
  /**
   * For each block of trial indices, the number of events minus the number expected at the cell's own rate; see
   * `BlockSums`. Null if neither rows nor event bits of the cell's trials are stored.
   */
  readonly residuals: Float64Array | null
}

/** A standard deviation that is estimated from this many blocks has a relative error of about 4 %. */
export const maxBlocks = 400
const minBlocks = 10

/** `trials` is the smallest number of trials of a cell in the group. */
export const blocksFor = (trials: number): number => Math.min(maxBlocks, trials)

/** The events and the exposure of one cell. Trial i is in block i modulo the number of blocks. */
export class BlockSums {
  readonly #events: Float64Array
  readonly #exposure: Float64Array

  constructor(blocks: number) {
    this.#events = new Float64Array(blocks)
    this.#exposure = new Float64Array(blocks)
  }

  /**
   * `events` is 0 or 1; for splitting and tilt, it is the value of the replica or trial. `exposure` is 1; for
   * `escapeRate`, it is the number of steps at risk.
   */
  add(trial: number, events: number, exposure: number): void {
    const block = trial % this.#events.length
    this.#events[block]! += events
    this.#exposure[block]! += exposure
  }

  /**
   * For each block, the number of events minus the number expected at the common rate of all blocks. The residuals add
   * up to 0.
   */
  residuals(): Float64Array {
    const sum = (values: Float64Array) => values.reduce((all, value) => all + value, 0)
    const rate = sum(this.#events) / sum(this.#exposure)
    return this.#events.map((events, block) => events - rate * this.#exposure[block]!)
  }
}

/** Cells that share noise (`cells`), and the residuals of each cell, scaled to a sum of squares of 1 (`rows`). */
export interface NoiseGroup {
  readonly cells: readonly number[]
  readonly rows: readonly Float64Array[]
  readonly blocks: number
}

export interface Grouped {
  readonly groups: readonly NoiseGroup[]
  /**
   * Indices of cells that share their noise with no other cell, or that had no event and therefore have no residuals.
   */
  readonly alone: readonly number[]
}

/** Throws a StatisticsError if the correlations of cells that share noise are unknown. */
export function groupedByNoise(cells: readonly { readonly noise?: SharedNoise | undefined }[]): Grouped {
  const byKey = new Map<string, number[]>()
  for (const [at, { noise }] of cells.entries())
    if (noise !== undefined) byKey.set(noise.key, [...(byKey.get(noise.key) ?? []), at])
  const groups: NoiseGroup[] = []
  const correlated = new Set<number>()
  for (const [key, members] of byKey) {
    if (members.length === 1) continue
    const known = members.flatMap((at) => {
      const { residuals } = cells[at]!.noise!
      if (residuals === null)
        throw new StatisticsError(
          'FIT',
          `${members.length} cells share their noise (${key}), but their trials are not stored, so the correlation ` +
            'of their errors is not known',
          'run the spec again with `record: all`, which computes the missing rows, or with `streams: independent`',
        )
      return [[at, residuals] as const]
    })
    const blocks = known[0]![1].length
    if (blocks < minBlocks)
      throw new StatisticsError(
        'FIT',
        `${members.length} cells share their noise (${key}), and the smallest number of trials is ${blocks}, too few ` +
          'to estimate the correlation of their errors',
        `run at least ${minBlocks} trials per cell, or use \`streams: independent\``,
      )
    const spread = known.map(([at, residuals]) => [at, unit(residuals)] as const)
    const rows = spread.flatMap(([at, row]) => (row === null ? [] : [[at, row] as const]))
    for (const [at] of rows) correlated.add(at)
    groups.push({ cells: rows.map(([at]) => at), rows: rows.map(([, row]) => row), blocks })
  }
  return { groups, alone: cells.flatMap((_, at) => (correlated.has(at) ? [] : [at])) }
}

function unit(values: Float64Array): Float64Array | null {
  const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
  return length > 0 ? values.map((value) => value / length) : null
}

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
