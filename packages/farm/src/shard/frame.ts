import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { FarmError } from '../error.ts'
import { type Frame, frameShape, type Head, shardFormat } from './shape.ts'

/*
 * The file of a shard: gzip of frames, one after the other. A frame is the length of its JSON and that of its bytes
 * (uint32 each, big-endian), the JSON, and the bytes. The first frame is the head, the last one the end, which has the
 * SHA-256 of all that comes before it.
 */

/** A frame with the bytes that belong to it; empty for most. */
export interface Framed {
  readonly frame: Frame
  readonly bytes: Uint8Array
}

/** Bytes of a frame at most: files of a spec have at most 64 MiB, and rows of a batch before they are encoded. */
const most = { json: 33_554_432, bytes: 268_435_456 } as const

/** Fast enough beside a kernel; rows take a fifth of their bytes. */
const level = 4

/** The bytes of a file with these frames. The end is added. */
export function shardBytes(frames: AsyncIterable<Framed>): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level })
  // What the frames throw, the reader of the file gets.
  pipeline(Readable.from(encoded(frames)), gzip, () => undefined)
  return gzip
}

async function* encoded(frames: AsyncIterable<Framed>): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let count = 0
  for await (const each of frames) {
    const bytes = encode(each)
    hash.update(bytes)
    count++
    yield bytes
  }
  yield encode({ frame: { is: 'end', frames: count, sha256: hash.digest('hex') }, bytes: new Uint8Array() })
}

function encode({ frame, bytes }: Framed): Buffer {
  const json = Buffer.from(JSON.stringify(frame))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(json.length, 0)
  lengths.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([lengths, json, bytes])
}

/**
 * The frames of a file, without its end. Holds one frame at a time, and takes memory for no more than has been read of
 * it. Throws a FarmError SHARD_FILE where it is no file of a shard, of a newer format, cut short or damaged: that it is
 * whole is known when the last frame has come.
 */
export async function* readShard(path: string, name: string): AsyncGenerator<Framed, { readonly sha256: string }> {
  const hash = createHash('sha256')
  const source = new Source(path, name)
  let count = 0
  try {
    for (;;) {
      const lengths = await source.take(8, count === 0 ? 'head' : 'frame')
      const [json, bytes] = [lengths.readUInt32BE(0), lengths.readUInt32BE(4)]
      if (json > most.json || bytes > most.bytes)
        throw count === 0 ? notOne(name) : damaged(name, `a part of it claims ${json + bytes} bytes`)
      const body = await source.take(json + bytes, 'frame')
      const frame = parsed(body.subarray(0, json), name, count === 0)
      if (frame.is === 'end') {
        const sha256 = hash.digest('hex')
        if (frame.frames !== count || frame.sha256 !== sha256)
          throw damaged(name, 'its bytes are not those of its hash')
        if (!(await source.ended())) throw damaged(name, 'it goes on behind its end')
        return { sha256 }
      }
      hash.update(lengths).update(body)
      yield { frame, bytes: body.subarray(json) }
      count++
    }
  } finally {
    source.close()
  }
}

function parsed(json: Uint8Array, name: string, isFirst: boolean): Frame {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(json))
  } catch {
    throw isFirst ? notOne(name) : damaged(name, 'a part of it is no JSON')
  }
  if (isFirst) checkHead(value, name)
  const { data, error } = frameShape.safeParse(value)
  if (data === undefined || isFirst !== (data.is === 'head')) {
    const [issue] = error?.issues ?? []
    throw damaged(
      name,
      issue === undefined ? 'its parts are out of order' : `${issue.path.join('.')}: ${issue.message}`,
    )
  }
  return data
}

function checkHead(value: unknown, name: string): void {
  const { is, format, version, driftfarm } = { ...(value as Partial<Record<keyof Head, unknown>>) }
  if (is !== 'head' || format !== shardFormat.name) throw notOne(name)
  if (typeof version !== 'number' || version > shardFormat.version)
    throw new FarmError(
      'SHARD_FILE',
      `${name} is of format ${version}, and this Drift Farm reads ${shardFormat.version}`,
      {
        hint: `import it with the version that wrote it (${String(driftfarm)}), or a later one`,
      },
    )
}

const notOne = (name: string): FarmError =>
  new FarmError('SHARD_FILE', `${name} is no file of a shard`, {
    hint: 'driftfarm run SPEC --shard 1/8 -o FILE writes one',
  })

export const damaged = (name: string, why: string): FarmError =>
  new FarmError('SHARD_FILE', `${name} is damaged: ${why}`, {
    hint: 'copy it again from where it was written, or compute the shard again; nothing of it was stored',
  })

/** Bytes of a decompressed file in the amounts that are asked for. */
class Source {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #file
  #rest: Buffer[] = []
  #length = 0
  #any = false

  constructor(
    path: string,
    private readonly name: string,
  ) {
    this.#file = createReadStream(path)
    const gunzip = createGunzip()
    pipeline(this.#file, gunzip, () => undefined)
    this.#chunks = gunzip[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  async take(bytes: number, of: 'head' | 'frame'): Promise<Buffer> {
    while (this.#length < bytes)
      if (!(await this.#more(of === 'head')))
        throw this.#any ? damaged(this.name, 'it is cut short') : notOne(this.name)
    const all = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest, this.#length)
    this.#rest = [all.subarray(bytes)]
    this.#length -= bytes
    return all.subarray(0, bytes)
  }

  /** Whether nothing comes any more. */
  async ended(): Promise<boolean> {
    return this.#length === 0 && !(await this.#more(false))
  }

  close(): void {
    this.#file.destroy()
    void this.#chunks.return?.()
  }

  async #more(isHead: boolean): Promise<boolean> {
    try {
      const { value, done } = await this.#chunks.next()
      if (done === true) return false
      this.#any = true
      this.#rest.push(value)
      this.#length += value.length
      return true
    } catch (error) {
      throw this.#failure(error as NodeJS.ErrnoException, isHead)
    }
  }

  #failure(error: NodeJS.ErrnoException, isHead: boolean): Error {
    const { code = '', message } = error
    if (code === 'ENOENT')
      return new FarmError('NOT_FOUND', `no file ${this.name}`, { hint: 'name the files that --shard has written' })
    if (code === 'EISDIR' || (code.startsWith('Z_') && isHead && !this.#any)) return notOne(this.name)
    if (code === 'Z_BUF_ERROR') return damaged(this.name, 'it is cut short')
    if (code.startsWith('Z_')) return damaged(this.name, message)
    return new FarmError('SHARD_FILE', `cannot read ${this.name}: ${message.replace(/, \w+ '.*'$/, '')}`, {
      hint: 'name a file that may be read',
    })
  }
}
