import {
  cellOf,
  otherSweepsOf,
  runningBatchesOf,
  slimCells,
  snapshotOf,
  sweepHead,
  totalsOf,
  type WholePrefix,
  wholePages,
} from '@driftfarm/database'
import { samplesOf } from '@driftfarm/kernel'
import { sweepSummary, type WholeCellData, whyText } from '@driftfarm/report'
import type { Answering } from '../answering.ts'
import { curveOf } from '../curves.ts'
import { cellsIn } from '../prefix.ts'
import { resultOf } from '../results.ts'

export const cell: Answering<'cell'> = ({ database }, { sweep: sweepId, cell: place }) =>
  snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    const { index, cellId, cell: made } = await cellOf(reading, sweepId, place)
    const { cells, trials } = await totalsOf(reading, sweepId)
    const found = cellsIn(wholePages(reading, head, [index], { premises: true, unvisited: true }))
    const prefix = (await found.next()).value as WholePrefix
    const cell = resultOf(head, prefix)
    const curve = curveOf(head, prefix)
    const [slim] = await slimCells(reading, head, [index])
    // `slimCells` omits a cell that a threshold search did not visit.
    const state = slim?.state ?? (cell.stopped === null ? 'waiting' : 'met')
    const otherSweeps = await otherSweepsOf(reading, cellId, sweepId)
    const resolved = made as unknown as WholeCellData['resolved']
    const known = { cell, state, otherSweeps, resolved } as const
    const samples = samplesOf(made)
    return {
      sweep: sweepSummary(head, cells, BigInt(trials)),
      ...known,
      why: whyText(known, await runningBatchesOf(reading, cellId)),
      data: samples === null ? null : { hash: samples.hash, rows: samples.rows, columns: samples.columns },
      ...(curve && { curve }),
    }
  })
