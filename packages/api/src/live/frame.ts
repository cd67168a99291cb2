import { constants, deflateRawSync } from 'node:zlib'
import { crc32 } from './crc32.ts'

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
