import type { PopulationLandscape } from '@driftfarm/spec'
import { constants } from '../memory/map.ts'
import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, local } from './code/code.ts'
import { type FunctionCode, functionCode, type Item } from './code/function.ts'
import { effect, pinned, type Statement } from './code/statement.ts'
import { networkFunctions, type RequiredFunctions } from './network.ts'
import type { Numbers } from './numbers.ts'
import { samplesFunctions } from './samples.ts'
import { Scope } from './scope.ts'
import { type Space, storedSpace, writerOver } from './space.ts'
import type { Writer } from './writer.ts'

const theta = local('theta', 'usize')
const gradient = local('gradient', 'usize')

/**
 * The functions of the landscape. They process both lanes at once; each coordinate takes 16 bytes. `lossOf(theta:
 * usize): v128` and `gradientOf(theta: usize, gradient: usize): void` cover all samples. If steps draw batches, there
 * is also `batchGradientOf(base: usize): void`. It reads the theta of the two lanes at `base` and writes their
 * gradients; each lane has its own samples. If the landscape has samples, `sampleGradientOf(theta: usize, gradient:
 * usize, index: i32): void` gives the gradient over one sample. The compiler drops functions that are not called.
 */
export function landscapeFunctions(
  model: Model,
  numbers: Numbers,
  places: ShapePlaces,
  asks: RequiredFunctions,
): Item[] {
  const { landscape } = model.cell
  if (landscape.kind === 'network') return networkFunctions(landscape, numbers, places, asks)
  if (landscape.kind === 'population') return populationFunctions(landscape, places)
  const { formula } = model
  if (formula.kind === 'sampled') return samplesFunctions({ model, formula, numbers }, places, asks)
  if (formula.kind === 'function')
    return longFunctions({ ...model, unrolled: formula.flat, formula: { ...formula, kind: 'inline' } }, numbers, asks)
  return [lossFunction(model, numbers), gradientFunction(model, numbers)]
}

/**
 * If steps need both loss and gradient, `lossAndGradientOf` computes both, and their common parts only once. If
 * `asks.gradient` is true, `gradientOf` has its own code. Otherwise, only drift matrices may call `gradientOf`. It then
 * just calls `lossAndGradientOf`, because its own code would be about as long as that of `lossAndGradientOf`.
 */
function longFunctions(model: Model, numbers: Numbers, asks: RequiredFunctions): FunctionCode[] {
  if (!asks.called.has('lossAndGradientOf')) return [lossFunction(model, numbers), gradientFunction(model, numbers)]
  const loss = lossFunction(model, numbers)
  const both = overTheta(model, numbers, (space, writer) => {
    storeGradient(space, writer)
    writer.push(pinned(code`return ${space.loss(writer)}`))
  })
  const alone = [pinned(code`lossAndGradientOf(${theta}, ${gradient})`)]
  return [
    loss,
    functionCode('export function lossAndGradientOf', [theta, gradient], 'v128', both),
    asks.gradient
      ? gradientFunction(model, numbers)
      : functionCode('export function gradientOf', [theta, gradient], 'void', alone),
  ]
}

function lossFunction(model: Model, numbers: Numbers): FunctionCode {
  const body = overTheta(model, numbers, (space, writer) => {
    writer.push(pinned(code`return ${space.loss(writer)}`))
  })
  return functionCode('export function lossOf', [theta], 'v128', body)
}

function gradientFunction(model: Model, numbers: Numbers): FunctionCode {
  return functionCode('export function gradientOf', [theta, gradient], 'void', overTheta(model, numbers, storeGradient))
}

function storeGradient(space: Space, writer: Writer): void {
  for (const [i, g] of space.gradient(writer).entries())
    writer.push(effect(code`v128.store(${gradient}, ${g}, ${16 * i})`))
}

function overTheta(model: Model, numbers: Numbers, write: (space: Space, writer: Writer) => void): Statement[] {
  const scope = new Scope(numbers, model.parameters)
  const at = (address: Code) => ({ address, offset: 0 })
  const { space, loads } = storedSpace(model, { theta: at(theta), gradient: at(gradient) }, 'x')
  const writer = writerOver(model, space, scope)
  write(space, writer)
  return [...scope.prologue.statements, ...loads, ...writer.body.statements]
}

/** The code of the functions is in `assembly/population.ts` and uses the constants that are defined here. */
export function populationFunctions({ neurons, teachers, inputs }: PopulationLandscape, { work }: ShapePlaces): Item[] {
  return [
    "import { populationGradient as gradientOf, populationLoss as lossOf } from './population'",
    'export { gradientOf, lossOf }',
    ...constants('usize', { neurons, teachers, line: 16 * inputs, norms: work, along: work + 16 * neurons }),
  ]
}
