import { spawn, spawnSync } from 'node:child_process'
import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { nullIf } from '@driftfarm/formula'
import type { Account, ServerFiles } from './account.ts'
import { type Binaries, executable } from './binaries.ts'
import { commandOf, isAlive } from './process.ts'
import { settings } from './settings.ts'

/** The content of postmaster.pid, which a running server writes. */
export type Postmaster = NonNullable<ReturnType<typeof findPostmaster>>

const pollMs = 5
/** Time limit for a shutdown, which may have to write all dirty buffers. */
const stopLimitMs = 60_000
const logLimitBytes = 4 * 1024 * 1024

/**
 * Returns the running server of this data folder; null if none is running. A postmaster.pid that a crash left behind is
 * kept: the next server uses it to check whether old backends still hold the shared memory. If the process id in the
 * file now belongs to another program, the file is removed, because PostgreSQL would take that program for a running
 * server.
 */
export function findPostmaster(data: string) {
  const file = join(data, 'postmaster.pid')
  const lines = nullIf(Error, () => readFileSync(file, 'utf8').split('\n'))
  if (lines === null) return null
  const pid = Number(lines[0])
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive({ pid, born: '' })) return null
  const command = commandOf(pid)
  if (command !== '' && !(command.includes('postgres') && command.includes(data))) {
    rmSync(file, { force: true })
    return null
  }
  return { pid, port: Number(lines[3] ?? 0), ready: lines[7]?.trim() === 'ready' }
}

/**
 * Starts the server in a session of its own, so that Ctrl-C on the terminal does not reach it. `words` is what the
 * server has written to its log since then.
 */
export function spawnPostmaster(binaries: Binaries, place: ServerFiles, port: number) {
  rotate(place.log)
  const before = existsSync(place.log) ? statSync(place.log).size : 0
  const log = openSync(place.log, 'a', 0o600)
  const options = Object.entries({ ...settings, port: String(port) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ])
  const child = spawn(join(binaries.folder, 'bin', executable('postgres')), ['-D', place.data, ...options], {
    cwd: place.data,
    env: environment(),
    detached: true,
    stdio: ['ignore', log, log],
    ...identityOf(place.account),
    windowsHide: true,
  })
  closeSync(log)
  let gone = false
  const end = (): void => {
    gone = true
  }
  child.once('exit', end).once('error', end)
  child.unref()
  return { exited: () => gone, words: () => readFileSync(place.log).subarray(before).toString('utf8') }
}

/** Returns null if the server ends first. The wait has no time limit, because recovery after a crash may take long. */
export async function waitUntilReady(
  data: string,
  exited: () => boolean,
  onSlow: () => void,
): Promise<Postmaster | null> {
  const slow = Date.now() + 2_000
  for (let wasReported = false; !exited(); ) {
    const postmaster = findPostmaster(data)
    if (postmaster?.ready) return postmaster
    if (!wasReported && Date.now() > slow) {
      wasReported = true
      onSlow()
    }
    await sleep(pollMs)
  }
  return null
}

/** Requests a fast shutdown, which ends all sessions. Synchronous, so that an exit handler can call it. */
export function signalStop(pid: number, binaries: Binaries, place: ServerFiles): void {
  if (process.platform === 'win32')
    spawnSync(join(binaries.folder, 'bin', executable('pg_ctl')), ['stop', '-W', '-m', 'fast', '-D', place.data])
  else interrupt(pid)
}

/** SIGINT requests a fast shutdown. Do not call this function on Windows, which has no such signal. */
export function interrupt(pid: number): void {
  try {
    process.kill(pid, 'SIGINT')
  } catch {} // it has already ended
}

export async function waitUntilGone(pid: number, limitMs = stopLimitMs): Promise<boolean> {
  const end = Date.now() + limitMs
  while (isAlive({ pid, born: '' })) {
    if (Date.now() > end) return false
    await sleep(pollMs)
  }
  return true
}

export const identityOf = (account: Account | null): { uid?: number; gid?: number } =>
  account === null ? {} : { uid: account.uid, gid: account.gid }

/** The environment of the server, without any of our variables (PGPORT, LC_ALL, DATABASE_URL ...). */
export function environment(): Record<string, string> {
  const { PATH = '', SystemRoot, TEMP } = process.env
  return { PATH, LC_ALL: 'C', TZ: 'UTC', ...(SystemRoot ? { SystemRoot } : {}), ...(TEMP ? { TEMP } : {}) }
}

function rotate(log: string): void {
  if (existsSync(log) && statSync(log).size > logLimitBytes) renameSync(log, `${log}.1`)
}
