import { checkedNumbers, type NumberArray, type Refusal } from './npy.ts'
import type { NumberType } from './numbers.ts'

const types: Readonly<Record<number, NumberType>> = { 8: 'u1', 9: 'i1', 11: 'i2', 12: 'i4', 13: 'f4', 14: 'f8' }
const hint = 'copy the file again; an IDX file starts with two zeros, a type, and the number of dimensions'

export const isIdx = ([first, second, type, dimensions]: Uint8Array): boolean =>
  first === 0 && second === 0 && type! in types && dimensions! > 0

/** Reads a file for which `isIdx` holds: the format of MNIST, with numbers in big-endian order. */
export function readIdx(bytes: Uint8Array, refusal: Refusal): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = 4 + 4 * bytes[3]!
  if (start > bytes.length) throw refusal('it ends within its header', hint)
  const shape = Array.from({ length: bytes[3]! }, (_, i) => view.getUint32(4 + 4 * i))
  const values = checkedNumbers(bytes.subarray(start), shape, types[bytes[2]!]!, false, refusal, hint)
  return { shape, values, isFortran: false }
}
