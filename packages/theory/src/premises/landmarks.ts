import { type Cell, type DataTable, type Descent, once } from '@driftfarm/spec'
import { TheoryError } from '../error.ts'
import { norm } from '../linear/matrix.ts'
import { isPoint } from './controlCell.ts'
import { curvaturesAt } from './curvatures.ts'
import { keyOfPart } from './keys.ts'
import { type DescentEnd, hostProbe, type Probe } from './probe.ts'
import { fullBatch } from './quietCell.ts'
import { Remembered } from './remembered.ts'
import { startsOf } from './starts.ts'

/**
 * Where trials start and where descents from there lead. Each part is computed when it is first asked for; a part that
 * cannot be computed throws each time it is asked for.
 */
export interface Landmarks {
  readonly probe: Probe
  starts(): readonly Float64Array[]
  /**
   * Noise-free descent: by the cell's own descent where it has one, else with a step that suits the curvature. null
   * where it diverges.
   */
  descend(from: Float64Array): LandmarkDescent | null
  /** The end of the descent from the first start. */
  minimum(): LandmarkDescent
  /**
   * The ends of the descents from the first starts, as many as can be run in a fifth of a second; null for one that
   * diverges.
   */
  ends(): readonly (LandmarkDescent | null)[]
  /** Eigenvalues of the Hessian at `minimum()`, ascending. */
  curvatures(): readonly number[]
}

export interface LandmarkDescent extends DescentEnd {
  /** The |grad L| at which the descent stopped. */
  readonly tolerance: number
}

/**
 * Landmarks by the cell's key. Cells of a sweep differ in their update more often than in landscape, start and seed.
 */
const known = new Remembered<Landmarks>(256)
const probes = new Remembered<Probe>(64)

/** Landmarks computed by the host, for landscapes with cheap gradients. */
export function landmarksOf(cell: Cell, data: DataTable | null): Landmarks {
  return known.get(keyOf(cell), () =>
    landmarksBy(
      cell,
      probes.get(keyOfPart(fullBatch(cell.landscape)), () => hostProbe(cell, data)),
    ),
  )
}

/** Landmarks computed by the given probe. */
export function landmarksBy(cell: Cell, probe: Probe): Landmarks {
  const own = ownDescent(cell)
  const descend = (from: Float64Array) => descendFrom(from, own, probe)
  const starts = once(() => {
    probe.begin()
    return startsOf(cell, probe)
  })
  const ends = once(() => {
    const followed = starts().slice(0, Math.max(fewest, Math.floor(enough / (usualSteps * probe.stepCost))))
    probe.begin()
    return followed.map(descend)
  })
  const minimum = once(() => {
    const [start] = starts() as [Float64Array]
    probe.begin()
    const end = descend(start)
    if (end !== null) return end
    throw new TheoryError('MINIMUM', 'noise-free descent from the start diverges', 'take another start')
  })
  const curvatures = once(() => {
    const { theta } = minimum()
    probe.begin()
    return curvaturesAt(probe, theta)
  })
  return { probe, starts, descend, ends, minimum, curvatures }
}

/** A key of everything that the landmarks of a cell depend on. */
export function keyOf(cell: Cell): string {
  const seed = isPoint(cell.start) ? '' : cell.seed
  return `${seed} ${[fullBatch(cell.landscape), cell.start, ownDescent(cell)].map(keyOfPart).join(' ')}`
}

/** The descent that the cell itself uses; null where it has none. */
export function ownDescent({ trial, start }: Cell): Descent | null {
  if (trial.escape?.kind === 'basin') return trial.escape.descent
  if (trial.quench !== null) return trial.quench
  return start.kind === 'descend' ? start.descent : null
}

/**
 * The time in nanoseconds that one descent may take; also that of all descents of the first starts together, at their
 * usual length.
 */
const enough = 2e8
const usualSteps = 2000
const fewest = 4
const mostSteps = 20_000
const tolerance = 1e-6
/**
 * The step size times the largest curvature at the start: half of the fastest step, and a quarter of the step at which
 * descent diverges.
 */
const usualStep = 0.5
const otherwise = 0.01

function descendFrom(start: Float64Array, own: Descent | null, probe: Probe): LandmarkDescent | null {
  const affordable = Math.max(1, Math.floor(enough / probe.stepCost))
  if (own !== null) {
    const end = probe.descend(start, { ...own, steps: Math.min(own.steps, affordable) })
    if (end.theta.every(Number.isFinite)) return { ...end, tolerance: own.gradient }
  }
  const gradient = new Float64Array(start.length)
  probe.gradient(start, gradient)
  if (norm(gradient) <= tolerance) return { theta: start, reached: true, tolerance }
  const steps = Math.min(mostSteps, affordable)
  const size = stepSize(start, probe)
  // Curvatures may be larger on the way than at the start, so smaller steps are tried as well.
  for (const share of [1, 0.1, 0.01]) {
    const end = probe.descend(start, { gradient: tolerance, eta: share * size, steps })
    if (end.theta.every(Number.isFinite)) return { ...end, tolerance }
  }
  return null
}

function stepSize(start: Float64Array, probe: Probe): number {
  const curvatures = curvaturesAt(probe, start)
  const largest = Math.max(Math.abs(curvatures[0]!), Math.abs(curvatures.at(-1)!))
  return largest > 0 ? usualStep / largest : otherwise
}
