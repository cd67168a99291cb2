import { type SweepStatus, sweepStatus } from '@driftfarm/database'
import {
  createRunner,
  farmWords,
  type HandedIn,
  type Parts,
  type Runner,
  removedMeanwhile,
  requireKernel,
  type Session,
} from '@driftfarm/farm'
import { type DocumentData, dataText, documents, plannedData } from '@driftfarm/report'
import { isEnded, type Sweep } from '@driftfarm/spec'
import { CliError, exitCodes } from '../../failure.ts'
import { type Interrupt, onInterrupt } from '../../interrupt.ts'
import { liveFigure, printFigure } from '../../liveFigure.ts'
import { note, printDocument, shown } from '../../output.ts'
import { progressing, sweepProgress } from '../../progress.ts'
import { besideSpec, withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import { troubleListener } from '../../trouble.ts'
import type { RunOptions } from '../run.ts'
import { acceptedChecks, exitOfFindings } from './believing.ts'
import { detach, detachedText, type SubmittedSweep } from './detach.ts'
import { exitOf, printResults } from './ended.ts'
import { follow } from './follow.ts'
import { announceHome } from './home.ts'
import { identified, NothingStored, submitted } from './submit.ts'
import { announceWidening } from './widening.ts'

/** Interval in ms at which a waiting client looks at the sweep. */
const lookMs = 200

export async function run(given: Shell, path: string, options: RunOptions): Promise<number> {
  const shell = besideSpec(progressing(given, options.progress), path)
  refuseAtOdds(options)
  acceptedChecks(options.accept) // refuses what is no check, before anything is done
  const { sweep, text } = await readSweep(shell, path, options)
  requireKernel(sweep)
  if (options.json !== true) for (const set of sweep.prepared) note(shell, `data: ${dataText(plannedData(set))}`)
  const interrupt = onInterrupt(shell)
  try {
    await identified(shell, sweep, interrupt.signal)
    if (options.json !== true) announceHome(shell)
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
  const { database } = session
  const runner = createRunner(session, {
    ...options,
    checksQueue: Boolean(shell.env.REDIS_URL),
    onTrouble: troubleListener(shell, { tell: !json }),
  })
  const served = await runner.served()
  if (!json) await announceWidening(shell, database, sweep.id(), sweep.demand)
  if (options.detach === true && !served)
    return tellSubmitted(shell, await detach(shell, path, options, session.home), options)
  const handed = await submitted(shell, runner, { sweep, text }, interrupt.signal)
  const { id, name, state, attended } = handed
  const stored: SubmittedSweep = { id, name, state }
  shell.onSubmitted(stored)
  if (options.detach === true) return tellSubmitted(shell, stored, options)
  const waiting: Waiting = { shell, session, runner, handed, signal: interrupt.signal, options }
  const ended =
    state === 'complete'
      ? null
      : await (attended ? compute(waiting) : wait(waiting, null)).catch((error: unknown) => {
          throw removedMeanwhile(error, name)
        })
  shell.line.clear()
  const left = interrupt.exit()
  if (left !== null && ended === null && state !== 'complete') {
    note(
      shell,
      attended
        ? `interrupted: finished batches of ${name} are kept; run it again to go on`
        : await detachedText(session, stored),
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
  readonly runner: Runner
  readonly handed: HandedIn
  readonly signal: AbortSignal
  readonly options: RunOptions
}

/** Computes the sweep in this process until it ends. Null if a signal ended the wait. */
async function compute(waiting: Waiting): Promise<SweepStatus | null> {
  const { runner, handed } = waiting
  const parts = await runner.begin()
  try {
    const status = await wait(waiting, parts)
    await runner.close({ drain: false })
    if (status === null) await runner.interrupt(handed.id, 'interrupted by its user')
    return status
  } catch (error) {
    await runner.close({ drain: false })
    if (error instanceof CliError && error.code === 'TIMED_OUT') await runner.interrupt(handed.id, 'its run timed out')
    throw error
  }
}

/**
 * Shows progress until the sweep ends; null if a signal ended the wait. `parts`: the worker and coordinator of this
 * process, null if the farm computes the sweep.
 */
async function wait(
  { shell, session, handed, signal, options }: Waiting,
  parts: Parts | null,
): Promise<SweepStatus | null> {
  const show = sweepProgress(shell)
  const live = options.figure === true ? liveFigure(shell, session.database) : null
  let told = false
  const { last } = await follow(shell, session, handed.id, {
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
      if (status.state === 'interrupted') await handed.again()
      return false
    },
  }).finally(() => live?.end())
  if (last !== null && isEnded(last.state)) return last
  if (signal.aborted) shell.line.show('ending running batches; Ctrl-C again leaves at once')
  await parts?.drain()
  if (signal.aborted) return null
  const { name, trials, farm } = await sweepStatus(session.database, handed.id)
  const lack = farm === null ? '' : farmWords(farm, session.reader)
  throw new CliError(
    'TIMED_OUT',
    `${name} has not ended in the given time; ${trials.done} of ${trials.demanded} trials are done`,
    lack || 'run it again to go on, or give a longer --timeout',
  )
}
