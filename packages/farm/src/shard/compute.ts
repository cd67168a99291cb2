import { isDeepStrictEqual } from 'node:util'
import { batchesOfShard, type Shard, type ShardBatch } from '@driftfarm/coordinator'
import { bitsOfCell, type CommitPart, type CommitResult, costOf, type Lease } from '@driftfarm/database'
import { formatDigest } from '@driftfarm/kernel'
import type { ResolvedSpec } from '@driftfarm/report'
import {
  type DataTable,
  dataReferencesOf,
  KERNEL_VERSION,
  observedKeys,
  type ResolvedCell,
  type Sweep,
  sharedTable,
  type Tables,
  talliedHorizons,
} from '@driftfarm/spec'
import { tallyToJson } from '@driftfarm/statistics'
import { type Computed, nextSlice, Pool, type PoolOptions } from '@driftfarm/worker'
import { FarmError } from '../error.ts'
import { type FrameWithBytes, readShard, type ShardFile } from './frame.ts'
import { belongTogether, type FailedFrame, type Head, shardFormat } from './shape.ts'

/** Refuses a sweep whose number of trials is not fixed in advance. Throws a FarmError with code NO_SHARDS. */
export function requireShards({ demand: { until } }: Pick<Sweep, 'demand'>): void {
  if (until === null) return
  const [what, why] =
    until.budget !== undefined
      ? ['a budget', 'is divided according to the results of all cells']
      : until.threshold !== undefined
        ? ['a threshold search', 'needs the results of all cells']
        : ['a stopping rule (until)', 'needs all trials, beginning with the first one']
  throw new FarmError('NO_SHARDS', `${what} ${why}, but a shard computes only some of the trials`, {
    hint: 'request a fixed number of trials: --trials 1e6, or `trials:` instead of `until:`',
  })
}

/** A batch that failed on every attempt. */
export type FailedBatch = Omit<FailedFrame, 'is'>

export interface ShardCounts {
  pieces: number
  trials: number
  cpuSeconds: number
  readonly failed: FailedBatch[]
}

export interface ComputeShard extends PoolOptions {
  readonly spec: ResolvedSpec
  readonly shard: Shard
  readonly version: string
  readonly signal: AbortSignal
  readonly onCounts: (counts: Readonly<ShardCounts>) => void
}

/** Number of attempts per batch, as in a farm. */
const attempts = 3

/**
 * Computes a shard of a sweep and yields each frame of its file as soon as it is ready. Uses no database and no queue.
 * If the signal is aborted, it stops and throws the reason of the signal.
 */
export async function* computeShard({
  spec,
  shard,
  version,
  signal,
  onCounts,
  ...given
}: ComputeShard): AsyncGenerator<FrameWithBytes> {
  const { sweep } = spec
  yield* headFrames(spec, shard, version)
  signal.throwIfAborted()
  const counts: ShardCounts = { pieces: 0, trials: 0, cpuSeconds: 0, failed: [] }
  const pool = new Pool(given)
  const stop = (): void => pool.stop('released')
  signal.addEventListener('abort', stop)
  try {
    await pool.ready()
    for await (const { batch, computed } of computeSlices(new Slices(sweep, shard), pool, given.threads, signal)) {
      let made: FrameWithBytes
      if (computed.kind === 'parts') {
        counts.pieces++
        counts.trials += batch.count
        counts.cpuSeconds += computed.cpuSeconds
        made = batchFrame(batch, computed)
      } else {
        // The text 'stopped' is never shown: only an aborted signal stops a batch, and then `computeSlices` throws.
        const message = computed.kind === 'failed' ? computed.failure.message : 'stopped'
        const failed = { cell: batch.cell.index, first: batch.first, count: batch.count, message }
        counts.failed.push(failed)
        made = { frame: { is: 'failed', ...failed }, bytes: nothing }
      }
      onCounts(counts)
      yield made
    }
  } finally {
    signal.removeEventListener('abort', stop)
    await pool.close()
  }
}

interface Task {
  readonly batch: ShardBatch
  readonly lease: Lease
}

interface Done extends Task {
  readonly computed: Computed
}

/** Divides the batches of a shard into slices, each for one thread. */
class Slices {
  readonly #batches: Iterator<ShardBatch>
  readonly #shared = new WeakMap<DataTable, DataTable>()
  #ahead: Task[] = []
  /** Ratio of the estimated time of the trials to their real time. */
  #speed = 1

  constructor(
    private readonly sweep: Sweep,
    shard: Shard,
  ) {
    this.#batches = batchesOfShard(sweep, shard)
  }

  /** Returns null after the last slice. */
  next(): readonly Task[] | null {
    while (this.#ahead.length < ahead) {
      const { value: batch, done } = this.#batches.next()
      if (done === true) break
      this.#ahead.push({ batch, lease: shardLease(batch.cell, batch, this.sweep) })
    }
    if (this.#ahead.length === 0) return null
    const weighed = this.#ahead.map(({ lease }) => ({ ...lease, cost: lease.cost! / this.#speed }))
    const { length } = nextSlice(weighed)
    const slice = this.#ahead.slice(0, length)
    this.#ahead = this.#ahead.slice(length)
    return slice
  }

  learn({ lease: { cost, count } }: Task, seconds: number): void {
    if (seconds > 0) this.#speed = Math.max(0.1, Math.min(100, (cost! * count) / seconds))
  }

  /** The samples of a slice, in memory shared by the threads. */
  tablesOf([first]: readonly Task[]): Tables {
    return first!.batch.cell.tables.map((table) => {
      const shared = this.#shared.get(table) ?? sharedTable(table)
      this.#shared.set(table, shared)
      return shared
    })
  }
}

/** Number of batches that are prepared in advance; also the maximum number of batches in a slice. */
const ahead = 100

async function* computeSlices(slices: Slices, pool: Pool, threads: number, signal: AbortSignal): AsyncGenerator<Done> {
  const running = new Map<number, Promise<readonly [number, readonly Done[]]>>()
  let number = 0
  for (;;) {
    // Compute one more slice than there are threads, so that no thread waits while a slice is written.
    while (running.size <= threads && !signal.aborted) {
      const slice = slices.next()
      if (slice === null) break
      const own = number++
      running.set(
        own,
        computedSlice(slice, slices.tablesOf(slice), pool).then((done) => [own, done] as const),
      )
    }
    if (running.size === 0) break
    const [own, done] = await Promise.race(running.values())
    running.delete(own)
    signal.throwIfAborted()
    for (const each of done) {
      if (each.computed.kind === 'parts') slices.learn(each, each.computed.seconds)
      yield each
    }
  }
  signal.throwIfAborted()
}

async function computedSlice(slice: readonly Task[], tables: Tables, pool: Pool): Promise<Done[]> {
  const leases = slice.map(({ lease }) => lease)
  const first = await pool.compute(leases, tables)
  const done: Done[] = []
  for (const [place, task] of slice.entries()) {
    let computed = first[place]!
    // A failed batch is computed again, without the other batches of the slice.
    for (let attempt = 2; computed.kind === 'failed' && attempt <= attempts; attempt++)
      computed = (await pool.compute([{ ...task.lease, attempt }], tables))[0]!
    done.push({ ...task, computed })
  }
  return done
}

const nothing = new Uint8Array()

export const shardHead = ({ sweep, text, set, trials }: ResolvedSpec, shard: Shard, driftfarm: string): Head => ({
  is: 'head',
  format: shardFormat.name,
  version: shardFormat.version,
  driftfarm,
  kernel: KERNEL_VERSION,
  sweep: sweep.id(),
  name: sweep.name,
  shard,
  spec: text,
  set: set.map(([path, value]) => [path, value]),
  trials: trials ?? null,
})

export function* headFrames(spec: ResolvedSpec, shard: Shard, driftfarm: string): Generator<FrameWithBytes> {
  yield { frame: shardHead(spec, shard, driftfarm), bytes: nothing }
  for (const [name, bytes] of spec.files) yield { frame: { is: 'file', name }, bytes }
}

export function batchFrame({ cell, first, count }: ShardBatch, result: CommitResult): FrameWithBytes {
  const [part] = result.parts as readonly [CommitPart]
  const frame = {
    is: 'batch' as const,
    cell: cell.index,
    id: cell.id,
    first,
    count,
    digest: formatDigest(part.digest),
    tally: { ...tallyToJson(part.tally) },
    cpuSeconds: result.cpuSeconds,
    seconds: result.seconds,
    premises: result.premises === null ? null : { ...result.premises },
    outcome: part.outcome?.length ?? null,
    bits: part.bits.map(({ estimate, bytes }) => ({ estimate, bytes: bytes.length })),
  }
  return { frame, bytes: Buffer.concat([part.outcome ?? nothing, ...part.bits.map(({ bytes }) => bytes)]) }
}

/**
 * Makes a lease for some trials of a cell, as a farm that computes no other sweep would. `bundle` and `form` are 0,
 * because trials of a shard belong to no bundle.
 */
export function shardLease(
  cell: ResolvedCell,
  { first, count }: Pick<Lease, 'first' | 'count'>,
  { demand, cellCount }: Pick<Sweep, 'demand' | 'cellCount'>,
): Lease {
  return {
    cell: cell.id,
    bundle: 0,
    first,
    count,
    generation: 1,
    again: false,
    attempt: 1,
    canonical: cell.canonical,
    form: 0,
    tables: dataReferencesOf(cell.cell).map(({ hash }) => hash),
    record: demand.record,
    horizons: talliedHorizons(demand),
    observe: observedKeys(demand.observe),
    bits: bitsOfCell(cell, demand),
    secondsPerTrial: null,
    cost: costOf(cell.cell, observedKeys(demand.observe)),
    cut: null,
    premises: first === 0 ? { trials: demand.trials ?? count, cells: cellCount, above: null } : null,
  }
}

/** Whether the head (the first frame) of a file describes this shard of the spec. False if the file cannot be read. */
export async function isShard(file: ShardFile, spec: ResolvedSpec, shard: Shard): Promise<boolean> {
  try {
    for await (const { frame } of readShard(file))
      return (
        isDeepStrictEqual((frame as Head).shard, shard) && belongTogether(frame as Head, shardHead(spec, shard, ''))
      )
  } catch {}
  return false
}
