import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { FarmProcesses } from '@driftfarm/farm'
import { exitCodes, usageError } from '../failure.ts'
import type { Environment } from '../shell.ts'

type WorkerState = Pick<NonNullable<FarmProcesses['worker']>, 'idleMs' | 'silentMs' | 'isOutOfTime'>

export type OnServerLost = 'finish' | 'stop'

export interface ExitConditions {
  /** When the worker's time is up, as a value of `Date.now()`; null: never. */
  readonly endsMs: number | null
  /** Time without work after which the worker leaves, in ms; null: never. */
  readonly idleMs: number | null
  readonly onServerLost: OnServerLost | null
}

export interface WorkerExit {
  readonly words: string
  readonly exit: number
}

/**
 * If less than this time in ms remains, a worker takes no more work. The worker needs this time to finish its running
 * batches and to sign off.
 */
export const marginMs = 30_000

/** The database counts as lost after this time in ms without an answer: ten heartbeat intervals. */
const lostMs = 30_000

/** Time in ms for which a worker keeps its results if the database is lost. */
const keepResultsMs = 300_000

/** Why the worker should leave now; null if it should continue. */
export function exitOf(
  worker: WorkerState,
  { endsMs, idleMs, onServerLost }: ExitConditions,
  nowMs: number,
): WorkerExit | null {
  const silent = `the database has not answered for ${seconds(worker.silentMs)} s`
  if (onServerLost === 'stop' && worker.silentMs > lostMs) return { words: silent, exit: exitCodes.unreachable }
  if (onServerLost === 'finish' && worker.silentMs > lostMs && worker.idleMs > 0)
    return { words: `${silent}, and no batch is running`, exit: exitCodes.unreachable }
  if (onServerLost === 'finish' && worker.silentMs > keepResultsMs)
    return { words: `${silent}, so the results that the worker could not store are lost`, exit: exitCodes.unreachable }
  if (worker.isOutOfTime) return { words: 'the remaining time is too short for another batch', exit: exitCodes.done }
  if (endsMs !== null && nowMs >= endsMs - marginMs) return { words: 'its time limit is reached', exit: exitCodes.done }
  if (idleMs !== null && worker.idleMs >= idleMs)
    return { words: `no work for ${seconds(idleMs)} s`, exit: exitCodes.done }
  return null
}

const seconds = (ms: number): number => Math.round(ms / 1_000)

/** Time limits are shortened at random by up to this share, so that workers do not all leave at the same time. */
const stagger = 0.05

/**
 * When the worker's time is up, as a value of `Date.now()`; null: never. The limit is a duration in ms, or `auto` for
 * the end of the SLURM job. Throws a CliError if the limit is `auto` and the end of the job cannot be found.
 */
export async function workerEndMs(
  limit: number | 'auto' | undefined,
  env: Environment,
  nowMs: number,
): Promise<number | null> {
  if (limit === undefined) return null
  const end = limit === 'auto' ? await endOfJob(env) : nowMs + limit
  return end === null ? null : nowMs + (end - nowMs) * (1 - stagger * Math.random())
}

async function endOfJob(env: Environment): Promise<number | null> {
  const endTimeSeconds = Number(env.SLURM_JOB_END_TIME)
  if (endTimeSeconds > 0) return endTimeSeconds * 1_000
  const job = env.SLURM_JOB_ID
  if (!job)
    throw usageError(
      '--time-limit auto needs a SLURM job, but this process is not in a job',
      'give a duration: --time-limit 55m',
    )
  try {
    const { stdout } = await promisify(execFile)('scontrol', ['show', 'job', job, '--oneliner'], { timeout: 10_000 })
    return parseSlurmTime(/\bEndTime=(\S+)/.exec(stdout)?.[1] ?? '')
  } catch (error) {
    throw usageError(
      `--time-limit auto: scontrol cannot report when job ${job} ends: ${(error as Error).message.trim()}`,
      'give a duration: --time-limit 55m',
    )
  }
}

/** Converts a time as SLURM writes it (local, without a zone) to ms; null if the job has no time limit. */
export function parseSlurmTime(text: string): number | null {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}
