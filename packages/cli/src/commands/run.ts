import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { availableParallelism, hostname } from 'node:os'
import { join } from 'node:path'
import { createCoordinator, endStates, resultsOf, waitFor } from '@driftfarm/coordinator'
import {
  farmIsServed,
  interruptSweep,
  LedgerError,
  type SweepStatus,
  submitSweep,
  sweepStatus,
} from '@driftfarm/database'
import { prepare } from '@driftfarm/kernel'
import { type ResultsData, renderTable } from '@driftfarm/report'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { createWorker } from '@driftfarm/worker'
import { CliError, exitCodes } from '../failure.ts'
import { farmWords } from '../farmWords.ts'
import { onInterrupt } from '../interrupt.ts'
import { createLookout, type Lookout } from '../lookout.ts'
import { note, pageOf, print, printJson } from '../output.ts'
import { createProgress, type Progress } from '../progress.ts'
import { openSession, processId, type Session } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep, type SpecOptions } from '../specFile.ts'
import { threadFile } from '../threadFile.ts'
import { troubleListener } from '../trouble.ts'
import { acceptedChecks, exitOfFindings } from './believing.ts'
import { detachedText } from './detached.ts'
import { noteNamesakes } from './namesakes.ts'
import { announceWidening } from './widening.ts'

export interface RunOptions extends SpecOptions {
  readonly threads?: number
  readonly batch?: number
  readonly engine: 'wasm' | 'reference'
  readonly detach?: boolean
  readonly timeout?: number
  /** Checks whose verdict `wrong` is taken as it is. */
  readonly accept?: readonly string[]
  readonly json?: boolean
}

/** How often a waiting client looks at the sweep. */
const lookMs = 200
/** Running batches may take this long to end after Ctrl-C; they aim at one to two seconds. */
const drainMs = 10_000

export async function run(shell: Shell, path: string, options: RunOptions): Promise<number> {
  const progress = createProgress(shell)
  const accepted = acceptedChecks(options.accept)
  const { sweep, text } = await readSweep(shell, path, options)
  // What no kernel can be made of is refused before anything is stored.
  const first = sweep.cell(0)
  prepare(first.cell, first.data)
  progress.say('opening the database')
  const interrupt = onInterrupt(shell)
  const session = await openSession(shell)
  try {
    const served = session.mode === 'farm' || (await farmIsServed(session.database))
    if (options.json !== true) await announceWidening(shell, session.database, sweep.id(), sweep.demand)
    if (options.detach === true && !served) {
      const submitted = await detach(path, options, session.home)
      progress.clear()
      await report(shell, options, submitted)
      return exitCodes.done
    }
    const runner = served ? null : processId('run')
    if (runner !== null)
      await session.ledger.register({
        id: runner,
        kind: 'run',
        host: hostname(),
        pid: process.pid,
        threads: options.threads ?? availableParallelism(),
        kernel: KERNEL_VERSION,
        queue: session.queue().place,
      })
    // A queue that cannot be reached should leave no sweep behind.
    if (runner !== null && shell.env.REDIS_URL) await session.queue().check()
    const submit = () => submitSweep(session.database, sweep, text, { runner })
    const { id, state } = await submit()
    shell.onSubmitted({ id, name: sweep.name, state } satisfies SubmittedSweep)
    if (options.detach === true) {
      progress.clear()
      await report(shell, options, { id, name: sweep.name, state })
      return exitCodes.done
    }
    // Nothing to do: the registration goes as it came, so that no row has changed.
    if (state === 'complete' && runner !== null) await session.ledger.leave(runner)
    const ended =
      state === 'complete'
        ? null
        : await attend({ shell, session, id, submit }, runner, options, interrupt.signal, progress).catch(
            (error: unknown) => {
              throw removedMeanwhile(error, sweep.name)
            },
          )
    progress.clear()
    const left = interrupt.exit()
    if (left !== null && ended === null && state !== 'complete') {
      note(
        shell,
        runner === null
          ? await detachedText(session, { id, name: sweep.name })
          : `interrupted: finished batches of ${sweep.name} are kept; run it again to go on`,
      )
      return left
    }
    const { findings } = await printResults(shell, session, id, options.json === true)
    if (options.json !== true) await noteNamesakes(shell, session.database, id)
    const doubts = exitOfFindings(shell, findings, accepted, { quiet: options.json === true })
    return (await exitOf(session, id)) || doubts
  } finally {
    interrupt.dispose()
    await session.close()
  }
}

/** What became of a sweep that was there a moment ago. */
export function removedMeanwhile(error: unknown, name: string): unknown {
  if (!(error instanceof LedgerError) || error.code !== 'SWEEP_NOT_FOUND') return error
  return new CliError('SWEEP_REMOVED', `${name} was removed, with all its trials`, 'run its spec to begin anew')
}

/** A sweep that this process waits for. */
interface Waiting {
  readonly shell: Shell
  readonly session: Session
  readonly id: string
  /** Submits it again: the same as before where it still runs. */
  submit(): Promise<unknown>
}

/** Waits for the end of the sweep; computes it too where this process is its runner. Null when a signal ended the wait. */
async function attend(
  waiting: Waiting,
  runner: string | null,
  options: RunOptions,
  signal: AbortSignal,
  progress: Progress,
): Promise<SweepStatus | null> {
  const { shell, session, id } = waiting
  const timeoutMs = options.timeout
  if (runner === null) {
    // With --json standard error is for an error alone.
    const say = options.json === true ? () => undefined : (line: string) => note(shell, line)
    const lookout = createLookout({ reader: session.reader, say })
    return follow(waiting, { signal, timeoutMs, progress, lookout, onLeave: async () => undefined })
  }
  const queue = session.queue()
  await queue.migrate()
  await queue.check()
  const onTrouble = troubleListener(shell, { tell: options.json !== true })
  const worker = createWorker({
    ledger: session.ledger,
    queue,
    id: runner,
    kind: 'run',
    threads: options.threads ?? availableParallelism(),
    engine: options.engine,
    cacheFolder: join(session.home, 'cache'),
    threadFile: threadFile(),
    onTrouble,
  })
  const coordinator = createCoordinator({
    database: session.database,
    ledger: session.ledger,
    queue,
    holder: runner,
    kind: 'run',
    onTrouble,
    ...(options.batch === undefined ? {} : { batch: options.batch }),
  })
  await worker.start()
  await coordinator.start()
  const onLeave = async () => {
    // First the feeding ends, then running batches may finish and be kept.
    await worker.drain({ timeoutMs: drainMs })
    await coordinator.stop()
  }
  try {
    const status = await follow(waiting, { signal, timeoutMs, progress, lookout: null, onLeave })
    await worker.stop()
    await coordinator.stop()
    if (status === null) await interruptSweep(session.database, id, 'interrupted by its user')
    return status
  } catch (error) {
    await worker.stop()
    await coordinator.stop()
    if (error instanceof CliError && error.code === 'TIMED_OUT')
      await interruptSweep(session.database, id, 'its run timed out')
    throw error
  }
}

/** Shows progress until the sweep ends; null when a signal ended the wait. `onLeave` runs before leaving early. */
async function follow(
  { shell, session, id, submit }: Waiting,
  {
    signal,
    timeoutMs,
    progress,
    lookout,
    onLeave,
  }: {
    signal: AbortSignal
    timeoutMs: number | undefined
    progress: Progress
    /** Null where this process is the farm. */
    lookout: Lookout | null
    onLeave: () => Promise<void>
  },
): Promise<SweepStatus | null> {
  const until = timeoutMs === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  let last: SweepStatus | null = null
  let told = false
  for await (const status of waitFor(session.database, id, { signal: until, everyMs: lookMs })) {
    progress.show(status, Date.now())
    lookout?.see(status.farm)
    last = status
    if (status.state === 'paused' && !told) {
      told = true
      note(shell, `${status.name} is paused: driftfarm resume ${status.name} goes on with it`)
    }
    // Another run of the same spec had taken it over, and died.
    if (status.state === 'interrupted') await submit()
  }
  lookout?.end()
  if (last !== null && endStates.has(last.state)) return last
  if (signal.aborted) progress.say('ending running batches; Ctrl-C again leaves at once')
  await onLeave()
  if (signal.aborted) return null
  const { name, trials, farm } = await sweepStatus(session.database, id)
  const lack = farm === null ? '' : farmWords(farm, session.reader)
  throw new CliError(
    'TIMED_OUT',
    `${name} has not ended in the given time; ${trials.done} of ${trials.demanded} trials are done`,
    lack || 'run it again to go on, or give a longer --timeout',
  )
}

export async function printResults(shell: Shell, session: Session, id: string, json: boolean): Promise<ResultsData> {
  const { data, warnings } = await resultsOf(session.database, id)
  if (json) await printJson(shell, 'Results', data, warnings)
  else {
    await print(shell, renderTable(data, pageOf(shell)))
    for (const warning of warnings) note(shell, `warning: ${warning}`)
  }
  return data
}

/** 3: ended with failed batches, or a stop rule was not met before its maximum or the budget. */
export async function exitOf(session: Session, id: string): Promise<number> {
  const status = await sweepStatus(session.database, id)
  if (status.state === 'cancelled') return exitCodes.cancelled
  if (status.state !== 'complete' || status.rulesUnmet > 0) return exitCodes.incomplete
  return exitCodes.done
}

interface SubmittedSweep {
  readonly id: string
  readonly name: string
  readonly state: string
}

async function report(shell: Shell, options: RunOptions, sweep: SubmittedSweep): Promise<void> {
  if (options.json === true) await printJson(shell, 'Submitted', { sweep })
  else await print(shell, `${sweep.name} ${sweep.id} ${sweep.state}`)
}

/**
 * A run of its own in the background; what it says goes to a log in the home folder. It is left alone once it has
 * told that the sweep is stored: what was acknowledged is there.
 */
async function detach(path: string, options: RunOptions, home: string): Promise<SubmittedSweep> {
  const folder = join(home, 'logs')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `run-${Date.now()}.log`)
  const log = openSync(file, 'a')
  const arguments_ = [process.argv[1] ?? '', 'run', path, '--json', '--engine', options.engine]
  for (const [key, value] of options.set ?? []) arguments_.push('--set', `${key}=${value}`)
  for (const name of options.accept ?? []) arguments_.push('--accept', name)
  for (const name of ['trials', 'threads', 'batch'] as const)
    if (options[name] !== undefined) arguments_.push(`--${name}`, String(options[name]))
  const child = spawn(process.execPath, [...process.execArgv, ...arguments_], {
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
  })
  closeSync(log)
  try {
    return await new Promise<SubmittedSweep>((resolve, reject) => {
      child.once('message', (message) => resolve(message as SubmittedSweep))
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        const said = readFileSync(file, 'utf8').trim().split('\n').at(-1)
        reject(
          new CliError(
            'DETACHED_RUN',
            `the run in the background ended with ${code ?? signal}: ${said}`,
            `see ${file}`,
          ),
        )
      })
    })
  } finally {
    if (child.connected) child.disconnect()
    child.unref()
  }
}
