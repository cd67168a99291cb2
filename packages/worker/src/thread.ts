// The file that runs in a computing thread. Piscina loads it and calls its exported functions by name.
import { workerData } from 'node:worker_threads'
import type { CommitPart, Lease, PremisesWanted } from '@driftfarm/database'
import { nullIf } from '@driftfarm/formula'
import { keptTraining, type PreparedCell, prepare } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { type Premises, premisesNotFound } from '@driftfarm/statistics'
import type { PremiseDemand } from '@driftfarm/theory'
import { LRUCache } from 'lru-cache'
import { Control } from './control.ts'
import { failureOf } from './error.ts'
import { injectTrialFault } from './faults.ts'
import { ensureModule, shapeBytes, trainedFiles } from './kernelCache.ts'
import { ProcessorTime } from './processorTime.ts'
import { settings } from './settings.ts'
import type { BatchAnswer, CompileTask, EngineReport, SliceAnswer, SliceTask, ThreadData } from './task.ts'
import { deadlineOf } from './thread/batch.ts'
import { compileNative, computeTrials } from './thread/native.ts'
import { Runners } from './thread/runners.ts'
import { transferable } from './thread/transferable.ts'

const runners = new Runners()
const modules = new LRUCache<string, WebAssembly.Module>({ max: settings.modules })
const time = new ProcessorTime()
const { faults, minDeadlineMs, premisesLimitMs } = workerData as ThreadData

/** Returns the result of the batch, or why there is none yet: see `SliceAnswer.ended`. */
async function compute(
  batch: Lease,
  place: number,
  task: SliceTask,
  control: Control,
  prepared: PreparedCell | null,
  reports: EngineReport[],
): Promise<BatchAnswer | Exclude<SliceAnswer['ended'], null>> {
  const begun = time.seconds
  try {
    const { engine, tables } = task
    const store = trainedFiles(task.folder)
    const { cell, canonical, observe } = batch
    const found = runners.find(
      { cell, canonical, observe, engine, tables, prepared },
      (shape) => modules.get(shape),
      store,
    )
    if (!('runner' in found)) return found
    const { training } = found
    const turn = place === 0 ? task.training : 'ask'
    if (turn === 'ask' && training !== null && keptTraining(training, store) === null) return { training }
    control.begin('trials', place, deadlineOf(batch, task.engine, found.cell, minDeadlineMs))
    if (turn === 'train' && training !== null) {
      const { completed } = found.runner.run(0, 0, { keep: false, horizons: [], stop: control.flag })
      return completed ? { training } : 'stopped'
    }
    if (faults?.poison !== undefined) injectTrialFault(faults.poison, batch)
    const thread = { runners, modules, store, seconds: () => time.seconds }
    const computed = await computeTrials(found, batch, task, control.flag, thread)
    if (computed === null) return 'stopped'
    const { parts, cpuSeconds, report } = computed
    if (engine === 'wasm') reports.push({ ...report, place })
    let premises: Premises | null = null
    if (batch.premises !== null) {
      control.begin('premises', place, premisesLimitMs)
      premises = await computePremises(found.cell, { ...batch.premises, ...averagesOf(parts, cpuSeconds) }, task)
    }
    return { kind: 'parts', parts, cpuSeconds, seconds: time.seconds - begun, premises }
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error) }
  }
}

async function slice(task: SliceTask): Promise<SliceAnswer> {
  const control = new Control(task.control)
  const answers: BatchAnswer[] = []
  const reports: EngineReport[] = []
  try {
    for (const [shape, module] of task.modules) if (modules.get(shape) === undefined) modules.set(shape, module)
    for (const [place, batch] of task.batches.entries()) {
      if (control.stopped) return { answers, reports, ended: 'stopped' }
      const answer = await compute(batch, place, task, control, place === 0 ? task.prepared : null, reports)
      if (answer === 'stopped' || !('kind' in answer)) return { answers, reports, ended: answer }
      answers.push(answer)
    }
    return { answers, reports, ended: null }
  } finally {
    control.end()
  }
}

export async function run(task: SliceTask): Promise<SliceAnswer> {
  const answer = await slice(task)
  const parts = answer.answers.flatMap((each) => (each.kind === 'parts' ? each.parts : []))
  return transferable(
    answer,
    parts.flatMap(({ outcome, bits }) => [outcome, ...bits.map(({ bytes }) => bytes)]),
  )
}

export async function compile(task: CompileTask): Promise<Uint8Array> {
  const bytes = await shapeBytes(task)
  return transferable(bytes, [bytes])
}

const commonSpec = `
version: 1
name: common
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.1, drift: { sigma: 1 } }
trial: { steps: 100, escape: "x >= 0" }
trials: 1`

/**
 * Compiles a common shape unless it is kept in the folder. The compiler is then loaded when the first sweep needs it.
 */
export async function compileCommon(folder: string | null): Promise<null> {
  const { parseSweep } = await import('@driftfarm/spec')
  const { cell } = parseSweep(commonSpec, { fileName: 'common' }).cell(0)
  await ensureModule(folder, prepare(cell))
  return null
}

export const native = compileNative

/** A measurement with less processor time than this depends more on the thread than on the cell, so it is not used. */
const minMeasuredSeconds = 0.05

function averagesOf(parts: readonly CommitPart[], cpuSeconds: number): Pick<PremiseDemand, 'steps' | 'seconds'> {
  const trials = parts.reduce((sum, { count }) => sum + count, 0)
  const steps = parts.reduce((sum, { tally }) => sum + Number(tally.steps), 0) / trials
  return cpuSeconds < minMeasuredSeconds ? { steps } : { steps, seconds: cpuSeconds / trials }
}

/**
 * Computes the premises of a cell at the highest affordable level (`levelFor`). Returns null if the stored premises
 * already have this level or a higher one. If some premises cannot be computed, the result contains the reasons, and
 * the batch does not fail.
 */
async function computePremises(
  cell: Cell,
  { above, ...demand }: PremisesWanted & Pick<PremiseDemand, 'steps' | 'seconds'>,
  { tables, folder }: SliceTask,
): Promise<Premises | null> {
  const { levelFor } = await import('@driftfarm/theory')
  const level = levelFor(cell, demand)
  if (above !== null && level <= above) return null
  try {
    if (faults?.premises !== undefined)
      injectTrialFault({ trial: 0, kind: faults.premises }, { cell: '', first: 0, count: 1 })
    const moduleOf = async ({ shape, source }: PreparedCell): Promise<WebAssembly.Module> => {
      const known = modules.get(shape)
      if (known !== undefined) return known
      const made = new WebAssembly.Module((await shapeBytes({ shape, source, folder })) as BufferSource)
      modules.set(shape, made)
      return made
    }
    const module = Object.assign(moduleOf, { trained: trainedFiles(folder) })
    const { premisesOf } = await import('@driftfarm/theory')
    return await premisesOf(cell, tables, { module, level })
  } catch (error) {
    return premisesNotFound(failureOf(error).message)
  }
}

/** Returns when everything that a thread needs is loaded. Prepares a cell that will probably be computed. */
export function ping(canonical: string | null): null {
  // A cell with tables, which are not here yet, is prepared with its batch. So is one that cannot be prepared.
  if (canonical !== null) nullIf(Error, () => prepare(JSON.parse(canonical)))
  return null
}
