import { crc32 } from '@driftfarm/formula'
import { Gunzip, unzipSync } from 'fflate'
import { limits } from '../limits.ts'
import type { Refusal } from './npy.ts'

const hint = 'pack the file again, or name the unpacked file'
const tooLarge = () => `it has more than ${limits.fileBytes / 2 ** 30} GiB when unpacked`

export const isGzip = ([first, second]: Uint8Array): boolean => first === 0x1f && second === 0x8b

export const isZip = ([first, second, third]: Uint8Array): boolean => first === 0x50 && second === 0x4b && third === 3

/** Packed bytes are read in pieces, so that a small file which unpacks to a huge one is refused early. */
const pieceBytes = 1 << 18

/** Unpacks a gzip file of one or several members, and checks the checksum of each. */
export function gunzip(bytes: Uint8Array, refusal: Refusal): Uint8Array {
  let out = new Uint8Array(Math.min(limits.fileBytes, 8 * bytes.length))
  let length = 0
  let checked = 0
  const stream = new Gunzip((chunk) => {
    if (length + chunk.length > limits.fileBytes) throw refusal(tooLarge(), 'use a part of the data')
    if (length + chunk.length > out.length) {
      const grown = new Uint8Array(Math.min(limits.fileBytes, 2 * (length + chunk.length)))
      grown.set(out.subarray(0, length))
      out = grown
    }
    out.set(chunk, length)
    length += chunk.length
  })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  /** A member ends with its checksum and its length, 4 bytes each. */
  const check = (end: number) => {
    if (end < 18 || view.getUint32(end - 8, true) !== crc32(out.subarray(checked, length)))
      throw refusal('it is damaged: a checksum is wrong', hint)
    checked = length
  }
  stream.onmember = check
  unpacked(refusal, () => {
    for (let at = 0; at < bytes.length; at += pieceBytes)
      stream.push(bytes.subarray(at, at + pieceBytes), at + pieceBytes >= bytes.length)
  })
  check(bytes.length)
  return out.subarray(0, length)
}

/** The files of a zip archive, by name. */
export function unzip(bytes: Uint8Array, refusal: Refusal): ReadonlyMap<string, Uint8Array> {
  let size = 0
  const filter = ({ originalSize }: { readonly originalSize: number }): boolean => {
    size += originalSize
    if (size > limits.fileBytes) throw refusal(tooLarge(), 'use a part of the data')
    return true
  }
  return new Map(Object.entries(unpacked(refusal, () => unzipSync(bytes, { filter }))))
}

function unpacked<T>(refusal: Refusal, unpack: () => T): T {
  try {
    return unpack()
  } catch (error) {
    // Errors of the library have a number; others are refusals.
    const { code, message } = error as { readonly code?: unknown; readonly message: string }
    throw typeof code === 'number' ? refusal(`it cannot be unpacked: ${message}`, hint) : error
  }
}
