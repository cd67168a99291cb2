import {
  type Cell,
  type Descent,
  minimalTrial,
  type Tables,
  withLandscape,
  withoutTrainingNoise,
} from '@driftfarm/spec'
import { streamKey } from '../streams/streams.ts'
import { Kernel } from './kernel.ts'
import { compiledModule, withTraining } from './kernelOf.ts'
import { prepare } from './prepare.ts'
import { type TrialEnds, trialEnds } from './training.ts'

/**
 * The ends of descents, in trial order. `converged`: |grad L| reached the tolerance. `undecided`: the descent used all
 * its steps. `diverged`: as for trials.
 */
type DescendRange = (first: number, count: number) => TrialEnds

/**
 * Prepares noise-free descents over all samples. Descent i begins where trial i of `cell` starts. The kernel is
 * compiled here, once for all calls of the returned function. A call can run up to 10^7 descents. `tables` are
 * the tables that the cell needs.
 */
export async function descendAll(cell: Cell, tables: Tables, descent: Descent): Promise<DescendRange> {
  const own = await withTraining(prepare(descentCell(cell, descent), tables), compiledModule)
  const prepared = { ...own, key: streamKey(cell) }
  const kernel = Kernel.create(await compiledModule(prepared), prepared)
  return (first, count) => trialEnds((...range) => kernel.run(...range), kernel.layout, { first, count })!
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
