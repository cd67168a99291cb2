import { constants, deflateRawSync } from 'node:zlib'
import { crc32 } from './crc32.ts'

/** A message of server-sent events as bytes, made once for all who watch: as they are, and compressed. */
export class Frame {
  readonly bytes: Buffer
  #deflated: Deflated | null = null

  constructor(event: string, id: string | null, data: string, retryMs?: number) {
    const lines = [
      ...(id === null ? [] : [`id: ${id}`]),
      `event: ${event}`,
      ...(retryMs === undefined ? [] : [`retry: ${retryMs}`]),
      // JSON has no line breaks.
      `data: ${data}`,
    ]
    this.bytes = Buffer.from(`${lines.join('\n')}\n\n`)
  }

  /** Compressed by itself: it refers to nothing before it, so the same bytes go to everybody. */
  get deflated(): Deflated {
    this.#deflated ??= deflate(this.bytes)
    return this.#deflated
  }
}

/** What keeps a connection from being thought dead. */
export class Pulse {
  readonly bytes = Buffer.from(': \n\n')
  readonly deflated = deflate(this.bytes)
}

/** A piece of a gzip stream that ends on a byte and may stand anywhere in it. */
export interface Deflated {
  readonly block: Buffer
  /** Of the uncompressed bytes. */
  readonly crc: number
  readonly length: number
}

function deflate(bytes: Buffer): Deflated {
  const block = deflateRawSync(bytes, { finishFlush: constants.Z_FULL_FLUSH })
  return { block, crc: crc32(bytes), length: bytes.length }
}
