import { constants } from '../memory/map.ts'
import type { Model } from '../model/model.ts'
import { usedQuantities } from '../model/quantities.ts'
import { largestLayer, matchedSymmetry } from '../model/symmetry.ts'
import type { Item } from './code/function.ts'

export function usesBarrier(model: Model): boolean {
  const used = usedQuantities(model)
  return used.has('linearbarrier') || used.has('matchedbarrier')
}

/** What `assembly/linearBarrier.ts` and `assembly/symmetry.ts` need, if the cell uses them. */
export function symmetryItems(model: Model): Item[] {
  const imports = usesBarrier(model) ? ["import { linearBarrierOf, matchedBarrierOf } from './linearBarrier'"] : []
  const symmetry = matchedSymmetry(model)
  if (symmetry === null) return imports
  const { layers, isOdd, isScaled } = symmetry
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
    ...constants('bool', { oddUnits: isOdd, scalesUnits: isScaled }),
    ...constants('usize', { largestLayer: largestLayer(symmetry), hiddenAt: `memory.data<u64>([${words.join()}])` }),
  ]
}
