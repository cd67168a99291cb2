import type { Cell, DataTable } from '@driftfarm/spec'
import { type Matrix, norm } from '../linear/matrix.ts'
import { solve } from '../linear/solve.ts'
import { spectrum } from '../linear/spectrum.ts'
import { hessian } from '../minima/curvature.ts'
import { curvaturesAt } from './curvatures.ts'
import { landmarksBy } from './landmarks.ts'
import { compiledModule, type ModuleOf } from './modules.ts'
import { hostProbe, isQuick, kernelProbe, type Probe } from './probe.ts'

/** A point that is called a minimum and is none. */
export interface NoMinimum {
  readonly name: string
  /** |grad L| there; null where the landscape is not finite. */
  readonly gradnorm: number | null
  /** The smallest eigenvalue of the Hessian there: negative at a saddle; null where it is not finite. */
  readonly curvature: number | null
  /** Where noise-free descent from it, or from beside a saddle, ends; null where that diverges. */
  readonly endsAt: readonly number[] | null
}

/** A Newton step up to this long, times 1 + |theta|, is what a minimum that was written down with a few digits lacks. */
const nearby = 1e-4
/** Where the Hessian is singular: a gradient up to this long, times 1 + the largest curvature. */
const flatGradient = 1e-6
/** Eigenvalues up to this share of the largest are zero to differences of gradients. */
const singular = 1e-6
/** A curvature below minus this share of the largest is downhill, if the loss falls along it too: at a kink differences are of no worth. */
const downhill = 1e-4
/** How far the loss is looked at, times 1 + |theta|. */
const aside = 1e-3
/** Of dense Hessians: dimension, and nanoseconds of their gradients. */
const largestDense = 300
const enough = 2e9

/**
 * Named minima of a network, or of another loss over samples, that are not stationary or are saddles: those of plain formulas are seen by the
 * spec itself. Flat directions are allowed. Beyond dimension 300 the smallest curvature is that of Lanczos' method. Throws a KernelError
 * for what cannot be computed.
 */
export async function namedMinima(
  cell: Cell,
  data: DataTable | null,
  { module = compiledModule }: { readonly module?: ModuleOf } = {},
): Promise<readonly NoMinimum[]> {
  const { landscape, trial } = cell
  if (trial.minima.length === 0 || (landscape.kind === 'formula' && landscape.data === null)) return []
  const probe = isQuick(cell) ? hostProbe(cell, data) : await kernelProbe(cell, data, module)
  const { descend } = landmarksBy(cell, probe)
  return trial.minima.flatMap(([name, point]) => {
    const theta = Float64Array.from(point)
    const found = look(probe, theta)
    if (found === null) return []
    const { gradnorm, curvature, from } = found
    const end = from === null ? null : descend(from)
    return [{ name, gradnorm, curvature, endsAt: end === null ? null : [...end.theta] }]
  })
}

/** What is wrong with a point, and from where descent leaves it; null where it is a minimum. */
function look(
  probe: Probe,
  theta: Float64Array,
): (Pick<NoMinimum, 'gradnorm' | 'curvature'> & { readonly from: Float64Array | null }) | null {
  const gradient = new Float64Array(theta.length)
  probe.landscape.gradient(theta, gradient)
  const gradnorm = norm(gradient)
  if (!Number.isFinite(gradnorm)) return { gradnorm: null, curvature: null, from: null }
  const { matrix, smallest, largest, regular } = curvatureAt(probe, theta)
  if (smallest === null) return gradnorm <= flatGradient ? null : { gradnorm, curvature: null, from: theta }
  const step = regular && matrix !== null ? solve(matrix, 0, gradient) : null
  const stationary = step === null ? gradnorm <= flatGradient * (1 + largest) : norm(step) <= nearby * (1 + norm(theta))
  if (!stationary) return { gradnorm, curvature: smallest, from: theta }
  if (!(smallest < -downhill * largest) || matrix === null) return null
  const lower = besides(probe, theta, directionOf(matrix, smallest, largest))
  return lower === null ? null : { gradnorm, curvature: smallest, from: lower }
}

interface Curvature {
  /** Null where it is too large to be written down. */
  readonly matrix: Matrix | null
  readonly smallest: number | null
  readonly largest: number
  readonly regular: boolean
}

function curvatureAt(probe: Probe, theta: Float64Array): Curvature {
  const { dimension } = probe.landscape
  const dense = dimension <= largestDense && 2 * dimension * probe.cost <= enough
  const matrix = dense ? hessian({ ...probe.landscape, gradient: probe.gradient }, theta) : null
  if (matrix !== null && !matrix.values.every(Number.isFinite))
    return { matrix: null, smallest: null, largest: 0, regular: false }
  const values = matrix === null ? curvaturesAt(probe, theta) : [...spectrum(matrix)]
  const sizes = values.map(Math.abs)
  const largest = Math.max(...sizes)
  return { matrix, smallest: values[0]!, largest, regular: Math.min(...sizes) > singular * largest }
}

/** The unit eigenvector of the smallest eigenvalue, by inverse iteration with a shift that the pivots survive. */
function directionOf(matrix: Matrix, smallest: number, largest: number): Float64Array {
  let vector = Float64Array.from({ length: matrix.size }, (_, i) => 1 + (((i + 1) * 0.6180339887498949) % 1))
  for (let round = 0; round < 3; round++) {
    const next = solve(matrix, -smallest + 1e-10 * largest, vector)
    if (next === null) break
    const length = norm(next)
    vector = next.map((x) => x / length)
  }
  const length = norm(vector)
  return vector.map((x) => x / length)
}

/** The lower of the two points on both sides, if it is lower than theta by more than rounding. */
function besides({ landscape }: Probe, theta: Float64Array, direction: Float64Array): Float64Array | null {
  const loss = landscape.loss(theta)
  const reach = aside * (1 + norm(theta))
  const sides = [reach, -reach].map((step) => theta.map((x, i) => x + step * direction[i]!))
  const losses = sides.map((side) => landscape.loss(side))
  const lower = losses[0]! <= losses[1]! ? 0 : 1
  return losses[lower]! < loss - 1e-12 * (1 + Math.abs(loss)) ? sides[lower]! : null
}
