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
    return this.#checked(frame, ({ cell, layout, cut }) => {
      const { id, first, count, cpuSeconds, seconds } = frame
      if (cell.id !== id) throw new Error(`the cell id in the file is ${id}, but the id from the spec is ${cell.id}`)
      const lease = shardLease(cell, { first, count }, this.sweep)
      const digest = parseDigest(frame.digest)
      if (digest === null) throw new Error('the digest is invalid')
      const tally = tallyFromJson(frame.tally as unknown as TallyJson, layout)
      const part: CommitPart = { first, count, digest, tally, ...rowsOf(frame, bytes) }
      const result = { parts: [part], cpuSeconds, seconds, premises: frame.premises as unknown as Premises | null }
      checkResults([{ lease, result }])
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
    })
  }

  /** Throws a FarmError SHARD_FILE if the failed trials do not belong to the sweep. */
  failed(frame: FailedFrame): void {
    this.#checked(frame, () => undefined)
  }

  /** The result of `read` for the cell of a frame. Its errors are errors of the file. */
  #checked<T>(frame: BatchFrame | FailedFrame, read: (known: Known) => T): T {
    const { cell: index, first, count } = frame
    const { cellCount } = this.sweep
    try {
      if (index >= cellCount) throw new Error(`the last cell of the spec is ${cellCount - 1}`)
      const known = this.#cells.get(index) ?? this.#cellAt(index)
      const { trials } = known.cut
      if (first + count > trials) throw new Error(`the spec requests only ${trials} trials`)
      return read(known)
    } catch (error) {
      const why = (error as Error).message
      throw damagedFileError(this.name, `cell ${index}, trials ${first} to ${first + count - 1}: ${why}`)
    }
  }

  #cellAt(index: number): Known {
    const cell = this.sweep.cell(index)
    const known = { cell, layout: layoutOf(cell.cell), cut: divideCell(cell, this.sweep.demand, this.of) }
    this.#cells.set(index, known)
    return known
  }
}

function rowsOf({ id, first, outcome, bits }: BatchFrame, bytes: Uint8Array): Pick<CommitPart, 'outcome' | 'bits'> {
  let at = outcome ?? 0
  if (bits.reduce((sum, each) => sum + each.bytes, at) !== bytes.length)
    throw new Error('the rows and event bits have more or fewer bytes than declared')
  const row = outcome === null ? null : bytes.subarray(0, at)
  if (row !== null && !startsOutcomeRow(row, id, first))
    throw new Error('the rows belong to another cell or to other trials')
  return {
    outcome: row,
    bits: bits.map(({ estimate, bytes: length }) => {
      at += length
      return { estimate, bytes: bytes.subarray(at - length, at) }
    }),
  }
}
