import type { ShapePlaces } from '../memory/shape.ts'
import type { Model } from '../model/model.ts'
import { type Code, code, type Local, type Part, vector } from './code/code.ts'
import { variable } from './code/statement.ts'
import type { Scope } from './scope.ts'
import type { Writer } from './writer.ts'

/**
 * A coordinate. In unrolled code, it is given by its index, counted from 0; in a loop, by an i32 expression, which
 * counts from 1.
 */
export type Index = number | Code

/** The scratch slot in which a drift entry keeps temporary values while it acts. */
export const passingSlot = 0

/** For each coordinate, a pair of numbers: one for each lane. */
export interface Vector {
  get(i: Index): Code
  set(i: Index, value: Code): void
}

/** Where a vector of lanes stores coordinates: an address, and an offset that is added to it. */
export interface Place {
  readonly address: Code
  readonly offset: number
}

/** The instruction that loads a coordinate. */
export function loadAt(place: Place, i: Index): Code {
  return vector`v128.load(${addressOf(place, i)}, ${offsetOf(place, i)})`
}

/**
 * Indices in loops count from 1, so the offset of the instruction is `offset` - 16. It cannot be negative, so a
 * negative number is added to the address instead.
 */
function addressOf({ address, offset }: Place, i: Index): Code {
  if (typeof i === 'number') return address
  const at = code`${address} + (<usize>${i} << 4)`
  return offset < 16 ? code`${at} - ${16 - offset}` : at
}

function offsetOf({ offset }: Place, i: Index): number {
  return typeof i === 'number' ? offset + 16 * i : Math.max(0, offset - 16)
}

export function inMemory(writer: Writer, place: Place): Vector {
  return {
    get: (i) => writer.local(loadAt(place, i)),
    set: (i, value) => writer.run(code`v128.store(${addressOf(place, i)}, ${value}, ${offsetOf(place, i)})`),
  }
}

/** Visits the coordinates of one vector of lanes, in unrolled code or in loops. */
export class Walk {
  /** If `each` emits a loop, one call is better than two consecutive calls, because each call emits its own loop. */
  readonly looped: boolean

  constructor(
    private readonly writer: Writer,
    private readonly scope: Scope,
    private readonly model: Pick<Model, 'unrolled' | 'dimension'>,
  ) {
    this.looped = !model.unrolled
  }

  each(visit: (i: Index) => void): void {
    const { dimension } = this.model
    if (this.looped) this.writer.loop('j$', 1, dimension, visit)
    else for (let i = 0; i < dimension; i++) visit(i)
  }

  /** The sum over coordinates, from left to right. */
  sum(term: (i: Index) => Code): Code {
    // -0 + a equals a for every a, so the sum effectively starts with its first term.
    return this.fold('f64x2.add', vector`f64x2.splat(-0.0)`, term)
  }

  sumOfSquares(value: (i: Index) => Code): Code {
    return this.sum((i) => {
      const x = value(i)
      return this.writer.local(vector`f64x2.mul(${x}, ${x})`)
    })
  }

  /** Mask of the lanes in which the condition holds for all coordinates. */
  all(condition: (i: Index) => Code): Code {
    return this.fold('v128.and', vector`i64x2.splat(-1)`, condition)
  }

  /** Mask of the lanes in which all coordinates are finite. */
  finite(at: (i: Index) => Code): Code {
    return this.all((i) => this.writer.local(vector`f64x2.lt(f64x2.abs(${at(i)}), f64x2.splat(Infinity))`))
  }

  private fold(operation: string, start: Code, term: (i: Index) => Code): Code {
    const { writer } = this
    const next = (total: Code, i: Index) => vector`${operation}(${total}, ${term(i)})`
    if (!this.looped) {
      const terms = Array.from({ length: this.model.dimension }, (_, i) => term(i))
      return terms.reduce((total, each) => writer.local(vector`${operation}(${total}, ${each})`))
    }
    const total = this.scope.next()
    writer.push(variable(total, start))
    this.each((i) => writer.assign(total, next(total, i)))
    return total
  }

  /** The element `place + i` of the cell's `Numbers`, where i is 0 for the first coordinate. */
  number(place: number, i: Index): Code {
    if (typeof i === 'number') return this.writer.number(place + i)
    return this.writer.local(vector`v128.load64_splat(NUMBERS + ${(place - 1) * 8} + (<usize>${i} << 3))`)
  }

  /** The address `start + i stride`, with i counted from 0. */
  row(start: Part, stride: number, i: Index): Code {
    return typeof i === 'number' ? code`${start} + ${stride * i}` : code`${start} + <usize>(${i} - 1) * ${stride}`
  }
}

/**
 * Access to the coordinates of one vector of lanes during an update. If the code is unrolled, the coordinates are in
 * locals. If it has loops, they are in memory.
 */
export interface Coordinates {
  readonly walk: Walk
  readonly theta: Vector
  readonly gradient: Vector
  readonly states: readonly Vector[]
  /** A vector for temporary values. Vectors that are in use at the same time need different values of `slot`. */
  scratch(slot: number): Vector
  /**
   * The address of the vector `scratch(slot)`. If the vector is in locals, code is emitted that first stores it to
   * memory.
   */
  address(slot: number): Code
  /** The address of theta. If theta is in locals, code is emitted that first stores it to memory. */
  thetaAddress(): Code
}

/** What code is written for: one vector of lanes. */
export interface VectorUse {
  readonly model: Model
  readonly places: ShapePlaces
  readonly scope: Scope
  /** The address of the vector, to which the offsets in `places` are added. */
  readonly base: Code
}

export interface LocalNames {
  readonly coordinates: readonly Local[]
  readonly states: readonly (readonly Local[])[]
  readonly gradient: readonly Code[]
}

export function localCoordinates(
  { model, places, scope, base }: VectorUse,
  writer: Writer,
  names: LocalNames,
): Coordinates {
  const scratches = new Map<number, Code[]>()
  const scratchAt = (slot: number) => {
    const known = scratches.get(slot) ?? []
    scratches.set(slot, known)
    return known
  }
  const spill = (locals: readonly Code[], offset: number) => {
    for (const [i, local] of locals.entries()) writer.run(code`v128.store(${base}, ${local}, ${offset + 16 * i})`)
    return code`${base} + ${offset}`
  }
  return {
    walk: new Walk(writer, scope, model),
    theta: assigned(writer, names.coordinates),
    gradient: renewed(writer, [...names.gradient]),
    states: names.states.map((state) => assigned(writer, state)),
    scratch: (slot) => renewed(writer, scratchAt(slot)),
    address: (slot) => spill(scratchAt(slot), places.noise),
    thetaAddress: () => spill(names.coordinates, places.theta),
  }
}

/** The locals keep their values from step to step, so new values are assigned to the same locals. */
export function assigned(writer: Writer, names: readonly Local[]): Vector {
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

export function memoryCoordinates({ model, places, scope, base }: VectorUse, writer: Writer): Coordinates {
  const at = (offset: number) => inMemory(writer, { address: base, offset })
  const bytes = 16 * model.dimension
  return {
    walk: new Walk(writer, scope, model),
    theta: at(places.theta),
    gradient: at(places.gradient),
    states: model.rule.states.map((_, index) => at(places.statesAt + bytes * index)),
    scratch: (slot) => at(places.noise + bytes * slot),
    address: (slot) => code`${base} + ${places.noise + bytes * slot}`,
    thetaAddress: () => code`${base} + ${places.theta}`,
  }
}
