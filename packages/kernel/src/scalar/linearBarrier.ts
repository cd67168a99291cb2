import type { Symmetry } from '../model/symmetry.ts'
import type { LossFunction, Point } from './lossFunction.ts'
import { aligned } from './symmetry.ts'

const parts = 20

/**
 * How far the loss on the straight path from a to b rises above the straight line between the losses of a and b
 * (Frankle et al. 2020). The path is divided into 20 parts. With a symmetry, a and b are aligned first (Entezari et al.
 * 2022). At least 0; NaN if the loss of a or b is not finite, or a loss on the path is NaN.
 */
export function linearBarrier({ loss }: LossFunction, symmetry: Symmetry | null, a: Point, b: Point): number {
  const [start, end] = aligned(symmetry, a, b)
  const first = loss(start)
  const rise = loss(end) - first
  let most = 0
  for (let part = 1; part < parts; part++) {
    const share = part / parts
    const point = start.map((x, i) => x + share * (end[i]! - x))
    most = Math.max(most, loss(point) - (first + share * rise))
  }
  return most
}
