import { KernelError } from '../error.ts'
import { horizonBytes, placed, places } from '../memory/map.ts'
import { watchWords } from '../model/observed.ts'
import { addDigests } from '../outcome/digest.ts'
import { ObservedCollector } from '../outcome/observed.ts'
import type { RecordLayout } from '../outcome/outcome.ts'
import type { BatchResult, Tally } from '../outcome/tally.ts'
import { addTallies, withWeights, zeroTally } from '../outcome/tally.ts'
import { type Particle, type ParticleEnd, type Simulate, Snapshots, streamSwitchesOf } from '../splitting/particle.ts'
import { type Replica, runReplica } from '../splitting/replica.ts'
import { runReplicas } from '../splitting/run.ts'
import { readTally, writeCell, writeTables } from './cellMemory.ts'
import { particleEnd, putStream, putSwitches, putWhole } from './particleMemory.ts'
import type { PreparedCell, Training } from './prepare.ts'
import { keptTraining, type TrialEnds, type TrialRange, trainedStarts } from './training.ts'

export interface RunOptions {
  /** Whether to return records in addition to tally and digest. */
  readonly keep: boolean
  /** Additional horizons up to which events are counted; ascending. */
  readonly horizons: readonly number[]
  /** Whether to return the last theta of each trial. */
  readonly theta?: boolean
  /** Whether to return the observed values of each trial, without series. */
  readonly values?: boolean
  /** The stop flag, in shared memory. The run ends soon after the first element of this array becomes non-zero. */
  readonly stop?: Int32Array | undefined
}

/** The documented limits of the trial index and of the number of trials in a batch. */
const largestTrial = 10 ** 15
const largestBatch = 10 ** 7
/** Largest number of finished records that wait in memory before they are put in order. */
const logCapacity = 4096
/** Largest size of these records in bytes, unless one record per lane needs more. */
const logBytes = 2 ** 25
const pageBytes = 65_536
/** Trials are trained in pieces, so that their starts take at most this many bytes. */
const startBytes = 2 ** 24

interface Exports {
  readonly memory: WebAssembly.Memory
  open(first: bigint, limit: bigint): void
  proceed(budget: bigint): number
  tabulate(): void
}

/** Native lanes have the four vectors of the memory side by side, from a multiple of 64 bytes. */
const scratchBytes = ({ native, dataAt }: PreparedCell): number => (native ? 4 * dataAt + 64 : 0)

/** Bytes of memory that the kernel of a cell takes. */
export const kernelBytes = (cell: PreparedCell): number => cell.free + scratchBytes(cell)

/** Bytes of a log entry of a particle: trial, record without marks, highest score, step of the branch. */
const particleEntryBytes = 8 + 48 + 16

/** Where the log is emptied to; null for what was not requested. */
interface LogTarget extends Pick<BatchResult, 'records' | 'theta'> {
  readonly values: Float64Array | null
  readonly observed: ObservedCollector | null
}

/**
 * Takes up to `limit` steps in all lanes of a module's memory, and returns how many. `scratch` is work memory. A
 * negative number means that the call failed: -1 if a memory is too small, -2 after a crash.
 */
export type NativeAdvance = (memory: ArrayBuffer, scratch: ArrayBuffer, limit: number) => number

/**
 * A compiled cell, which can run any range of its trials. It owns one instance with its memory and must not be shared
 * between threads.
 */
export class Kernel {
  private snapshots: Snapshots | null = null
  private trainer: Trainer | null = null
  private isStarted = false

  private constructor(
    private readonly exports: Exports,
    private cell: PreparedCell,
  ) {}

  /** `native` is the library that takes the steps of a cell that was prepared with `native`. */
  static create(module: WebAssembly.Module, cell: PreparedCell, native?: NativeAdvance): Kernel {
    if (cell.native !== (native !== undefined)) {
      throw new KernelError('MODULE', 'a cell needs native code if it was prepared for native lanes, and only then')
    }
    const scratch = new ArrayBuffer(scratchBytes(cell))
    const advance = (limit: number): number => {
      const taken = native!(exports.memory.buffer, scratch, limit)
      if (taken >= 0) return taken
      throw new KernelError('NATIVE', taken === -1 ? 'the memory is smaller than the cell needs' : 'the code crashed')
    }
    const exports = new WebAssembly.Instance(module, { native: { advance } }).exports as unknown as Exports
    if (typeof exports.proceed !== 'function')
      throw new KernelError('MODULE', `the module is not a kernel for shape ${cell.shape}`)
    const kernel = new Kernel(exports, cell)
    kernel.reserve(cell.free)
    writeTables(exports.memory.buffer)
    writeCell(exports.memory.buffer, cell, null)
    exports.tabulate()
    return kernel
  }

  /**
   * Replaces the present cell with another cell of the same shape. A new kernel would give the same results bit for
   * bit, but creating it takes fifty times as long as this call (`npm run bench small-cells`). Throws a KernelError
   * with code MODULE if the cell has another shape.
   */
  load(cell: PreparedCell): void {
    const { shape } = this.cell
    if (cell.shape !== shape)
      throw new KernelError('MODULE', `the cell has shape ${cell.shape}, but the kernel has shape ${shape}`)
    this.reserve(cell.free)
    writeCell(this.exports.memory.buffer, cell, this.cell)
    this.cell = cell
    this.snapshots = null
    this.trainer = null
    this.isStarted = false
    this.exports.tabulate()
  }

  /** The layout of the records of the cell's trials. */
  get layout(): RecordLayout {
    return this.cell.layout
  }

  run(first: number, count: number, options: RunOptions): BatchResult {
    if (count > largestBatch || ![first, count].every((each) => Number.isSafeInteger(each) && each >= 0)) {
      throw new KernelError(
        'RANGE',
        `the number of trials is ${count} and the first trial is ${first}; request 0 to ${largestBatch} trials, ` +
          'starting at trial 0 or later',
      )
    }
    if (first + count > largestTrial)
      throw new KernelError('RANGE', `trial ${first + count} is above the limit of ${largestTrial}`)
    const { layout, splitting: method, key } = this.cell
    if (!this.begin(options.stop)) return this.stopped(options)
    if (method !== null) {
      const simulate: Simulate = (replica, ...round) => this.simulate(replica, ...round, options.stop)
      return runReplicas({ method, layout, key }, { first, count }, options.horizons, simulate)
    }
    return this.runRange(first, count, options)
  }

  /** If each trial is trained, a piece of the trials is trained and run before the next one. */
  private runRange(first: number, count: number, options: RunOptions): BatchResult {
    const { layout, observed: plan, dimension, training } = this.cell
    const weighs = layout.valued === 'weights'
    const observed = plan.slots > 0 ? new ObservedCollector(plan) : null
    const values = observed !== null && options.values === true ? new Float64Array(count * plan.singles) : null
    const records = options.keep || weighs ? new Uint8Array(count * layout.bytes) : null
    const theta = options.theta === true ? new Float64Array(count * dimension) : null
    const keep = records !== null || observed !== null
    const isTrained = training?.perTrial === true
    const piece = isTrained ? Math.max(1, Math.floor(startBytes / (8 * dimension))) : count
    let tally: Tally | null = null
    let digest = 0n
    let done = 0
    do {
      const range = { first: first + done, count: Math.min(piece, count - done) }
      if (isTrained) this.trainer ??= trainerOf(training)
      const starts = this.trainer === null ? null : this.trainer(range, options.stop)?.theta
      if (starts === undefined) return this.stopped(options)
      this.place({ ...options, keep }, range.first, starts)
      const completed = this.compute(range.first, range.count, options.stop, () => {
        if (keep || theta !== null) this.emptyLog(first, { records, theta, values, observed })
      })
      if (!completed) return this.stopped(options)
      const words = new DataView(this.exports.memory.buffer)
      const counted = readTally(words, this.cell, options.horizons)
      tally = tally === null ? counted : addTallies(tally, counted)
      const own = (words.getBigUint64(places.digest + 8, true) << 64n) | words.getBigUint64(places.digest, true)
      digest = addDigests(digest, own)
      done += piece
    } while (done < count)
    if (observed !== null) tally = { ...tally, observed: observed.tally }
    if (weighs) tally = withWeights(tally, records!, layout)
    const kept = options.keep ? records : null
    return { completed: true, records: kept, theta, tally, digest, ...(values !== null && { values }) }
  }

  /** Writes the point that one training run gives to all trials. Returns false if the stop flag was set. */
  private begin(stop: Int32Array | undefined): boolean {
    const { training, startAt, dimension } = this.cell
    if (training === null || training.perTrial || this.isStarted) return true
    const trained = knownTraining(training, stop)
    if (trained === null) return false
    new Float64Array(this.exports.memory.buffer, startAt, dimension).set(trained.theta)
    this.isStarted = true
    return true
  }

  private stopped({ horizons }: RunOptions): BatchResult {
    return { completed: false, records: null, theta: null, tally: zeroTally(this.layout, horizons), digest: 0n }
  }

  /** Runs one replica of a splitting cell and returns all its levels. */
  replica(index: number): Replica {
    const { splitting, layout, key } = this.cell
    if (splitting === null) throw new KernelError('RANGE', 'only a cell with the method splitting has replicas')
    this.begin(undefined)
    const simulate: Simulate = (replica, ...round) => this.simulate(replica, ...round, undefined)
    return runReplica({ method: splitting, layout, key }, index, simulate)!
  }

  /**
   * Returns false if the stop flag was set. The method calls `empty`, which must empty the log, whenever the log may be
   * full, and at the end.
   */
  private compute(first: number, count: number, stop: Int32Array | undefined, empty: () => void): boolean {
    this.exports.open(BigInt(first), BigInt(first + count))
    const budget = BigInt(this.cell.slice)
    for (;;) {
      const state = this.exports.proceed(budget)
      if (state !== 1) empty()
      if (state === 0) return true
      if (stop !== undefined && Atomics.load(stop, 0) !== 0) return false
    }
  }

  /** Returns null if the stop flag was set. */
  private simulate(
    replica: number,
    particles: readonly Particle[],
    alive: readonly { readonly snapshot: number | null }[],
    stop: Int32Array | undefined,
  ): ParticleEnd[] | null {
    // A replica has thousands of rounds, and `compute` may finish a short round without checking the flag. So the flag
    // is also checked before each round.
    if (stop !== undefined && Atomics.load(stop, 0) !== 0) return null
    const snapshots = this.snapshotPlaces()
    if (snapshots.left < particles.length) snapshots.giveUpAllBut(alive)
    const { vectors, layout } = this.cell
    const table = snapshots.end
    const words = particles.reduce(
      (sum, { lineage, snapshot }) => sum + (snapshot === null ? 2 * lineage.length : 0) + 2,
      5 * particles.length,
    )
    const log = table + 8 * words
    const capacity = Math.max(2 * vectors, Math.min(logCapacity, particles.length + 2 * vectors))
    this.reserve(log + capacity * particleEntryBytes)
    const memory = new DataView(this.exports.memory.buffer)
    // Particles of the first round have no parent and never branch, so they store no snapshot.
    const kept = particles.map(() => (alive.length === 0 ? null : snapshots.take()))
    let at = table + 40 * particles.length
    for (const [i, { lineage, level, branchTo, snapshot }] of particles.entries()) {
      const entry = table + 40 * i
      putWhole(memory, entry, at)
      memory.setFloat64(entry + 8, level, true)
      putStream(memory, entry + 16, replica, branchTo)
      putWhole(memory, entry + 24, snapshot ?? 0)
      putWhole(memory, entry + 32, kept[i] ?? 0)
      at = putSwitches(memory, at, replica, snapshot === null ? streamSwitchesOf(lineage) : [])
    }
    this.control({ particles: table, horizons: 0, horizonsAt: table, log, logCapacity: capacity, keepTheta: 0 })
    const found = new Array<ParticleEnd>(particles.length)
    const empty = () => {
      const entries = this.takeLog()
      for (let entry = log; entry < log + entries * particleEntryBytes; entry += particleEntryBytes) {
        const index = memory.getUint32(entry, true)
        const end = particleEnd(memory, entry + 8, layout.exits, kept[index]!)
        if (end.branchedAt === null && kept[index] !== null) snapshots.giveUp(kept[index]!)
        found[index] = end
      }
    }
    return this.compute(0, particles.length, stop, empty) ? found : null
  }

  /** Two snapshots per particle of a replica: one in use, and one that is being stored. */
  private snapshotPlaces(): Snapshots {
    const { free, places: shape, orderBytes, splitting } = this.cell
    const bytes = 8 * Math.ceil((8 + shape.stride / 2 + orderBytes) / 8)
    this.snapshots ??= new Snapshots(free, bytes, 2 * splitting!.particles)
    return this.snapshots
  }

  private reserve(bytes: number): void {
    const { memory } = this.exports
    const missing = Math.ceil(bytes / pageBytes) - memory.buffer.byteLength / pageBytes
    if (missing > 0) memory.grow(missing)
  }

  private place({ keep, horizons, theta = false }: RunOptions, first: number, starts: Float64Array | null): void {
    const { layout, vectors, free, dimension, observed } = this.cell
    const bytes = horizonBytes(layout)
    const entryBytes = this.entryBytes(theta)
    const entries = Math.max(2 * vectors, Math.min(logCapacity, Math.floor(logBytes / entryBytes)))
    const capacity = keep || theta ? entries : 0
    const at = placed(free, {
      horizonsAt: bytes * horizons.length,
      watchesAt: 32 * observed.watches.length,
      observed: 8 * observed.slots * 2 * vectors,
      log: capacity * entryBytes,
      starts: starts?.byteLength ?? 0,
      end: 0,
    })
    this.reserve(at.end)
    const { buffer } = this.exports.memory
    if (starts !== null) new Float64Array(buffer, at.starts, starts.length).set(starts)
    new Uint8Array(buffer, at.horizonsAt, bytes * horizons.length).fill(0)
    const words = new DataView(buffer)
    for (const [index, horizon] of horizons.entries()) putWhole(words, at.horizonsAt + bytes * index, horizon)
    for (const [index, word] of observed.watches.flatMap(watchWords).entries())
      putWhole(words, at.watchesAt + 8 * index, word)
    const startOfFirst = BigInt.asUintN(32, BigInt(at.starts) - BigInt(first) * BigInt(8 * dimension))
    const { end: _, ...addresses } = at
    this.control({
      ...addresses,
      horizons: horizons.length,
      logCapacity: capacity,
      keepTheta: theta ? 1 : 0,
      starts: starts === null ? 0 : Number(startOfFirst),
      watches: observed.watches.length,
      observedSlots: observed.slots,
    })
  }

  private control(words: Partial<typeof places>): void {
    const memory = new DataView(this.exports.memory.buffer)
    for (const [name, value] of Object.entries(words)) {
      memory.setBigInt64(places[name as keyof typeof places], BigInt(value), true)
    }
  }

  private takeLog(): number {
    const memory = new DataView(this.exports.memory.buffer)
    const used = memory.getUint32(places.logUsed, true)
    memory.setUint32(places.logUsed, 0, true)
    return used
  }

  /** Bytes of a log entry: trial, record, the last theta if it is requested, and observed values. */
  private entryBytes(theta: boolean): number {
    const { layout, dimension, observed } = this.cell
    return 8 + layout.bytes + (theta ? 8 * dimension : 0) + 8 * observed.slots
  }

  /** The log is in the order in which trials ended. The records are moved to their places in trial order. */
  private emptyLog(first: number, to: LogTarget): void {
    const { layout, dimension, observed } = this.cell
    const used = this.takeLog()
    const { buffer } = this.exports.memory
    const words = new DataView(buffer)
    const log = words.getUint32(places.log, true)
    const entryWords = this.entryBytes(to.theta !== null) / 4
    const recordWords = layout.bytes / 4
    const entries = new Uint32Array(buffer, log, used * entryWords)
    const ordered = to.records === null ? null : new Uint32Array(to.records.buffer)
    for (let entry = 0; entry < entries.length; entry += entryWords) {
      const index = entries[entry]! + entries[entry + 1]! * 2 ** 32 - first
      if (ordered !== null) {
        for (let word = 0; word < recordWords; word++) ordered[index * recordWords + word] = entries[entry + 2 + word]!
      }
      const record = log + 4 * (entry + 2)
      to.theta?.set(new Float64Array(buffer, record + 4 * recordWords, dimension), index * dimension)
      if (to.observed === null) continue
      const own = new Float64Array(buffer, log + 4 * (entry + entryWords) - 8 * observed.slots, observed.slots)
      to.observed.add(own, words, record, to.values?.subarray(index * observed.singles))
    }
  }
}

/** Runs training. Returns null if the stop flag was set. */
type Trainer = (range: TrialRange, stop: Int32Array | undefined) => TrialEnds | null

function trainerOf({ prepared, module }: Training): Trainer {
  if (module === null) throw new KernelError('MODULE', 'the training run of the cell has no module')
  const kernel = Kernel.create(module, prepared)
  return (range, stop) => trainedStarts((...of) => kernel.run(...of), kernel.layout, range, stop)
}

/** The training run for all trials, if it is kept; otherwise it is made now. Returns null if the stop flag was set. */
export function knownTraining(training: Training, stop?: Int32Array): TrialEnds | null {
  // The memory of the trainer may contain a large data set, so it is not kept.
  return keptTraining(training.key, training.store, () => trainerOf(training)({ first: 0, count: 1 }, stop))
}
