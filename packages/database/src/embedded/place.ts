import { createHash } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import { DatabaseError, messageOf } from '../errors.ts'
import { type Account, isReachable, serverAccount } from './account.ts'
import { type Binaries, executable } from './binaries.ts'
import { findPostmaster } from './postmaster.ts'
import type { Place } from './site.ts'

/**
 * Only root writes to the first, so nobody can plant anything there, and no clean-up job empties it; the second is
 * for systems whose /var/lib is read-only.
 */
const openParents = ['/var/lib/driftfarm', join(tmpdir(), 'driftfarm')]

/** The place recorded for this home, or a new one. `recorded` is what server.json says. */
export function findPlace(home: string, recorded: string | undefined): Place {
  const known = recorded ?? join(home, 'postgres')
  const owner = existsSync(join(known, 'data')) ? statSync(join(known, 'data')).uid : null
  const account = serverAccount(owner)
  if (recorded !== undefined) return outside(home, makeFolder(recorded, account), account)
  if (isReachable(home, account)) return placeIn(makeFolder(known, account), account)
  return outside(home, makeOpenFolder(home, account), account)
}

/** The binaries where the account can run them, whole: copied if they are out of its reach, links mended. */
export function placeBinaries(home: string, binaries: Binaries, account: Account | null): Binaries {
  if (!isReachable(join(binaries.folder, 'bin', executable('postgres')), account)) {
    return { ...binaries, folder: inOpenParent((parent) => copyBinaries(binaries, parent)) }
  }
  try {
    mendLinks(binaries.folder)
    return binaries
  } catch {
    return { ...binaries, folder: copyBinaries(binaries, home) } // installed by another user
  }
}

/** A place outside its home, of which that home knows no more: removed with `rm -rf`, or moved and not used since. */
export interface AbandonedPlace {
  readonly folder: string
  readonly home: string
}

/**
 * Folders of homes that are gone from where they were last used. Only temporary ones are removed by themselves: a home
 * may have moved.
 */
export function abandonedPlaces(): AbandonedPlace[] {
  return openParents.flatMap((parent) => {
    const names = existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith('home-')) : []
    return names.flatMap((name) => {
      const folder = join(parent, name)
      const note = join(folder, 'home')
      if (!existsSync(note)) return []
      const home = readFileSync(note, 'utf8')
      const record = join(home, 'server.json')
      return existsSync(record) && readFileSync(record, 'utf8').includes(name) ? [] : [{ folder, home }]
    })
  })
}

/** A place is new for a moment before its home knows of it. */
const settledMs = 10 * 60_000

// A home in the temporary folder does not move: once it is gone, what it left outside is of no more use.
function removeTemporary(): void {
  for (const { folder, home } of abandonedPlaces()) {
    const settled = Date.now() - statSync(join(folder, 'home')).mtimeMs > settledMs
    if (!settled || !home.startsWith(join(tmpdir(), '/')) || existsSync(home)) continue
    const running = findPostmaster(join(folder, 'data'))
    if (running === null) rmSync(folder, { recursive: true, force: true })
    else process.kill(running.pid, 'SIGINT') // next time
  }
}

function outside(home: string, folder: string, account: Account | null): Place {
  writeFileSync(join(folder, 'home'), home)
  return placeIn(folder, account)
}

function placeIn(folder: string, account: Account | null): Place {
  return { account, folder, data: join(folder, 'data'), log: join(folder, 'postgres.log') }
}

// The folder is ours, data in it the server's: so the server's user cannot put a link where we write the log.
function makeFolder(folder: string, account: Account | null): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (account !== null) chmodSync(folder, 0o711)
  return folder
}

function makeOpenFolder(home: string, account: Account | null): string {
  removeTemporary()
  const prefix = `home-${createHash('sha256').update(home).digest('hex').slice(0, 12)}-`
  return inOpenParent((parent) => makeFolder(mkdtempSync(join(parent, prefix)), account))
}

function copyBinaries(binaries: Binaries, parent: string): string {
  const folder = join(parent, `postgresql-${binaries.version}`)
  if (existsSync(folder)) return folder
  const unfinished = mkdtempSync(join(parent, '.copy-'))
  const native = join(unfinished, 'native')
  cpSync(binaries.folder, native, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') })
  mendLinks(native)
  try {
    renameSync(native, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error // else another process was faster
  }
  rmSync(unfinished, { recursive: true, force: true })
  return folder
}

function inOpenParent<T>(make: (parent: string) => T): T {
  const tried: string[] = []
  for (const parent of openParents) {
    try {
      mkdirSync(parent, { recursive: true, mode: 0o755 })
      const { uid, mode } = statSync(parent)
      if (uid !== 0 || (mode & 0o022) !== 0) throw new Error('others may write there')
      return make(parent)
    } catch (error) {
      tried.push(`${parent}: ${messageOf(error)}`)
    }
  }
  throw new DatabaseError('HOME', `No folder for the embedded database that its user can reach (${tried.join('; ')})`)
}

// The package's links are made by its install script, which may have been refused; the libraries are useless without.
function mendLinks(folder: string): void {
  const list = join(folder, 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]
  const present = new Set(readdirSync(join(folder, 'lib')))
  for (const { source, target } of links) {
    const inside = (path: string): string => join(dirname(folder), path.replace(/^native/, basename(folder)))
    if (target.startsWith('native/lib/') && present.has(target.slice('native/lib/'.length))) continue
    if (existsSync(inside(target))) continue
    symlinkSync(relative(dirname(inside(target)), inside(source)), inside(target))
  }
}
