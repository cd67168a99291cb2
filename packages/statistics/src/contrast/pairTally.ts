import { StatisticsError } from '../error.ts'

/** Pairs of trials with equal index in two cells, counted by which of the two had the event. */
export interface PairTally {
  readonly both: number
  /** Pairs with the event only in the first cell. */
  readonly first: number
  readonly second: number
  readonly neither: number
}

export function trialsOf({ both, first, second, neither }: PairTally): number {
  return both + first + second + neither
}

export function checkPairs(pairs: PairTally): void {
  const counts = [pairs.both, pairs.first, pairs.second, pairs.neither]
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0) || trialsOf(pairs) < 1)
    throw new StatisticsError('COUNT', `pairs ${counts.join(', ')}`, 'give four counts with at least one pair')
}
