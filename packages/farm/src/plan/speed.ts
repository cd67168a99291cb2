import { summandsOf } from '@driftfarm/database'
import { kernelOf, type ModuleOf } from '@driftfarm/kernel'
import type { Cell, ResolvedCell, Sweep } from '@driftfarm/spec'
import type { Pilot } from './pilot.ts'

/**
 * The pilot computes a few trials of a cell, at first with few steps, then with more trials and steps until it has
 * taken this much time.
 */
const pilotSeconds = 0.03
const pilotTrials = 16
const mostPilotTrials = 65_536
const pilotSteps = 8192

/** Coordinates times summands of the loss; the cost of a step is proportional to it. */
const sizeOf = (cell: Cell): number => cell.landscape.dimension * summandsOf(cell)

/**
 * Seconds of a thread for a step, measured on this machine for the first and the last cell. For other cells it is
 * scaled by their size.
 */
export async function measureSpeed(
  sweep: Sweep,
  { pilot, module }: { readonly pilot: Pilot; readonly module: ModuleOf },
): Promise<(cell: Cell) => number> {
  const measured = new Map<number, number>()
  for (const index of [0, sweep.cellCount - 1]) {
    const resolved = sweep.cell(index)
    const size = sizeOf(resolved.cell)
    if (!measured.has(size)) measured.set(size, await secondsPerStepOf(resolved, pilot, module))
  }
  const [[size, seconds] = [1, 1e-8]] = measured
  return (cell) => measured.get(sizeOf(cell)) ?? (seconds * sizeOf(cell)) / size
}

async function secondsPerStepOf({ index, cell, data }: ResolvedCell, pilot: Pilot, module: ModuleOf): Promise<number> {
  const longest = Math.min(cell.trial.steps, pilotSteps)
  pilot.say(index, 'compiling its kernel')
  for (let trials = pilotTrials, steps = 2; ; ) {
    const kernel = await kernelOf(cutTo(cell, Math.min(steps, longest)), data, module)
    const { result, seconds } = pilot.run({ cell: index, trials, purpose: 'how long a step takes' }, () =>
      kernel.run(0, trials, { keep: false, horizons: [] }),
    )
    if (seconds > pilotSeconds || trials >= mostPilotTrials) return seconds / Math.max(1, Number(result.tally.steps))
    if (steps < longest) steps *= 8
    else trials *= 8
  }
}

/** The same trial without events that may end it early, and without descents before and after it. */
function cutTo(cell: Cell, steps: number): Cell {
  let { start } = cell
  while (start.kind === 'descend') start = start.from
  const trial = { ...cell.trial, warmup: 0, steps: Math.min(cell.trial.steps, steps), escape: null, converge: null }
  return { ...cell, method: { kind: 'direct' }, start, trial: { ...trial, quench: null, classify: [] } }
}
