import {
  type Cell,
  type Descent,
  minimalTrial,
  type Tables,
  withLandscape,
  withoutTrainingNoise,
} from '@driftfarm/spec'
import type { End } from '../outcome/outcome.ts'
import { decodeOutcome } from '../outcome/record.ts'
import { streamKey } from '../streams/streams.ts'
import { Kernel } from './kernel.ts'
import { compiledModule, withTraining } from './kernelOf.ts'
import { prepare } from './prepare.ts'

/** The outcomes and end points of descents, in trial order. */
export interface DescentEnds {
  /**
   * `converged`: |grad L| reached the tolerance. `undecided`: the descent used all its steps. `diverged`: as for
   * trials.
   */
  readonly ends: readonly End[]
  /** The last theta of each descent, `dimension` numbers each. */
  readonly theta: Float64Array
}

export type DescendRange = (first: number, count: number) => DescentEnds

/**
 * Prepares noise-free descents over all samples. Descent i begins where trial i of `cell` starts. The kernel is
 * compiled here, once for all calls of the returned function. A call can run up to 10^7 descents. `tables` are
 * the tables that the cell needs.
 */
export async function descendAll(cell: Cell, tables: Tables, descent: Descent): Promise<DescendRange> {
  const own = await withTraining(prepare(descentCell(cell, descent), tables), compiledModule)
  const prepared = { ...own, key: streamKey(cell) }
  const kernel = Kernel.create(await compiledModule(prepared), prepared)
  return (first, count) => {
    const { records, theta } = kernel.run(first, count, { keep: true, horizons: [], theta: true })
    if (records === null || theta === null)
      throw new Error('internal error: a run without a stop flag returned no records')
    const ends = Array.from({ length: count }, (_, i) => {
      const record = records.subarray(i * prepared.layout.bytes, (i + 1) * prepared.layout.bytes)
      return decodeOutcome(record, prepared.layout, 0).end
    })
    return { ends, theta }
  }
}

function descentCell(cell: Cell, { gradient, eta, steps }: Descent): Cell {
  const { landscape, trial } = cell
  return {
    ...withLandscape(cell, withoutTrainingNoise(landscape)),
    update: { rule: { kind: 'gradient' }, eta: { kind: 'constant', value: eta }, drift: [] },
    trial: {
      ...minimalTrial,
      steps,
      divergence: trial.divergence,
      converge: { kind: 'gradient', tolerance: gradient, hold: 1 },
      afterEscape: 'continue',
      settledRadius: trial.settledRadius,
    },
  }
}
