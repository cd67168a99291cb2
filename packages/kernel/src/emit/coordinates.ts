import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, type Local, type Part, variable, vector } from './code/code.ts'
import type { Scope } from './scope.ts'
import type { Writer } from './writer.ts'

/**
 * A coordinate. In unrolled code, it is given by its index, counted from 0; in a loop, by the i32 local of the loop,
 * which counts from 1.
 */
export type Index = number | Local

/** The scratch slot in which a drift entry keeps temporary values while it acts. */
export const passingSlot = 0

/** For each coordinate, a pair of numbers: one for each lane. */
export interface Vector {
  get(i: Index): Code
  set(i: Index, value: Code): void
}

/**
 * Access to the coordinates of one vector of lanes. If the code is unrolled, the coordinates are in locals. If it has
 * loops, they are in memory.
 */
export interface Coordinates {
  /**
   * Whether `each` emits a loop. If so, one call is better than two consecutive calls, because each call emits its own
   * loop.
   */
  readonly looped: boolean
  readonly theta: Vector
  readonly gradient: Vector
  readonly states: readonly Vector[]
  each(visit: (i: Index) => void): void
  /** The sum over coordinates, from left to right. */
  sum(term: (i: Index) => Code): Code
  /** A vector for temporary values. Vectors that are in use at the same time need different values of `slot`. */
  scratch(slot: number): Vector
  /**
   * The address of the vector `scratch(slot)`. If the vector is in locals, code is emitted that first stores it to
   * memory.
   */
  address(slot: number): Code
  /** The address of theta. If theta is in locals, code is emitted that first stores it to memory. */
  thetaAddress(): Code
  /** The element `place + i` of the cell's `Numbers`, where i is 0 for the first coordinate. */
  number(place: number, i: Index): Code
  /** The address `start + i stride`, with i counted from 0. */
  row(start: Part, stride: number, i: Index): Code
}

export interface LocalNames {
  readonly base: Code
  readonly theta: readonly Local[]
  readonly states: readonly (readonly Local[])[]
  readonly gradient: readonly Code[]
}

export function localCoordinates(writer: Writer, places: ShapePlaces, names: LocalNames): Coordinates {
  const indices = [...names.theta.keys()]
  const scratches = new Map<number, Code[]>()
  const scratchAt = (slot: number) => {
    const known = scratches.get(slot) ?? []
    scratches.set(slot, known)
    return known
  }
  const spill = (locals: readonly Code[], offset: number) => {
    for (const [i, local] of locals.entries()) writer.run(code`v128.store(${names.base}, ${local}, ${offset + 16 * i})`)
    return code`${names.base} + ${offset}`
  }
  return {
    looped: false,
    theta: assigned(writer, names.theta),
    gradient: renewed(writer, [...names.gradient]),
    states: names.states.map((state) => assigned(writer, state)),
    each: (visit) => indices.forEach(visit),
    sum: (term) => indices.map(term).reduce((total, next) => writer.local(vector`f64x2.add(${total}, ${next})`)),
    scratch: (slot) => renewed(writer, scratchAt(slot)),
    address: (slot) => spill(scratchAt(slot), places.noise),
    thetaAddress: () => spill(names.theta, places.theta),
    number: (place, i) => writer.number(place + Number(i)),
    row: (start, stride, i) => code`${start} + ${stride * Number(i)}`,
  }
}

/** The locals keep their values from step to step, so new values are assigned to the same locals. */
function assigned(writer: Writer, names: readonly Local[]): Vector {
  return {
    get: (i) => names[Number(i)]!,
    set: (i, value) => writer.assign(names[Number(i)]!, value),
  }
}

function renewed(writer: Writer, names: Code[]): Vector {
  return {
    get: (i) => names[Number(i)]!,
    set: (i, value) => {
      names[Number(i)] = writer.local(value)
    },
  }
}

interface UpdateParts {
  readonly model: Model
  readonly places: ShapePlaces
  readonly scope: Scope
  /** The address to which the offsets in `places` are added. */
  readonly base: Code
}

export function memoryCoordinates({ model, places, scope, base }: UpdateParts, writer: Writer): Coordinates {
  const loop = (visit: (i: Index) => void) => {
    writer.loop('j$', 1, model.dimension, visit)
  }
  const at = (offset: number): Vector => ({
    get: (i) => writer.local(vector`v128.load(${base} + (<usize>${i} << 4), ${offset - 16})`),
    set: (i, value) => writer.run(code`v128.store(${base} + (<usize>${i} << 4), ${value}, ${offset - 16})`),
  })
  const slotOffset = (slot: number) => places.noise + 16 * model.dimension * slot
  return {
    looped: true,
    theta: at(places.theta),
    gradient: at(places.gradient),
    states: model.rule.states.map((_, index) => at(places.statesAt + 16 * model.dimension * index)),
    each: loop,
    sum(term) {
      const total = scope.next()
      // -0 + a equals a for every a, so the sum effectively starts with its first term.
      writer.push(variable(total, vector`f64x2.splat(-0.0)`))
      loop((i) => writer.assign(total, vector`f64x2.add(${total}, ${term(i)})`))
      return total
    },
    scratch: (slot) => at(slotOffset(slot)),
    address: (slot) => code`${base} + ${slotOffset(slot)}`,
    thetaAddress: () => code`${base} + ${places.theta}`,
    number: (place, i) => writer.local(vector`v128.load64_splat(NUMBERS + ${(place - 1) * 8} + (<usize>${i} << 3))`),
    row: (start, stride, i) => code`${start} + <usize>(${i} - 1) * ${stride}`,
  }
}
