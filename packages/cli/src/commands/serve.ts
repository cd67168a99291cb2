import { setTimeout as delay } from 'node:timers/promises'
import { withTimeLimit } from '@driftfarm/answers'
import type { Api } from '@driftfarm/api'
import { stateOfFarm } from '@driftfarm/database'
import {
  createFarmProcesses,
  type FarmError,
  type FarmProcesses,
  farmMessage,
  processId,
  type Session,
  workerConnections,
} from '@driftfarm/farm'
import { command } from '../command.ts'
import { adminTokenIn, nativeIn, threadsOfJob } from '../environment.ts'
import { exitCodes } from '../failure.ts'
import { createFarmMonitor } from '../farmMonitor.ts'
import { onInterrupt } from '../interrupt.ts'
import { choice, type OptionsOf } from '../options/option.ts'
import { duration, durationOrAuto } from '../options/parse.ts'
import {
  batch,
  bundle,
  bundlesPerSecond,
  connections,
  docsUrl,
  engine,
  http,
  listen,
  log,
  native,
  publicUrl,
  shortThreads,
  threads,
} from '../options/shared.ts'
import { note } from '../output.ts'
import { type ExitConditions, exitOf, type WorkerExit, workerEndMs } from '../serve/workerExit.ts'
import { announceHome, type OpenSessionOptions, withSession } from '../session.ts'
import type { Shell } from '../shell.ts'
import { createTroubleListener } from '../trouble.ts'
import { version } from '../version.ts'

const served = { listen, http, publicUrl, docsUrl, log }
const ofCoordinator = { batch, bundle, shortThreads, bundlesPerSecond, ...served }
const ofWorker = {
  threads,
  connections,
  timeLimit: durationOrAuto(
    'maximum running time, e.g. 55m, or auto for the time limit of the SLURM job. The worker starts only ' +
      'work that it can finish in this time',
  ),
  idleTimeout: duration('exit after this time without work, e.g. 5m (default: never)'),
  onServerLost: choice(
    '<how>',
    'what to do if the database has not answered for 30 s (default: keep waiting). stop: exit at once. finish: ' +
      'complete the running bundles, try for 5 minutes to store them, then exit',
    ['finish', 'stop'],
  ),
  engine,
  native,
}

export const up = command('up', {
  summary: 'run database, coordinator, worker and API on this machine until Ctrl-C',
  options: { threads, native, shortThreads, bundlesPerSecond, ...served },
  examples: ['up --threads 4'],
  act: (shell, options) => serve(shell, 'up', options),
})

export const coordinator = command('coordinator', {
  summary: 'run a coordinator until Ctrl-C. It plans sweeps, dispatches work to workers and serves the API',
  options: ofCoordinator,
  examples: ['coordinator', 'coordinator --listen 0.0.0.0:8080 --log info'],
  act: (shell, options) => serve(shell, 'coordinator', options),
})

export const worker = command('worker', {
  summary: 'run a worker until Ctrl-C. It computes batches of any sweep',
  options: ofWorker,
  examples: ['worker --threads 8', 'worker --time-limit auto --idle-timeout 5m --on-server-lost finish'],
  act: (shell, options) => serve(shell, 'worker', options),
})

type ServeOptions = Partial<OptionsOf<typeof ofCoordinator & typeof ofWorker>>

const defaultAddress = { host: '127.0.0.1', port: 8080 }

async function serve(shell: Shell, kind: 'up' | 'coordinator' | 'worker', options: ServeOptions): Promise<number> {
  announceHome(shell)
  const { timeLimit, idleTimeout, onServerLost = null } = options
  const conditions: ExitConditions | null =
    kind === 'worker'
      ? { endsMs: await workerEndMs(timeLimit, shell.env, Date.now()), idleMs: idleTimeout ?? null, onServerLost }
      : null
  const interrupt = onInterrupt(shell)
  const body = async (session: Session): Promise<number> => {
    const id = processId(kind)
    const processes = await createFarmProcesses(session, {
      ...options,
      threads: options.threads ?? threadsOfJob(shell.env),
      // Others may submit to this farm, so only its owner turns native lanes on.
      native: nativeIn(shell.env, options.native, 'off'),
      endsMs: conditions?.endsMs ? performance.now() + conditions.endsMs - Date.now() : undefined,
      id,
      kind,
      onTrouble: createTroubleListener(shell),
    })
    let api: Api | null = null
    try {
      // The API starts before anything is computed, so that an address that is in use or not allowed is reported at
      // once.
      if (kind !== 'worker' && options.http !== false) api = await apiOf(shell, session, kind, options)
      await processes.start()
      note(
        shell,
        `${kind} ${id} ready${processes.threads === null ? '' : `, ${processes.threads} threads`}; Ctrl-C stops it`,
      )
      if (api !== null) {
        const url = api.url.replace(/\/$/, '')
        note(shell, `page at ${url}/`)
        note(shell, `API at ${url}/api/v1${api.words === null ? '' : ` (${api.words})`}`)
      }
      if (kind !== 'worker') void reportHealth(shell, session, interrupt.signal)
      const exit = await Promise.race([interrupt.wait(), untilExit(processes.worker, conditions, interrupt.signal)])
      note(shell, `${kind} ${id} ${exit ? `leaves: ${exit.words}` : 'draining'}`)
      const timeoutMs = conditions?.endsMs ? Math.max(1_000, conditions.endsMs - Date.now() - signOffMs) : undefined
      await Promise.all([processes.drain(timeoutMs === undefined ? {} : { timeoutMs }), api?.close()])
      await processes.stop()
      note(shell, `${kind} ${id} ended`)
      return exit ? exit.exit : exitCodes.done
    } finally {
      await Promise.all([api?.close(), processes.stop()])
    }
  }
  return withSession(shell, body, connectionsOf(shell, kind, options)).finally(() => interrupt.dispose())
}

/** Interval in ms at which the farm's health is checked for the log. */
const healthMs = 2_000

async function reportHealth(shell: Shell, { database, reader }: Session, signal: AbortSignal): Promise<void> {
  const farmMonitor = createFarmMonitor({ say: (line) => note(shell, line) })
  const look = withTimeLimit(() => stateOfFarm(database))
  while (!signal.aborted) {
    // Errors are ignored here, because the leading coordinator reports permanent errors.
    const seen = await look().catch(() => null)
    if (seen !== null && !signal.aborted) {
      const state = 'value' in seen ? seen.value : seen.trouble
      farmMonitor.update(state === null ? null : { state: state.state, words: farmMessage(state, reader) })
    }
    await delay(healthMs, undefined, { signal }).catch(() => undefined)
  }
  farmMonitor.stop()
}

/** Time in ms that a worker reserves for signing off before its time limit ends. */
const signOffMs = 5_000

/** If the worker meets no condition for leaving the farm, the promise never resolves. */
async function untilExit(
  worker: FarmProcesses['worker'],
  conditions: ExitConditions | null,
  signal: AbortSignal,
): Promise<WorkerExit | null> {
  while (worker !== null && conditions !== null && !signal.aborted) {
    const exit = exitOf(worker, conditions, Date.now())
    if (exit !== null) return exit
    await delay(500, undefined, { signal }).catch(() => undefined)
  }
  return new Promise(() => undefined)
}

/** A worker uses few database connections, because there may be many workers. */
const connectionsOf = ({ env }: Shell, kind: string, { connections }: ServeOptions): OpenSessionOptions =>
  kind === 'worker'
    ? { isWorker: true, connections: connections ?? workerConnections({ redis: Boolean(env.REDIS_URL) }) }
    : {}

async function apiOf(
  shell: Shell,
  session: Session,
  kind: 'up' | 'coordinator',
  options: ServeOptions,
): Promise<Api | null> {
  const { startApi } = await import('@driftfarm/api')
  const { listen, publicUrl, docsUrl, log = 'silent' } = options
  try {
    return await startApi({
      session,
      ...(listen ?? defaultAddress),
      // If a port is in use, `up` tries the next one, so that several farms can run on one machine.
      next: kind === 'up' && listen === undefined,
      publicUrl,
      docsUrl,
      adminToken: adminTokenIn(shell.env),
      log,
      version,
    })
  } catch (error) {
    // If another coordinator on this machine already uses the default port, this coordinator is a standby. The standby
    // runs without an API, because the user has not requested an API with --listen.
    if (kind !== 'coordinator' || listen !== undefined || (error as FarmError).code !== 'CONFLICT') throw error
    note(shell, `this coordinator serves no API: ${(error as Error).message}; --listen HOST:PORT sets another address`)
    return null
  }
}
