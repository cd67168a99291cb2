import { isDeepStrictEqual } from 'node:util'
import type { CommitPart, Lease } from '@driftfarm/database'
import { prepare, type TrainedStore } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { shapeBytes } from '../kernelCache.ts'
import { loadLibrary, nativeLibrary } from '../native/library.ts'
import type { EngineReport, NativeTask, NativeUse, SliceTask } from '../task.ts'
import { computeParts } from './batch.ts'
import type { CellRunner, Runner, Runners } from './runners.ts'

/** Compiles the step loop of a cell's shape, and its module without a step loop. */
export async function compileNative({ lease, tables, target, folder }: NativeTask) {
  const prepared = prepare(JSON.parse(lease.canonical) as Cell, tables, lease.observe, { native: true })
  const { compilerFlags, nativeSource } = await import('@driftfarm/kernel/native')
  const source = await nativeSource(prepared)
  if ('refusal' in source) return { why: source.refusal }
  await shapeBytes({ ...prepared, folder })
  return { file: await nativeLibrary(source.c, target, compilerFlags(target.family, target.vectors), folder) }
}

export interface ThreadEngines {
  readonly runners: Runners
  readonly modules: {
    get(shape: string): WebAssembly.Module | undefined
    set(shape: string, module: WebAssembly.Module): unknown
  }
  readonly store: TrainedStore | undefined
  /** Processor time of this thread, in s. */
  seconds(): number
}

export interface ComputedTrials {
  readonly parts: readonly CommitPart[]
  readonly cpuSeconds: number
  readonly report: Omit<EngineReport, 'place'>
}

/** Computes the trials of a batch on the engines that the pool asks for. Returns null if the stop flag was seen. */
export async function computeTrials(
  found: CellRunner,
  batch: Lease,
  task: SliceTask,
  stop: Int32Array,
  thread: ThreadEngines,
): Promise<ComputedTrials | null> {
  const on = (runner: Runner, trials = batch) => {
    const begun = thread.seconds()
    const parts = computeParts(runner, trials, stop)
    return parts && { parts, cpuSeconds: thread.seconds() - begun }
  }
  const reported = (own: ReturnType<typeof on>, more: Partial<EngineReport> = {}): ComputedTrials | null =>
    own && { ...own, report: { shape: found.shape, seconds: own.cpuSeconds, compared: null, failure: null, ...more } }

  const use = task.natives.find(({ shape }) => shape === found.shape)
  if (use === undefined) return reported(on(found.runner))
  if (use.file === null) throw new Error(`native lanes are required, and this cell cannot have them: ${use.why}`)
  try {
    const runner = await nativeRunner(use.file, batch, task, thread)
    if (use.compares === null) return reported(on(runner))
    const some = use.compares < batch.count ? { ...batch, count: use.compares, cut: null } : batch
    const [native, own] = [on(runner, some), on(found.runner, some)]
    if (native === null || own === null) return null
    const difference = differenceOf(own.parts, native.parts)
    const compared = { wasm: own.cpuSeconds, native: native.cpuSeconds, difference }
    if (some === batch) return reported(own, { compared })
    const isBetter = difference === null && native.cpuSeconds < own.cpuSeconds
    return reported(on(isBetter ? runner : found.runner), { compared })
  } catch (error) {
    return reported(on(found.runner), { failure: (error as Error).message })
  }
}

async function nativeRunner(
  file: NonNullable<NativeUse['file']>,
  { cell, canonical, observe }: Lease,
  { tables, folder }: SliceTask,
  { runners, modules, store }: ThreadEngines,
): Promise<Runner> {
  const native = loadLibrary(file)
  for (;;) {
    const task = { cell, canonical, observe, tables, engine: 'wasm', native, prepared: null } as const
    const found = runners.find(task, (shape) => modules.get(shape), store)
    if ('runner' in found) return found.runner
    modules.set(found.shape, new WebAssembly.Module((await shapeBytes({ ...found, folder })) as BufferSource))
  }
}

function differenceOf(own: readonly CommitPart[], native: readonly CommitPart[]): string | null {
  for (const [at, part] of own.entries())
    for (const [name, value] of Object.entries(part)) {
      const other: unknown = native[at]?.[name as keyof CommitPart]
      if (isDeepStrictEqual(value, other)) continue
      const texts = typeof value === 'bigint' ? `: ${value} on WebAssembly, ${other} in native lanes` : ''
      return `the ${name} of ${part.count} trials from trial ${part.first} differs${texts}`
    }
  return null
}
