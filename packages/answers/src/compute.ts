import { summandsOf } from '@driftfarm/database'
import { decodeRecord, descentsCost, kernelOf, type ModuleOf, runReference } from '@driftfarm/kernel'
import { oracleParts, tracePaths } from '@driftfarm/report'
import { type Cell, type Tables, trainedStart } from '@driftfarm/spec'
import { asymptotics, isSameEvent, oracle, theorem } from '@driftfarm/theory'
import { ReplayError } from './replayError.ts'

export const computations = (module?: ModuleOf) => ({
  /** Computes one trial or replica with WebAssembly and with the reference engine. */
  trial: (cell: Cell, tables: Tables, trial: number, observe: readonly string[] = []) =>
    computeTrial(cell, tables, trial, { observe, module }),
  /** Runs trials that are not stored one by one. The cell may have to train first, which can take minutes. */
  range: async (cell: Cell, tables: Tables, first: number, count: number, horizons: readonly number[]) => {
    const { tally, digest } = (await kernelOf(cell, tables, module)).run(first, count, { keep: false, horizons })
    return { tally, digest }
  },
  exact: async (cell: Cell, tables: Tables, horizons: readonly number[]) =>
    oracleParts(oracle(cell, tables, { horizons }), asymptotics(cell, tables)),
  /** The bounds of Theorem 1, and whether the escape event of the cell is the event that the bounds concern. */
  async bounds(cell: Cell, tables: Tables) {
    const answer = await theorem(cell, tables)
    return { cell: answer, sameEvent: isSameEvent(cell, answer) }
  },
  paths: async (cell: Cell, tables: Tables, trials: readonly number[], title: string) =>
    tracePaths(cell, tables, trials, title),
})
/**
 * Replicas that need more work than this are not computed with the reference engine, because it takes about a hundred
 * times as long as WebAssembly. Work is the number of steps times the number of terms summed in a step.
 */
const maxReferenceWork = 20_000_000
/** The same for training, in nanoseconds. */
const maxReferenceTraining = 2e10

/**
 * Computes one trial or replica with WebAssembly and, unless that would take too long, also with the reference engine.
 * Throws a ReplayError if the two results differ.
 */
async function computeTrial(
  cell: Cell,
  tables: Tables,
  trial: number,
  { observe, module }: { readonly observe: readonly string[]; readonly module: ModuleOf | undefined },
) {
  const kernel = await kernelOf(cell, tables, module, observe)
  const { records: record, tally } = kernel.run(trial, 1, { keep: true, horizons: [] })
  if (record === null) throw new Error('the replay returned no record')
  const decoded = decodeRecord(record, kernel.layout, 0)
  const splits = cell.method.kind === 'splitting'
  const isShort = !splits || decoded.steps * summandsOf(cell) <= maxReferenceWork
  const byReference = isShort && (trainedStart(cell) === null || descentsCost(cell).host <= maxReferenceTraining)
  if (byReference && !Buffer.from(record).equals(runReference(cell, trial, 1, { horizons: [], tables }).records))
    throw new ReplayError('REPLAY_DIFFERS', `trial ${trial}: WebAssembly and the reference engine disagree`, {
      hint: 'this is a defect of Drift Farm; please report the spec, the cell and the trial',
    })
  /** The levels of a replica; null for a trial. */
  const levels = splits ? kernel.replica(trial).levels : null
  const { observed = {} } = tally
  const engines = byReference ? (['wasm', 'reference'] as const) : (['wasm'] as const)
  return { record, decoded, levels, observed, engines }
}
