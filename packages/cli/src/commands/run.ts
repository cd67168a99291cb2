import {
  createRunner,
  databaseFarmClient,
  type FarmProcesses,
  identify,
  type Runner,
  removedSweepError,
  requireKernel,
  type Session,
  type SubmittedRun,
  startThreads,
} from '@driftfarm/farm'
import {
  dataText,
  type FarmClient,
  plannedData,
  type ResolvedSpec,
  reusedLines,
  type StatusData,
} from '@driftfarm/report'
import { isEnded } from '@driftfarm/spec'
import { command } from '../command.ts'
import { nativeIn } from '../environment.ts'
import { CliError, exitCodes, usageError } from '../failure.ts'
import { type Interrupt, onInterrupt } from '../interrupt.ts'
import { note, tell } from '../output.ts'
import { progressOf, sweepProgress } from '../progress.ts'
import { acceptedChecks, exitCodeOfFindings } from '../run/acceptedChecks.ts'
import type { SubmittedSweep } from '../run/detach.ts'
import { follow } from '../run/follow.ts'
import { type RunOptions, runOptions } from '../run/options.ts'
import { announceHome, homeOf, remoteFarmClientOf, shellOfSpec, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { readSweep } from '../specFile.ts'
import { createTroubleListener } from '../trouble.ts'

export const run = command('run <spec>', {
  summary: 'run a sweep: plan, compute, wait and print the results',
  options: runOptions,
  examples: [
    'run examples/double-well.yaml',
    'run examples/double-well.yaml --trials 1e5 --set update.eta=0.05',
    'run examples/double-well.yaml --figure',
    'run examples/double-well.yaml --detach',
    'run examples/double-well.yaml --shard 7/100 -o shard-7.driftfarm',
  ],
  kinds: ['Results', 'Submitted', 'Shard'],
  begins: 'reading <spec>',
  act: runSweep,
})

const loadPrinting = () => import('../run/printResults.ts')

/** Interval in ms at which a waiting client polls the sweep. */
const pollMs = 200
/** Interval in ms at which the progress is shown, even if nothing has changed. */
const progressMs = 1_000

export async function runSweep(given: Shell, path: string, options: RunOptions): Promise<number> {
  const shell = shellOfSpec(given, path)
  refuseConflictingOptions(options)
  const { shard } = options
  if (shard !== undefined) return (await import('../run/shard.ts')).runShard(shell, path, { ...options, shard })
  acceptedChecks(options.accept) // throws if a check is unknown, before the run begins
  const remote = await remoteFarmClientOf(shell)
  if (remote !== null) refuseLocalOptions(options)
  const spec = await readSweep(shell, path, options)
  const { sweep } = spec
  requireKernel(sweep)
  for (const set of sweep.prepared) note(shell, `data: ${dataText(plannedData(set))}`)
  const computing = remote === null ? computingOf(shell, options, sweep.cell(0).canonical) : null
  const interrupt = onInterrupt(shell)
  const request: RunRequest = { shell, path, spec, interrupt, options }
  try {
    const onCells = progressOf(shell, 'reading cell', sweep.cellCount)
    // If a signal arrives, nothing of the sweep is stored, and the reason of the signal is thrown.
    await identify(sweep, { signal: interrupt.signal, onCells })
    if (computing === null) return await runRemotely(request, remote!)
    announceHome(shell)
    shell.line.show('opening the database')
    const running = withSession(shell, (session) => runLocally(request, session, computing))
    void loadPrinting() // while the database is opened
    return await running
  } catch (error) {
    const { aborted, reason } = interrupt.signal
    if (!aborted || error !== reason) throw error
    tell(shell, `interrupted: ${sweep.name} is not stored; run the spec again to start over`)
    return interrupt.exit() ?? exitCodes.interrupted
  } finally {
    interrupt.dispose()
    await computing?.pool?.close()
  }
}

type Computing = Omit<Parameters<typeof createRunner>[1], 'checksQueue' | 'onFinished'>

/** How this process computes. Trials are probably missing, so its threads start before the database is open. */
function computingOf(shell: Shell, options: RunOptions, cell: string): Computing {
  const native = nativeIn(shell.env, options.native, 'auto')
  const computing = { ...options, native, onTrouble: createTroubleListener(shell) }
  if (options.detach === true) return computing
  return { ...computing, pool: startThreads(homeOf(shell), { ...computing, ...shell.waits?.worker, cell }) }
}

function refuseConflictingOptions({ figure, json, detach: isDetached, shard, output }: RunOptions): void {
  if (output !== undefined && shard === undefined)
    throw usageError(
      '-o names the file of a shard, so it needs --shard K/N',
      'to write results to a file, use `driftfarm results SWEEP -o FILE`',
    )
  if (figure !== true) return
  if (json === true) throw usageError('--figure cannot be combined with --json', 'omit one of them')
  if (isDetached === true)
    throw usageError(
      '--figure cannot be combined with --detach',
      'omit `--figure`, and watch the sweep: `driftfarm watch SWEEP`',
    )
}

/** Options for workers are refused, because the workers of the farm at DRIFTFARM_URL have their own settings. */
function refuseLocalOptions({ threads, batch, bundle, native, engine }: RunOptions): void {
  const given = Object.entries({ threads, batch, bundle, native, engine: engine === 'wasm' ? undefined : engine })
  const [name] = given.find(([, value]) => value !== undefined) ?? []
  if (name !== undefined)
    throw usageError(
      `--${name} is for a run on this machine, but DRIFTFARM_URL sends the run to a farm`,
      `omit --${name}, or unset DRIFTFARM_URL`,
    )
}

interface RunRequest {
  readonly shell: Shell
  readonly path: string
  readonly spec: ResolvedSpec
  readonly interrupt: Interrupt
  readonly options: RunOptions
  /** Aborted when the coordinator of this process has ended a sweep. */
  readonly ended?: AbortSignal
}

async function runLocally(request: RunRequest, session: Session, computing: Computing): Promise<number> {
  const { shell, path, spec, interrupt, options } = request
  const ended = new AbortController()
  const onFinished = () => ended.abort()
  const runner = createRunner(session, { ...computing, onFinished, checksQueue: Boolean(shell.env.REDIS_URL) })
  const served = await runner.isServed()
  if (options.detach === true && !served) {
    const { detach } = await import('../run/detach.ts')
    return printSubmitted(shell, await detach(shell, path, options, session.home), options)
  }
  const { name, cellCount } = spec.sweep
  const onCells = progressOf(shell, `storing ${name}: cell`, cellCount)
  const submitted = await runner.submit(spec, { signal: interrupt.signal, onCells })
  const farmClient = databaseFarmClient(session)
  if (submitted.isComputedHere) return untilEnd({ ...request, ended: ended.signal }, farmClient, submitted, runner)
  await computing.pool?.close()
  return untilEnd(request, farmClient, submitted, null)
}

async function runRemotely(request: RunRequest, farmClient: FarmClient): Promise<number> {
  const { spec, interrupt } = request
  const { signal } = interrupt
  const submit = () => farmClient.submit(spec, { signal })
  return untilEnd(request, farmClient, { ...(await submit()), again: submit }, null)
}

/** Waits for the end of the sweep and prints its results. `runner` computes the sweep; if it is null, a farm does. */
async function untilEnd(
  request: RunRequest,
  farmClient: FarmClient,
  submitted: SubmittedSweep & Pick<SubmittedRun, 'again'>,
  runner: Runner | null,
): Promise<number> {
  const { shell, interrupt, options } = request
  const { id, name, state, warnings, reused, computed } = submitted
  const stored: SubmittedSweep = { id, name, state, warnings, reused, computed }
  shell.onSubmitted(stored)
  if (options.detach === true) return printSubmitted(shell, stored, options)
  printNotes(shell, stored)
  const waiting: WaitContext = { ...request, farmClient, submitted }
  const ended = () => (runner === null ? wait(waiting, null) : compute(waiting, runner))
  const last = await (state === 'complete' ? null : ended())?.catch((error: unknown) => {
    throw removedSweepError(error, name)
  })
  shell.line.clear()
  const exit = interrupt.exit()
  if (exit !== null && last === null) {
    const left = `interrupted: finished batches of ${name} stay stored; run the spec again to continue`
    tell(shell, runner === null ? await (await import('../run/detach.ts')).detachedText(farmClient, stored) : left)
    return exit
  }
  // The results need not wait until all threads have ended, but this process does, even if it cannot print them.
  const closing = runner?.close({ drain: false })
  const [code] = await Promise.all([printEnd(waiting, last ?? null).finally(() => closing), closing])
  return code
}

/** Prints the results, and returns the exit code. */
async function printEnd(
  { shell, farmClient, submitted: { id }, options }: WaitContext,
  last: StatusData | null,
): Promise<number> {
  const status = last ?? (await farmClient.status({ sweep: id }))
  const { exitCodeOf, printResults } = await loadPrinting()
  const { findings } = await printResults(shell, farmClient, id, options)
  if (options.figure === true) await (await import('../liveFigure.ts')).printFigure(shell, farmClient, id)
  return exitCodeOf(status) || exitCodeOfFindings(shell, findings, acceptedChecks(options.accept))
}

async function printSubmitted(
  shell: Shell,
  submitted: SubmittedSweep,
  options: { readonly json?: boolean },
): Promise<number> {
  shell.line.clear()
  printNotes(shell, submitted)
  await (await loadPrinting()).printSubmission(shell, submitted, options)
  return exitCodes.done
}

function printNotes(shell: Shell, { warnings, reused, computed }: SubmittedSweep): void {
  for (const line of [...warnings, ...reusedLines(reused, computed)]) note(shell, line)
}

interface WaitContext extends RunRequest {
  readonly farmClient: FarmClient
  readonly submitted: Pick<SubmittedRun, 'id' | 'again'>
}

/** Returns the last status of the sweep. If a signal ended the wait, closes the runner and returns null. */
async function compute(waiting: WaitContext, runner: Runner): Promise<StatusData | null> {
  const { shell, submitted } = waiting
  const processes = await runner.start()
  try {
    const status = await wait(waiting, processes)
    if (status !== null) {
      const engine = processes.worker?.engineWords
      if (engine) note(shell, `computed with ${engine}`)
      return status
    }
    await runner.close({ drain: false })
    await runner.interrupt(submitted.id, 'the user interrupted the run')
    return null
  } catch (error) {
    await runner.close({ drain: false })
    if (error instanceof CliError && error.code === 'TIMED_OUT')
      await runner.interrupt(submitted.id, 'the run did not end within --timeout')
    throw error
  }
}

/**
 * Returns the last status of the sweep, or null if a signal ended the wait. `processes` are the worker and coordinator
 * of this process; null if the farm computes the sweep.
 */
async function wait(
  { shell, farmClient, submitted, interrupt: { signal }, options, ended }: WaitContext,
  processes: FarmProcesses | null,
): Promise<StatusData | null> {
  const show = sweepProgress(shell)
  let wasAnnounced = false
  let newest: StatusData | null = null
  // A status comes only when something has changed, which may take as long as a batch.
  const timer = setInterval(() => newest !== null && show(newest, Date.now()), progressMs)
  const { last } = await follow(shell, farmClient, submitted.id, {
    signal,
    timeoutMs: options.timeout,
    everyMs: pollMs,
    ended,
    farmMonitor: processes === null,
    figure: options.figure === true,
    async onStatus(status) {
      newest = status
      show(status, Date.now())
      if (status.state === 'paused' && !wasAnnounced) {
        wasAnnounced = true
        note(shell, `${status.name} is paused; \`driftfarm resume ${status.name}\` continues it`)
      }
      // Another run of this spec was computing the sweep and has ended, so submit the sweep again.
      if (status.state === 'interrupted') await submitted.again()
      return false
    },
  }).finally(() => clearInterval(timer))
  if (last !== null && isEnded(last.state)) return last
  if (signal.aborted) shell.line.show('waiting for running batches; press Ctrl-C again to exit at once')
  await processes?.drain()
  if (signal.aborted) return null
  const { name, trials, farm } = await farmClient.status({ sweep: submitted.id })
  throw new CliError(
    'TIMED_OUT',
    `${name} did not end within --timeout; ${trials.done} of ${trials.requested} trials are done`,
    farm?.words || 'run the spec again to continue, or give a longer --timeout',
  )
}
