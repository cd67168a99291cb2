import { cellOf, observedAt, readOutcomes, sweepHead, trialAt } from '@driftfarm/database'
import { decodeRecord } from '@driftfarm/kernel'
import { type RowRecord, rowRecord } from '@driftfarm/report'
import { observedColumns, specLimits } from '@driftfarm/spec'
import type { Answering } from '../answering.ts'

export const keptRows: Answering<'keptRows'> = async ({ database }, { sweep, cell, count }) => {
  const { cellId, index, layout, cell: of } = await cellOf(database, sweep, cell)
  const { demand } = await sweepHead(database, sweep)
  const columns = observedColumns(of.method.kind === 'direct' ? demand.observe : [])
  const rows: RowRecord[] = []
  for await (const chunk of readOutcomes(database, cellId, 0, specLimits.trialsPerCell))
    for (let at = 0; at < chunk.count; at++) {
      if (rows.length >= count) return rows
      rows.push(
        rowRecord(index, trialAt(chunk, at), decodeRecord(chunk.records, layout, at), observedAt(chunk, at, columns)),
      )
    }
  return rows
}
