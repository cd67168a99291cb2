import { costOf } from '@driftfarm/database'
import { layoutOf } from '@driftfarm/kernel'
import { type Demand, demandOf, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { mostTrials } from './batchSize.ts'

/** One of `of` shards of a sweep; `index` is 1 .. of. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/**
 * Seconds that a piece may take by the pessimistic estimate; the real time is usually a tenth of it. Shorter pieces
 * would cost as much in the ledger as in a thread. Longer ones would not keep all threads busy to the end.
 */
const pieceSeconds = { least: 0.02, most: 30 } as const

/** The division of the trials of one cell into pieces of nearly equal size. */
export interface Cut {
  /** Number of trials requested of the cell. */
  readonly trials: number
  readonly pieces: number
}

export interface Range {
  readonly first: number
  readonly count: number
}

/** The range of a piece, 0 .. pieces - 1. */
export function pieceAt({ trials, pieces }: Cut, piece: number): Range {
  const each = Math.floor(trials / pieces)
  const larger = trials % pieces
  return { first: piece * each + Math.min(piece, larger), count: each + (piece < larger ? 1 : 0) }
}

/** The piece that contains a trial. */
export function pieceOf({ trials, pieces }: Cut, trial: number): number {
  const each = Math.floor(trials / pieces)
  const larger = trials % pieces
  const inLarger = larger * (each + 1)
  return trial < inLarger ? Math.floor(trial / (each + 1)) : larger + Math.floor((trial - inLarger) / each)
}

/** Divides a cell for this number of shards. The result depends on nothing else. */
export function cutOf({ cell }: Pick<ResolvedCell, 'cell'>, demand: Demand, shards: number): Cut {
  const asked = demandOf(demand, cell.method.kind)
  const trials = asked.trials!
  const cost = costOf(cell)
  const limit = mostTrials({ marks: layoutOf(cell).marks.length, demands: [demand] })
  const least = Math.ceil(pieceSeconds.least / cost)
  const most = Math.min(limit, Math.max(1, Math.floor(pieceSeconds.most / cost)))
  const size = Math.max(1, Math.min(most, Math.max(least, Math.ceil(trials / shards))))
  return { trials, pieces: Math.ceil(trials / size) }
}

/**
 * Assigns the pieces of all cells to shards. In each round every shard gets one piece, and rounds start at different
 * shards. Otherwise one shard could get all expensive cells of a sweep, if the number of shards and the length of an
 * axis have a common factor.
 */
export class Deal {
  /** Number of pieces in the preceding cells. */
  #before = 0
  #pieces = 0

  constructor(readonly shards: number) {}

  /** Moves to the next cell, which has this number of pieces. */
  next(pieces: number): void {
    this.#before += this.#pieces
    this.#pieces = pieces
  }

  /** The shard, 1 .. shards, that has a piece of this cell. */
  shardOf(piece: number): number {
    const place = this.#before + piece
    return ((place + turnOf(Math.floor(place / this.shards))) % this.shards) + 1
  }

  /** The pieces of this cell that a shard has, in order. */
  *piecesOf(index: number): Generator<number> {
    const { shards } = this
    const [from, to] = [this.#before, this.#before + this.#pieces]
    for (let round = Math.floor(from / shards); round * shards < to; round++) {
      const turn = turnOf(round) % shards
      const place = round * shards + ((index - 1 - turn + shards) % shards)
      if (place >= from && place < to) yield place - from
    }
  }
}

/** The number of shards by which a round is rotated: a hash of its number (the finaliser of MurmurHash3). */
function turnOf(round: number): number {
  let hash = (round % 4_294_967_296) ^ Math.floor(round / 4_294_967_296)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A piece of a shard. */
export interface Piece extends Range {
  readonly cell: ResolvedCell
}

/** The pieces of a shard, in the order of cells and trials. Only one cell is in memory at a time. */
export function* piecesOfShard(sweep: Pick<Sweep, 'cells' | 'demand'>, { index, of }: Shard): Generator<Piece> {
  const deal = new Deal(of)
  for (const cell of sweep.cells()) {
    const cut = cutOf(cell, sweep.demand, of)
    deal.next(cut.pieces)
    for (const piece of deal.piecesOf(index)) yield { cell, ...pieceAt(cut, piece) }
  }
}
