import type { ServerResponse } from 'node:http'
import { constants, deflateRawSync } from 'node:zlib'

/** A server-sent event as bytes, made once for all watchers. */
export class Frame {
  readonly bytes: Buffer
  #deflated: Deflated | null = null

  constructor(event: string, id: string | null, data: string, retryMs?: number) {
    const lines = [
      ...(id === null ? [] : [`id: ${id}`]),
      `event: ${event}`,
      ...(retryMs === undefined ? [] : [`retry: ${retryMs}`]),
      // The JSON has no line breaks, so one `data` line is enough.
      `data: ${data}`,
    ]
    this.bytes = Buffer.from(`${lines.join('\n')}\n\n`)
  }

  /** The event, compressed without reference to earlier frames, so that every watcher gets the same bytes. */
  get deflated(): Deflated {
    this.#deflated ??= deflate(this.bytes)
    return this.#deflated
  }
}

export class KeepAlive {
  readonly bytes = Buffer.from(': \n\n')
  readonly deflated = deflate(this.bytes)
}

/** Compressed data that end on a byte boundary and can be placed anywhere in a gzip stream. */
export interface Deflated {
  readonly block: Buffer
  /** Checksum of the uncompressed bytes. */
  readonly crc: number
  readonly length: number
}

function deflate(bytes: Buffer): Deflated {
  const block = deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH })
  return { block, crc: crc32(bytes), length: bytes.length }
}

/**
 * A client with this many unread bytes is disconnected. The client can reconnect and send the id of the last event that
 * it received.
 */
const maxWaiting = 4 << 20

interface Piece {
  readonly bytes: Buffer
  readonly deflated: Deflated
}

const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])

/** A response that stays open. If the response is compressed, its parts form one gzip stream with one checksum. */
export class Watcher {
  readonly #response: ServerResponse
  readonly #zipped: boolean
  #crc = 0
  #length = 0

  constructor(response: ServerResponse, { zipped }: { readonly zipped: boolean }) {
    this.#response = response
    this.#zipped = zipped
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      // Proxies must not cache, change or buffer the stream.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      vary: 'accept-encoding',
      ...(zipped ? { 'content-encoding': 'gzip' } : {}),
    })
    response.flushHeaders()
    if (zipped) response.write(header)
  }

  get isOpen(): boolean {
    return !this.#response.destroyed && !this.#response.writableEnded
  }

  send({ bytes, deflated }: Piece): void {
    if (!this.isOpen) return
    if (this.#response.writableLength > maxWaiting) {
      this.#response.destroy()
      return
    }
    if (!this.#zipped) {
      this.#response.write(bytes)
      return
    }
    this.#response.write(deflated.block)
    this.#crc = joinedCrc32(this.#crc, deflated.crc, deflated.length)
    this.#length = (this.#length + deflated.length) >>> 0
  }

  end(): void {
    if (!this.isOpen) return
    if (this.#zipped) {
      // A gzip stream ends with an empty last block, the checksum and the length of the uncompressed data.
      const trailer = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
      trailer.writeUInt32LE(this.#crc, 2)
      trailer.writeUInt32LE(this.#length, 6)
      this.#response.write(trailer)
    }
    this.#response.end()
  }
}

/** Computes the checksum of gzip (RFC 1952), and combines the checksums of two consecutive parts. */

const polynomial = 0xedb88320

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1
  return crc >>> 0
})

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = table[(crc ^ byte) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}

/**
 * The checksum of two consecutive parts, from the checksum of each part and the length of the second part in bytes. The
 * first checksum is multiplied by x^(8 length), then the second is added (xor), as in crc32_combine of zlib.
 */
export function joinedCrc32(first: number, second: number, secondLength: number): number {
  return (times(first, power(8 * secondLength)) ^ second) >>> 0
}

/** The product a(x) b(x) modulo the polynomial. As in the checksum, the highest bit is the coefficient of x^0. */
function times(a: number, b: number): number {
  let product = 0
  let factor = b
  for (let mask = 0x80000000; mask !== 0; mask >>>= 1) {
    if (a & mask) product ^= factor
    factor = factor & 1 ? (factor >>> 1) ^ polynomial : factor >>> 1
  }
  return product >>> 0
}

/** The power x^n modulo the polynomial. */
function power(n: number): number {
  let result = 0x80000000
  let square = 0x40000000
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = times(result, square)
    square = times(square, square)
  }
  return result
}
