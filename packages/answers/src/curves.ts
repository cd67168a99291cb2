import {
  type Database,
  outlineOf,
  type SweepHead,
  snapshotOf,
  sweepHead,
  tallyOf,
  type WholePrefix,
  wholePages,
} from '@driftfarm/database'
import { type CellCurve, type CurvesData, collected, integer, type StreamedCurves, type Told } from '@driftfarm/report'
import { escapeCurve, escapeLabel, guardOf } from '@driftfarm/statistics'
import { orderKeys } from './order.ts'

/**
 * The Curves document of a sweep, over exactly the demanded prefixes. Cells without an escape event or without trials
 * have no curve. Cells are read in pages from one snapshot, which ends with `use`.
 */
export function withCurves<T>(
  database: Database,
  sweepId: string,
  use: (curves: StreamedCurves) => Promise<T>,
): Promise<T> {
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    const { id, name, state, seed } = head
    const outline = await outlineOf(reading, sweepId)
    const count = outline.reduce((sum, { cells }) => sum + cells, 0)
    const valued = outline.reduce((sum, { method, cells }) => (method === 'direct' ? sum : sum + cells), 0)
    const warnings = outline.some(({ escapes }) => escapes) ? [] : ['no cell has an escape event']
    if (valued > 0)
      warnings.push(`${valued} of ${count} cells have no curve: splitting and tilt answer for the horizon alone`)
    return use({
      head: { sweep: { id, name, state, seed } },
      warnings,
      async *cells() {
        for await (const page of wholePages(reading, head)) for (const prefix of page) yield* curveOf(head, prefix)
      },
      tail: async () => ({}),
    })
  })
}

function* curveOf(head: SweepHead, prefix: WholePrefix): Generator<CellCurve> {
  const { index, layout, trial, demand, how } = prefix
  if (prefix.trials === 0 || layout.exits.length === 0 || layout.valued) return
  const tally = tallyOf(prefix)
  const params = orderKeys(prefix.params, head.axes)
  const curve = escapeCurve(tally, layout, guardOf(demand, how, tally))
  yield { index, id: prefix.id, params, trials: integer(tally.trials), event: escapeLabel(trial), ...curve }
}

/** All of it at once. */
export function curvesOf(database: Database, sweepId: string): Promise<Told<CurvesData>> {
  return withCurves(database, sweepId, async (curves) => ({
    data: await collected(curves),
    warnings: curves.warnings,
  }))
}
