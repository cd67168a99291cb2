import {
  cellOf,
  otherSweepsOf,
  runningBatchesOf,
  slimCells,
  snapshotOf,
  sweepHead,
  totalsOf,
  wholePages,
} from '@driftfarm/database'
import { samplesOf } from '@driftfarm/kernel'
import { type CellCurve, type CellResult, sweepSummary, type WholeCellData, whyText } from '@driftfarm/report'
import type { Answering } from '../answering.ts'
import { curveOf } from '../curves.ts'
import { resultOf } from '../results.ts'

export const cell: Answering<'cell'> = async ({ database }, { sweep: sweepId, cell: place }) => {
  const { index, cellId, cell: made } = await cellOf(database, sweepId, place)
  const samples = samplesOf(made)
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    const { cells, trials } = await totalsOf(reading, sweepId)
    let found: CellResult | null = null
    let curve: CellCurve | null = null
    for await (const page of wholePages(reading, head, [index], { premises: true }))
      for (const prefix of page) {
        found = resultOf(head, prefix)
        curve = curveOf(head, prefix)
      }
    const [slim] = await slimCells(reading, head, [index])
    const otherSweeps = await otherSweepsOf(reading, cellId, sweepId)
    const resolved = made as unknown as WholeCellData['resolved']
    const known = { cell: found!, state: slim?.state ?? 'waiting', otherSweeps, resolved } as const
    return {
      sweep: sweepSummary(head, cells, BigInt(trials)),
      ...known,
      why: whyText(known, await runningBatchesOf(reading, cellId)),
      data: samples === null ? null : { hash: samples.hash, rows: samples.rows, columns: samples.columns },
      ...(curve && { curve }),
    }
  })
}
