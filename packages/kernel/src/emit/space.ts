import type { Model } from '../model/model.ts'
import { coordinateIndex } from '../model/model.ts'
import { startsAtPoint } from '../model/start.ts'
import type { ShapePlaces } from '../run/memory.ts'
import type { Numbers } from './numbers.ts'
import type { Scope } from './scope.ts'
import type { Meaning, Writer } from './writer.ts'

/** One coordinate as a term of a sum: its value, and the same coordinate of a point among the numbers. */
export interface Coordinate {
  readonly value: string
  point(place: number): string
  /** The same coordinate of other coordinates in memory. */
  other(place: Place): string
}

/** How the coordinates of one vector of lanes are reached: in locals, or in memory by an index. */
export interface Space {
  readonly meaning: Pick<Meaning, 'element'> & { coordinate(index: number): string }
  /** Sum over coordinates, left to right. */
  sum(writer: Writer, term: (coordinate: Coordinate) => string): string
  /** Conjunction over coordinates. */
  all(writer: Writer, condition: (coordinate: Coordinate) => string): string
  /** The loss over all samples. */
  loss(writer: Writer): string
  /** Computes the gradient if it is not there: its locals, or none where it is in memory. */
  gradient(writer: Writer): readonly string[]
  /** Sum of squares of the gradient, once it is there. */
  gradientSquared(writer: Writer): string
}

/** Coordinates in locals `names`, and so is the gradient. */
export function localSpace(model: Model, names: readonly string[]): Space {
  let gradient: readonly string[] | null = null
  const coordinates = names.map((value, index) => ({ value, index }))
  const at = (writer: Writer, { value, index }: { value: string; index: number }): Coordinate => ({
    value,
    point: (place) => writer.number(place + index),
    other: ({ address, offset }) => writer.local(`v128.load(${address}, ${offset + 16 * index})`),
  })
  return {
    meaning: {
      coordinate: (index) => names[index]!,
      element: (index) => names[Number(index) - 1]!,
    },
    sum: (writer, term) =>
      coordinates
        .map((coordinate) => term(at(writer, coordinate)))
        .reduce((total, next) => writer.local(`f64x2.add(${total}, ${next})`)),
    all: (writer, condition) =>
      coordinates
        .map((coordinate) => condition(at(writer, coordinate)))
        .reduce((both, next) => writer.local(`v128.and(${both}, ${next})`)),
    loss: (writer) => writer.value(model.formula!.loss),
    gradient(writer) {
      gradient ??= model.formula!.gradient.map((partial) => writer.value(partial))
      return gradient
    },
    gradientSquared: (writer) =>
      gradient!
        .map((g) => writer.local(`f64x2.mul(${g}, ${g})`))
        .reduce((total, next) => writer.local(`f64x2.add(${total}, ${next})`)),
  }
}

/** Where a vector of lanes keeps theta and the gradient: an address, and an offset that is added to it. */
export interface Place {
  readonly address: string
  readonly offset: number
}

/** The places of the trial itself. */
export function statePlaces(base: string, places: ShapePlaces): { theta: Place; gradient: Place } {
  return { theta: { address: base, offset: places.theta }, gradient: { address: base, offset: places.gradient } }
}

/** Where a lane keeps the theta_0 of its trial; null: it is the point of the cell. */
export function referencePlace({ cell }: Model, base: string, places: ShapePlaces): Place | null {
  return startsAtPoint(cell) ? null : { address: base, offset: places.reference }
}

/** Coordinates in memory. `lossToo`: where the gradient is computed, the loss will be asked for. */
export function memorySpace(model: Model, at: { theta: Place; gradient: Place }, scope: Scope, lossToo = false): Space {
  let done = false
  let called: string | null = null
  const load = (place: Place, index: string) => `v128.load(${placeOf(place, index)})`
  const each = (writer: Writer, visit: (coordinate: Coordinate) => void) => {
    const index = scope.next()
    writer.loop(index, '1', String(model.dimension), () => {
      const value = writer.local(load(at.theta, index))
      visit({
        value,
        other: (place) => writer.local(load(place, index)),
        point: (place) => writer.local(`v128.load64_splat(NUMBERS + ${(place - 1) * 8} + (<usize>${index} << 3))`),
      })
    })
  }
  const fold = (writer: Writer, start: string, operation: string, term: (coordinate: Coordinate) => string) => {
    const total = scope.next()
    writer.line(`let ${total} = ${start}`)
    each(writer, (coordinate) => writer.line(`${total} = ${operation}(${total}, ${term(coordinate)})`))
    return total
  }
  return {
    meaning: {
      coordinate: (index) => `v128.load(${at.theta.address}, ${at.theta.offset + 16 * index})`,
      element: (index) =>
        typeof index === 'number'
          ? `v128.load(${at.theta.address}, ${at.theta.offset + 16 * (index - 1)})`
          : load(at.theta, index),
    },
    sum: (writer, term) => fold(writer, 'f64x2.splat(-0.0)', 'f64x2.add', term),
    all: (writer, condition) => fold(writer, 'i64x2.splat(-1)', 'v128.and', condition),
    loss(writer) {
      if (model.formula !== null) return writer.value(model.formula.loss)
      called ??= writer.atBody(() => writer.local(`lossOf(${sum(at.theta)})`))
      return called
    },
    gradient(writer) {
      if (done) return []
      done = true
      if (model.formula === null) {
        const operands = `(${sum(at.theta)}, ${sum(at.gradient)})`
        if (lossToo && (model.long !== null || model.cell.landscape.kind === 'network'))
          called = writer.local(`lossAndGradientOf${operands}`)
        else writer.line(`gradientOf${operands}`)
        return []
      }
      const [partial] = model.formula.gradient
      writer.loop(coordinateIndex, '1', String(model.dimension), () => {
        const value = writer.value(partial!)
        writer.line(`v128.store(${storeTo(at.gradient, coordinateIndex, value)})`)
      })
      return []
    },
    gradientSquared: (writer) => {
      const total = scope.next()
      const index = scope.next()
      writer.line(`let ${total} = f64x2.splat(-0.0)`)
      writer.loop(index, '1', String(model.dimension), () => {
        const g = writer.local(load(at.gradient, index))
        writer.line(`${total} = f64x2.add(${total}, f64x2.mul(${g}, ${g}))`)
      })
      return total
    },
  }
}

/** Operands of a load of the coordinate of a 1-based index. An immediate offset must not be negative. */
export function placeOf({ address, offset }: Place, index: string): string {
  const at = `${address} + (<usize>${index} << 4)`
  return offset < 16 ? `${at} - ${16 - offset}` : `${at}, ${offset - 16}`
}

/** Operands of a store there. */
export function storeTo({ address, offset }: Place, index: string, value: string): string {
  const at = `${address} + (<usize>${index} << 4)`
  return offset < 16 ? `${at} - ${16 - offset}, ${value}` : `${at}, ${value}, ${offset - 16}`
}

function sum({ address, offset }: Place): string {
  return offset === 0 ? address : `${address} + ${offset}`
}

/** Place of a point among the numbers. */
export function pointPlace(numbers: Numbers, key: string, point: readonly number[]): number {
  return numbers.array(key, point)
}
