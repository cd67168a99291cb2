import { namedExits, type RecordLayout } from './outcome.ts'
import { decodeRecord } from './record.ts'
import type { Tally } from './tally.ts'
import { addSums, sumsOf, type ValueSums, type ValueTally, valueBin, zeroSums } from './values.ts'

/** Returns the tally with the sums of the values in `records`, and without the counts that only direct trials have. */
export function withWeights(
  { atRisk: _, joint: __, markSteps: ___, ...tally }: Tally,
  records: Uint8Array,
  layout: RecordLayout,
): Tally {
  const names = namedExits(layout)
  let all: ValueSums = zeroSums
  const exits = names.map(() => zeroSums)
  const histogram = new Map<number, number>()
  for (let i = 0; i < tally.trials; i++) {
    const record = decodeRecord(records, layout, i)
    if (record.kind !== 'weighted') throw new TypeError(`a ${record.kind} record has no weight`)
    const { value, exit } = record
    if (!(value > 0)) continue
    const sums = sumsOf(value)
    all = addSums(all, sums)
    const place = names.indexOf(exit ?? '')
    if (place >= 0) exits[place] = addSums(exits[place]!, sums)
    const bin = valueBin(value)
    histogram.set(bin, (histogram.get(bin) ?? 0) + 1)
  }
  const values: ValueTally = {
    all,
    exits,
    extinct: 0,
    levels: 0,
    histogram: [...histogram].sort(([a], [b]) => a - b),
    decades: [],
  }
  return { ...tally, values }
}
