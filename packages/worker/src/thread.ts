// The file that runs in a computing thread. Piscina loads it and calls `ping`, `run`, `compile` and `premises` by name.
import { workerData } from 'node:worker_threads'
import { type PreparedCell, prepare } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import type { Premises } from '@driftfarm/statistics'
import { premisesOf } from '@driftfarm/theory'
import { LRUCache } from 'lru-cache'
import { Control } from './control.ts'
import { bytesOf, weightOf } from './dataCache.ts'
import { failureOf } from './failure.ts'
import { settings } from './settings.ts'
import type { BatchAnswer, BatchTask, CompileAnswer, CompileTask, PremisesTask, ThreadData } from './task.ts'
import { computeParts } from './thread/batch.ts'
import { compileShape, shapeBytes } from './thread/compile.ts'
import { deadlineOf } from './thread/deadline.ts'
import { poisoned } from './thread/poison.ts'
import { kernelRunner, type Runner, referenceRunner } from './thread/runner.ts'
import { moved } from './thread/transfer.ts'

interface CellRunner {
  readonly cell: Cell
  readonly runner: Runner
  readonly dataBytes: number
}

const runners = new LRUCache<string, CellRunner>({
  max: settings.kernels,
  maxSize: settings.kernelDataBytes,
  sizeCalculation: ({ dataBytes }) => weightOf(dataBytes, settings.kernelDataBytes),
})
const modules = new LRUCache<string, WebAssembly.Module>({ max: settings.modules })
const { faults, leastDeadlineMs } = workerData as ThreadData

/** The runner of a cell, or the shape that must be compiled first. */
function runnerOf(task: BatchTask): CellRunner | PreparedCell {
  const key = `${task.engine} ${task.cell}`
  const known = runners.get(key)
  if (known !== undefined) return known
  const cell = JSON.parse(task.canonical) as Cell
  let runner: Runner
  if (task.engine === 'reference') runner = referenceRunner(cell, task.data)
  else {
    const ready = task.prepared ?? prepare(cell, task.data)
    const module = modules.get(ready.shape)
    if (module === undefined) return ready
    runner = kernelRunner(module, ready)
  }
  const made = { cell, runner, dataBytes: bytesOf(task.data) }
  runners.set(key, made)
  return made
}

/**
 * Thread time in seconds. Before Node 23, which introduced `process.threadCpuUsage`, the clock is used instead, since a
 * thread computes without pauses.
 */
function threadSeconds(): number {
  const usage = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage?.()
  return usage === undefined ? performance.now() / 1_000 : (usage.user + usage.system) / 1e6
}

function compute(task: BatchTask): BatchAnswer {
  const control = new Control(task.control)
  try {
    if (control.stopped) return { kind: 'stopped' }
    for (const [shape, module] of task.modules) if (modules.get(shape) === undefined) modules.set(shape, module)
    const found = runnerOf(task)
    if (!('runner' in found)) return { kind: 'needs', prepared: found }
    const start = threadSeconds()
    control.begin(deadlineOf(task, found.cell, leastDeadlineMs))
    if (faults?.poison !== undefined) poisoned(faults.poison, task)
    const parts = computeParts(found.runner, task, control.flag)
    if (parts === null) return { kind: 'stopped' }
    return { kind: 'parts', parts, cpuSeconds: threadSeconds() - start }
  } catch (error) {
    // The memory of the instance may be half written, so it is not used again.
    runners.delete(`${task.engine} ${task.cell}`)
    return { kind: 'failed', failure: failureOf(error) }
  } finally {
    control.end()
  }
}

export function run(task: BatchTask): BatchAnswer {
  const answer = compute(task)
  if (answer.kind !== 'parts') return answer
  return moved(
    answer,
    answer.parts.flatMap(({ outcome, bits }) => [outcome, ...bits.map(({ bytes }) => bytes)]),
  )
}

export async function compile(task: CompileTask): Promise<CompileAnswer> {
  const answer = await compileShape(task)
  return answer.kind === 'compiled' ? moved(answer, [answer.bytes]) : answer
}

/** Computes the premises of a cell. Rejects if they cannot be computed; the main thread handles that. */
export function premises({ canonical, data, folder }: PremisesTask): Promise<Premises> {
  if (faults?.premises !== undefined) poisoned({ trial: 0, kind: faults.premises }, { first: 0, count: 1 })
  const module = async ({ shape, source }: PreparedCell): Promise<WebAssembly.Module> => {
    const known = modules.get(shape)
    if (known !== undefined) return known
    const made = new WebAssembly.Module((await shapeBytes({ shape, source, folder })) as BufferSource)
    modules.set(shape, made)
    return made
  }
  return premisesOf(JSON.parse(canonical) as Cell, data, { module })
}

/** Answers once everything that a thread needs is loaded. */
export const ping = (): null => null
