import { dot } from '@driftfarm/formula'
import {
  decodeOutcome,
  descend,
  gradientCost,
  Kernel,
  type LandscapeFunction,
  landscapeFunction,
  type ModuleOf,
  type PreparedCell,
  prepare,
} from '@driftfarm/kernel'
import {
  type Cell,
  type Descent,
  KERNEL_VERSION,
  minimalTrial,
  type Tables,
  withoutTrainingNoise,
} from '@driftfarm/spec'
import { RecentCache } from '../recentCache.ts'
import { standing } from './plainCell.ts'

export interface DescentEnd {
  readonly theta: Float64Array
  /** Whether |grad L| fell to the tolerance. False if the steps were used up first or theta became infinite or NaN. */
  readonly reached: boolean
}

export interface Probe {
  /**
   * Loss and gradient are averaged over all samples of the data. If the kernel computes the gradient, it has an
   * additional rounding error.
   */
  readonly landscape: LandscapeFunction
  /** The time of one gradient, in nanoseconds. */
  readonly cost: number
  /** The time of one step of a descent, in nanoseconds. */
  readonly stepCost: number
  /** Runs a noise-free descent, as defined in docs/develop/semantics.md. */
  descend(from: Float64Array, descent: Descent): DescentEnd
}

/**
 * If a gradient takes more nanoseconds than this on the host, the kernel computes the gradients instead. If each
 * gradient takes this long, the time allowed for `Landmarks` is enough for a descent of 500 steps at every
 * `PremiseLevel`.
 */
export const slowGradient = 5e3

function bareCell({ landscape, trial }: Cell): Cell {
  return {
    // Descents are the same in every kernel version, so the current version is used.
    kernel: KERNEL_VERSION,
    landscape: withoutTrainingNoise(landscape),
    start: { kind: 'point', point: new Array<number>(landscape.dimension).fill(0) },
    update: standing,
    trial: { ...minimalTrial, divergence: Number.MAX_VALUE, settledRadius: trial.settledRadius },
    seed: '0',
    streams: 'common',
    method: { kind: 'direct' },
  }
}

export function hostProbe(cell: Cell, tables: Tables): Probe {
  const landscape = landscapeFunction(bareCell(cell), tables)
  const cost = gradientCost(cell.landscape).host
  return {
    landscape,
    cost,
    stepCost: cost,
    descend(from, descent) {
      const theta = Float64Array.from(from)
      return { theta, reached: descend(landscape, theta, descent) === 'reached' }
    },
  }
}

/**
 * One descent step displaces theta by eta times the gradient, so the displacement gives the gradient. This is the eta
 * of such a step in the kernel. With a smaller eta, the rounding error of theta would matter.
 */
const hugeStep = 2 ** 40

export async function kernelProbe(cell: Cell, tables: Tables, module: ModuleOf): Promise<Probe> {
  const quenched = new RecentCache<(from: Float64Array) => PreparedCell>(maxPreparedDescents)
  const preparedFor = (descent: Descent) =>
    quenched.get(JSON.stringify(descent), () => startingAnywhere(cell, tables, descent))
  const prepared = preparedFor(unit)(new Float64Array(cell.landscape.dimension))
  const kernel = Kernel.create(await module(prepared), prepared)
  const run = (from: Float64Array, descent: Descent) => {
    kernel.load(preparedFor(descent)(from))
    return kernel.run(0, 1, { keep: true, horizons: [], theta: true })
  }
  const gradient = (theta: Float64Array, into: Float64Array) => {
    const moved = run(theta, { gradient: Number.MIN_VALUE, eta: hugeStep, steps: 1 }).theta!
    for (let i = 0; i < into.length; i++) into[i] = (theta[i]! - moved[i]!) / hugeStep
  }
  // The tolerance is so large that the descent ends at once, and the record of its trial contains the loss at `theta`.
  const loss = (theta: Float64Array) =>
    decodeOutcome(run(theta, { gradient: Number.MAX_VALUE, eta: 1, steps: 1 }).records!, kernel.layout, 0).loss
  const slope = new Float64Array(cell.landscape.dimension)
  const stepCost = gradientCost(cell.landscape).kernel + perStep
  return {
    landscape: { ...landscapeFunction(bareCell(cell), tables), loss, gradient },
    cost: perRun + stepCost,
    stepCost,
    descend(from, descent) {
      const theta = run(from, descent).theta!
      gradient(theta, slope)
      // Squares are compared, as in descents.
      const tolerance = descent.gradient * (1 + rounding)
      return { theta, reached: theta.every(Number.isFinite) && dot(slope, slope) <= tolerance * tolerance }
    },
  }
}

/** The relative rounding error of a gradient that comes from the kernel. */
const rounding = 1e-12

/** The time in nanoseconds to load another cell into the kernel and run it. */
export const perRun = 5e4
/**
 * The time of a step of a single descent, in addition to its gradient. A single descent leaves the kernel's other lanes
 * idle, so each step costs more than in a batch of trials.
 */
const perStep = 100
const unit: Descent = { gradient: 1, eta: 1, steps: 1 }

const maxPreparedDescents = 32

/**
 * Prepares a descent once for all starting points: for another start, only the start's coordinates in `numbers` are
 * replaced. To find these coordinates, the descent is prepared with marker values that cannot occur elsewhere.
 */
function startingAnywhere(cell: Cell, tables: Tables, quench: Descent): (from: Float64Array) => PreparedCell {
  const bare = bareCell(cell)
  const starting = (point: readonly number[]): PreparedCell =>
    prepare({ ...bare, start: { kind: 'point', point }, trial: { ...bare.trial, quench } }, tables)
  const marks = Array.from({ length: cell.landscape.dimension }, (_, i) => Math.PI * 1e-280 * (i + 1))
  const marked = starting(marks)
  const place = marked.numbers.indexOf(marks[0]!)
  if (!marks.every((mark, i) => marked.numbers[place + i] === mark)) return (from) => starting([...from])
  return (from) => ({
    ...marked,
    numbers: [...marked.numbers.slice(0, place), ...from, ...marked.numbers.slice(place + marks.length)],
  })
}

const shortestPiece = 100

/**
 * `probe.descend` does not return the number of steps, so the descent runs in pieces, whose steps are counted. The
 * pieces end at the same point as one descent, because theta is the only state of a descent. `cut` says whether the
 * descent would have continued beyond `most` steps.
 */
export function descendWithin(probe: Probe, from: Float64Array, descent: Descent, most: number) {
  const steps = Math.min(descent.steps, most)
  let end: DescentEnd = { theta: from, reached: false }
  let taken = 0
  while (!end.reached && taken < steps && end.theta.every(Number.isFinite)) {
    const piece = Math.min(steps - taken, Math.max(shortestPiece, taken))
    end = probe.descend(end.theta, { ...descent, steps: piece })
    taken += piece
  }
  return { ...end, steps: taken, cut: !end.reached && taken < descent.steps && end.theta.every(Number.isFinite) }
}

export function isQuick(cell: Cell): boolean {
  return gradientCost(cell.landscape).host <= slowGradient
}
