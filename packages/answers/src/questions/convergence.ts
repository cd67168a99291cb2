import {
  type Database,
  type ReadSource,
  readOutcomes,
  snapshotOf,
  sweepHead,
  talliesOf,
  tallyOf,
  trialAt,
  type WholePrefix,
  wholePages,
} from '@driftfarm/database'
import { addTallies, decodeOutcome, type Tally } from '@driftfarm/kernel'
import type { ConvergenceData } from '@driftfarm/report'
import { parseEvent } from '@driftfarm/spec'
import { clopperPearson, countOf, eventAt } from '@driftfarm/statistics'
import type { Answering } from '../answering.ts'
import { cellsIn, orderKeys } from '../prefix.ts'

/** Cells with more trials than this are counted batch by batch. */
const maxRead = 2_000_000
const pointsPerDecade = 20

/**
 * Returns, for each cell, how the interval of an event's probability narrowed as the number of trials grew. Trials are
 * counted one by one if their rows are recorded, otherwise batch by batch. Cells without trials are left out. Splitting
 * and tilt cells are left out too, because their estimates are means of values instead of counts of events.
 */
export const convergence: Answering<'convergence'> = ({ database }, { sweep, of, cells: indices }) =>
  snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweep)
    const cells: ConvergenceData['cells'][number][] = []
    for await (const prefix of parseEvent(of) === null ? [] : cellsIn(wholePages(reading, head, indices))) {
      const { layout, trials, index } = prefix
      if (trials === 0 || layout.valued) continue
      const counted = (await byTrial(database, prefix, of)) ?? (await byBatch(reading, prefix, of))
      const { confidence } = prefix.demand
      cells.push({
        index,
        params: orderKeys(prefix.params, head.axes),
        confidence,
        method: 'clopper-pearson',
        points: counted.map(({ trials: n, events }) => {
          return { trials: n, events, value: events / n, ...clopperPearson(events, n, confidence) }
        }),
      })
    }
    const { id, name, state } = head
    return { sweep: { id, name, state }, of, cells }
  })

type Counted = Pick<ConvergenceData['cells'][number]['points'][number], 'trials' | 'events'>

/** Null if a row is not recorded, or if the cell has too many trials. */
async function byTrial(database: Database, prefix: WholePrefix, of: string): Promise<readonly Counted[] | null> {
  const { id, trials, layout } = prefix
  if (trials > maxRead || prefix.demand.record.kind !== 'all') return null
  const points: Counted[] = []
  const wanted = checkpoints(trials)
  let events = 0
  let next = 0
  for await (const chunk of readOutcomes(database, id, 0, trials))
    for (let place = 0; place < chunk.count; place++) {
      if (trialAt(chunk, place) !== next) return null
      if (eventAt(of, decodeOutcome(chunk.records, layout, place))) events++
      next++
      if (next === wanted[points.length]) points.push({ trials: next, events })
    }
  return next === trials ? points : null
}

async function byBatch(reading: ReadSource, prefix: WholePrefix, of: string) {
  const { trials, layout } = prefix
  const points: Counted[] = []
  let sum: Tally | null = null
  for await (const { first, count, tally } of talliesOf(reading, prefix)) {
    if (first + count > trials) break
    sum = sum === null ? tally : addTallies(sum, tally)
    points.push({ trials: first + count, events: countOf(of, sum, layout) })
  }
  if (points.at(-1)?.trials !== trials) points.push({ trials, events: countOf(of, tallyOf(prefix), layout) })
  return points
}

/** The numbers are evenly spaced on a logarithmic scale from 1 to `trials`, both included. */
export function checkpoints(trials: number): readonly number[] {
  const points = new Set<number>()
  const last = Math.ceil(pointsPerDecade * Math.log10(trials))
  for (let i = 0; i <= last; i++) points.add(Math.min(trials, Math.round(10 ** (i / pointsPerDecade))))
  points.add(trials)
  return [...points].sort((a, b) => a - b)
}
