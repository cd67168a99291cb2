import type { RecordLayout, Tally } from '@driftfarm/kernel'
import * as z from 'zod'
import { type BitRange, countOf, countPairs } from '../cell/events.ts'
import { count, type Plain } from '../shape.ts'

/** Pairs of trials with equal index in two cells, counted by which of the two, or of them only one, had the event. */
export const pairTallyShape = z.strictObject({ both: count, first: count, second: count, neither: count })
export type PairTally = Plain<z.infer<typeof pairTallyShape>>

export function trialsOf({ both, first, second, neither }: PairTally): number {
  return both + first + second + neither
}

export interface PairedCell {
  readonly id: string
  /** Cells with the same seed use the same noise in trials with equal index. Null if the cell has its own streams. */
  readonly commonSeed: string | null
}

/** Whether trials with equal index in the two cells are independent. */
export function independent(first: PairedCell, second: PairedCell): boolean {
  const shared = first.commonSeed !== null && first.commonSeed === second.commonSeed
  return first.id !== second.id && !shared
}

type PairedSide = PairedCell & { readonly tally: Tally; readonly layout: RecordLayout }

/**
 * Counts the pairs of trials with equal index that both cells have. Returns null if the cells are independent or if
 * event bits are missing. `bitsOf` yields the bits of a cell's first trials, range by range, without gaps.
 */
export async function pairsOf(
  of: string,
  [first, second]: readonly [PairedSide, PairedSide],
  bitsOf: (cell: string, trials: number) => AsyncIterator<BitRange>,
): Promise<PairTally | null> {
  if (independent(first, second)) return null
  const trials = Math.min(first.tally.trials, second.tally.trials)
  if (trials === 0) return null
  if (first.id === second.id) {
    const both = countOf(of, first.tally, first.layout)
    return { both, first: 0, second: 0, neither: trials - both }
  }
  return joined(bitsOf(first.id, trials), bitsOf(second.id, trials), trials)
}

/**
 * The bits of each cell come in ranges of trials, and the ranges of the two cells may differ. Each count therefore ends
 * at the first trial where one of the two current ranges ends.
 */
async function joined(
  a: AsyncIterator<BitRange>,
  b: AsyncIterator<BitRange>,
  trials: number,
): Promise<PairTally | null> {
  const sum = { first: 0, second: 0, both: 0 }
  let [one, other] = [(await a.next()).value, (await b.next()).value]
  for (let at = 0; at < trials; ) {
    if (!one || !other) return null
    const [endOfOne, endOfOther] = [one.first + one.count, other.first + other.count]
    const end = Math.min(endOfOne, endOfOther, trials)
    const counted = countPairs(one, other, at, end)
    sum.first += counted.first
    sum.second += counted.second
    sum.both += counted.both
    at = end
    if (endOfOne === end) one = (await a.next()).value
    if (endOfOther === end) other = (await b.next()).value
  }
  const [first, second] = [sum.first - sum.both, sum.second - sum.both]
  return { both: sum.both, first, second, neither: trials - sum.both - first - second }
}
