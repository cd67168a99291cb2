import { constants } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { usedQuantities } from '../model/quantities.ts'
import { largestLayer, matchedSymmetry } from '../model/symmetry.ts'
import type { Item } from './code/function.ts'
import type { Numbers } from './numbers.ts'
import * as read from './readings.ts'

export function usesBarrier(model: Model): boolean {
  const used = usedQuantities(model)
  return used.has('linearbarrier') || used.has('matchedbarrier')
}

/** What `assembly/linearBarrier.ts` and `assembly/symmetry.ts` need, if the cell uses them. */
export function symmetryItems(model: Model, numbers: Numbers, places: ShapePlaces): Item[] {
  const imports = usesBarrier(model) ? ["import { linearBarrierOf, matchedBarrierOf } from './linearBarrier'"] : []
  const symmetry = matchedSymmetry(model)
  if (symmetry === null) return imports
  const { layers, isOdd, isHomogeneous } = symmetry
  const words = layers.flatMap(({ units, inputs, into, hasBiases, biases, outputs, out }) => [
    units,
    inputs,
    into,
    Number(hasBiases),
    biases,
    outputs,
    out,
  ])
  return [
    ...imports,
    ...constants('i32', { hiddenLayers: layers.length }),
    // The decay is among the numbers, because cells that differ only in it share a module.
    ...constants('usize', { unitDecay: isHomogeneous ? places.numbers + 8 * numbers.named('decay', read.decay) : 0 }),
    ...constants('bool', { oddUnits: isOdd, homogeneousUnits: isHomogeneous }),
    ...constants('usize', { largestLayer: largestLayer(symmetry), hiddenAt: `memory.data<u64>([${words.join()}])` }),
  ]
}
