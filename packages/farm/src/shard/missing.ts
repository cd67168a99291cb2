import { batchOf, divideCell, ShardAssignment } from '@driftfarm/coordinator'
import { type Database, missingRanges } from '@driftfarm/database'
import type { DocumentData } from '@driftfarm/report'
import type { Sweep } from '@driftfarm/spec'

type Missing = DocumentData<'Imported'>['missing']

/** Trials that are requested but not stored, with at most the first 100 gaps. */
export interface MissingTrials extends Omit<Missing, 'trials'> {
  readonly trials: bigint
}

const maxGaps = 100

/** `of`: the number of shards into which the sweep is divided; null if this number differs between the files. */
export async function missingTrialsOf(database: Database, sweep: Sweep, of: number | null): Promise<MissingTrials> {
  const shards = new Set<number>()
  const gaps: Missing['gaps'][number][] = []
  let trials = 0n
  const walk = of === null ? null : new CellCursor(sweep, of)
  for await (const page of missingRanges(database, { id: sweep.id(), cells: sweep.cellCount })) {
    for (const { index, first, count } of page) {
      trials += BigInt(count)
      const having = walk?.shardsOf(index, first, count) ?? []
      for (const shard of having) shards.add(shard)
      const shard = having.length === 1 ? having[0]! : null
      if (gaps.length < maxGaps) gaps.push({ cell: index, first, last: first + count - 1, shard })
    }
  }
  return { trials, of, shards: of === null ? null : [...shards].sort((a, b) => a - b), gaps }
}

class CellCursor {
  readonly #assignment: ShardAssignment
  readonly #cells
  #at = -1
  #division = { trials: 0, batches: 0 }

  constructor(
    private readonly sweep: Sweep,
    of: number,
  ) {
    this.#assignment = new ShardAssignment(of)
    this.#cells = sweep.cells()[Symbol.iterator]()
  }

  /** The shards that contain these trials, each once. `index` must not decrease from call to call. */
  shardsOf(index: number, first: number, count: number): number[] {
    const { shards } = this.#assignment
    while (this.#at < index) {
      this.#division = divideCell(this.#cells.next().value!, this.sweep.demand, shards)
      this.#assignment.nextCell(this.#division.batches)
      this.#at++
    }
    if (first >= this.#division.trials) return [] // the stored sweep requests more trials than the files do
    const last = Math.min(first + count, this.#division.trials) - 1
    const [from, to] = [batchOf(this.#division, first), batchOf(this.#division, last)]
    // Batches are assigned in rounds, and every shard gets one batch per round. If the trials are in more than twice as
    // many batches as there are shards, at least one round is complete, so every shard contains some of the trials.
    if (to - from >= 2 * shards) return Array.from({ length: shards }, (_, place) => place + 1)
    const found = new Set<number>()
    for (let batch = from; batch <= to; batch++) found.add(this.#assignment.shardOf(batch))
    return [...found]
  }
}
