import type { QuantityName } from '@driftfarm/spec'
import { coordinateIndex, type Slope } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, type Local, local, ofLandscape, vector } from './code/code.ts'
import { constant } from './code/statement.ts'
import { type Index, inMemory, loadAt, type Place } from './coordinates.ts'
import type { Scope } from './scope.ts'
import { Writer } from './writer.ts'

/** A point in one vector of lanes, and the landscape at this point. The coordinates are in locals or in memory. */
export interface Space {
  at(i: Index): Code
  /** The loss over all samples. */
  loss(writer: Writer): Code
  /** A function of the landscape that takes the address of theta, and `more`. */
  call(writer: Writer, name: string, more?: Code): Code
  /** What a network on data has besides its loss. */
  score(writer: Writer, name: Score): Code
  /**
   * Computes the gradient, unless it has already been computed. Returns the locals of the gradient, or an empty list if
   * the gradient is in memory.
   */
  gradient(writer: Writer): readonly Code[]
  /** A coordinate of the gradient, which must have been computed. */
  partial(writer: Writer, i: Index): Code
}

function inlineOf({ formula }: Model): Slope {
  if (formula.kind !== 'inline') throw new TypeError(`internal error: a formula of kind ${formula.kind} is not inlined`)
  return formula
}

export type Score = 'accuracy' | 'testloss' | 'testaccuracy'

const scoreFunctions = { accuracy: 'accuracyOf', testloss: 'testMeanLossOf', testaccuracy: 'testAccuracyOf' } as const

function onlyNetworks(): never {
  throw new TypeError('internal error: only networks have scores')
}

export function localSpace(model: Model, names: readonly Local[]): Space {
  let gradient: readonly Code[] | null = null
  return {
    at: (i) => names[Number(i)]!,
    loss: (writer) => writer.value(inlineOf(model).loss),
    call: onlyNetworks,
    score: onlyNetworks,
    gradient(writer) {
      gradient ??= inlineOf(model).gradient.map((partial) => writer.value(partial))
      return gradient
    },
    partial: (_, i) => gradient![Number(i)]!,
  }
}

/** Where theta and the gradient are stored. */
export interface Places {
  readonly theta: Place
  readonly gradient: Place
}

/**
 * Quantities that the code around a space needs. If it needs the loss, it is computed together with the gradient or
 * the accuracy.
 */
export type Needed = ReadonlySet<QuantityName>
const nothing: Needed = new Set()

export function memorySpace(model: Model, at: Places, needed = nothing): Space {
  let done = false
  let called: Code | null = null
  const scores = new Map<Score, Code>()
  const inBody = (writer: Writer, value: Code) => writer.atBody(() => writer.local(value))
  return {
    at: (i) => loadAt(at.theta, i),
    loss(writer) {
      if (model.formula.kind === 'inline') return writer.value(model.formula.loss)
      if (called !== null) return called
      if (!(needed.has('loss') && needed.has('accuracy'))) {
        called = inBody(writer, vector`lossOf(${sum(at.theta)})`)
        return called
      }
      called = this.call(writer, 'lossAndAccuracyOf')
      scores.set('accuracy', inBody(writer, vector`v128.load(ACCURACY)`))
      return called
    },
    call: (writer, name, more) =>
      inBody(writer, vector`${ofLandscape(name)}(${sum(at.theta)}${more === undefined ? '' : code`, ${more}`})`),
    score(writer, name) {
      if (name === 'accuracy' && needed.has('loss')) this.loss(writer)
      if (name !== 'accuracy' && needed.has('testloss') && needed.has('testaccuracy') && !scores.has(name)) {
        scores.set('testloss', this.call(writer, 'testLossAndAccuracyOf'))
        scores.set('testaccuracy', inBody(writer, vector`v128.load(TEST_ACCURACY)`))
      }
      const known = scores.get(name) ?? this.call(writer, scoreFunctions[name])
      scores.set(name, known)
      return known
    },
    gradient(writer) {
      if (done) return []
      done = true
      if (model.formula.kind !== 'inline') {
        const operands = code`(${sum(at.theta)}, ${sum(at.gradient)})`
        if (needed.has('loss') && (model.formula.kind === 'function' || model.cell.landscape.kind === 'network'))
          called = writer.local(code`${ofLandscape('lossAndGradientOf')}${operands}`)
        else writer.run(code`${ofLandscape('gradientOf')}${operands}`)
        return []
      }
      const [partial] = model.formula.gradient
      writer.loop(coordinateIndex, 1, model.dimension, (index) => {
        inMemory(writer, at.gradient).set(index, writer.value(partial!))
      })
      return []
    },
    partial: (writer, i) => inMemory(writer, at.gradient).get(i),
  }
}

function sum({ address, offset }: Place): Code {
  return offset === 0 ? address : code`${address} + ${offset}`
}

/**
 * The space of a point that is stored in memory. If the code is unrolled, `loads` first loads the coordinates into
 * locals whose names begin with `letter`.
 */
export function storedSpace(model: Model, at: Places, letter: string, needed = nothing) {
  if (!model.unrolled) return { space: memorySpace(model, at, needed), loads: [] }
  const names = Array.from({ length: model.dimension }, (_, i) => local(`${letter}${i}`))
  return { space: localSpace(model, names), loads: names.map((x, i) => constant(x, loadAt(at.theta, i))) }
}

/** `meaning` gives the code for names that are not coordinates. */
export function writerOver(
  { variables }: Model,
  space: Space,
  scope: Scope,
  meaning: (name: string) => Code | null = () => null,
): Writer {
  return new Writer(scope, {
    name(name) {
      const index = variables.get(name)
      return index === undefined ? meaning(name) : space.at(index)
    },
    element: (index) => space.at(typeof index === 'number' ? index - 1 : index),
  })
}
