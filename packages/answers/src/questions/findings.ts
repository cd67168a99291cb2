import { checkPages, snapshotOf, sweepHead, totalsOf } from '@driftfarm/database'
import type { CellResult } from '@driftfarm/report'
import { Findings, isDoubt } from '@driftfarm/statistics'
import type { Answering } from '../answering.ts'
import { cellsIn } from '../prefix.ts'
import { withResults } from '../results.ts'

/**
 * Reads the checks that were stored when the cells finished. The check that compares methods is not stored, because it
 * is about several cells. So if the method is swept, the checks are computed.
 */
export const findings: Answering<'findings'> = async ({ database }, { sweep }) => {
  const { axes } = await sweepHead(database, sweep)
  const found = new Findings()
  let doubted = 0
  const add = ({ index, checks }: Pick<CellResult, 'index' | 'checks'>): void => {
    found.add(index, checks)
    if (checks.some(isDoubt)) doubted++
  }
  const computed = async () =>
    withResults(database, sweep, async ({ head, cells }) => {
      let finished = 0
      for await (const cell of cells()) {
        if (cell.stopped === null) continue
        finished++
        add(cell)
      }
      return { state: head.sweep.state, cells: head.sweep.cells, finished }
    })
  const stored = async () =>
    snapshotOf(database, async (reading) => {
      const head = await sweepHead(reading, sweep)
      const { cells, finished } = await totalsOf(reading, sweep)
      for await (const cell of cellsIn(checkPages(reading, head))) add(cell)
      return { state: head.state, cells, finished }
    })
  const counts = await (axes.includes('method') ? computed() : stored())
  return { ...counts, firm: counts.finished - doubted, findings: found.all() }
}
