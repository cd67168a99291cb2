import {
  cellOf,
  computedBy,
  type Database,
  dataReader,
  holdersOf,
  type SlimCell,
  slimCells,
  slimHead,
  snapshotOf,
  sweepHead,
  totalsOf,
  wholePages,
} from '@driftfarm/database'
import { type CellResult, stoppedText, sweepSummary, type WholeCellData } from '@driftfarm/report'
import { resultOf } from './results.ts'

/** One cell of a sweep with all that is known of it, its checks included. */
export async function wholeCell(database: Database, sweepId: string, place: string): Promise<WholeCellData> {
  const { index, cellId, cell } = await cellOf(database, sweepId, place)
  const data = await dataReader(database)(cell)
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    const { cells, trials } = await totalsOf(reading, sweepId)
    let found: CellResult | null = null
    for await (const page of wholePages(reading, head, [index], { premises: true }))
      for (const prefix of page) found = resultOf(head, prefix)
    const [slim] = await slimCells(reading, await slimHead(reading, sweepId), [index])
    const heldBy = await holdersOf(reading, cellId, sweepId)
    const standing = slim?.state ?? 'waiting'
    return {
      sweep: sweepSummary(head, cells, BigInt(trials)),
      cell: found!,
      standing,
      why: whyOf(standing, found!, await computedBy(reading, cellId), heldBy),
      resolved: cell as unknown as WholeCellData['resolved'],
      data: data === null ? null : { hash: data.hash, rows: data.rows, columns: data.columns },
      heldBy,
    }
  })
}

/** Why a cell runs, waits or is done, in a sentence. */
function whyOf(
  standing: SlimCell['state'],
  { trials, stopped }: Pick<CellResult, 'trials' | 'stopped'>,
  { running, waiting, processes }: Awaited<ReturnType<typeof computedBy>>,
  heldBy: WholeCellData['heldBy'],
): string {
  const shared = heldBy.length === 0 ? '' : `; its trials are shared with ${heldBy.map(({ name }) => name).join(', ')}`
  switch (standing) {
    case 'met':
      return stopped === null || stopped.rule === 'trials'
        ? `Done: all ${trials} trials that are asked for are stored${shared}.`
        : `Done: ended by ${stoppedText(stopped)} at ${trials} trials${shared}.`
    case 'max':
      return `Done: it ended at ${trials} trials without its rule being met${shared}.`
    case 'failed':
      return 'Failed: a batch of it was given up; retry computes it again.'
    case 'running':
      return `Running: ${batches(running)} of it ${running === 1 ? 'is' : 'are'} computed by ${processes.join(', ')}${shared}.`
    default:
      if (waiting > 0)
        return `Waiting: ${batches(waiting)} of it ${waiting === 1 ? 'is' : 'are'} handed out and not begun.`
      return trials === 0
        ? 'Waiting: no batch of it is handed out yet.'
        : `Waiting: it wants more than its ${trials} trials${shared}.`
  }
}

const batches = (count: number): string => (count === 1 ? 'one batch' : `${count} batches`)
