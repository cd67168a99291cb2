import type { Cell, DataTable, Descent } from '@driftfarm/spec'
import { landscapeFunction } from './landscapeFunction.ts'
import { modelOf, referencePoint } from './model.ts'
import type { End } from './outcome.ts'

/** Where descents ended, in trial order. */
export interface DescentEnds {
  /** converged: |grad L| reached the tolerance. undecided: the steps were over before. diverged: as for trials. */
  readonly ends: readonly End[]
  /** The last theta of each, `dimension` numbers. */
  readonly theta: Float64Array
}

/** Noise-free descents over all samples from the starts of trials first .. first + count - 1 of `cell`. */
export async function descendAll(
  cell: Cell,
  data: DataTable | null,
  descent: Descent,
): Promise<(first: number, count: number) => DescentEnds> {
  const landscape = landscapeFunction(cell, data)
  const start = Float64Array.from(referencePoint(modelOf(cell)))
  return (_first, count) => {
    const theta = new Float64Array(count * start.length)
    const ends = Array.from({ length: count }, (_, i): End => {
      const here = theta.subarray(i * start.length, (i + 1) * start.length)
      here.set(start)
      return descendOne(landscape, here, descent, cell.trial.divergence)
    })
    return { ends, theta }
  }
}

function descendOne(
  landscape: ReturnType<typeof landscapeFunction>,
  theta: Float64Array,
  { gradient: tolerance, eta, steps }: Descent,
  divergence: number,
): End {
  const gradient = new Float64Array(theta.length)
  for (let n = 0; n < steps; n++) {
    landscape.gradient(theta, gradient)
    for (let i = 0; i < theta.length; i++) theta[i]! -= eta * gradient[i]!
    if (theta.some((x) => !(Math.abs(x) <= divergence))) return 'diverged'
    landscape.gradient(theta, gradient)
    if (gradient.reduce((sum, g) => sum + g * g, 0) <= tolerance * tolerance) return 'converged'
  }
  return 'undecided'
}
