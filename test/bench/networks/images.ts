import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'

/** Images of 28 x 28 bytes in ten classes, as many as MNIST has, made from a seed. */
export const shape = { train: 60_000, test: 10_000, pixels: 784, classes: 10 } as const

interface Images {
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
}

/** Most pixels are 0, as in images of digits. Each class has a pattern, to which an image adds noise. */
export function images(count: number, seed: number): Images {
  const { pixels: width, classes } = shape
  const patternWord = words(0)
  const patterns = Uint8Array.from({ length: classes * width }, () => (patternWord() % 5 === 0 ? 160 : 0))
  const word = words(seed)
  const pixels = new Uint8Array(count * width)
  for (let at = 0; at < pixels.length; at++) {
    const image = Math.floor(at / width)
    const level = patterns[(image % classes) * width + (at % width)]!
    const noise = word()
    // A twentieth of the pixels changes its side.
    const isLit = noise % 20 === 0 ? level === 0 : level > 0
    if (isLit) pixels[at] = 96 + (noise >>> 25)
  }
  return { pixels, labels: Uint8Array.from({ length: count }, (_, image) => image % classes) }
}

/** Xorshift: 32 random bits a call. */
function words(seed: number): () => number {
  let state = (seed * 2654435769 + 88172645) >>> 0
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

const gzip = (bytes: Uint8Array): Uint8Array => gzipSync(bytes, { level: 6 })

/** An array of bytes in the format of MNIST. */
function idx(bytes: Uint8Array, sizes: readonly number[]): Uint8Array {
  const head = Buffer.alloc(4 + 4 * sizes.length)
  head.set([0, 0, 8, sizes.length])
  for (const [i, size] of sizes.entries()) head.writeUInt32BE(size, 4 + 4 * i)
  return Buffer.concat([head, bytes])
}

function npy(bytes: Uint8Array, sizes: readonly number[]): Uint8Array {
  const of = sizes.map((size) => `${size},`).join(' ')
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${of}), }`
  const head = `${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([head.length & 255, head.length >> 8]),
    Buffer.from(head, 'latin1'),
    bytes,
  ])
}

function csv({ pixels, labels }: Images): string {
  const names = Array.from({ length: shape.pixels }, (_, i) => `p${i}`)
  const lines = Array.from(labels, (label, image) => {
    const from = image * shape.pixels
    return `${pixels.subarray(from, from + shape.pixels).join(',')},${label}`
  })
  return `${names.join(',')},digit\n${lines.join('\n')}\n`
}

/** Ways to write the same images, by the name of the format: writes the files, and returns the keys of `data`. */
export const formats: Readonly<Record<string, (folder: string, name: string, of: Images) => object>> = {
  'IDX, gzip': (folder, name, { pixels, labels }) => {
    const files = { p: `${name}-images.gz`, digit: `${name}-labels.gz` }
    writeFileSync(join(folder, files.p), gzip(idx(pixels, [labels.length, 28, 28])))
    writeFileSync(join(folder, files.digit), gzip(idx(labels, [labels.length])))
    return { idx: files }
  },
  '.npy': (folder, name, { pixels, labels }) => {
    const files = { p: `${name}-images.npy`, digit: `${name}-labels.npy` }
    writeFileSync(join(folder, files.p), npy(pixels, [labels.length, 28, 28]))
    writeFileSync(join(folder, files.digit), npy(labels, [labels.length]))
    return { npy: files }
  },
  'CSV, gzip': (folder, name, of) => {
    writeFileSync(join(folder, `${name}.csv.gz`), gzip(Buffer.from(csv(of))))
    return { csv: `${name}.csv.gz` }
  },
}

/** Writes the CSV file of a format above as Parquet. */
export async function writeParquet(folder: string, name: string): Promise<object> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const from = `read_csv('${join(folder, `${name}.csv.gz`)}', all_varchar = true)`
  const columns = `columns(*)::utinyint`
  await connection.run(`copy (select ${columns} from ${from}) to '${join(folder, `${name}.parquet`)}' (format parquet)`)
  connection.closeSync()
  return { parquet: `${name}.parquet` }
}

/** A network 784-100-10 that learns the images of `data` in mini-batches of 64. */
export const imagesSpec = (data: object, change: Readonly<Record<string, unknown>>): object => ({
  version: 1,
  name: 'images',
  landscape: {
    network: {
      layers: [shape.pixels, 100, shape.classes],
      activation: 'relu',
      output: 'softmax',
      loss: 'cross-entropy',
      data: { ...data, inputs: 'p*', targets: 'digit', scale: { divide: 255 } },
      batch: 64,
    },
  },
  start: { init: 'he' },
  update: { eta: 0.05 },
  trial: { steps: 200 },
  ...change,
})
