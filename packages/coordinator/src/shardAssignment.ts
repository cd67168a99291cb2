import { costOf, type TrialRange } from '@driftfarm/database'
import { layoutOf } from '@driftfarm/kernel'
import { type Demand, demandOf, observedKeys, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { maxTrials } from './planBatches.ts'

/** One shard of a sweep that is divided into `of` shards; `index` is from 1 to `of`. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/**
 * Shortest and longest estimated duration of a batch in seconds. The estimate is pessimistic: the real duration is
 * usually a tenth of the estimate. Shorter batches would take as much time in the ledger as in a thread. Longer batches
 * would not keep all threads busy to the end.
 */
const batchSeconds = { least: 0.02, most: 30 } as const

/** The division of the trials of one cell into batches of nearly equal size. */
export type CellDivision = Readonly<ReturnType<typeof divideCell>>

/** The trials of the batch with number `batch`, which is from 0 to `batches` - 1. */
export function batchAt({ trials, batches }: CellDivision, batch: number): TrialRange {
  const each = Math.floor(trials / batches)
  const larger = trials % batches
  return { first: batch * each + Math.min(batch, larger), count: each + (batch < larger ? 1 : 0) }
}

export function batchOf({ trials, batches }: CellDivision, trial: number): number {
  const each = Math.floor(trials / batches)
  const larger = trials % batches
  const inLarger = larger * (each + 1)
  return trial < inLarger ? Math.floor(trial / (each + 1)) : larger + Math.floor((trial - inLarger) / each)
}

/**
 * Divides the trials of a cell into batches, given the number of shards. The result depends only on the arguments, so
 * every shard computes the same division.
 */
export function divideCell({ cell }: Pick<ResolvedCell, 'cell'>, demand: Demand, shards: number) {
  const requested = demandOf(demand, cell.method.kind)
  const trials = requested.trials!
  const cost = costOf(cell, observedKeys(demand.observe))
  const limit = maxTrials({ marks: layoutOf(cell).marks.length, demands: [demand] })
  const least = Math.ceil(batchSeconds.least / cost)
  const most = Math.min(limit, Math.max(1, Math.floor(batchSeconds.most / cost)))
  const size = Math.max(1, Math.min(most, Math.max(least, Math.ceil(trials / shards))))
  return { trials, batches: Math.ceil(trials / size) }
}

/**
 * Assigns the batches of all cells to shards. In each round, every shard gets one batch. A hash selects the shard at
 * which a round starts. If all rounds started at the same shard, one shard could get all expensive cells of a sweep,
 * because the number of shards and the length of an axis may have a common factor.
 */
export class ShardAssignment {
  /** Number of batches in the preceding cells. */
  #before = 0
  #batches = 0

  constructor(readonly shards: number) {}

  nextCell(batches: number): void {
    this.#before += this.#batches
    this.#batches = batches
  }

  /** The shard, from 1 to `shards`, to which a batch of this cell belongs. */
  shardOf(batch: number): number {
    const place = this.#before + batch
    return ((place + rotationOf(Math.floor(place / this.shards))) % this.shards) + 1
  }

  *batchesOf(index: number): Generator<number> {
    for (let batch = 0; batch < this.#batches; batch++) if (this.shardOf(batch) === index) yield batch
  }
}

/** Returns by how many places the order of the shards is rotated in a round: a hash (the finaliser of MurmurHash3). */
function rotationOf(round: number): number {
  let hash = (round % 4_294_967_296) ^ Math.floor(round / 4_294_967_296)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

export interface ShardBatch extends TrialRange {
  readonly cell: ResolvedCell
}

/** The batches of a shard, in the order of cells and trials. Only one cell is in memory at a time. */
export function* batchesOfShard(sweep: Pick<Sweep, 'cells' | 'demand'>, { index, of }: Shard): Generator<ShardBatch> {
  const assignment = new ShardAssignment(of)
  for (const cell of sweep.cells()) {
    const division = divideCell(cell, sweep.demand, of)
    assignment.nextCell(division.batches)
    for (const batch of assignment.batchesOf(index)) yield { cell, ...batchAt(division, batch) }
  }
}
