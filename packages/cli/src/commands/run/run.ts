import {
  createRunner,
  databaseDesk,
  type HandedIn,
  type Parts,
  type Runner,
  removedMeanwhile,
  requireKernel,
  type Session,
} from '@driftfarm/farm'
import {
  type Desk,
  type DocumentData,
  dataText,
  documents,
  type GivenSpec,
  plannedData,
  type ReusedData,
  reusedLines,
  type StatusData,
} from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { CliError, exitCodes } from '../../failure.ts'
import { type Interrupt, onInterrupt } from '../../interrupt.ts'
import { liveFigure, printFigure } from '../../liveFigure.ts'
import { note, printDocument, shown } from '../../output.ts'
import { progressing, sweepProgress } from '../../progress.ts'
import { besideSpec, remoteOf, withSession } from '../../session.ts'
import type { Shell } from '../../shell.ts'
import { readSweep } from '../../specFile.ts'
import { troubleListener } from '../../trouble.ts'
import type { RunOptions } from '../run.ts'
import { acceptedChecks, exitOfFindings } from './believing.ts'
import { detach, detachedText, type SubmittedSweep } from './detach.ts'
import { exitOf, printResults } from './ended.ts'
import { follow } from './follow.ts'
import { announceHome } from './home.ts'
import { identified, NothingStored, submitted, unlessInterrupted } from './submit.ts'
import { announceWidening } from './widening.ts'

/** Interval in ms at which a waiting client looks at the sweep. */
const lookMs = 200

export async function run(given: Shell, path: string, options: RunOptions): Promise<number> {
  const shell = besideSpec(progressing(given, options.progress), path)
  refuseAtOdds(options)
  const { shard } = options
  if (shard !== undefined) return (await import('./shard.ts')).runShard(shell, path, { ...options, shard })
  acceptedChecks(options.accept) // refuses what is no check, before anything is done
  const remote = await remoteOf(shell)
  if (remote !== null) refuseLocal(options)
  const spec = await readSweep(shell, path, options)
  const { sweep } = spec
  requireKernel(sweep)
  if (options.json !== true) for (const set of sweep.prepared) note(shell, `data: ${dataText(plannedData(set))}`)
  const interrupt = onInterrupt(shell)
  const asked: Asked = { path, spec, interrupt, options }
  try {
    await identified(shell, sweep, interrupt.signal)
    if (remote !== null) return await runThere(shell, remote, asked)
    if (options.json !== true) announceHome(shell)
    shell.line.show('opening the database')
    return await withSession(shell, (session) => runIn(shell, session, asked))
  } catch (error) {
    if (!(error instanceof NothingStored)) throw error
    note(shell, error.message)
    return interrupt.exit() ?? exitCodes.interrupted
  } finally {
    interrupt.dispose()
  }
}

/** A figure is for people who wait; a file is written of a shard alone. */
function refuseAtOdds({ figure, json, detach: isDetached, shard, output }: RunOptions): void {
  if (output !== undefined && shard === undefined)
    throw new CliError(
      'USAGE',
      '-o is for the file of a shard (--shard K/N)',
      '`driftfarm results SWEEP -o FILE` writes results to a file',
    )
  if (figure !== true) return
  if (json === true)
    throw new CliError('USAGE', '--figure draws for people, --json prints a document', 'leave one of the two out')
  if (isDetached === true)
    throw new CliError('USAGE', '--figure draws what a detached run does not wait for', 'watch the sweep instead')
}

/** A farm that is served elsewhere computes as it was started. */
function refuseLocal({ threads, batch, bundle, engine }: RunOptions): void {
  const given = Object.entries({ threads, batch, bundle, engine: engine === 'wasm' ? undefined : engine })
  const [name] = given.find(([, value]) => value !== undefined) ?? []
  if (name !== undefined)
    throw new CliError(
      'USAGE',
      `--${name} is for a run on this machine, and DRIFTFARM_URL names a farm elsewhere`,
      'leave one of the two out',
    )
}

interface Asked {
  readonly path: string
  readonly spec: GivenSpec
  readonly interrupt: Interrupt
  readonly options: RunOptions
}

async function runIn(shell: Shell, session: Session, { path, spec, interrupt, options }: Asked): Promise<number> {
  const json = options.json === true
  const { database } = session
  const desk = databaseDesk(session)
  const runner = createRunner(session, {
    ...options,
    checksQueue: Boolean(shell.env.REDIS_URL),
    onTrouble: troubleListener(shell, { tell: !json }),
  })
  const served = await runner.served()
  if (!json) await announceWidening(shell, database, spec.sweep.id(), spec.sweep.demand)
  if (options.detach === true && !served)
    return tellSubmitted(shell, await detach(shell, path, options, session.home), options)
  const handed = await submitted(shell, runner, spec, interrupt.signal)
  const { id, name, state, attended, reused } = handed
  const stored: SubmittedSweep = { id, name, state, reused }
  shell.onSubmitted(stored)
  if (options.detach === true) return tellSubmitted(shell, stored, options)
  if (!json) tellReused(shell, reused)
  const waiting: Waiting = { shell, desk, handed, signal: interrupt.signal, options }
  const ended =
    state === 'complete'
      ? null
      : await (attended ? compute(waiting, runner) : wait(waiting, null)).catch((error: unknown) => {
          throw removedMeanwhile(error, name)
        })
  shell.line.clear()
  const left = interrupt.exit()
  if (left !== null && ended === null && state !== 'complete') {
    note(
      shell,
      attended
        ? `interrupted: finished batches of ${name} are kept; run it again to go on`
        : await detachedText(desk, stored),
    )
    return left
  }
  return tellResults(shell, desk, ended ?? (await desk.status(id)), options)
}

/** Hands a sweep in to a farm that is served elsewhere, and waits for it. */
async function runThere(shell: Shell, desk: Desk, { spec, interrupt, options }: Asked): Promise<number> {
  const { signal } = interrupt
  const submit = () => unlessInterrupted(spec.sweep, signal, () => desk.submit(spec, { signal }))
  const { id, name, state, warnings, reused } = await submit()
  if (options.json !== true) for (const warning of warnings) note(shell, warning)
  const stored: SubmittedSweep = { id, name, state, reused }
  shell.onSubmitted(stored)
  if (options.detach === true) return tellSubmitted(shell, stored, options)
  if (options.json !== true) tellReused(shell, reused)
  const waiting: Waiting = { shell, desk, handed: { ...stored, again: submit }, signal, options }
  const ended =
    state === 'complete'
      ? null
      : await wait(waiting, null).catch((error: unknown) => {
          throw removedMeanwhile(error, name)
        })
  shell.line.clear()
  const left = interrupt.exit()
  if (left !== null && ended === null && state !== 'complete') {
    note(shell, await detachedText(desk, stored))
    return left
  }
  return tellResults(shell, desk, ended ?? (await desk.status(id)), options)
}

/** Prints what came of a sweep; the exit code says whether it is what was asked for. */
async function tellResults(shell: Shell, desk: Desk, status: StatusData, options: RunOptions): Promise<number> {
  const { id } = status
  const { findings } = await printResults(shell, desk, id, options)
  if (options.figure === true) await printFigure(shell, desk, id)
  const doubts = exitOfFindings(shell, findings, acceptedChecks(options.accept), { quiet: options.json === true })
  return exitOf(status) || doubts
}

async function tellSubmitted(
  shell: Shell,
  { reused, ...sweep }: SubmittedSweep,
  options: { readonly json?: boolean },
): Promise<number> {
  shell.line.clear()
  if (options.json !== true) tellReused(shell, reused)
  const data = { sweep, ...(reused === null ? {} : { reused }) } as DocumentData<'Submitted'>
  await printDocument(shell, shown(documents.Submitted, data), options)
  return exitCodes.done
}

function tellReused(shell: Shell, reused: ReusedData | null): void {
  for (const line of reusedLines(reused)) note(shell, line)
}

/** A sweep that this process waits for. */
interface Waiting {
  readonly shell: Shell
  readonly desk: Desk
  readonly handed: Pick<HandedIn, 'id' | 'again'>
  readonly signal: AbortSignal
  readonly options: RunOptions
}

/** Computes the sweep in this process until it ends. Null if a signal ended the wait. */
async function compute(waiting: Waiting, runner: Runner): Promise<StatusData | null> {
  const { handed } = waiting
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
  { shell, desk, handed, signal, options }: Waiting,
  parts: Parts | null,
): Promise<StatusData | null> {
  const show = sweepProgress(shell)
  const live = options.figure === true ? liveFigure(shell, desk) : null
  let told = false
  const { last } = await follow(shell, desk, handed.id, {
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
  const { name, trials, farm } = await desk.status(handed.id)
  throw new CliError(
    'TIMED_OUT',
    `${name} has not ended in the given time; ${trials.done} of ${trials.demanded} trials are done`,
    farm?.words || 'run it again to go on, or give a longer --timeout',
  )
}
