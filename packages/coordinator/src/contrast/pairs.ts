import { bitsOf, type Database, type Prefix } from '@driftfarm/database'
import { contrastPairs, type Demand } from '@driftfarm/spec'
import { type BitRange, countOf, countPairs, type PairTally, tallyFromJson } from '@driftfarm/statistics'

/** Two cells that a contrast of the demand compares. */
export interface ComparedCells {
  /** Of the contrast, in the demand. */
  readonly place: number
  readonly first: Prefix
  readonly second: Prefix
}

/** Of all contrasts, in their order, then that of the cells. */
export function comparedCells({ contrasts }: Demand, prefixes: readonly Prefix[]): ComparedCells[] {
  const byIndex = new Map(prefixes.map((prefix) => [prefix.index, prefix]))
  return contrasts.flatMap((contrast, place) =>
    [...contrastPairs(contrast, prefixes)]
      .sort(([a, b], [c, d]) => a - c || b - d)
      .map(([first, second]) => ({ place, first: byIndex.get(first)!, second: byIndex.get(second)! })),
  )
}

/** Whether trials of equal index have nothing to do with one another. */
export function independent({ first, second }: Pick<ComparedCells, 'first' | 'second'>): boolean {
  const shared = first.commonSeed !== null && first.commonSeed === second.commonSeed
  return first.id !== second.id && !shared
}

/** Trials of equal index, as far as both cells have them; null for independent cells, and where bits are missing. */
export async function pairsOf(
  database: Database,
  of: string,
  { first, second }: Pick<ComparedCells, 'first' | 'second'>,
): Promise<PairTally | null> {
  if (independent({ first, second })) return null
  const trials = Math.min(first.trials, second.trials)
  if (trials === 0) return null
  if (first.id === second.id) {
    const both = countOf(of, tallyFromJson(first.tally!, first.layout), first.layout)
    return { both, first: 0, second: 0, neither: trials - both }
  }
  return joined(bitsOf(database, first.id, of, trials), bitsOf(database, second.id, of, trials), trials)
}

/** Batches of two cells end where they like: counts go from boundary to boundary of either. */
async function joined(
  a: AsyncGenerator<BitRange>,
  b: AsyncGenerator<BitRange>,
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
