/** Numbers as files store them. Reading one of them gives a double, exactly. */
export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** The column of a matrix: value i is `values[offset + stride * i]`. */
export interface Strided {
  readonly values: Numbers
  readonly offset: number
  readonly stride: number
}

/** Numpy's names of types, without the order of bytes. */
const arrays = {
  b1: Uint8Array,
  u1: Uint8Array,
  i1: Int8Array,
  u2: Uint16Array,
  i2: Int16Array,
  u4: Uint32Array,
  i4: Int32Array,
  u8: BigUint64Array,
  i8: BigInt64Array,
  f4: Float32Array,
  f8: Float64Array,
} as const

export type NumberType = keyof typeof arrays

export const isNumberType = (name: string): name is NumberType => Object.hasOwn(arrays, name)

export const sizeOf = (type: NumberType): number => arrays[type].BYTES_PER_ELEMENT

/** Integers of 64 bits become the nearest doubles. Without a copy where the bytes are in the order of this machine. */
export function readNumbers(bytes: Uint8Array, type: NumberType, isLittleEndian: boolean): Numbers {
  const size = sizeOf(type)
  const isReady = bytes.byteOffset % size === 0 && (isLittleEndian || size === 1)
  const own = isReady ? bytes : new Uint8Array(bytes)
  if (!isLittleEndian) for (let at = 0; size > 1 && at < own.length; at += size) own.subarray(at, at + size).reverse()
  const numbers = new arrays[type](own.buffer as ArrayBuffer, own.byteOffset, own.length / size)
  return numbers instanceof BigInt64Array || numbers instanceof BigUint64Array
    ? Float64Array.from(numbers as BigInt64Array, Number)
    : numbers
}

/** A growing list of numbers, which takes a byte for each number as long as all of them are integers from 0 to 255. */
export class NumberList {
  length = 0
  #values: Uint8Array | Float64Array = new Uint8Array(256)

  push(value: number): void {
    if (this.length === this.#values.length) this.#grow(2 * this.length)
    if (this.#values instanceof Uint8Array && value !== (value & 255)) this.#widen()
    this.#values[this.length++] = value
  }

  done(): Uint8Array | Float64Array {
    return this.#values.subarray(0, this.length)
  }

  #grow(length: number): void {
    const grown = this.#values instanceof Uint8Array ? new Uint8Array(length) : new Float64Array(length)
    grown.set(this.#values)
    this.#values = grown
  }

  #widen(): void {
    this.#values = Float64Array.from(this.#values)
  }
}
