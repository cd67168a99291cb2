import { dataValues } from '../data.ts'

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]
const save = 'save it with numpy.save(file, theta.astype("<f8")), where theta has shape (d,) or (1, d)'

/** Makes the error for a file that cannot be read, from the reason and a hint. */
type Refusal = (reason: string, hint: string) => Error

/**
 * Reads one point from a .npy file: format version 1 or 2, little-endian float64, C order, shape (d,) or (1, d). Throws
 * a refusal for anything else. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpyPoint(bytes: Uint8Array, refusal: Refusal): Float64Array {
  const { header, data } = split(bytes, refusal)
  const field = (name: string, value: RegExp) => new RegExp(`'${name}'\\s*:\\s*(${value.source})`).exec(header)?.[1]
  const type = field('descr', /'[^']*'|\[.*\]/)
  if (type !== "'<f8'") throw refusal(`its numbers are of type ${type ?? 'unknown'}, not '<f8'`, save)
  if (field('fortran_order', /True|False/) !== 'False') throw refusal('it is not in C order', save)
  const shape = field('shape', /\([\d,\s]*\)/) ?? 'unknown'
  const sizes = shape.match(/\d+/g)?.map(Number) ?? []
  const isPoint = sizes.length === 1 || (sizes.length === 2 && sizes[0] === 1)
  if (!isPoint) throw refusal(`its shape is ${shape}, which is not the shape of one point`, save)
  const length = sizes.at(-1)!
  if (data.byteLength !== 8 * length) {
    throw refusal(`${data.byteLength} bytes follow its header, but ${length} numbers take ${8 * length}`, save)
  }
  return dataValues(data)
}

function split(bytes: Uint8Array, refusal: Refusal): { header: string; data: Uint8Array } {
  if (bytes.length < 12 || magic.some((byte, i) => bytes[i] !== byte)) throw refusal('it is not a .npy file', save)
  const version = bytes[6]!
  if (version !== 1 && version !== 2)
    throw refusal(`its format is version ${version}`, 'versions 1 and 2 are supported')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = version === 1 ? 10 : 12
  const end = start + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true))
  if (end > bytes.length) throw refusal('it ends within its header', save)
  return { header: new TextDecoder('latin1').decode(bytes.subarray(start, end)), data: bytes.subarray(end) }
}
