import { norm, nullIf } from '@driftfarm/formula'
import { drawnStarts, gradientAt, wholeCost } from '@driftfarm/kernel'
import {
  type Cell,
  type Descent,
  once,
  type Start,
  type Tables,
  trainingCell,
  withLandscape,
  withoutTrainingNoise,
} from '@driftfarm/spec'
import { TheoryError } from '../error.ts'
import { isPoint } from '../question/startPoint.ts'
import { keyOfPart, RecentCache } from '../recentCache.ts'
import { BudgetExceeded } from './budget.ts'
import { trialsOf } from './control.ts'
import { curvaturesAt } from './curvatures.ts'
import { type DescentEnd, descendWithin, hostProbe, type Probe } from './probe.ts'
import type { CellStudy } from './runTrials.ts'

/**
 * The points where trials start, and the points to which descents from them lead. Each result is computed when it is
 * first requested. If the computation fails, every request throws the error.
 */
export type Landmarks = ReturnType<typeof landmarksBy>

/** What a part of the premises is computed from. */
export interface Study extends CellStudy {
  readonly landmarks: () => Landmarks
}

export interface LandmarkDescent extends DescentEnd {
  readonly steps: number
  /** The value of |grad L| at or below which the descent stops. */
  readonly tolerance: number
}

/**
 * Cells of a sweep differ in their update more often than in their landscape, start or seed, so many share landmarks.
 */
const known = new RecentCache<Landmarks>(256)
const probes = new RecentCache<Probe>(64)

/** Landmarks computed by the host, for landscapes with cheap gradients. `allowance` is in nanoseconds. */
export function landmarksOf(cell: Cell, tables: Tables, allowance: number): Landmarks {
  return known.get(`${allowance} ${keyOf(cell)}`, () =>
    landmarksBy(
      cell,
      tables,
      probes.get(keyOfPart(withoutTrainingNoise(cell.landscape)), () => hostProbe(cell, tables)),
      allowance,
    ),
  )
}

/** Landmarks computed by the given probe, in at most `allowance` nanoseconds. */
export function landmarksBy(cell: Cell, tables: Tables, probe: Probe, allowance: number) {
  const own = ownDescent(cell)
  const enough = allowance * share
  const descend = (from: Float64Array) => descendFrom(from, own, probe, enough)
  const starts = once(() => startsOf(cell, tables, probe, enough))
  const ends = once(() => {
    const found: (LandmarkDescent | null)[] = []
    let left = enough
    for (const start of starts()) {
      if (found.length > 0 && left < minSteps * probe.stepCost) break
      const end = descendFrom(start, own, probe, Math.max(left, minSteps * probe.stepCost))
      left -= (end?.steps ?? maxSteps) * probe.stepCost
      found.push(end)
    }
    return found
  })
  const minimum = once(() => {
    const end = descend(starts()[0]!)
    if (end !== null) return end
    throw new TheoryError('MINIMUM', 'noise-free descent from the start diverges', 'choose another start')
  })
  const curvatures = once(() => curvaturesAt(probe, minimum().theta, enough))
  // At the start, no descent is needed. So the curvatures there also get the shares of the work for the minimum and for
  // the ends.
  const atStart = once(() => curvaturesAt(probe, starts()[0]!, 3 * enough))
  const nearCurvatures = () => {
    const values = nullIf(BudgetExceeded, curvatures)
    return values === null ? ({ at: 'start', values: atStart() } as const) : ({ at: 'minimum', values } as const)
  }
  return {
    probe,
    starts,
    /**
     * Runs the cell's own descent. If the cell has none, or if its descent diverges, runs a descent with a step that
     * suits the curvature. Returns null if this descent diverges too.
     */
    descend,
    /**
     * The ends of the descents from the starts, in order, until the work allowed for the descents is used up. An entry
     * is null if its descent diverges.
     */
    ends,
    /** The end of the descent from the first start. */
    minimum,
    /** Eigenvalues of the Hessian at `minimum()`, ascending. */
    curvatures,
    /** The eigenvalues at `minimum()`, or at the first start if the descent from this start takes too long. */
    nearCurvatures,
  }
}

/** The key contains every part of the cell that its landmarks depend on. */
export function keyOf(cell: Cell): string {
  const seed = isPoint(cell.start) ? '' : cell.seed
  const { landscape, start } = withLandscape(cell, withoutTrainingNoise(cell.landscape))
  return `${seed} ${[landscape, start, ownDescent(cell)].map(keyOfPart).join(' ')}`
}

export function ownDescent({ trial, start }: Cell): Descent | null {
  if (trial.escape?.kind === 'basin') return trial.escape.descent
  if (trial.quench !== null) return trial.quench
  return start.kind === 'descend' ? start.descent : null
}

/**
 * Each of four parts may use this share of the work: the starts, the minimum, the ends of all descents, the curvatures.
 */
const share = 0.25
/** One gradient may take this many nanoseconds even if less is allowed: it shows whether a descent is needed. */
const longestGradient = 5e7
/** If a descent is cut short after fewer steps than this, its end carries no information. */
const minSteps = 500
const maxSteps = 20_000
const tolerance = 1e-6
/**
 * In units of 1 / (largest curvature at the start). In the direction of this curvature, descent converges fastest
 * with a step of 1 and diverges with a step of 2.
 */
const usualStep = 0.5
const stepWithoutCurvature = 0.01

/** `enough` is the allowed time in nanoseconds. */
function descendFrom(start: Float64Array, own: Descent | null, probe: Probe, enough: number): LandmarkDescent | null {
  const affordable = Math.floor(enough / probe.stepCost)
  if (own !== null) {
    const end = descendWithin(probe, start, own, affordable)
    if (end.cut && end.steps < minSteps) throw new BudgetExceeded('a descent from the start')
    if (end.theta.every(Number.isFinite)) return { ...end, tolerance: own.gradient }
  }
  if (probe.stepCost > Math.max(enough, longestGradient)) throw new BudgetExceeded('a descent from the start')
  if (norm(gradientAt(probe.landscape.gradient, start)) <= tolerance)
    return { theta: start, reached: true, steps: 0, tolerance }
  if (affordable < minSteps) throw new BudgetExceeded('a descent from the start')
  const steps = Math.min(maxSteps, affordable)
  const size = stepSize(start, probe, enough)
  // Curvatures along the descent may be larger than at the start, so smaller steps are also tried.
  for (const share of [1, 0.1, 0.01]) {
    const end = descendWithin(probe, start, { gradient: tolerance, eta: share * size, steps }, steps)
    if (end.theta.every(Number.isFinite)) return { ...end, tolerance }
  }
  return null
}

function stepSize(start: Float64Array, probe: Probe, enough: number): number {
  const curvatures = curvaturesAt(probe, start, enough)
  const largest = Math.max(Math.abs(curvatures[0]!), Math.abs(curvatures.at(-1)!))
  return largest > 0 ? usualStep / largest : stepWithoutCurvature
}

/** The host time in nanoseconds to draw one coordinate. */
const perCoordinate = 300
const fewest = 4

/**
 * Returns the points at which trials start, before any warm-up: one point if all trials start there, else up to 100
 * points. The points are drawn with the common streams of the cell's seed. If it would take more than `allowance`
 * nanoseconds to draw 100 points or to descend to them, fewer points are returned. Throws BudgetExceeded if not even
 * the first start can be found within `allowance`.
 */
export function startsOf(cell: Cell, tables: Tables, probe: Probe, allowance: number): readonly Float64Array[] {
  const training = trainingCell(cell)
  const one = perCoordinate * cell.landscape.dimension + (training === null ? 0 : wholeCost(training).host)
  const affordable = Math.floor(allowance / one)
  if (training !== null && affordable < fewest) throw new BudgetExceeded('training to the starts')
  const count = Math.min(trialsOf(cell.start), Math.max(fewest, affordable))
  let left = Math.floor(allowance / probe.stepCost)
  const startsFrom = (start: Start): readonly Float64Array[] => {
    if (start.kind !== 'descend') return drawnStarts({ ...cell, start, streams: 'common' }, count, tables)
    const ends: Float64Array[] = []
    for (const theta of startsFrom(start.from)) {
      const end = descendWithin(probe, theta, start.descent, left)
      left -= end.steps
      if (end.cut) break
      ends.push(end.theta)
    }
    return ends
  }
  const starts = startsFrom(cell.start)
  if (starts.length === 0) throw new BudgetExceeded('the descent to the first start')
  return starts
}
