import { nullIf } from '@driftfarm/formula'
import * as z from 'zod'
import { dataBytes } from '../data.ts'
import { isMapping } from '../document/value.ts'
import { productOf, type Refusal } from './npy.ts'

/** An array of a file, in C order. */
export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  /** Widens the numbers to doubles, which is exact. Throws a refusal if they are of another type. */
  values(): Float64Array
}

type Widen = (view: DataView, at: number) => number

/** Bytes of a number, and how it is read. https://huggingface.co/docs/safetensors */
const types: Readonly<Record<string, readonly [bytes: number, widen: Widen]>> = {
  F64: [8, (view, at) => view.getFloat64(at, true)],
  F32: [4, (view, at) => view.getFloat32(at, true)],
  F16: [2, (view, at) => half(view.getUint16(at, true))],
  // The upper 16 bits of a number of 32 bits.
  BF16: [2, (view, at) => new Float32Array(Uint32Array.of(view.getUint16(at, true) << 16).buffer)[0]!],
}

const save = 'save it with safetensors.torch.save_file(model.state_dict(), FILE)'
const again = `the file may be incomplete: copy it again, or ${save}`
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Reads a safetensors file: the length of a JSON header in 8 bytes, the header, and the numbers. */
export function readSafetensors(bytes: Uint8Array, refusal: Refusal): readonly Tensor[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) throw refusal('it is a zip file, as torch.save writes', save)
  if (bytes[8] !== 0x7b) throw refusal('it is not a safetensors file', save)
  const start = 8 + Number(view.getBigUint64(0, true))
  if (start > bytes.length) throw refusal('it ends within its header', again)
  const header: unknown = nullIf(Error, () => JSON.parse(utf8.decode(bytes.subarray(8, start))))
  if (!isMapping(header)) throw refusal('its header is not a JSON object', save)
  return Object.entries(header).flatMap(([name, entry]) => {
    if (name === '__metadata__') return []
    const read = described.safeParse(entry)
    if (!read.success) throw refusal(`its header does not describe the tensor ${name}`, save)
    const { dtype, shape, data_offsets: offsets } = read.data
    const [from, to] = [start + offsets[0], start + offsets[1]]
    if (to > bytes.length) throw refusal(`it ends before the end of the tensor ${name}`, again)
    const values = () => {
      const known = types[dtype]
      if (known === undefined)
        throw refusal(`${name} has numbers of type ${dtype}`, `convert them to one of ${Object.keys(types).join(', ')}`)
      const [size, widen] = known
      const length = productOf(shape)
      if (to - from !== size * length)
        throw refusal(`${name} has ${to - from} bytes, but its shape ${shapeText(shape)} needs ${size * length}`, again)
      return Float64Array.from({ length }, (_, i) => widen(view, from + size * i))
    }
    return [{ name, shape, values }]
  })
}

const whole = z.int().nonnegative()
const described = z.object({ dtype: z.string(), shape: z.array(whole), data_offsets: z.tuple([whole, whole]) })

/** A number of 16 bits: sign, 5 bits of exponent, 10 of mantissa. */
function half(bits: number): number {
  const [sign, exponent, mantissa] = [bits >> 15 === 0 ? 1 : -1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * 2 ** (exponent - 25))
}

export const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`

/** The bytes of a safetensors file with all numbers as F64. */
export function safetensorsBytes(tensors: readonly (Omit<Tensor, 'values'> & { values: Float64Array })[]): Uint8Array {
  let end = 0
  const entries = tensors.map(({ name, shape, values }) => {
    const from = end
    end += 8 * values.length
    return [name, { dtype: 'F64', shape, data_offsets: [from, end] }] as const
  })
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)))
  // The numbers begin at a multiple of 8 bytes, as other readers expect.
  const start = 8 + 8 * Math.ceil(json.length / 8)
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true)
  bytes.set(json, 8)
  let at = start
  for (const { values } of tensors) {
    bytes.set(dataBytes(values), at)
    at += 8 * values.length
  }
  return bytes
}
