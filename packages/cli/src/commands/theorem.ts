import { measuredCell } from '@driftfarm/answers'
import { cellOf, type Database, readOutcomes, sweepsWithCell } from '@driftfarm/database'
import { decodeOutcome, layoutOf } from '@driftfarm/kernel'
import { documents, type MeasuredEscape, theoremCell } from '@driftfarm/report'
import type { Cell, ResolvedCell } from '@driftfarm/spec'
import { isFixed } from '@driftfarm/theory'
import { command } from '../command.ts'
import { positive } from '../options/parse.ts'
import { answeredCell, progress, set } from '../options/shared.ts'
import { printData } from '../output.ts'
import { mayReadDatabase, shellOfSpec, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'
import { computeForAll, selectCells, withTheoryThread } from '../theory/theoryThread.ts'

export const theorem = command('theorem <spec>', {
  summary: 'evaluate Theorem 1 for the cells of a spec: its conditions, and bounds on staying near the minimum',
  options: {
    set,
    cell: answeredCell,
    radius: positive(
      '<x>',
      'radius of the ball (default: the radius of `escape` if escape means leaving a ball around the minimum, ' +
        'otherwise the radius with the best bounds)',
    ),
    progress,
  },
  examples: ['theorem examples/safran-shamir.yaml --cell 0'],
  kinds: ['Theorem'],
  async act(given, path, options) {
    const shell = shellOfSpec(given, path)
    return withTheoryThread(shell, async (thread) => {
      const { sweep } = await readSweep(shell, path, { set: options.set })
      const chosen = selectCells(sweep, options.cell)
      const measured = await measuredOf(shell, chosen)
      const radius = options.radius === undefined ? {} : { radius: options.radius }
      const answers = await computeForAll(shell, thread, 'theorem', chosen, ({ cell, tables }, place) => {
        const { distances } = measured[place]!
        return { cell, tables, options: { ...radius, distances } }
      })
      if (typeof answers === 'number') return answers
      const cells = answers.map(({ answer, sameEvent }, place) => {
        const { index, id, params } = chosen[place]!
        const { escape } = measured[place]!
        return theoremCell({ index, id, params }, answer, escape === null ? null : { ...escape, sameEvent })
      })
      await printData(shell, documents.Theorem, { sweep: { name: sweep.name }, cells }, options)
    })
  },
})

interface Measured {
  readonly escape: Omit<MeasuredEscape, 'sameEvent'> | null
  /**
   * |theta_N - theta_0| of the first trials of the cell; Infinity for a trial that diverged or ended before the
   * horizon. Empty if one of these trials is not recorded.
   */
  readonly distances: readonly number[]
}

const nothing: Measured = { escape: null, distances: [] }
/**
 * Maximum number of trials that are read. The mean distance of this many trials has a relative uncertainty of 1.4 %.
 */
const maxDistances = 10_000

/** The database is not started if nothing has ever been run. */
async function measuredOf(shell: Shell, cells: readonly ResolvedCell[]): Promise<readonly Measured[]> {
  if (!mayReadDatabase(shell)) return cells.map(() => nothing)
  return withSession(shell, async ({ database }) => {
    const found: Measured[] = []
    for (const resolved of cells) found.push(await measuredBySweep(database, resolved))
    return found
  })
}

async function measuredBySweep(database: Database, { id, cell }: ResolvedCell): Promise<Measured> {
  for (const sweepId of await sweepsWithCell(database, id)) {
    const { index } = await cellOf(database, sweepId, id)
    const { trials, escape } = await measuredCell(database, sweepId, index)
    if (trials > 0) return { escape, distances: await distancesOf(database, id, cell, Math.min(trials, maxDistances)) }
  }
  return nothing
}

async function distancesOf(database: Database, id: string, cell: Cell, trials: number): Promise<readonly number[]> {
  // With a random start or a warm-up, theta_0 is a different point in every trial.
  if (!isFixed(cell) || cell.trial.warmup > 0 || cell.method.kind !== 'direct') return []
  const layout = layoutOf(cell)
  const distances: number[] = []
  for await (const chunk of readOutcomes(database, id, 0, trials))
    for (let place = 0; place < chunk.count; place++) {
      const { steps, distance, end } = decodeOutcome(chunk.records, layout, place)
      distances.push(Number(steps) === cell.trial.steps && end !== 'diverged' ? distance : Number.POSITIVE_INFINITY)
    }
  return distances.length === trials ? distances : []
}
