import { hostname } from 'node:os'
import { farmProcesses, openDatabase } from '@driftfarm/database'
import { documents } from '@driftfarm/report'
import { CliError, exitCodes } from '../../failure.ts'
import { printDocument, printedDocument } from '../../output.ts'
import type { Shell } from '../../shell.ts'
import {
  answerMs,
  type CheckResult,
  checkApi,
  checkDatabase,
  checkQueue,
  type Finding,
  findingOf,
  queueOf,
} from './doctor.ts'

interface HealthOptions {
  readonly of?: 'worker' | 'coordinator'
  readonly json?: boolean
}

/**
 * Returns 0 if a process of a farm can do its work; otherwise prints what is wrong and returns 1. Closes all
 * connections again, and creates nothing.
 */
export async function health(shell: Shell, options: HealthOptions): Promise<number> {
  const findings = await findingsOf(shell, options.of)
  shell.line.clear()
  const bad = findings.filter(({ state }) => state !== 'good')
  const data = { healthy: bad.length === 0, findings: options.json === true ? findings : bad }
  if (options.json === true || bad.length > 0)
    await printDocument(shell, printedDocument(documents.Doctor, data), options)
  return bad.length === 0 ? exitCodes.done : exitCodes.unexpected
}

async function findingsOf({ env }: Shell, part: HealthOptions['of']): Promise<Finding[]> {
  const { DATABASE_URL: url, DRIFTFARM_URL: api } = env
  if (api) return [await findingOf('api', () => checkApi(api))]
  if (!url)
    throw new CliError(
      'USAGE',
      '--health checks a farm, but neither DATABASE_URL nor DRIFTFARM_URL is set',
      'set one of them',
    )
  const queue = findingOf('queue', () => checkQueue(queueOf({ env })))
  const database = await findingOf('database', () => databaseOf(url))
  const here =
    part === undefined || database.state !== 'good' ? [] : [await findingOf(part, () => processHealth(url, part))]
  return [database, await queue, ...here]
}

async function databaseOf(url: string): Promise<CheckResult> {
  const database = await openDatabase({ url, max: 1, connectMs: answerMs, name: 'driftfarm health' })
  try {
    return await checkDatabase(database, 'from DATABASE_URL')
  } finally {
    await database.close()
  }
}

/** Checks for a recent heartbeat, because a process that hangs still exists but sends no heartbeats. */
async function processHealth(url: string, part: 'worker' | 'coordinator'): Promise<CheckResult> {
  const database = await openDatabase({ url, max: 1, connectMs: answerMs, name: 'driftfarm health' })
  try {
    const host = hostname()
    const here = (await farmProcesses(database)).filter((each) => each.kind === part && each.host === host)
    const heard = here.find(({ state }) => state !== 'silent')
    if (heard !== undefined) return { found: `${heard.id} is ${heard.state}` }
    return { state: 'bad', found: `no ${part} on host ${host} has sent a heartbeat in the last 15 s` }
  } finally {
    await database.close()
  }
}
