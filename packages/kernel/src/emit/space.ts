import type { ShapePlaces } from '../memory/shape.ts'
import { coordinateIndex, type Slope } from '../model/formula.ts'
import type { Model } from '../model/model.ts'
import { startsAtPoint } from '../model/start.ts'
import { type Code, code, type Local, ofLandscape, variable, vector } from './code/code.ts'
import type { Scope } from './scope.ts'
import { type Meaning, Writer } from './writer.ts'

/** Code for one coordinate of theta (`value`), and for the coordinate with the same index of any other point. */
export interface Coordinate {
  readonly value: Code
  /**
   * The coordinate of a point whose coordinates are among the numbers of the cell; `place` is the index of the first
   * one.
   */
  point(place: number): Code
  /** The coordinate of a point that is in memory at `place`, where each lane has its own version of the point. */
  other(place: Place): Code
}

/** Access to the coordinates of one vector of lanes, which are in locals or in memory. */
export interface Space {
  readonly meaning: Pick<Meaning, 'element'> & { coordinate(index: number): Code }
  /** Sum over coordinates, left to right. */
  sum(writer: Writer, term: (coordinate: Coordinate) => Code): Code
  /** Mask of the lanes in which the condition holds for all coordinates. */
  all(writer: Writer, condition: (coordinate: Coordinate) => Code): Code
  /** The loss over all samples. */
  loss(writer: Writer): Code
  /**
   * Computes the gradient, unless it has already been computed. Returns the locals of the gradient, or an empty list if
   * the gradient is in memory.
   */
  gradient(writer: Writer): readonly Code[]
  gradientSquared(writer: Writer): Code
}

function inlineOf({ formula }: Model): Slope {
  if (formula.kind !== 'inline') throw new TypeError(`internal error: a formula of kind ${formula.kind} is not inlined`)
  return formula
}

export function localSpace(model: Model, names: readonly Local[]): Space {
  let gradient: readonly Code[] | null = null
  const coordinates = names.map((value, index) => ({ value, index }))
  const at = (writer: Writer, { value, index }: { value: Local; index: number }): Coordinate => ({
    value,
    point: (place) => writer.number(place + index),
    other: ({ address, offset }) => writer.local(vector`v128.load(${address}, ${offset + 16 * index})`),
  })
  return {
    meaning: {
      coordinate: (index) => names[index]!,
      element: (index) => names[Number(index) - 1]!,
    },
    sum: (writer, term) =>
      coordinates
        .map((coordinate) => term(at(writer, coordinate)))
        .reduce((total, next) => writer.local(vector`f64x2.add(${total}, ${next})`)),
    all: (writer, condition) =>
      coordinates
        .map((coordinate) => condition(at(writer, coordinate)))
        .reduce((both, next) => writer.local(vector`v128.and(${both}, ${next})`)),
    loss: (writer) => writer.value(inlineOf(model).loss),
    gradient(writer) {
      gradient ??= inlineOf(model).gradient.map((partial) => writer.value(partial))
      return gradient
    },
    gradientSquared: (writer) =>
      gradient!
        .map((g) => writer.local(vector`f64x2.mul(${g}, ${g})`))
        .reduce((total, next) => writer.local(vector`f64x2.add(${total}, ${next})`)),
  }
}

/** Where a vector of lanes stores theta or the gradient: an address, and an offset that is added to it. */
export interface Place {
  readonly address: Code
  readonly offset: number
}

/** Where a vector of lanes stores theta and the gradient of its trials. Descents use other places. */
export function statePlaces(base: Code, places: ShapePlaces): { theta: Place; gradient: Place } {
  return { theta: { address: base, offset: places.theta }, gradient: { address: base, offset: places.gradient } }
}

/** Where each lane stores the theta_0 of its trial; null if all trials of the cell have the same theta_0. */
export function referencePlace({ cell }: Model, base: Code, places: ShapePlaces): Place | null {
  return startsAtPoint(cell) ? null : { address: base, offset: places.reference }
}

/** `lossToo` means that the loss is needed wherever the gradient is computed. */
export function memorySpace(model: Model, at: { theta: Place; gradient: Place }, scope: Scope, lossToo = false): Space {
  let done = false
  let called: Code | null = null
  const load = (place: Place, index: Code) => vector`v128.load(${placeOf(place, index)})`
  const each = (writer: Writer, visit: (coordinate: Coordinate) => void) => {
    writer.loop(scope.next('i32').name, 1, model.dimension, (index) => {
      const value = writer.local(load(at.theta, index))
      visit({
        value,
        other: (place) => writer.local(load(place, index)),
        point: (place) =>
          writer.local(vector`v128.load64_splat(NUMBERS + ${(place - 1) * 8} + (<usize>${index} << 3))`),
      })
    })
  }
  const fold = (writer: Writer, start: Code, operation: string, term: (coordinate: Coordinate) => Code) => {
    const total = scope.next()
    writer.push(variable(total, start))
    each(writer, (coordinate) => writer.assign(total, vector`${operation}(${total}, ${term(coordinate)})`))
    return total
  }
  return {
    meaning: {
      coordinate: (index) => vector`v128.load(${at.theta.address}, ${at.theta.offset + 16 * index})`,
      element: (index) =>
        typeof index === 'number'
          ? vector`v128.load(${at.theta.address}, ${at.theta.offset + 16 * (index - 1)})`
          : load(at.theta, index),
    },
    sum: (writer, term) => fold(writer, vector`f64x2.splat(-0.0)`, 'f64x2.add', term),
    all: (writer, condition) => fold(writer, vector`i64x2.splat(-1)`, 'v128.and', condition),
    loss(writer) {
      if (model.formula.kind === 'inline') return writer.value(model.formula.loss)
      called ??= writer.atBody(() => writer.local(vector`lossOf(${sum(at.theta)})`))
      return called
    },
    gradient(writer) {
      if (done) return []
      done = true
      if (model.formula.kind !== 'inline') {
        const operands = code`(${sum(at.theta)}, ${sum(at.gradient)})`
        if (lossToo && (model.formula.kind === 'function' || model.cell.landscape.kind === 'network'))
          called = writer.local(code`${ofLandscape('lossAndGradientOf')}${operands}`)
        else writer.run(code`${ofLandscape('gradientOf')}${operands}`)
        return []
      }
      const [partial] = model.formula.gradient
      writer.loop(coordinateIndex, 1, model.dimension, (index) => {
        writer.run(storeTo(at.gradient, index, writer.value(partial!)))
      })
      return []
    },
    gradientSquared: (writer) => {
      const total = scope.next()
      const { name } = scope.next('i32')
      writer.push(variable(total, vector`f64x2.splat(-0.0)`))
      writer.loop(name, 1, model.dimension, (index) => {
        const g = writer.local(load(at.gradient, index))
        writer.assign(total, vector`f64x2.add(${total}, f64x2.mul(${g}, ${g}))`)
      })
      return total
    },
  }
}

export function writerOver({ variables }: Model, { meaning }: Space, scope: Scope): Writer {
  return new Writer(scope, {
    name(name) {
      const index = variables.get(name)
      return index === undefined ? null : meaning.coordinate(index)
    },
    element: (index) => meaning.element(index),
  })
}

/**
 * Returns the operands of the instruction that loads coordinate `index`. Indices count from 1, so the offset of the
 * instruction is `offset` - 16. It cannot be negative, so a negative number is added to the address instead.
 */
export function placeOf({ address, offset }: Place, index: Code): Code {
  const at = code`${address} + (<usize>${index} << 4)`
  return offset < 16 ? code`${at} - ${16 - offset}` : code`${at}, ${offset - 16}`
}

/** Returns the instruction that stores `value` as coordinate `index`. Indices count from 1. */
export function storeTo({ address, offset }: Place, index: Code, value: Code): Code {
  const at = code`${address} + (<usize>${index} << 4)`
  return offset < 16
    ? code`v128.store(${at} - ${16 - offset}, ${value})`
    : code`v128.store(${at}, ${value}, ${offset - 16})`
}

function sum({ address, offset }: Place): Code {
  return offset === 0 ? address : code`${address} + ${offset}`
}
