import { closeSync, openSync, readFileSync, statSync, unlinkSync, writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, DatabaseError } from '../errors.ts'
import { identify, isAlive, parseIdentity, printIdentity } from './process.ts'

/**
 * How long to wait for a lock, which another process holds while it starts or stops the server. Only a start that has
 * to recover from a crash may take longer than this.
 */
const waitMs = 120_000
/**
 * Maximum age of the file `<lock>.break`, which exists while a process removes a stale lock. The removal takes
 * microseconds, so an older file was left by a process that died during the removal.
 */
const breakerMs = 5_000

export interface Lock {
  release(): void
}

/**
 * Acquires `file` as a lock while a server is started or stopped. A lock whose owner has died is removed first.
 * Throws a DatabaseError SERVER_BUSY after `limitMs`.
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

/**
 * Tries once to acquire the lock. Returns null if another process holds it. Synchronous, so that an exit handler can
 * call it.
 */
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
 * Writes to a new file. If the disk is full, the file stays empty. Read-only commands still work, because an empty lock
 * file is valid for `breakerMs`, and these commands hold the lock for less time.
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
    // A file is empty if it was created only a moment ago, if its creator died before writing to it, or if the disk was
    // full.
    return owner === null ? ageMs(file) > breakerMs : !isAlive(owner)
  } catch {
    return false // the file was removed in the meantime, so the caller tries again
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs
  } catch {
    return 0
  }
}

function remove(file: string): void {
  try {
    unlinkSync(file)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
  }
}
