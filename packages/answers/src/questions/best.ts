import { snapshotOf, sweepHead, tallyOf, type WholePrefix, wholePages } from '@driftfarm/database'
import { type BestData, countText, integer, realText } from '@driftfarm/report'
import { type Estimate, estimatesOf } from '@driftfarm/statistics'
import type { Answering } from '../answering.ts'
import { estimatesNow, originOf } from '../prefix.ts'

/**
 * Returns the cell of a sweep in which an estimate is largest or smallest; if several cells tie, the first of them. The
 * cell's own interval is too optimistic, because the cell was picked for its value. So the result also has the interval
 * that holds for all cells simultaneously.
 */
export const best: Answering<'best'> = async ({ database }, { sweep, of: name, direction }, onCells) => {
  const found = await snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweep)
    const known = new Set<string>()
    const intervals: { readonly index: number; readonly low: number; readonly high: number }[] = []
    let winner: { readonly prefix: WholePrefix; readonly own: Estimate; readonly shared: Estimate } | null = null
    for await (const page of wholePages(reading, head)) {
      for (const prefix of page) {
        const estimates = estimatesNow(prefix)
        for (const each of Object.keys(estimates)) known.add(each)
        const own = estimates[name]
        if (own === undefined) continue
        const shared = simultaneousEstimate(prefix, name) ?? own
        intervals.push({ index: prefix.index, low: shared.low, high: shared.high })
        const sign = direction === 'max' ? 1 : -1
        if (winner === null || sign * (own.value - winner.own.value) > 0) winner = { prefix, own, shared }
      }
      onCells(page.at(-1)!.index, head.cells)
    }
    return { head, known, intervals, winner }
  })
  const { head, known, intervals, winner } = found
  if (winner === null) return { known: [...known].sort() }
  const { prefix, own, shared } = winner
  const overlapping = intervals.filter(
    ({ index, low, high }) => index !== prefix.index && (direction === 'max' ? high >= shared.low : low <= shared.high),
  )
  const data: BestData = {
    sweep: { id: head.id, name: head.name, state: head.state },
    of: name,
    direction,
    among: intervals.length,
    cell: { ...originOf(prefix, head), trials: integer(prefix.trials) },
    estimate: own,
    simultaneous: shared,
    contenders: overlapping.map(({ index }) => index),
  }
  return { data, warnings: head.demand.simultaneous || intervals.length < 2 ? [] : [warningOf(data)] }
}

/** Divides alpha by the number of cells, even if the spec requested no simultaneous intervals. */
function simultaneousEstimate(prefix: WholePrefix, name: string): Estimate | undefined {
  const { layout, demand, choice } = prefix
  return estimatesOf(tallyOf(prefix), layout, { ...demand, simultaneous: true, estimates: [name] }, choice)[name]
}

function warningOf({ of, direction, among, cell, estimate, simultaneous }: BestData): string {
  const extreme = direction === 'max' ? 'largest' : 'smallest'
  const picked = `cell ${cell.index} was picked because its ${of} is the ${extreme} among ${countText(among, 'cell')}`
  const text = ({ low, high }: Estimate) => `[${realText(low)}, ${realText(high)}]`
  return (
    `${picked}, so its own interval ${text(estimate)} is too optimistic. Use its simultaneous interval ` +
    `${text(simultaneous)}, which allows for this choice. With \`simultaneous: true\` in the spec, every interval is ` +
    'simultaneous'
  )
}
