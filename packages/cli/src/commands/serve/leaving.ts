import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Parts } from '@driftfarm/farm'
import { CliError, exitCodes } from '../../failure.ts'
import type { Environment } from '../../shell.ts'

/** What is looked at of a worker. */
type Seen = Pick<NonNullable<Parts['worker']>, 'idleMs' | 'silentMs' | 'isOutOfTime'>

/** What a worker does when the database no longer answers. */
export type OnServerLost = 'finish' | 'stop'

/** Under which conditions a worker leaves by itself. */
export interface Stay {
  /** When its machine is taken from it, by the clock of `Date.now()`; null: never. */
  readonly endsMs: number | null
  /** After how much time without work it leaves, in ms; null: never. */
  readonly idleMs: number | null
  readonly onServerLost: OnServerLost | null
}

/** Why a worker leaves, and with which exit code. */
export interface Leaving {
  readonly words: string
  readonly exit: number
}

/** What is left of its time when a worker takes no more, in ms: for what is at work, and for signing off. */
export const marginMs = 30_000

/** The database counts as lost after so long without an answer, in ms: ten heartbeats. */
const lostMs = 30_000

/** So long a worker keeps what it computed for a database that is lost, in ms. */
const keptMs = 300_000

/** Why the worker leaves now; null: it stays. A pure function of what is seen of it. */
export function whyLeave(worker: Seen, { endsMs, idleMs, onServerLost }: Stay, nowMs: number): Leaving | null {
  const silent = `the database has not answered for ${seconds(worker.silentMs)} s`
  if (onServerLost === 'stop' && worker.silentMs > lostMs) return { words: silent, exit: exitCodes.unreachable }
  if (onServerLost === 'finish' && worker.silentMs > lostMs && (worker.idleMs > 0 || worker.silentMs > keptMs))
    return { words: `${silent}, and nothing is at work`, exit: exitCodes.unreachable }
  if (worker.isOutOfTime) return { words: 'its time does not suffice for another batch', exit: exitCodes.done }
  if (endsMs !== null && nowMs >= endsMs - marginMs) return { words: 'its time is over', exit: exitCodes.done }
  if (idleMs !== null && worker.idleMs >= idleMs)
    return { words: `nothing to do for ${seconds(idleMs)} s`, exit: exitCodes.done }
  return null
}

const seconds = (ms: number): number => Math.round(ms / 1_000)

/** Ends of many workers are apart by this share of their time, so that they do not all leave at once. */
const stagger = 0.05

/**
 * When the time of a worker ends, by the clock of `Date.now()`: after a duration in ms, or, with `auto`, with the job
 * of SLURM in which it runs; null: never. Throws a CliError where there is no such job.
 */
export async function endOf(
  limit: number | 'auto' | undefined,
  env: Environment,
  nowMs: number,
): Promise<number | null> {
  if (limit === undefined) return null
  if (limit !== 'auto') return nowMs + limit * (1 - stagger * Math.random())
  const end = (await endOfJob(env)) ?? null
  return end === null ? null : nowMs + (end - nowMs) * (1 - stagger * Math.random())
}

async function endOfJob(env: Environment): Promise<number | null> {
  const told = Number(env.SLURM_JOB_END_TIME)
  if (told > 0) return told * 1_000
  const job = env.SLURM_JOB_ID
  if (!job)
    throw new CliError('USAGE', '--time-limit auto: this is no job of SLURM', 'say how long it may take, such as 55m')
  try {
    const { stdout } = await promisify(execFile)('scontrol', ['show', 'job', job, '--oneliner'], { timeout: 10_000 })
    const end = /\bEndTime=(\S+)/.exec(stdout)?.[1] ?? ''
    return endTime(end)
  } catch (error) {
    throw new CliError(
      'USAGE',
      `--time-limit auto: scontrol does not tell when job ${job} ends: ${(error as Error).message.trim()}`,
      'say how long it may take, such as 55m',
    )
  }
}

/** A time as SLURM writes it, local and without a zone, in ms; null where a job may take for ever. */
export function endTime(text: string): number | null {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? null : ms
}
