import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, DatabaseError } from '../errors.ts'
import { identify, isAlive, parseIdentity, printIdentity } from './process.ts'

/** A process holds the lock for longer than this only if the server must recover from a crash. */
const waitMs = 120_000
/**
 * The file `<lock>.break` exists for microseconds while a process removes a stale lock. A file older than `breakerMs`
 * was left by a process that died during the removal.
 */
const breakerMs = 5_000

export interface Lock {
  release(): void
}

/**
 * Acquires the lock that protects starting and stopping a server. Removes a lock whose owner has died. Throws a
 * DatabaseError SERVER_BUSY after `limitMs`.
 */
export async function acquire(file: string, limitMs = waitMs): Promise<Lock> {
  const end = Date.now() + limitMs
  for (;;) {
    const lock = tryAcquire(file)
    if (lock !== null) return lock
    if (Date.now() > end)
      throw new DatabaseError('SERVER_BUSY', `The lock ${file} has been held for ${limitMs / 1000} s`)
    await sleep(5 + 10 * Math.random())
  }
}

/** Returns null if another process holds the lock. Synchronous, so that an exit handler can call it. */
export function tryAcquire(file: string): Lock | null {
  if (create(file)) return { release: () => remove(file) }
  if (!isStale(file)) return null
  // Two processes may see the same stale lock. The second one must not remove the new lock of the first.
  const breaker = `${file}.break`
  if (!create(breaker)) {
    if (ageMs(breaker) > breakerMs) remove(breaker)
    return null
  }
  try {
    if (isStale(file)) remove(file)
  } finally {
    remove(breaker)
  }
  return create(file) ? { release: () => remove(file) } : null
}

function create(file: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600)
    writeUnlessFull(() => writeSync(handle, printIdentity(identify(process.pid))))
    closeSync(handle)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
}

/**
 * If the disk is full, the file stays empty. An empty lock file names no owner, so its lock counts as stale after
 * `breakerMs`. Read-only commands do not need the lock for longer than that.
 */
export function writeUnlessFull(write: () => void): void {
  try {
    write()
  } catch (error) {
    if (codeOf(error) !== 'ENOSPC') throw error
  }
}

function isStale(file: string): boolean {
  try {
    const owner = parseIdentity(readFileSync(file, 'utf8'))
    // An empty file is new, or its creator died before writing to it, or the disk was full.
    return owner === null ? ageMs(file) > breakerMs : !isAlive(owner)
  } catch {
    return false // the file was removed in the meantime, so the caller tries again
  }
}

/** 0 if the file does not exist. */
function ageMs(file: string): number {
  const written = statSync(file, { throwIfNoEntry: false })?.mtimeMs
  return written === undefined ? 0 : Date.now() - written
}

export const remove = (file: string): void => rmSync(file, { force: true })

/** Registers this process as a client of the server. Returns the path of the client file. */
export function register(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // A counter would not be unique, because a process may load both the sources and the bundled build of this module.
  const file = join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`)
  writeUnlessFull(() => writeFileSync(file, printIdentity(identify(process.pid)), { mode: 0o600 }))
  return file
}

/** Returns the number of living clients, and removes the files of dead clients. The caller must hold the start lock. */
export function countClients(folder: string): number {
  let living = 0
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const file = join(folder, name)
    const text = readFileSync(file, 'utf8')
    // The file is empty if the disk was full. The name of the file still contains the process id.
    const client = text === '' ? identify(Number.parseInt(name, 10)) : parseIdentity(text)
    if (client !== null && isAlive(client)) living++
    else remove(file)
  }
  return living
}
