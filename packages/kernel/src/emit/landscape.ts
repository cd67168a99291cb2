import type { Model } from '../model/model.ts'
import type { ShapePlaces } from '../run/memory.ts'
import { networkFunctions } from './network.ts'
import type { Numbers } from './numbers.ts'
import { populationFunctions } from './population.ts'
import { samplesFunctions } from './samples.ts'
import { Scope } from './scope.ts'
import { localSpace, memorySpace, type Space } from './space.ts'
import { Writer } from './writer.ts'

/** What other code asks for: loss and gradient at once by `lossAndGradientOf`, the gradient alone by `gradientOf`. */
export interface Asks {
  readonly both: boolean
  readonly gradient: boolean
}

/**
 * The landscape as functions over two lanes, 16 bytes a coordinate, all samples:
 * `lossOf(theta: usize): v128` and `gradientOf(theta: usize, gradient: usize): void`; and where steps draw batches
 * `batchGradientOf(base: usize): void`, from theta to gradient in the vector at `base`, each lane over samples of its
 * own; and where there are samples `sampleGradientOf(theta: usize, gradient: usize, index: i32): void`. The compiler drops them where nothing calls them.
 */
export function landscapeFunctions(model: Model, numbers: Numbers, places: ShapePlaces, asks: Asks): string[] {
  const { landscape } = model.cell
  if (landscape.kind === 'network') return networkFunctions(landscape, numbers, places)
  if (landscape.kind === 'population') return populationFunctions(landscape, places)
  if (model.sampled !== null) return samplesFunctions(model, numbers, places)
  if (model.long !== null)
    return longFunctions({ ...model, unrolled: model.long.flat, formula: model.long }, numbers, asks)
  return [...lossFunction(model, numbers), ...gradientFunction(model, numbers)]
}

/**
 * Where steps ask for both, one function shares what loss and gradient have in common. Then the gradient alone, which
 * shapes may still ask for, is that of the same function: it would be as long once more.
 */
function longFunctions(model: Model, numbers: Numbers, { both, gradient }: Asks): string[] {
  if (!both) return [...lossFunction(model, numbers), ...gradientFunction(model, numbers)]
  return [
    ...lossFunction(model, numbers),
    ...overTheta(model, numbers, 'lossAndGradientOf(theta: usize, gradient: usize): v128', (space, writer) => {
      storeGradient(space, writer)
      writer.line(`return ${space.loss(writer)}`)
    }),
    ...(gradient
      ? gradientFunction(model, numbers)
      : [
          'export function gradientOf(theta: usize, gradient: usize): void {',
          '  lossAndGradientOf(theta, gradient)',
          '}',
          '',
        ]),
  ]
}

function lossFunction(model: Model, numbers: Numbers): string[] {
  return overTheta(model, numbers, 'lossOf(theta: usize): v128', (space, writer) => {
    writer.line(`return ${space.loss(writer)}`)
  })
}

function gradientFunction(model: Model, numbers: Numbers): string[] {
  return overTheta(model, numbers, 'gradientOf(theta: usize, gradient: usize): void', storeGradient)
}

function storeGradient(space: Space, writer: Writer): void {
  const locals = space.gradient(writer)
  for (const [i, g] of locals.entries()) writer.line(`v128.store(gradient, ${g}, ${16 * i})`)
}

function overTheta(
  model: Model,
  numbers: Numbers,
  signature: string,
  write: (space: Space, writer: Writer) => void,
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
