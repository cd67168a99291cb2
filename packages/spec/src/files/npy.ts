import { isNumberType, type Numbers, type NumberType, readNumbers, sizeOf } from './numbers.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const save = 'save an array of numbers, such as numpy.save(file, x.astype("<f4"))'

/** Makes the error for a file that cannot be read, from the reason and a hint. */
export type Refusal = (reason: string, hint: string) => Error

/** The values of an array of numbers, in C order or in Fortran order. */
export interface NumberArray {
  readonly shape: readonly number[]
  readonly values: Numbers
  readonly isFortran: boolean
}

export const productOf = (sizes: readonly number[]): number => sizes.reduce((product, size) => product * size, 1)

export const isNpy = (bytes: Uint8Array): boolean => magic.every((byte, i) => bytes[i] === byte)

/**
 * Reads a .npy file of format version 1 or 2, of booleans, integers or floating-point numbers in any order of bytes.
 * Throws a refusal for anything else. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array, refusal: Refusal): NumberArray {
  if (bytes.length < 12 || !isNpy(bytes)) throw refusal('it is not a .npy file', save)
  const version = bytes[6]!
  if (version !== 1 && version !== 2)
    throw refusal(`its format is version ${version}`, 'versions 1 and 2 are supported')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = version === 1 ? 10 : 12
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (end > bytes.length) throw refusal('it ends within its header', save)
  const header = new TextDecoder('latin1').decode(bytes.subarray(start, end))
  const field = (name: string, value: RegExp) => new RegExp(`'${name}'\\s*:\\s*(${value.source})`).exec(header)?.[1]
  const written = field('shape', /\([\d,\s]*\)/)
  const fortran = field('fortran_order', /True|False/)
  if (written === undefined || fortran === undefined) throw refusal('its header has no shape or no order', save)
  const type = field('descr', /'[^']*'|\[.*\]/) ?? 'unknown'
  const [, order, name] = /^'([<>|=])(\w+)'$/.exec(type) ?? []
  if (name === undefined || !isNumberType(name))
    throw refusal(`its values are of type ${type}, not numbers of at most 64 bits`, save)
  const shape = written.match(/\d+/g)?.map(Number) ?? []
  const values = checkedNumbers(bytes.subarray(end), shape, name, order !== '>', refusal, save)
  return { shape, values, isFortran: fortran === 'True' }
}

/** Throws a refusal if the bytes are not as many as the shape needs. */
export function checkedNumbers(
  data: Uint8Array,
  shape: readonly number[],
  type: NumberType,
  isLittleEndian: boolean,
  refusal: Refusal,
  hint: string,
): Numbers {
  const length = productOf(shape)
  const size = sizeOf(type) * length
  if (data.length !== size)
    throw refusal(`${data.length} bytes follow its header, but ${length} numbers take ${size}`, hint)
  return readNumbers(data, type, isLittleEndian)
}
