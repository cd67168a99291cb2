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
import { codeOf, DatabaseError, messageOf } from '../errors.ts'
import { type Account, isReachable, type ServerFiles, serverAccount } from './account.ts'
import { type Binaries, executable } from './binaries.ts'
import { findPostmaster, interrupt } from './postmaster.ts'

/**
 * Folders for servers whose account cannot reach the home. The first folder is preferred, because only root can write
 * to it and no clean-up job empties it. The second folder is for systems with a read-only /var/lib.
 */
const openParents = ['/var/lib/driftfarm', join(tmpdir(), 'driftfarm')]

/**
 * Creates the folder for the files of the server. This is the folder `recorded` if server.json names one. Otherwise it
 * is `postgres` in the home or, if the account cannot reach the home, a new folder outside the home.
 */
export function serverFilesOf(home: string, recorded: string | undefined): ServerFiles {
  const known = recorded ?? join(home, 'postgres')
  const owner = existsSync(join(known, 'data')) ? statSync(join(known, 'data')).uid : null
  const account = serverAccount(owner)
  if (recorded !== undefined) return outside(home, makeFolder(recorded, account), account)
  if (isReachable(home, account)) return placeIn(makeFolder(known, account), account)
  return outside(home, makeOpenFolder(home, account), account)
}

/**
 * Makes sure that the account can run the binaries: copies them if the account cannot reach them, and creates missing
 * links.
 */
export function placeBinaries(home: string, binaries: Binaries, account: Account | null): Binaries {
  if (!isReachable(join(binaries.folder, 'bin', executable('postgres')), account)) {
    return { ...binaries, folder: inOpenParent((parent) => copyBinaries(binaries, parent)) }
  }
  try {
    fixLinks(binaries.folder)
    return binaries
  } catch {
    // Another user installed the package, so links cannot be created in its folder.
    return { ...binaries, folder: copyBinaries(binaries, home) }
  }
}

/**
 * Server folders outside `home` that `home` no longer refers to: no server.json in `home` contains the path of the
 * folder. Either the home was removed with `rm -rf`, or it was moved and has not been used since. `takenAt`: the time
 * at which the folder was last used for its home, in milliseconds since 1970.
 *
 * Only the abandoned folders of temporary homes are removed automatically, because any other home may have been moved.
 */
export function abandonedFolders(): { readonly folder: string; readonly home: string; readonly takenAt: number }[] {
  const folders = openParents.flatMap((parent) => {
    const names = existsSync(parent) ? readdirSync(parent).filter((name) => name.startsWith('home-')) : []
    return names.map((name) => join(parent, name))
  })
  return folders.flatMap((folder) => {
    const note = join(folder, 'home')
    const home = textIfThere(note)
    const takenAt = statSync(note, { throwIfNoEntry: false })?.mtimeMs
    if (home === null || takenAt === undefined) return [] // another process has just removed the folder
    const isNamed = textIfThere(join(home, 'server.json'))?.includes(basename(folder)) === true
    return isNamed ? [] : [{ folder, home, takenAt }]
  })
}

function textIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes(codeOf(error) ?? '')) return null
    throw error
  }
}

/** A new folder looks abandoned until server.json names it, so folders used more recently are not removed. */
const settledMs = 10 * 60_000

// A missing home may have been moved, except in the temporary folder. If a home there is missing, its server folder is
// of no use.
function removeTemporary(): void {
  for (const { folder, home, takenAt } of abandonedFolders()) {
    const settled = Date.now() - takenAt > settledMs
    if (!settled || !home.startsWith(join(tmpdir(), '/')) || existsSync(home)) continue
    const running = findPostmaster(join(folder, 'data'))
    if (running === null) rmSync(folder, { recursive: true, force: true })
    else interrupt(running.pid) // the next call removes the folder
  }
}

function outside(home: string, folder: string, account: Account | null): ServerFiles {
  writeFileSync(join(folder, 'home'), home)
  return placeIn(folder, account)
}

function placeIn(folder: string, account: Account | null): ServerFiles {
  return { account, folder, data: join(folder, 'data'), log: join(folder, 'postgres.log') }
}

// The folder belongs to this user; only the data in it will belong to the server's account. Therefore that account
// cannot replace the log, which this process opens for writing, with a link to another file.
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
  fixLinks(native)
  try {
    renameSync(native, folder)
  } catch (error) {
    if (!existsSync(folder)) throw error // if the folder exists by now, another process was faster
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
      if (uid !== 0 || (mode & 0o022) !== 0) throw new Error('other users may write to it')
      return make(parent)
    } catch (error) {
      tried.push(`${parent}: ${messageOf(error)}`)
    }
  }
  throw new DatabaseError(
    'HOME',
    `The embedded database has no usable folder that its system user can reach (${tried.join('; ')})`,
  )
}

// The install script of the package creates these links, but the user may have refused to run the script. The libraries
// are unusable without the links.
function fixLinks(folder: string): void {
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
