import { type Database, type ExactKey, storedExact, storeExact, summandsOf } from '@driftfarm/database'
import { codedError } from '@driftfarm/formula'
import { decodeRecord, kernelOf, type Level, type ModuleOf, type OutcomeRecord, runReference } from '@driftfarm/kernel'
import {
  documentJson,
  type OracleCell,
  oracleCell,
  type TheoremCell,
  type TracedPaths,
  theoremCell,
  tracePaths,
} from '@driftfarm/report'
import type { Cell, DataTable } from '@driftfarm/spec'
import { asymptotics, isSameEvent, oracle, theorem } from '@driftfarm/theory'

/** Long computations that need no database. A server with many clients runs these computations in another thread. */
export interface Computations {
  trial(cell: Cell, data: DataTable | null, trial: number): Promise<ComputedTrial>
  exact(cell: Cell, data: DataTable | null, horizons: readonly number[]): Promise<ExactParts>
  bounds(cell: Cell, data: DataTable | null): Promise<BoundParts>
  paths(cell: Cell, data: DataTable | null, trials: readonly number[], title: string): Promise<TracedPaths>
}

/** The result of computing one trial or replica. */
export interface ComputedTrial {
  readonly record: Uint8Array
  readonly decoded: OutcomeRecord
  /** The levels of a replica; null for a trial. */
  readonly levels: readonly Level[] | null
  readonly engines: readonly ('wasm' | 'reference')[]
}

/** The exact answers for a cell, without the fields that depend on the sweep. */
export type ExactParts = Omit<OracleCell, 'index' | 'id' | 'params'>

/** The bounds of Theorem 1 for a cell, without the fields that depend on the sweep, such as the measured escapes. */
export interface BoundParts {
  readonly cell: Omit<TheoremCell, 'index' | 'id' | 'params' | 'measured'>
  /** Whether the escape event of the cell is the event that the bounds concern. */
  readonly sameEvent: boolean
}

/** Computes an answer and stores it, or reads the stored answer. If the context keeps no answers, only computes. */
export async function computedOnce<T>(
  { database, keepsExact }: { readonly database: Database; readonly keepsExact: boolean },
  key: ExactKey,
  make: () => Promise<T>,
): Promise<T> {
  if (!keepsExact) return make()
  const kept = await storedExact(database, key)
  if (kept !== null) return kept as T
  const began = performance.now()
  const made = await make()
  await storeExact(database, key, documentJson(made), (performance.now() - began) / 1000)
  return made
}

export const localComputations = (module?: ModuleOf): Computations => ({
  trial: (cell, data, trial) => computeTrial(cell, data, trial, module),
  exact: async (cell, data, horizons) => exactParts(cell, data, horizons),
  bounds: (cell, data) => boundParts(cell, data),
  paths: async (cell, data, trials, title) => tracePaths(cell, data, trials, title),
})

/**
 * Replicas that need more work than this are not computed with the reference engine, because it takes about a hundred
 * times as long as WebAssembly. Work is the number of steps times the number of terms summed in a step.
 */
const maxReferenceWork = 20_000_000

/**
 * Computes one trial or replica with WebAssembly and, unless that would take too long, also with the reference engine.
 * Throws a ReplayError if the two results differ.
 */
export async function computeTrial(
  cell: Cell,
  data: DataTable | null,
  trial: number,
  module?: ModuleOf,
): Promise<ComputedTrial> {
  const kernel = await kernelOf(cell, data, module)
  const { records: record } = kernel.run(trial, 1, { keep: true, horizons: [] })
  if (record === null) throw new Error('the replay returned no record')
  const decoded = decodeRecord(record, kernel.layout, 0)
  const splits = cell.method.kind === 'splitting'
  const byReference = !splits || decoded.steps * summandsOf(cell) <= maxReferenceWork
  if (byReference && !Buffer.from(record).equals(runReference(cell, trial, 1, { horizons: [], data }).records))
    throw new ReplayError('REPLAY_DIFFERS', `trial ${trial}: WebAssembly and the reference engine disagree`, {
      hint: 'this is a defect of Drift Farm; please report the spec, the cell and the trial',
    })
  const levels = splits ? kernel.replica(trial).levels : null
  return { record, decoded, levels, engines: byReference ? ['wasm', 'reference'] : ['wasm'] }
}

/** Placeholders for the fields that depend on the sweep. The functions below remove these fields from their results. */
const nowhere = { index: 0, id: '', params: {} }

export function exactParts(cell: Cell, data: DataTable | null, horizons: readonly number[]): ExactParts {
  const {
    index: _,
    id: __,
    params: ___,
    ...parts
  } = oracleCell(nowhere, oracle(cell, data, { horizons }), asymptotics(cell, data))
  return parts
}

export async function boundParts(cell: Cell, data: DataTable | null): Promise<BoundParts> {
  const answer = await theorem(cell, data)
  const { index: _, id: __, params: ___, measured: ____, ...parts } = theoremCell(nowhere, answer, null)
  return { cell: parts, sameEvent: isSameEvent(cell, answer) }
}

const table = {
  NO_SUCH_TRIAL: {
    ends: 'usage',
    means: 'The index of a trial or replica is too large, or is not a whole number.',
    fix: 'Give a whole number in the range that the message shows.',
  },
  NO_CONTROL: {
    ends: 'notFound',
    means: 'The cell has no control run, because none of the events that the cell counts can happen without noise.',
    fix: 'Leave out `--control`.',
  },
  REPLAY_DIFFERS: {
    ends: 'unexpected',
    means: 'A recomputed trial differs from the stored one, or the two engines disagree.',
    fix:
      'Run `driftfarm verify SWEEP` to find out how many trials are affected. The stored rows are damaged, or a ' +
      'machine computes wrong results.',
  },
} as const

export class ReplayError extends codedError(table) {
  override readonly name = 'ReplayError'
}
