import { cellOf, type Database, dataReader, snapshotOf, sweepHead, wholePages } from '@driftfarm/database'
import { integer, theoremCell } from '@driftfarm/report'
import type { Answering } from '../answering.ts'
import { computedOnce } from '../computations.ts'
import { estimatesNow } from '../prefix.ts'

/** If the mathematics or the document changes, increase the version, so that stored answers are computed again. */
const version = 2

export const theorem: Answering<'theorem'> = async (context, { sweep, cell: place }) => {
  const { database, heavy } = context
  const { name } = await sweepHead(database, sweep)
  const { index, cellId: id, cell } = await cellOf(database, sweep, place)
  const { escape } = await measuredCell(database, sweep, index)
  const tables = await dataReader(database)(cell)
  const key = { cellId: id, kind: 'theorem', inputs: '', version } as const
  const { cell: answer, sameEvent } = await computedOnce(context, key, () => heavy.bounds(cell, tables))
  const measured = escape && { ...escape, sameEvent }
  return { sweep: { name }, cells: [theoremCell({ index, id, params: {} }, answer, measured)] }
}

/** The number of trials of a cell in a sweep, and its escape probability; null if the cell has no such estimate. */
export function measuredCell(database: Database, sweepId: string, index: number) {
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    for await (const [prefix] of wholePages(reading, head, [index])) {
      const { trials } = prefix!
      const { escape } = estimatesNow(prefix!)
      if (escape === undefined) return { trials, escape: null }
      const { value, low, high, confidence, method } = escape
      return { trials, escape: { sweep: head.name, trials: integer(trials), value, low, high, confidence, method } }
    }
    return { trials: 0, escape: null }
  })
}
