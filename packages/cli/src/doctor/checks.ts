import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  checkEmbedded,
  type Database,
  databaseInfo,
  embeddedExists,
  farmState,
  openDatabase,
  presence,
} from '@driftfarm/database'
import { farmMessage, findTarget, type Session, targetWords } from '@driftfarm/farm'
import { kernelOf } from '@driftfarm/kernel'
import { createQueueFactory, QueueError, type QueueFactory } from '@driftfarm/queue'
import { countText, type DocumentData } from '@driftfarm/report'
import { KERNEL_VERSION, parseSweep } from '@driftfarm/spec'
import { failureOf } from '../failure.ts'
import { openSession } from '../session.ts'
import type { Environment, Shell } from '../shell.ts'

export type Finding = DocumentData<'Doctor'>['findings'][number]

export type CheckResult = Pick<Finding, 'found'> & Partial<Pick<Finding, 'state' | 'hint'>>

/** If the check throws, its error is the finding. */
export async function findingOf(what: string, find: () => Promise<CheckResult> | CheckResult): Promise<Finding> {
  try {
    const { state = 'good', found, hint = null } = await find()
    return { what, good: state === 'good' || state === 'absent', state, found, hint }
  } catch (error) {
    const { message, hint } = failureOf(error)
    return { what, good: false, state: 'bad', found: message, hint }
  }
}

export type Check = (what: string, find: () => Promise<CheckResult> | CheckResult) => Promise<void>

/**
 * The checks of a home folder, its database and its queue. `url` is the address of the database of a farm; without it,
 * the database is the embedded one, which the first run creates.
 */
export async function checkParts(shell: Shell, check: Check, home: string, url: string | undefined): Promise<void> {
  const redis = Boolean(shell.env.REDIS_URL)
  const exists = url !== undefined || embeddedExists(home)
  await check('home', () => {
    if (url === undefined) return exists ? { found: home } : homeFound(home, 'the first run creates it')
    const { found, ...rest } = homeFound(home, 'the first worker creates it')
    return { ...rest, found: `${found} (contains only compiled kernels; the data is in the database)` }
  })
  await check('disk', () => diskFree(home))
  let session: Session | undefined
  let database: Database | undefined
  let migrated = false
  await check('database', async () => {
    if (!exists) return absent(`the first run creates it (PostgreSQL ${checkEmbedded()} is installed)`)
    if (url === undefined) session = await openSession(shell)
    database = session?.database ?? (await openDatabase({ url: url!, max: 1 }))
    const found = await checkDatabase(database, url === undefined ? 'embedded' : 'from DATABASE_URL')
    migrated = found.state === 'good'
    return found
  })
  await check('queue', async () => {
    if (redis || (url !== undefined && migrated)) return checkQueue(queueOf(shell))
    if (!exists) return absent('the first run creates it together with the database')
    if (session === undefined)
      return { state: 'absent', found: 'not checked: the queue is in the database, which cannot be used' }
    const queue = session.queue()
    await queue.migrate()
    return checkQueue(queue)
  })
  if (url !== undefined && migrated) await check('farm', () => farmFound(database!, redis))
  await (session ?? database)?.close()
}

const absent = (maker: string): CheckResult => ({
  state: 'absent',
  found: `not created yet, which is expected: ${maker}`,
})

/** A queue on Redis can be checked even if the database cannot be used. */
export const queueOf = ({ env }: Pick<Shell, 'env'>): QueueFactory =>
  createQueueFactory({
    databaseUrl: env.DATABASE_URL ?? '',
    redisUrl: env.REDIS_URL,
    kernelVersion: KERNEL_VERSION,
  })

export async function checkQueue(queue: QueueFactory): Promise<CheckResult> {
  try {
    await queue.check()
    return { found: queue.kind === 'postgres' ? 'in the database' : `Redis, ${queue.place}` }
  } catch (error) {
    if (!(error instanceof QueueError) || error.code !== 'QUEUE_NOT_MIGRATED') throw error
    return {
      state: 'due',
      found: 'in the database, which does not have the queue tables yet',
      hint: 'run `driftfarm db migrate` once; if the queue of the farm is on Redis, set REDIS_URL instead',
    }
  } finally {
    await queue.close()
  }
}

export async function checkDatabase(
  database: Database,
  where: string,
): Promise<CheckResult & { readonly state: Finding['state'] }> {
  const { version, sizeBytes, migrations } = await databaseInfo(database)
  const found = `PostgreSQL ${version}, ${where}, ${gigabytes(sizeBytes)}`
  if (migrations === 'current') return { state: 'good', found: `${found}, migrations current` }
  if (migrations === 'behind')
    return {
      state: 'due',
      found: `${found}, but without the tables of this version of Drift Farm`,
      hint: 'run `driftfarm db migrate` once, before coordinators and workers start',
    }
  return {
    state: 'bad',
    found: `${found}; its tables are from a newer version of Drift Farm`,
    hint: 'install the version that the farm runs',
  }
}

async function farmFound(database: Database, redis: boolean): Promise<CheckResult> {
  const present = await presence(database)
  const state = farmState(present)
  const { workers } = present
  const threads = workers.reduce((sum, worker) => sum + worker.threads, 0)
  if (state.state === 'works') {
    const counts = `${countText(workers.length, 'worker')} with ${countText(threads, 'thread')}`
    return { found: `a coordinator is running, and ${counts}` }
  }
  const words = farmMessage(state, { mode: 'farm', redis })
  const isAbsent =
    (state.state === 'leaderless' && state.seconds === null && state.standbySeconds === null) ||
    (state.state === 'workerless' && state.seconds === null && !state.ending)
  return isAbsent
    ? { state: 'absent', found: `${words} (expected until there is something to compute)` }
    : { state: 'due', found: words }
}

/** Time limit in ms for an answer: a process supervisor waits only a few seconds. */
export const answerMs = 4_000

export async function checkApi(api: string): Promise<CheckResult> {
  const address = `${api.replace(/\/+$/, '')}/readyz`
  const answer = await fetch(address, { signal: AbortSignal.timeout(answerMs) }).catch(async (error) => {
    const { unreachable } = await import('@driftfarm/api/client')
    throw unreachable(api, error)
  })
  const text = (await answer.text()).trim()
  return answer.ok ? { found: `${address}: ${text}` } : { state: 'bad', found: `${address}: ${answer.status} ${text}` }
}

/** The nearest folder that exists: `path` or one of its parents. */
function existing(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existing(dirname(path))
}

function homeFound(home: string, maker: string): CheckResult {
  const folder = existing(home)
  try {
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch {
    return {
      state: 'bad',
      found: folder === home ? `${home} is not writable` : `${home} cannot be created: ${folder} is not writable`,
      hint: 'set DRIFTFARM_HOME to another folder',
    }
  }
  return folder === home
    ? { found: home }
    : { state: 'absent', found: `${home} does not exist yet, which is expected: ${maker}` }
}

/** Whether this machine can compute with native lanes. Everything works without them. */
export async function nativeCheck(env: Environment): Promise<CheckResult> {
  const target = await findTarget(env.DRIFTFARM_CC || undefined)
  return 'missing' in target
    ? { state: 'absent', found: `${target.missing}; WebAssembly computes everything, with the same results` }
    : { found: targetWords(target) }
}

export async function kernelCheck(): Promise<CheckResult> {
  const spec =
    'version: 1\nname: doctor\nseed: 1\nlandscape: {preset: double-well}\nstart: [-1]\nupdate: {rule: gradient, ' +
    'eta: 0.1, drift: {sigma: 1}}\ntrial: {steps: 100, escape: "x >= 0"}\ntrials: 1\n'
  const started = performance.now()
  const kernel = await kernelOf(parseSweep(spec, { fileName: 'doctor' }).cell(0).cell)
  kernel.run(0, 100, { keep: false, horizons: [] })
  return { found: `WebAssembly with SIMD, compiled and run in ${Math.round(performance.now() - started)} ms` }
}

/** Size in bytes of a database without trials, including its log. */
const minFree = 64 * 2 ** 20

function diskFree(home: string): CheckResult {
  const { bavail, bsize } = statfsSync(existing(home))
  const free = bavail * bsize
  if (free >= minFree) return { found: `${gigabytes(free)} free` }
  return {
    state: 'bad',
    found: `${gigabytes(free)} free at ${existing(home)}; even an empty database takes ${gigabytes(minFree)}`,
    hint: 'free disk space, or set DRIFTFARM_HOME to another folder',
  }
}

export const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(bytes < 2 ** 30 ? 2 : 1)} GiB`
