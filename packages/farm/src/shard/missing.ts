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
  const shardsOf = of === null ? () => [] : shardFinder(sweep, of)
  for await (const page of missingRanges(database, { id: sweep.id(), cells: sweep.cellCount })) {
    for (const { index, first, count } of page) {
      trials += BigInt(count)
      const having = shardsOf(index, first, count)
      for (const shard of having) shards.add(shard)
      const shard = having.length === 1 ? having[0]! : null
      if (gaps.length < maxGaps) gaps.push({ cell: index, first, last: first + count - 1, shard })
    }
  }
  return { trials, of, shards: of === null ? null : [...shards].sort((a, b) => a - b), gaps }
}

/** The shards into which a sweep is divided. The indices of the cells must not decrease from call to call. */
function shardFinder(sweep: Sweep, shards: number) {
  const assignment = new ShardAssignment(shards)
  const cells = sweep.cells()[Symbol.iterator]()
  let at = -1
  let division = { trials: 0, batches: 0 }
  /** The shards that contain these trials, each once. */
  return (index: number, first: number, count: number): number[] => {
    for (; at < index; at++) {
      division = divideCell(cells.next().value!, sweep.demand, shards)
      assignment.nextCell(division.batches)
    }
    if (first >= division.trials) return [] // the stored sweep requests more trials than the files do
    const last = Math.min(first + count, division.trials) - 1
    const [from, to] = [batchOf(division, first), batchOf(division, last)]
    // Batches are assigned in rounds, and every shard gets one batch per round. If the trials are in more than twice as
    // many batches as there are shards, at least one round is complete, so every shard contains some of the trials.
    if (to - from >= 2 * shards) return Array.from({ length: shards }, (_, place) => place + 1)
    const found = new Set<number>()
    for (let batch = from; batch <= to; batch++) found.add(assignment.shardOf(batch))
    return [...found]
  }
}
