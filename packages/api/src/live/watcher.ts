import type { ServerResponse } from 'node:http'
import zlib, { constants, deflateRawSync } from 'node:zlib'
import { crc32 } from '@driftfarm/formula'

/** The checksum is computed for each watcher. Node has a ten times faster function since 20.15. */
const checksum: typeof crc32 = zlib.crc32 ?? crc32

/** A server-sent event as bytes, made once for all watchers. */
export class Frame {
  readonly bytes: Buffer
  #deflated: Buffer | null = null

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
  get deflated(): Buffer {
    this.#deflated ??= deflate(this.bytes)
    return this.#deflated
  }
}

/** Compressed data that end on a byte boundary and can be placed anywhere in a gzip stream. */
const deflate = (bytes: Buffer): Buffer => deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH })

/**
 * A client with this many unread bytes is disconnected. The client can reconnect and send the id of the last event that
 * it received.
 */
const maxWaiting = 4 << 20

interface Piece {
  readonly bytes: Buffer
  readonly deflated: Buffer
}

const silence = Buffer.from(': \n\n')
/** A comment. */
export const keepAlive: Piece = { bytes: silence, deflated: deflate(silence) }

const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])

/** A response that stays open. If the response is compressed, its parts form one gzip stream with one checksum. */
export class Watcher {
  readonly #zipped: boolean
  #crc = 0
  #length = 0

  constructor(
    private readonly response: ServerResponse,
    { zipped }: { readonly zipped: boolean },
  ) {
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
    return !this.response.destroyed && !this.response.writableEnded
  }

  send({ bytes, deflated }: Piece): void {
    if (!this.isOpen) return
    if (this.response.writableLength > maxWaiting) return void this.response.destroy()
    if (!this.#zipped) return void this.response.write(bytes)
    this.response.write(deflated)
    this.#crc = checksum(bytes, this.#crc)
    this.#length = (this.#length + bytes.length) >>> 0
  }

  end(): void {
    if (!this.isOpen) return
    if (this.#zipped) {
      // A gzip stream ends with an empty last block, the checksum and the length of the uncompressed data.
      const trailer = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
      trailer.writeUInt32LE(this.#crc, 2)
      trailer.writeUInt32LE(this.#length, 6)
      this.response.write(trailer)
    }
    this.response.end()
  }
}
