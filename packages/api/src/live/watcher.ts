import type { ServerResponse } from 'node:http'
import { joinedCrc32 } from './crc32.ts'
import type { Deflated } from './frame.ts'

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
