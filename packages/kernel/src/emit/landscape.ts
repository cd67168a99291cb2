import type { ShapePlaces } from '../memory.ts'
import type { Model } from '../model.ts'
import { networkFunctions } from './network.ts'
import type { Numbers } from './numbers.ts'
import { populationFunctions } from './population.ts'
import { samplesFunctions } from './samples.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace } from './space.ts'
import { Writer } from './writer.ts'

/**
 * The landscape as functions over two lanes, 16 bytes a coordinate, all samples:
 * `lossOf(theta: usize): v128` and `gradientOf(theta: usize, gradient: usize): void`; and where steps draw batches
 * `batchGradientOf(base: usize): void`, from theta to gradient in the vector at `base`, each lane over samples of its
 * own; and where there are samples `sampleGradientOf(theta: usize, gradient: usize, index: i32): void`. The compiler drops them where nothing calls them.
 */
export function landscapeFunctions(model: Model, numbers: Numbers, places: ShapePlaces): string[] {
  const { landscape } = model.cell
  if (landscape.kind === 'network') return networkFunctions(landscape, numbers, places)
  if (landscape.kind === 'population') return populationFunctions(landscape, places)
  if (model.sampled !== null) return samplesFunctions(model, numbers, places)
  return [
    ...overTheta(model, numbers, 'lossOf(theta: usize): v128', (space, writer) => {
      writer.line(`return ${space.loss(writer)}`)
    }),
    ...overTheta(model, numbers, 'gradientOf(theta: usize, gradient: usize): void', (space, writer) => {
      const locals = space.gradient(writer)
      for (const [i, g] of locals.entries()) writer.line(`v128.store(gradient, ${g}, ${16 * i})`)
    }),
  ]
}

function overTheta(
  model: Model,
  numbers: Numbers,
  signature: string,
  write: (space: ReturnType<typeof localSpace>, writer: Writer) => void,
): string[] {
  const scope = new Scope(numbers, model.parameters)
  const coordinates = Array.from({ length: model.dimension }, (_, i) => `x${i}`)
  // Indices count from 1, and an offset of a load is never negative.
  const at = { theta: { address: 'theta - 16', offset: 16 }, gradient: { address: 'gradient - 16', offset: 16 } }
  const space = model.unrolled ? localSpace(model, coordinates) : memorySpace(model, at, scope)
  const writer = new Writer(scope, {
    name(name) {
      const index = model.variables.get(name)
      return index === undefined ? null : space.meaning.coordinate(index)
    },
    element: (index) => space.meaning.element(index),
  })
  write(space, writer)
  const loads = model.unrolled ? coordinates.map((x, i) => `const ${x} = v128.load(theta, ${16 * i})`) : []
  return [
    `export function ${signature} {`,
    ...[...scope.prologue.lines, ...loads, ...writer.body.lines].map((line) => `  ${line}`),
    '}',
    '',
  ]
}
