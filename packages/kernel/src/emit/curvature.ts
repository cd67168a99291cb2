import { constants } from '../memory/map.ts'
import { lanczosSteps, type ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { curvaturesIn } from '../model/quantities.ts'
import type { Item } from './code/function.ts'
import { networkCurvatureItems } from './networkCurvature.ts'
import type { Numbers } from './numbers.ts'

/**
 * `hessianTimes(theta: usize, vector: usize, into: usize): void` and `traceOf(theta: usize): v128`, if an expression of
 * the cell uses a curvature.
 */
export function curvatureItems(model: Model, numbers: Numbers, places: ShapePlaces): Item[] {
  if (curvaturesIn(model).size === 0) return []
  const { landscape } = model.cell
  return [
    "import { negativeEigenvalues, sharpness } from './curvature'",
    ...constants('i32', { lanczosSteps }),
    ...(landscape.kind === 'network'
      ? networkCurvatureItems(landscape, numbers, places)
      : [
          "import { diagonalSum as traceOf, difference as hessianTimes } from './curvature'",
          'export { hessianTimes, traceOf }',
        ]),
  ]
}
