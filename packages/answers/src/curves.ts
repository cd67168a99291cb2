import {
  type Database,
  outlineOf,
  readOutcomes,
  type SweepHead,
  snapshotOf,
  sweepHead,
  tallyOf,
  type WholePrefix,
  wholePages,
} from '@driftfarm/database'
import { decodeOutcome } from '@driftfarm/kernel'
import { type CellCurve, countText, integer, maxRowsRead, type StreamedCurves } from '@driftfarm/report'
import {
  EndStepsOf,
  endCurves,
  escapeCurve,
  escapeLabel,
  guardOf,
  mayHaveEscaped,
  rowsDistinguishExits,
} from '@driftfarm/statistics'
import { cellsIn, originOf } from './prefix.ts'

/**
 * Passes the Curves document of a sweep to `use`. Each curve covers the requested trials before the first unfinished
 * trial. A cell has no curve if it has no escape event or no trials, or if its method is `splitting` or `tilt`. Cells
 * are read in pages from one database snapshot, which ends when `use` has finished.
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
      warnings.push(
        `no curve for ${valued} of ${countText(count, 'cell')}: ` +
          'their method, splitting or tilt, estimates escapes at the full horizon only',
      )
    return use({
      head: { sweep: { id, name, state, seed } },
      warnings,
      async *cells() {
        for await (const prefix of cellsIn(wholePages(reading, head))) {
          const curve = curveOf(head, prefix, await recordedSteps(database, prefix))
          if (curve !== null) yield curve
        }
      },
      tail: async () => ({}),
    })
  })
}

type EndSteps = ReturnType<EndStepsOf['histograms']>

/** `kept`: the steps at which the recorded trials ended; without them, competing outcomes have only their tallies. */
export function curveOf(head: SweepHead, prefix: WholePrefix, kept: EndSteps | null = null): CellCurve | null {
  const { layout, trial, demand, choice } = prefix
  if (prefix.trials === 0 || layout.exits.length === 0 || layout.valued) return null
  const tally = tallyOf(prefix)
  const guard = guardOf(demand, choice, tally)
  return {
    ...originOf(prefix, head),
    trials: integer(tally.trials),
    event: escapeLabel(trial),
    ...escapeCurve(tally, layout, guard, mayHaveEscaped(tally, trial)),
    ends: endCurves(tally, layout, guard, { converges: trial.converge !== null, kept }),
  }
}

/** Null if the rows are not recorded, are too many, or would show no more than the tallies. */
async function recordedSteps(database: Database, { id, trials, layout, demand }: WholePrefix) {
  const isKept = demand.record.kind === 'all' || demand.record.kind === 'events'
  if (!rowsDistinguishExits(layout) || !isKept || trials > maxRowsRead) return null
  const steps = new EndStepsOf(layout)
  for await (const chunk of readOutcomes(database, id, 0, trials))
    for (let place = 0; place < chunk.count; place++) steps.observe(decodeOutcome(chunk.records, layout, place))
  return steps.histograms()
}
