import { tanhTable } from '@driftfarm/formula'
import { KernelError } from './error.ts'
import { horizonBytes, places } from './memory.ts'
import type { PreparedCell } from './prepare.ts'
import { readTally } from './readTally.ts'
import { type Digest, type Tally, zeroTally } from './tally.ts'
import { ziggurat } from './ziggurat.ts'

export interface RunOptions {
  /** Whether records are wanted, not only tally and digest. */
  readonly keep: boolean
  /** Ascending steps at which events are counted too. */
  readonly horizons: readonly number[]
  /** Whether the last theta of each trial is wanted. */
  readonly theta?: boolean
  /** Shared; a run ends soon after its first element becomes non-zero. */
  readonly stop?: Int32Array
}

export interface BatchResult {
  /** False only if the stop flag was seen: then the result is void. */
  readonly completed: boolean
  /** Records in trial order, `layout.bytes` each, if kept. */
  readonly records: Uint8Array | null
  /** The last theta of each trial (the end of its quench, if it has one), in trial order, `dimension` each, if wanted. NaN is canonical and -0 is 0. */
  readonly theta: Float64Array | null
  readonly tally: Tally
  readonly digest: Digest
}

/** Limits of the contract, checked where trials begin. */
const largestTrial = 10 ** 15
const largestBatch = 10 ** 7
/** Finished records that wait in the module's memory before they are put in order. */
const logCapacity = 4096
/** Bytes that they take at most, beyond one for each lane. */
const logBytes = 2 ** 25
const pageBytes = 65_536

interface Exports {
  readonly memory: WebAssembly.Memory
  open(first: bigint, limit: bigint): void
  proceed(budget: bigint): number
  tabulate(): void
}

/** A compiled cell: runs any range of its trials. Holds one instance and its memory; not shared between threads. */
export class Kernel {
  private constructor(
    private readonly exports: Exports,
    private readonly cell: PreparedCell,
  ) {}

  static create(module: WebAssembly.Module, cell: PreparedCell): Kernel {
    const exports = new WebAssembly.Instance(module, {}).exports as unknown as Exports
    if (typeof exports.proceed !== 'function') throw new KernelError('MODULE', `no kernel for shape ${cell.shape}`)
    const kernel = new Kernel(exports, cell)
    kernel.reserve(cell.free)
    kernel.write()
    exports.tabulate()
    return kernel
  }

  run(first: number, count: number, options: RunOptions): BatchResult {
    const { layout, slice } = this.cell
    if (
      !Number.isSafeInteger(first) ||
      !Number.isSafeInteger(count) ||
      first < 0 ||
      count < 0 ||
      count > largestBatch
    ) {
      throw new KernelError('RANGE', `trials ${first} + ${count}; a batch holds at most ${largestBatch}`)
    }
    if (first + count > largestTrial) throw new KernelError('RANGE', `trial ${first + count} is beyond ${largestTrial}`)
    this.place(options)
    const records = options.keep ? new Uint8Array(count * layout.bytes) : null
    const theta = options.theta === true ? new Float64Array(count * this.cell.dimension) : null
    this.exports.open(BigInt(first), BigInt(first + count))
    const budget = BigInt(slice)
    for (;;) {
      const state = this.exports.proceed(budget)
      if (state !== 1 && (records !== null || theta !== null)) this.emptyLog(first, { records, theta })
      if (state === 0) break
      if (options.stop !== undefined && Atomics.load(options.stop, 0) !== 0) {
        return { completed: false, records: null, theta: null, tally: zeroTally(layout, options.horizons), digest: 0n }
      }
    }
    const words = new DataView(this.exports.memory.buffer)
    const digest = (words.getBigUint64(places.digest + 8, true) << 64n) | words.getBigUint64(places.digest, true)
    return { completed: true, records, theta, tally: readTally(words, this.cell, options.horizons), digest }
  }

  private reserve(bytes: number): void {
    const { memory } = this.exports
    const missing = Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes
    if (missing > 0) memory.grow(missing)
  }

  private write(): void {
    const { key, layout, numbers, places: shape, data, dataAt } = this.cell
    const { buffer } = this.exports.memory
    const words = new DataView(buffer)
    key.forEach((word, index) => {
      words.setBigUint64(places.key + 8 * index, BigInt(word), true)
    })
    words.setBigInt64(places.horizon, BigInt(layout.horizon), true)
    const { widths, ratios, densities } = ziggurat()
    ratios.forEach((ratio, layer) => {
      words.setFloat64(places.layers + 16 * layer, ratio, true)
      words.setFloat64(places.layers + 16 * layer + 8, widths[layer]!, true)
    })
    new Float64Array(buffer, places.densities, densities.length).set(densities)
    new Float64Array(buffer, places.tanhTable, tanhTable.length).set(tanhTable)
    new Float64Array(buffer, shape.numbers, numbers.length).set(numbers)
    if (data !== null) new Float64Array(buffer, dataAt, data.length).set(data)
  }

  /** Puts horizons and the record log behind the numbers and samples of the cell. */
  private place({ keep, horizons, theta = false }: RunOptions): void {
    const { layout, vectors, free: horizonsAt } = this.cell
    const bytes = horizonBytes(layout)
    const log = horizonsAt + bytes * horizons.length
    const entryBytes = this.entryBytes(theta)
    const entries = Math.max(2 * vectors, Math.min(logCapacity, Math.floor(logBytes / entryBytes)))
    const capacity = keep || theta ? entries : 0
    this.reserve(log + capacity * entryBytes)
    const { buffer } = this.exports.memory
    new Uint8Array(buffer, horizonsAt, bytes * horizons.length).fill(0)
    const words = new DataView(buffer)
    horizons.forEach((horizon, index) => {
      words.setBigInt64(horizonsAt + bytes * index, BigInt(horizon), true)
    })
    const control = [
      [places.horizons, horizons.length],
      [places.horizonsAt, horizonsAt],
      [places.log, log],
      [places.logCapacity, capacity],
      [places.keepTheta, theta ? 1 : 0],
    ] as const
    for (const [at, value] of control) words.setBigInt64(at, BigInt(value), true)
  }

  /** Trial, record, and the last theta if it is kept. */
  private entryBytes(theta: boolean): number {
    const { layout, dimension } = this.cell
    return 8 + layout.bytes + (theta ? 8 * dimension : 0)
  }

  /** Moves the finished entries, which come in the order of their ends, to their places. */
  private emptyLog(first: number, to: Pick<BatchResult, 'records' | 'theta'>): void {
    const { layout, dimension } = this.cell
    const { buffer } = this.exports.memory
    const control = new Uint32Array(buffer, places.control, 32)
    const used = control[(places.logUsed - places.control) / 4]!
    const log = control[(places.log - places.control) / 4]!
    const entryWords = this.entryBytes(to.theta !== null) / 4
    const recordWords = layout.bytes / 4
    const entries = new Uint32Array(buffer, log, used * entryWords)
    const ordered = to.records === null ? null : new Uint32Array(to.records.buffer)
    for (let entry = 0; entry < entries.length; entry += entryWords) {
      const index = entries[entry]! + entries[entry + 1]! * 2 ** 32 - first
      if (ordered !== null) {
        for (let word = 0; word < recordWords; word++) ordered[index * recordWords + word] = entries[entry + 2 + word]!
      }
      to.theta?.set(new Float64Array(buffer, log + 4 * (entry + 2 + recordWords), dimension), index * dimension)
    }
    control[(places.logUsed - places.control) / 4] = 0
  }
}
