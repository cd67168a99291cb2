import { batchAt, batchOf, type CellDivision, divideCell } from '@driftfarm/coordinator'
import { type CommitPart, checkResults, type ImportedBatch, startsOutcomeRow } from '@driftfarm/database'
import { layoutOf, parseDigest, type RecordLayout } from '@driftfarm/kernel'
import type { ResolvedCell, Sweep } from '@driftfarm/spec'
import { type Premises, type TallyJson, tallyFromJson } from '@driftfarm/statistics'
import { LRUCache } from 'lru-cache'
import { shardLease } from './compute.ts'
import { damagedFileError } from './frame.ts'
import type { BatchFrame, FailedFrame } from './shape.ts'

interface Known {
  readonly cell: ResolvedCell
  readonly layout: RecordLayout
  readonly cut: CellDivision
}

/** A small cache is enough, because the batches of a file are nearly in cell order. */
const maxCells = 256

/** Converts the frames of a shard to the results that a worker would commit. */
export class FrameReader {
  readonly #cells = new LRUCache<number, Known>({ max: maxCells })

  constructor(
    private readonly sweep: Sweep,
    /** Number of shards into which the sweep is divided. */
    private readonly of: number,
    private readonly name: string,
  ) {}

  /** Throws a FarmError SHARD_FILE if the batch does not belong to the sweep, or contradicts itself. */
  batch(frame: BatchFrame, bytes: Uint8Array): ImportedBatch {
    const { id, first, count, cpuSeconds, seconds, premises } = frame
    const { cell, layout, cut } = this.#requireInRange(frame)
    if (cell.id !== id)
      throw this.#rejectFrame(frame, `the cell id in the file is ${id}, but the id from the spec is ${cell.id}`)
    const lease = shardLease(cell, { first, count }, this.sweep)
    const digest = parseDigest(frame.digest)
    if (digest === null) throw this.#rejectFrame(frame, 'the digest is invalid')
    const part: CommitPart = { first, count, digest, ...this.#tally(frame, layout), ...this.#rows(frame, bytes) }
    const result = { parts: [part], cpuSeconds, seconds, premises: premises as unknown as Premises | null }
    try {
      checkResults([{ lease, result }])
    } catch (error) {
      throw this.#rejectFrame(frame, (error as Error).message)
    }
    return {
      lease,
      result,
      *before(from) {
        // The ledger may divide the trials of the cell into other batches than the shards do. If `from` lies inside a
        // batch of the shards, the first range starts at `from` and ends with that batch.
        for (let at = from; at < first; ) {
          const piece = batchAt(cut, batchOf(cut, at))
          const until = Math.min(first, piece.first + piece.count)
          yield { first: at, count: until - at }
          at = until
        }
      },
    }
  }

  /** Throws a FarmError SHARD_FILE if the failed trials do not belong to the sweep. */
  failed(frame: FailedFrame): void {
    this.#requireInRange(frame)
  }

  #requireInRange(frame: BatchFrame | FailedFrame): Known {
    const { cell: index, first, count } = frame
    if (index >= this.sweep.cellCount)
      throw this.#rejectFrame(frame, `the last cell of the spec is ${this.sweep.cellCount - 1}`)
    const known = this.#cells.get(index) ?? this.#cellAt(index)
    if (first + count > known.cut.trials)
      throw this.#rejectFrame(frame, `the spec requests only ${known.cut.trials} trials`)
    return known
  }

  #cellAt(index: number): Known {
    const cell = this.sweep.cell(index)
    const known = { cell, layout: layoutOf(cell.cell), cut: divideCell(cell, this.sweep.demand, this.of) }
    this.#cells.set(index, known)
    return known
  }

  #tally(frame: BatchFrame, layout: RecordLayout): Pick<CommitPart, 'tally'> {
    try {
      return { tally: tallyFromJson(frame.tally as unknown as TallyJson, layout) }
    } catch (error) {
      throw this.#rejectFrame(frame, (error as Error).message)
    }
  }

  #rows(frame: BatchFrame, bytes: Uint8Array): Pick<CommitPart, 'outcome' | 'bits'> {
    const { id, first, outcome, bits } = frame
    const lengths = bits.map((each) => each.bytes)
    if ((outcome ?? 0) + lengths.reduce((sum, each) => sum + each, 0) !== bytes.length)
      throw this.#rejectFrame(frame, 'the rows and event bits have more or fewer bytes than declared')
    let at = outcome ?? 0
    const row = outcome === null ? null : bytes.subarray(0, at)
    if (row !== null && !startsOutcomeRow(row, id, first))
      throw this.#rejectFrame(frame, 'the rows belong to another cell or to other trials')
    return {
      outcome: row,
      bits: bits.map(({ estimate }, place) => {
        const from = at
        at += lengths[place]!
        return { estimate, bytes: bytes.subarray(from, at) }
      }),
    }
  }

  #rejectFrame({ cell, first, count }: BatchFrame | FailedFrame, why: string) {
    return damagedFileError(this.name, `cell ${cell}, trials ${first} to ${first + count - 1}: ${why}`)
  }
}
