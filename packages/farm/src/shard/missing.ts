import { cutOf, Deal, pieceOf } from '@driftfarm/coordinator'
import { type Database, missingRanges } from '@driftfarm/database'
import type { Sweep } from '@driftfarm/spec'

/** Trials that are requested but not stored. */
export interface Gap {
  readonly cell: number
  readonly first: number
  readonly last: number
  /** The shard that contains them; null if several or none do. */
  readonly shard: number | null
}

export interface Missing {
  readonly trials: bigint
  /** The first gaps. */
  readonly gaps: readonly Gap[]
  /** The shards that contain them, ascending; null if the number of shards is unknown. */
  readonly shards: readonly number[] | null
}

/** Maximum number of gaps listed. */
const mostGaps = 100

/** The missing trials of a sweep, and the shards with them. `of`: number of shards; null if the files differ in it. */
export async function missingOf(database: Database, sweep: Sweep, of: number | null): Promise<Missing> {
  const shards = new Set<number>()
  const gaps: Gap[] = []
  let trials = 0n
  const walk = of === null ? null : new Walk(sweep, of)
  for await (const page of missingRanges(database, { id: sweep.id(), cells: sweep.cellCount })) {
    for (const { index, first, count } of page) {
      trials += BigInt(count)
      const having = walk?.shardsOf(index, first, count) ?? []
      for (const shard of having) shards.add(shard)
      const shard = having.length === 1 ? having[0]! : null
      if (gaps.length < mostGaps) gaps.push({ cell: index, first, last: first + count - 1, shard })
    }
  }
  return { trials, gaps, shards: of === null ? null : [...shards].sort((a, b) => a - b) }
}

/** A walk through the cells of a sweep, up to the last gap. */
class Walk {
  readonly #sweep: Sweep
  readonly #deal: Deal
  readonly #cells
  #at = -1
  #cut = { trials: 0, pieces: 0 }

  constructor(sweep: Sweep, of: number) {
    this.#sweep = sweep
    this.#deal = new Deal(of)
    this.#cells = sweep.cells()[Symbol.iterator]()
  }

  /** The shards that contain these trials, each once. `index` must not decrease from call to call. */
  shardsOf(index: number, first: number, count: number): number[] {
    const { shards } = this.#deal
    while (this.#at < index) {
      this.#cut = cutOf(this.#cells.next().value!, this.#sweep.demand, shards)
      this.#deal.next(this.#cut.pieces)
      this.#at++
    }
    if (first >= this.#cut.trials) return [] // the stored sweep requests more than the files
    const last = Math.min(first + count, this.#cut.trials) - 1
    const [from, to] = [pieceOf(this.#cut, first), pieceOf(this.#cut, last)]
    // Two rounds of pieces include every shard.
    if (to - from >= 2 * shards) return Array.from({ length: shards }, (_, place) => place + 1)
    const found = new Set<number>()
    for (let piece = from; piece <= to; piece++) found.add(this.#deal.shardOf(piece))
    return [...found]
  }
}
