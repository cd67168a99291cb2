import type { Landscape } from '../cell.ts'
import { productOf, type Refusal } from '../files/npy.ts'
import { shapeText, type Tensor } from '../files/safetensors.ts'

interface Shape {
  readonly name: string
  readonly shape: readonly number[]
}

/** How theta is divided among tensors, in order. Weights are [outputs, inputs], as in PyTorch. */
export function tensorShapes(landscape: Landscape): readonly Shape[] {
  if (landscape.kind !== 'network') return [{ name: 'theta', shape: [landscape.dimension] }]
  const { layers, biases } = landscape
  return layers
    .slice(1)
    .flatMap((outputs, k) => [
      { name: `layers.${k}.weight`, shape: [outputs, layers[k]!] },
      ...(biases ? [{ name: `layers.${k}.bias`, shape: [outputs] }] : []),
    ])
}

/** The tensors that `theta` consists of, under the names of `tensorShapes`. */
export function tensorsOfPoint(landscape: Landscape, theta: Float64Array) {
  let at = 0
  return tensorShapes(landscape).map(({ name, shape }) => {
    const from = at
    at += productOf(shape)
    return { name, shape, values: theta.subarray(from, at) }
  })
}

/** For each name that `tensorShapes` or the variables of a formula give, the name that the file uses. */
export type NameMap = Readonly<Record<string, string>>

/**
 * The point that the tensors of a file describe: the tensor `theta`; or the layers of a network, by name or, without
 * a map, in the natural order of the names in the file; or a number for each variable of a formula. Throws a refusal
 * if tensors are missing, left over, of another shape, or not finite.
 */
export function pointOfTensors(
  tensors: readonly Tensor[],
  landscape: Landscape,
  map: NameMap | null,
  refusal: Refusal,
) {
  const { dimension, variables } = landscape
  const list = `it contains ${listed(tensors)}`
  const named = (name: string) => tensors.find((tensor) => tensor.name === (map?.[name] ?? name))
  const whole = named('theta')
  const parts =
    whole !== undefined && !variables?.includes('theta')
      ? [{ name: 'theta', shape: [dimension] }]
      : landscape.kind === 'network'
        ? tensorShapes(landscape)
        : (variables ?? ['theta']).map((name) => ({ name, shape: variables === null ? [dimension] : [] }))
  const unknown = Object.keys(map ?? {}).find((name) => !parts.some((part) => part.name === name))
  if (unknown !== undefined)
    throw refusal(`\`map\` has the name ${unknown}`, `its names are ${parts.map(({ name }) => name).join(', ')}`)
  const isInOrder = landscape.kind === 'network' && whole === undefined && map === null
  if (isInOrder && tensors.length !== parts.length) {
    const reason = `${list}, but the network has ${listed(parts)}`
    throw refusal(reason, `name the tensors that belong to it: map: {${parts[0]!.name}: NAME, ..}`)
  }
  const ordered = isInOrder ? inNaturalOrder(tensors) : null
  const theta = new Float64Array(dimension)
  let at = 0
  for (const [i, { name, shape }] of parts.entries()) {
    const tensor = ordered === null ? named(name) : ordered[i]
    if (tensor === undefined)
      throw refusal(`${list}, but not ${map?.[name] ?? name}`, `write map: {${name}: NAME} with one of these names`)
    const isScalar = shape.length === 0
    if (isScalar ? productOf(tensor.shape) !== 1 : !isShape(tensor.shape, shape)) {
      const needed = `but ${name} needs ${isScalar ? 'one number' : `the shape ${shapeText(shape)}`}`
      const turned = isShape(tensor.shape, [...shape].reverse()) && shape.length > 1
      const hint = turned
        ? 'store the transpose: a weight has one row for each output, as in PyTorch'
        : `the file has ${listed(tensors)}`
      throw refusal(`${tensor.name} has the shape ${shapeText(tensor.shape)}, ${needed}`, hint)
    }
    const values = tensor.values()
    const wrong = values.findIndex((value) => !Number.isFinite(value))
    if (wrong >= 0)
      throw refusal(`number ${wrong + 1} of ${tensor.name} is ${values[wrong]}`, 'every number must be finite')
    for (const value of values) theta[at++] = value + 0
  }
  return theta
}

/** A vector may also be written as one row. */
export function isShape(shape: readonly number[], wanted: readonly number[]): boolean {
  const own = shape.length === 2 && wanted.length === 1 && shape[0] === 1 ? shape.slice(1) : shape
  return own.length === wanted.length && own.every((length, i) => length === wanted[i])
}

/** By layer, with numbers compared as numbers; in each layer, the weight comes before the bias. */
function inNaturalOrder(tensors: readonly Tensor[]): readonly Tensor[] {
  const order = new Intl.Collator('en', { numeric: true })
  const split = (name: string) => /^(.*?)([^.]*)$/.exec(name)!
  const rank = (last: string) => (last === 'weight' ? 0 : 1)
  return [...tensors].sort((a, b) => {
    const [, layerA, lastA] = split(a.name)
    const [, layerB, lastB] = split(b.name)
    return order.compare(layerA!, layerB!) || rank(lastA!) - rank(lastB!) || order.compare(lastA!, lastB!)
  })
}

/** Longer lists are cut. */
const shown = 12

function listed(shapes: readonly Shape[]): string {
  if (shapes.length === 0) return 'no tensors'
  const texts = shapes.slice(0, shown).map(({ name, shape }) => `${name} ${shapeText(shape)}`)
  return texts.join(', ') + (shapes.length > shown ? ` and ${shapes.length - shown} more` : '')
}
