import { hostname } from 'node:os'
import { farmIsServed, interruptSweep, type SweepStatus, submitSweep, sweepStatus } from '@driftfarm/database'
import { prepare } from '@driftfarm/kernel'
import { type DocumentData, dataText, documents, plannedData } from '@driftfarm/report'
import { isEnded, KERNEL_VERSION, type Sweep } from '@driftfarm/spec'
import { CliError, exitCodes } from '../../failure.ts'
import { farmWords } from '../../farmWords.ts'
import { type Interrupt, onInterrupt } from '../../interrupt.ts'
import { liveFigure, printFigure } from '../../liveFigure.ts'
import { note, printDocument, shown } from '../../output.ts'
import { createParts, type Parts, threadsOf } from '../../parts.ts'
import { progressing, sweepProgress } from '../../progress.ts'
import { processId, type Session, withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import type { RunOptions } from '../run.ts'
import { acceptedChecks, exitOfFindings } from './believing.ts'
import { detach, detachedText, type SubmittedSweep } from './detach.ts'
import { exitOf, printResults } from './ended.ts'
import { follow, removedMeanwhile } from './follow.ts'
import { identify, NothingStored, submit } from './submit.ts'
import { announceWidening } from './widening.ts'

/** Interval in ms at which a waiting client looks at the sweep. */
const lookMs = 200

export async function run(given: Shell, path: string, options: RunOptions): Promise<number> {
  const shell = progressing(given, options.progress)
  refuseAtOdds(options)
  acceptedChecks(options.accept) // refuses what is no check, before anything is done
  const { sweep, text } = await readSweep(shell, path, options)
  // A spec from which no kernel can be made is refused before anything is stored.
  const first = sweep.cell(0)
  prepare(first.cell, first.data)
  if (options.json !== true) for (const set of sweep.prepared) note(shell, `data: ${dataText(plannedData(set))}`)
  const interrupt = onInterrupt(shell)
  try {
    await identify(shell, sweep, interrupt.signal)
    shell.line.show('opening the database')
    return await withSession(shell, (session) => runIn(shell, session, { path, sweep, text, interrupt, options }))
  } catch (error) {
    if (!(error instanceof NothingStored)) throw error
    note(shell, error.message)
    return interrupt.exit() ?? exitCodes.interrupted
  } finally {
    interrupt.dispose()
  }
}

/** A figure is for people who wait. */
function refuseAtOdds({ figure, json, detach: isDetached }: RunOptions): void {
  if (figure !== true) return
  if (json === true)
    throw new CliError('USAGE', '--figure draws for people, --json prints a document', 'leave one of the two out')
  if (isDetached === true)
    throw new CliError('USAGE', '--figure draws what a detached run does not wait for', 'watch the sweep instead')
}

interface Asked {
  readonly path: string
  readonly sweep: Sweep
  readonly text: string
  readonly interrupt: Interrupt
  readonly options: RunOptions
}

async function runIn(
  shell: Shell,
  session: Session,
  { path, sweep, text, interrupt, options }: Asked,
): Promise<number> {
  const json = options.json === true
  const { database, ledger } = session
  const served = session.mode === 'farm' || (await farmIsServed(database))
  if (!json) await announceWidening(shell, database, sweep.id(), sweep.demand)
  if (options.detach === true && !served)
    return tellSubmitted(shell, await detach(shell, path, options, session.home), options)
  const runner = served ? null : processId('run')
  if (runner !== null)
    await ledger.register({
      id: runner,
      kind: 'run',
      host: hostname(),
      pid: process.pid,
      threads: threadsOf(options),
      kernel: KERNEL_VERSION,
      queue: session.queue().place,
    })
  // If the queue cannot be reached, no sweep should be left behind.
  if (runner !== null && shell.env.REDIS_URL) await session.queue().check()
  const { signal } = interrupt
  const leaving = async (): Promise<void> => (runner === null ? undefined : ledger.leave(runner))
  const { id, state } = await submit(shell, database, sweep, text, { runner, signal }).catch(async (error) => {
    await leaving()
    throw error
  })
  const submitAgain = () => submitSweep(database, sweep, text, { runner })
  const submitted: SubmittedSweep = { id, name: sweep.name, state }
  shell.onSubmitted(submitted)
  if (options.detach === true) return tellSubmitted(shell, submitted, options)
  // There is nothing to do: the registration is removed again, so that no row has changed.
  if (state === 'complete') await leaving()
  const waiting: Waiting = { shell, session, id, submit: submitAgain, signal, options }
  const ended =
    state === 'complete'
      ? null
      : await (runner === null ? wait(waiting, null) : compute(waiting, runner)).catch((error: unknown) => {
          throw removedMeanwhile(error, sweep.name)
        })
  shell.line.clear()
  const left = interrupt.exit()
  if (left !== null && ended === null && state !== 'complete') {
    note(
      shell,
      runner === null
        ? await detachedText(session, submitted)
        : `interrupted: finished batches of ${sweep.name} are kept; run it again to go on`,
    )
    return left
  }
  const { findings } = await printResults(shell, session, id, options)
  if (options.figure === true) await printFigure(shell, session.database, id)
  const doubts = exitOfFindings(shell, findings, acceptedChecks(options.accept), { quiet: json })
  return (await exitOf(session, id)) || doubts
}

async function tellSubmitted(
  shell: Shell,
  sweep: SubmittedSweep,
  options: { readonly json?: boolean },
): Promise<number> {
  shell.line.clear()
  await printDocument(shell, shown(documents.Submitted, { sweep } as DocumentData<'Submitted'>), options)
  return exitCodes.done
}

/** A sweep that this process waits for. */
interface Waiting {
  readonly shell: Shell
  readonly session: Session
  readonly id: string
  /** Submits it again; if it is still running this changes nothing. */
  submit(): Promise<unknown>
  readonly signal: AbortSignal
  readonly options: RunOptions
}

/** Computes the sweep in this process until it ends. Null if a signal ended the wait. */
async function compute(waiting: Waiting, runner: string): Promise<SweepStatus | null> {
  const { shell, session, id, options } = waiting
  const parts = await createParts(shell, session, { ...options, id: runner, kind: 'run', tell: options.json !== true })
  await parts.start()
  try {
    const status = await wait(waiting, parts)
    await parts.stop()
    if (status === null) await interruptSweep(session.database, id, 'interrupted by its user')
    return status
  } catch (error) {
    await parts.stop()
    if (error instanceof CliError && error.code === 'TIMED_OUT')
      await interruptSweep(session.database, id, 'its run timed out')
    throw error
  }
}

/**
 * Shows progress until the sweep ends; null if a signal ended the wait. `parts`: the worker and coordinator of this
 * process, null if the farm computes the sweep.
 */
async function wait(
  { shell, session, id, submit, signal, options }: Waiting,
  parts: Parts | null,
): Promise<SweepStatus | null> {
  const show = sweepProgress(shell)
  const live = options.figure === true ? liveFigure(shell, session.database) : null
  let told = false
  const { last } = await follow(shell, session, id, {
    signal,
    timeoutMs: options.timeout,
    everyMs: lookMs,
    // With --json standard error is reserved for an error.
    lookout: parts === null && options.json !== true,
    async onStatus(status) {
      show(status, Date.now())
      live?.see(status)
      if (status.state === 'paused' && !told) {
        told = true
        note(shell, `${status.name} is paused: driftfarm resume ${status.name} goes on with it`)
      }
      // Another run of the same spec had taken the sweep over, and died.
      if (status.state === 'interrupted') await submit()
      return false
    },
  }).finally(() => live?.end())
  if (last !== null && isEnded(last.state)) return last
  if (signal.aborted) shell.line.show('ending running batches; Ctrl-C again leaves at once')
  await parts?.drain()
  if (signal.aborted) return null
  const { name, trials, farm } = await sweepStatus(session.database, id)
  const lack = farm === null ? '' : farmWords(farm, session.reader)
  throw new CliError(
    'TIMED_OUT',
    `${name} has not ended in the given time; ${trials.done} of ${trials.demanded} trials are done`,
    lack || 'run it again to go on, or give a longer --timeout',
  )
}
