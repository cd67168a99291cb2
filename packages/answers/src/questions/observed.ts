import { snapshotOf, sweepHead, tallyOf, wholePages } from '@driftfarm/database'
import { integer, type ObservedData } from '@driftfarm/report'
import { guardOf, observedValues } from '@driftfarm/statistics'
import type { Answering } from '../answering.ts'
import { cellsIn, originOf } from '../prefix.ts'

/** A value takes about a kilobyte of the document. */
const maxValues = 100_000

export const observed: Answering<'observed'> = ({ database }, { sweep, cells: indices }) =>
  snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweep)
    const { id, name, state } = head
    const cells: ObservedData['cells'][number][] = []
    const warnings =
      head.demand.observe === undefined ? [`the spec of ${name} observes nothing; write \`observe:\``] : []
    let count = 0
    for await (const prefix of head.demand.observe === undefined ? [] : cellsIn(wholePages(reading, head, indices))) {
      const { index, trials, demand, choice } = prefix
      if (trials === 0 || count > maxValues) continue
      const tally = tallyOf(prefix)
      const values = observedValues(tally, guardOf(demand, choice, tally), demand.observe)
      count += values.length
      if (count > maxValues)
        warnings.push(`cells from ${index} on are left out: more than ${maxValues} values; list fewer cells`)
      else cells.push({ ...originOf(prefix, head), trials: integer(trials), values })
    }
    return { data: { sweep: { id, name, state }, cells }, warnings }
  })
