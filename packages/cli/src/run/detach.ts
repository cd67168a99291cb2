import { fork } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundledEntry, sourceArguments } from '@driftfarm/farm'
import type { Source, Submission } from '@driftfarm/report'
import { CliError } from '../failure.ts'
import type { Shell } from '../shell.ts'
import type { RunOptions } from './options.ts'

/** The message that starts a run in the background process. */
export interface BackgroundRun {
  readonly path: string
  readonly options: RunOptions
}

export type SubmittedSweep = Omit<Submission, 'isNew'>

/**
 * Returns only after the background process has reported that the sweep is stored. Otherwise a sweep that the user
 * believes to be submitted could be lost.
 */
export async function detach(
  { cwd, env }: Shell,
  path: string,
  { detach: _, timeout: __, ...options }: RunOptions,
  home: string,
): Promise<SubmittedSweep> {
  const folder = join(home, 'logs')
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `run-${Date.now()}.log`)
  const log = openSync(file, 'a')
  const bundled = bundledEntry('background')
  const child = fork(fileURLToPath(bundled ?? new URL('../background.ts', import.meta.url)), {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    execArgv: bundled === null ? sourceArguments() : process.execArgv,
  })
  closeSync(log)
  try {
    return await new Promise<SubmittedSweep>((resolve, reject) => {
      child.once('message', (message) => resolve(message as SubmittedSweep))
      child.once('error', reject)
      child.once('exit', (code, signal) => {
        const text = readFileSync(file, 'utf8').trim().split('\n').at(-1)
        const how = code === null ? `signal ${signal}` : `exit code ${code}`
        reject(new CliError('DETACHED_RUN', `the background run ended with ${how}: ${text}`, `see the log: ${file}`))
      })
      child.send({ path, options: { ...options, json: true } } satisfies BackgroundRun)
    })
  } finally {
    child.removeAllListeners()
    if (child.connected) child.disconnect()
    child.unref()
  }
}

export async function detachedText(source: Source, { id, name }: SubmittedSweep): Promise<string> {
  const { farm } = await source.status({ sweep: id })
  const lack = farm?.words ?? ''
  return lack === ''
    ? `detached: the farm continues ${name}; \`driftfarm watch ${name}\` follows it`
    : `detached: ${name} is stored, but it cannot continue yet: ${lack}`
}
