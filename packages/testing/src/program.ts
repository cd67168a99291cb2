import { execFile } from 'node:child_process'
import { access, mkdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A program is not here and could not be installed: the message says why. */
export class ProgramUnavailable extends Error {
  override readonly name = 'ProgramUnavailable'
}

export interface Program {
  /** As it may be called on PATH. */
  readonly names: readonly string[]
  /** Of Debian. */
  readonly package: string
}

/** The path of a program; as root on Debian it is installed. Throws ProgramUnavailable. */
export async function programPath({ names, package: wanted }: Program): Promise<string> {
  const there = await onPath(names)
  if (there !== null) return there
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    throw new ProgramUnavailable(`no ${names.join(' or ')} on PATH, and only root on Debian installs it by itself`)
  return locked(async () => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    // Another process may have waited for the lock and installed it.
    const there = await onPath(names)
    if (there !== null) return there
    try {
      await run('apt-get', ['update'], { env, timeout: 120_000 })
      await run('apt-get', ['install', '-y', '--no-install-recommends', wanted], { env, timeout: 300_000 })
    } catch (error) {
      const lines = String(error instanceof Error ? error.message : error)
        .trim()
        .split('\n')
      throw new ProgramUnavailable(`apt-get could not install ${wanted}: ${lines.at(-1)}`)
    }
    const installed = await onPath(names)
    if (installed === null) throw new ProgramUnavailable(`${wanted} was installed but is not on PATH`)
    return installed
  })
}

/**
 * The same, or null, with a line that says why. With CI set a missing program is an error: there the tests must run.
 */
export async function programOrNull(program: Program): Promise<string | null> {
  try {
    return await programPath(program)
  } catch (error) {
    if (!(error instanceof ProgramUnavailable) || process.env.CI) throw error
    process.stderr.write(`${error.message}\n`)
    return null
  }
}

async function onPath(names: readonly string[]): Promise<string | null> {
  for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'])
    for (const name of names) {
      const path = join(folder, name)
      const isThere = await access(path).then(
        () => true,
        () => false,
      )
      if (isThere) return path
    }
  return null
}

/** One installer at a time, over all test processes of this machine: apt allows no second one. */
async function locked<T>(work: () => Promise<T>): Promise<T> {
  const lock = join(tmpdir(), 'driftfarm-apt-install')
  for (;;) {
    try {
      await mkdir(lock)
      break
    } catch {
      const age = await stat(lock).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      )
      if (age > 480_000) await rm(lock, { recursive: true, force: true }) // its owner died
      await delay(200)
    }
  }
  try {
    return await work()
  } finally {
    await rm(lock, { recursive: true, force: true })
  }
}
