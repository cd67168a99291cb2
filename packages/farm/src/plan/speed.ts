import { summandsOf, trialStepsOf } from '@driftfarm/database'
import { kernelOf, type ModuleOf, observingShare } from '@driftfarm/kernel'
import { type Cell, type Descent, observedKeys, type ResolvedCell, type Start, type Sweep } from '@driftfarm/spec'
import type { Pilot } from './pilot.ts'

/** A measurement is repeated with more steps or trials until it takes more than this thread time. */
const pilotSeconds = 0.03
const pilotTrials = 16
const maxPilotTrials = 65_536
const pilotSteps = 8192

/**
 * A measured descent is cut off after this many seconds, because trials that run cannot be stopped. If descents take
 * more than half of this time, every descent is assumed to take its maximum number of steps.
 */
const longestDescent = 0.1

/** The cost of a step is proportional to this product. */
const sizeOf = (cell: Cell): number => cell.landscape.dimension * summandsOf(cell)

/** A step of a descent uses all samples, even if the steps of a trial use mini-batches. */
function descentSizeOf(cell: Cell): number {
  const { landscape } = cell
  const whole = landscape.kind === 'population' ? cell : { ...cell, landscape: { ...landscape, batch: null } }
  return sizeOf(whole)
}

interface Measured {
  readonly step: number
  /** Mean time; null if not measured. */
  readonly descent: number | null
}

/**
 * Measures how long one thread of this machine takes for a step and for a trial of the first and the last cell. For
 * cells of other sizes, scales the times of the first cell by the size.
 */
export async function measureSpeed(
  sweep: Sweep,
  { pilot, module }: { readonly pilot: Pilot; readonly module: ModuleOf },
) {
  const measured = new Map<number, Measured>()
  const observe = observedKeys(sweep.demand.observe)
  let [first, known]: [Cell | null, Measured] = [null, { step: 1e-8, descent: null }]
  for (const index of new Set([0, sweep.cellCount - 1])) {
    const resolved = sweep.cell(index)
    const size = sizeOf(resolved.cell)
    if (measured.has(size)) continue
    const step = await secondsPerStepOf(resolved, pilot, module)
    const one = { step, descent: await secondsPerDescentOf(resolved, { step, pilot, module }) }
    measured.set(size, one)
    if (first === null) [first, known] = [resolved.cell, one]
  }
  const of = (cell: Cell): Measured => {
    const found = measured.get(sizeOf(cell))
    if (found !== undefined || first === null) return found ?? known
    const { step, descent } = known
    const times = descentSizeOf(cell) / descentSizeOf(first)
    return {
      step: (step * sizeOf(cell)) / sizeOf(first),
      descent: descent === null ? null : descent * times,
    }
  }
  return {
    secondsPerStep: (cell: Cell) => of(cell).step,
    /** Time of a trial that runs to its last step, with its observed values and descents of average length. */
    secondsPerTrial(cell: Cell) {
      const { step, descent } = of(cell)
      const { steps, descents, most } = trialStepsOf(cell)
      const longest = ((most - steps) * step * descentSizeOf(cell)) / sizeOf(cell)
      return (steps * step + (descent === null ? longest : descents * descent)) * (1 + observingShare(cell, observe))
    },
  }
}

async function secondsPerStepOf(
  { index, cell, tables }: ResolvedCell,
  pilot: Pilot,
  module: ModuleOf,
): Promise<number> {
  const longest = Math.min(cell.trial.steps, pilotSteps)
  pilot.say(index, 'compiling the kernel')
  for (let trials = pilotTrials, steps = 2; ; ) {
    const kernel = await kernelOf(cutTo(cell, Math.min(steps, longest)), tables, module)
    const { tally, seconds } = pilot.run({ index, kernel, purpose: 'measuring the time of a step' }, 0, trials)
    if (seconds > pilotSeconds || trials >= maxPilotTrials) return seconds / Math.max(1, Number(tally.steps))
    if (steps < longest) steps *= 8
    else trials *= 8
  }
}

/**
 * The measured trials have few steps, but the same kinds of descents as the trials of the cell. Returns null if the
 * cell has no descents, or if its descents take too long.
 */
async function secondsPerDescentOf(
  { index, cell, tables }: ResolvedCell,
  { step, pilot, module }: { readonly step: number; readonly pilot: Pilot; readonly module: ModuleOf },
): Promise<number | null> {
  const { escape, quench } = cell.trial
  if (trialStepsOf(cell).descents === 0) return null
  const mostSteps = Math.max(1, Math.floor((longestDescent * sizeOf(cell)) / (step * descentSizeOf(cell))))
  const cut = (descent: Descent): Descent => ({ ...descent, steps: Math.min(descent.steps, mostSteps) })
  const cutStart = (start: Start): Start => {
    if (start.kind === 'descend') return { ...start, descent: cut(start.descent), from: cutStart(start.from) }
    return start.kind === 'train' ? { ...start, from: cutStart(start.from) } : start
  }
  const every = escape?.kind === 'basin' ? escape.every : 1
  const looks = Math.min(descentsOfPilot, Math.floor(cell.trial.steps / every))
  const steps = looks === 0 ? cell.trial.steps : looks * every
  const basin = escape?.kind === 'basin' ? { ...escape, descent: cut(escape.descent) } : null
  const trial = { ...cell.trial, warmup: 0, steps, escape: basin, converge: null, classify: [] }
  const short: Cell = {
    ...cell,
    method: { kind: 'direct' },
    start: cutStart(cell.start),
    trial: { ...trial, quench: quench && cut(quench) },
  }
  pilot.say(index, 'compiling the kernel')
  const kernel = await kernelOf(short, tables, module)
  const atTheEnds = trialStepsOf({ ...short, trial: { ...short.trial, steps: 0 } }).descents
  let [ran, taken, spent] = [0, 0, 0]
  for (let trials = 1; spent < pilotSeconds && ran < maxPilotTrials; trials *= 4) {
    const { tally, seconds } = pilot.run({ index, kernel, purpose: 'measuring the time of a descent' }, ran, trials)
    ran += trials
    taken += Number(tally.steps)
    spent += seconds
  }
  const during = escape?.kind === 'basin' && looks > 0 ? taken / every : 0
  const mean = Math.max(0, spent - taken * step) / (ran * atTheEnds + during)
  return mean > longestDescent / 2 ? null : mean
}

/** Maximum number of basin tests in a trial that measures descents. */
const descentsOfPilot = 16

/** Makes a cell for measuring steps: its trials never end early, and have no descents or training. */
function cutTo(cell: Cell, steps: number): Cell {
  let { start } = cell
  while (start.kind === 'descend' || start.kind === 'train') start = start.from
  const trial = { ...cell.trial, warmup: 0, steps: Math.min(cell.trial.steps, steps), escape: null, converge: null }
  return { ...cell, method: { kind: 'direct' }, start, trial: { ...trial, quench: null, classify: [] } }
}
