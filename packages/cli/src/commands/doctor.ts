import { availableParallelism, freemem, hostname, totalmem } from 'node:os'
import { type Database, farmProcesses, openDatabase } from '@driftfarm/database'
import { documents } from '@driftfarm/report'
import { command } from '../command.ts'
import {
  answerMs,
  type Check,
  type CheckResult,
  checkApi,
  checkDatabase,
  checkParts,
  checkQueue,
  type Finding,
  findingOf,
  gigabytes,
  kernelCheck,
  nativeCheck,
  queueOf,
} from '../doctor/checks.ts'
import { exitCodes, usageError } from '../failure.ts'
import { choice, flag } from '../options/option.ts'
import { type PrintOptions, printData } from '../output.ts'
import { homeOf } from '../session.ts'
import type { Shell } from '../shell.ts'

export const doctor = command('doctor', {
  summary: 'check this machine, the database and the queue',
  options: {
    health: flag(
      'health check for a process supervisor. Checks only the database and the queue, or the API if DRIFTFARM_URL ' +
        'is set. Creates nothing, prints only problems, and exits with 0 or 1',
    ),
    of: choice(
      '<part>',
      'with --health: also check that a process of this kind on this host has sent a recent heartbeat',
      ['worker', 'coordinator'],
    ),
  },
  examples: ['doctor', 'doctor --health --of worker'],
  kinds: ['Doctor'],
  begins: 'checking this machine',
  act: async (shell, { health: isHealth, of, ...options }) =>
    isHealth === true || of !== undefined ? health(shell, of, options) : diagnose(shell, options),
})

/**
 * Checks everything that a run needs, without creating anything. Parts that do not exist yet are reported as absent.
 */
async function diagnose(shell: Shell, options: PrintOptions): Promise<number> {
  const findings: Finding[] = []
  const check: Check = async (what, find) => {
    shell.line.show(`checking the ${what}`)
    findings.push(await findingOf(what, find))
  }
  await check('node', () => ({ found: `${process.version} on ${process.platform} ${process.arch}` }))
  await check('machine', () => ({
    found: `cores: ${availableParallelism()}, free memory: ${gigabytes(freemem())} of ${gigabytes(totalmem())}`,
  }))
  await check('kernel', kernelCheck)
  await check('native lanes', () => nativeCheck(shell.env))
  const { DATABASE_URL: url, DRIFTFARM_URL: api } = shell.env
  if (api && !url) await check('api', () => checkApi(api))
  else await checkParts(shell, check, homeOf(shell), url || undefined)
  const bad = findings.filter((finding) => !finding.good)
  const data = { healthy: bad.length === 0, findings }
  await printData(shell, documents.Doctor, data, options)
  if (bad.length === 0) return exitCodes.done
  const isUnreachable = bad.some(({ what }) => ['database', 'queue', 'api'].includes(what))
  return isUnreachable ? exitCodes.unreachable : exitCodes.unexpected
}

type Part = 'worker' | 'coordinator'

/**
 * Returns 0 if a process of a farm can do its work; otherwise prints what is wrong and returns 1. Closes all
 * connections again, and creates nothing.
 */
async function health(shell: Shell, part: Part | undefined, options: PrintOptions): Promise<number> {
  const findings = await findingsOf(shell, part)
  shell.line.clear()
  const bad = findings.filter(({ state }) => state !== 'good')
  const data = { healthy: bad.length === 0, findings: options.json === true ? findings : bad }
  if (options.json === true || bad.length > 0) await printData(shell, documents.Doctor, data, options)
  return bad.length === 0 ? exitCodes.done : exitCodes.unexpected
}

async function findingsOf({ env }: Shell, part: Part | undefined): Promise<Finding[]> {
  const { DATABASE_URL: url, DRIFTFARM_URL: api } = env
  if (api) return [await findingOf('api', () => checkApi(api))]
  if (!url)
    throw usageError('--health checks a farm, but neither DATABASE_URL nor DRIFTFARM_URL is set', 'set one of them')
  const queue = findingOf('queue', () => checkQueue(queueOf({ env })))
  const database = await findingOf('database', () =>
    withDatabase(url, (database) => checkDatabase(database, 'from DATABASE_URL')),
  )
  if (part === undefined || database.state !== 'good') return [database, await queue]
  const here = await findingOf(part, () => withDatabase(url, (database) => processHealth(database, part)))
  return [database, await queue, here]
}

async function withDatabase<T>(url: string, use: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ url, max: 1, connectMs: answerMs, name: 'driftfarm health' })
  try {
    return await use(database)
  } finally {
    await database.close()
  }
}

/** Checks for a recent heartbeat, because a process that hangs still exists but sends no heartbeats. */
async function processHealth(database: Database, part: Part): Promise<CheckResult> {
  const host = hostname()
  const here = (await farmProcesses(database)).filter((each) => each.kind === part && each.host === host)
  const heard = here.find(({ state }) => state !== 'silent')
  if (heard !== undefined) return { found: `${heard.id} is ${heard.state}` }
  return { state: 'bad', found: `no ${part} on host ${host} has sent a heartbeat in the last 15 s` }
}
