import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline, Readable } from 'node:stream'
import { createGunzip, createGzip } from 'node:zlib'
import { FarmError } from '../error.ts'
import { type Frame, frameShape, type Head, shardFormat } from './shape.ts'

/*
 * A shard file is a gzip stream of frames. A frame consists of the length of its JSON and the length of its bytes
 * (uint32 each, big-endian), followed by the JSON and the bytes. The first frame is the head. The last frame, the end,
 * contains the SHA-256 of all frames before it.
 */

export interface FrameWithBytes {
  readonly frame: Frame
  readonly bytes: Uint8Array
}

export interface ShardFile {
  readonly path: string
  /** The name given by the user. */
  readonly name: string
}

/**
 * Maximum lengths, in bytes, of the two parts of a frame. The part `bytes` may be a file that the spec names (at most
 * 64 MiB) or the rows of a batch (at most 64 MiB before encoding).
 */
const most = { json: 33_554_432, bytes: 268_435_456 } as const

/** Compressing rows at this level takes little time compared with computing them, and reduces their size to a fifth. */
const level = 4

/** Encodes frames as the bytes of a shard file, and adds the end frame. */
export function shardBytes(frames: AsyncIterable<FrameWithBytes>): AsyncIterable<Uint8Array> {
  const gzip = createGzip({ level })
  // An error that `frames` throws reaches the reader of `gzip`, so the callback ignores it.
  pipeline(Readable.from(encoded(frames)), gzip, () => undefined)
  return gzip
}

async function* encoded(frames: AsyncIterable<FrameWithBytes>): AsyncGenerator<Uint8Array> {
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

function encode({ frame, bytes }: FrameWithBytes): Buffer {
  const json = Buffer.from(JSON.stringify(frame))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32BE(json.length, 0)
  lengths.writeUInt32BE(bytes.length, 4)
  return Buffer.concat([lengths, json, bytes])
}

/**
 * Yields the frames of a file. The first is the head; the end frame is yielded only if the file is intact. Only one
 * frame at a time is in memory, and memory is allocated only for bytes that were read. Throws a FarmError SHARD_FILE if
 * the file is not a shard, has a newer format, is truncated or is damaged.
 */
export async function* readShard({ path, name }: ShardFile): AsyncGenerator<FrameWithBytes> {
  const hash = createHash('sha256')
  const source = new Source(path, name)
  try {
    for (let count = 0; ; count++) {
      const lengths = await source.take(8)
      const [json, bytes] = [lengths.readUInt32BE(0), lengths.readUInt32BE(4)]
      if (json > most.json || bytes > most.bytes)
        throw count === 0
          ? notAShardFile(name)
          : damagedFileError(name, `one of its parts has an impossible size (${json + bytes} bytes)`)
      const body = await source.take(json + bytes)
      const frame = parsed(body.subarray(0, json), name, count === 0)
      if (frame.is === 'end') {
        if (frame.frames !== count || frame.sha256 !== hash.digest('hex'))
          throw damagedFileError(name, 'its checksum does not match')
        if (!(await source.ended())) throw damagedFileError(name, 'it has data after its end')
      }
      yield { frame, bytes: body.subarray(json) }
      if (frame.is === 'end') return
      hash.update(lengths).update(body)
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
    throw isFirst ? notAShardFile(name) : damagedFileError(name, 'a part of it is not JSON')
  }
  if (isFirst) checkHead(value, name)
  const { data, error } = frameShape.safeParse(value)
  if (data === undefined || isFirst !== (data.is === 'head')) {
    const [issue] = error?.issues ?? []
    throw damagedFileError(
      name,
      issue === undefined ? 'its parts are out of order' : `${issue.path.join('.')}: ${issue.message}`,
    )
  }
  return data
}

function checkHead(value: unknown, name: string): void {
  const { is, format, version, driftfarm } = { ...(value as Partial<Record<keyof Head, unknown>>) }
  if (is !== 'head' || format !== shardFormat.name) throw notAShardFile(name)
  if (typeof version !== 'number' || version > shardFormat.version)
    throw new FarmError(
      'SHARD_FILE',
      `${name} has format ${version}, but this version of Drift Farm reads only format ${shardFormat.version}`,
      {
        hint: `import it with the version that wrote it (${String(driftfarm)}) or a later one`,
      },
    )
}

const notAShardFile = (name: string): FarmError =>
  new FarmError('SHARD_FILE', `${name} is not a shard file`, {
    hint: 'create one with `driftfarm run SPEC --shard 1/8 -o FILE`',
  })

export const damagedFileError = (name: string, why: string): FarmError =>
  new FarmError('SHARD_FILE', `${name} is damaged: ${why}`, {
    hint: 'copy the file again from its source, or compute the shard again; nothing from the file was stored',
  })

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

  async take(bytes: number): Promise<Buffer> {
    while (this.#length < bytes)
      if (!(await this.#more()))
        throw this.#any ? damagedFileError(this.name, 'it is truncated') : notAShardFile(this.name)
    const all = this.#rest.length === 1 ? this.#rest[0]! : Buffer.concat(this.#rest, this.#length)
    this.#rest = [all.subarray(bytes)]
    this.#length -= bytes
    return all.subarray(0, bytes)
  }

  async ended(): Promise<boolean> {
    return this.#length === 0 && !(await this.#more())
  }

  close(): void {
    this.#file.destroy()
    void this.#chunks.return?.()
  }

  async #more(): Promise<boolean> {
    try {
      const { value, done } = await this.#chunks.next()
      if (done === true) return false
      this.#any = true
      this.#rest.push(value)
      this.#length += value.length
      return true
    } catch (error) {
      throw this.#failure(error as NodeJS.ErrnoException)
    }
  }

  #failure({ code = '', message }: NodeJS.ErrnoException): Error {
    if (code === 'ENOENT')
      return new FarmError('NOT_FOUND', `no file ${this.name}`, {
        hint: 'give the files that `driftfarm run --shard` wrote',
      })
    if (code === 'EISDIR' || (code.startsWith('Z_') && !this.#any)) return notAShardFile(this.name)
    if (code === 'Z_BUF_ERROR') return damagedFileError(this.name, 'it is truncated')
    if (code.startsWith('Z_')) return damagedFileError(this.name, message)
    return new FarmError('SHARD_FILE', `cannot read ${this.name}: ${message.replace(/, \w+ '.*'$/, '')}`, {
      hint: 'name a file that this user can read',
    })
  }
}
