import { cellOf, type Database, dataReader, snapshotOf, sweepHead, wholePages } from '@driftfarm/database'
import { integer, type MeasuredEscape, theoremCell } from '@driftfarm/report'
import type { Answering } from '../answering.ts'
import { computedOnce } from '../computations.ts'
import { estimatesNow } from '../prefix.ts'

/** If the mathematics or the document changes, increase the version, so that stored answers are computed again. */
const version = 2

export const theorem: Answering<'theorem'> = async (context, { sweep, cell: place }) => {
  const { database, heavy } = context
  const { name } = await sweepHead(database, sweep)
  const { index, cellId: id, cell } = await cellOf(database, sweep, place)
  const found = await measuredEscape(database, sweep, index)
  const tables = await dataReader(database)(cell)
  const key = { cellId: id, kind: 'theorem', inputs: '', version } as const
  const { cell: answer, sameEvent } = await computedOnce(context, key, () => heavy.bounds(cell, tables))
  const measured = found === null ? null : { ...found, sameEvent }
  return { sweep: { name }, cells: [theoremCell({ index, id, params: {} }, answer, measured)] }
}

function measuredEscape(
  database: Database,
  sweepId: string,
  index: number,
): Promise<Omit<MeasuredEscape, 'sameEvent'> | null> {
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    for await (const [prefix] of wholePages(reading, head, [index])) {
      const { escape } = estimatesNow(prefix!)
      if (escape === undefined) continue
      const { value, low, high, confidence, method } = escape
      return { sweep: head.name, trials: integer(prefix!.trials), value, low, high, confidence, method }
    }
    return null
  })
}
