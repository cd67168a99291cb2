import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { codeOf, DatabaseError, messageOf } from '../errors.ts'
import { owner, readerRole } from '../schema/roles.ts'

/** The content of the file server.json in a home. Only the owner of the file can read it. */
export interface ServerRecord {
  /** The folder that contains data/ and the log, if the server's account cannot reach the home. */
  readonly place?: string
  /** The last port. It is reused if it is free, so that addresses in scripts stay valid. */
  readonly port?: number
  readonly ownerPassword: string
  readonly readerPassword: string
}

/**
 * Creates the home, with a .gitignore, because nothing in it belongs in version control. Throws a DatabaseError if the
 * home is not writable.
 */
export function ensureHome(home: string): void {
  try {
    makeFolder(home, process.getuid?.() === 0 ? 0o711 : 0o700)
    accessSync(home, constants.W_OK | constants.X_OK)
    const ignore = join(home, '.gitignore')
    if (!existsSync(ignore)) writeFileSync(ignore, '*\n')
  } catch (cause) {
    const full = messageOf(cause).includes('ENOSPC')
    throw new DatabaseError(full ? 'DISK_FULL' : 'HOME', `Cannot write to ${home}: ${messageOf(cause)}`, { cause })
  }
}

/**
 * Creates the folders one by one: in Node 20, a recursive mkdir never returns under /proc, where nothing can be
 * created.
 */
function makeFolder(path: string, mode: number): void {
  if (existsSync(path)) return
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent, mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process may have created the folder at the same time.
    if (codeOf(error) !== 'EEXIST') throw error
  }
}

export function readRecord(home: string): ServerRecord | null {
  const file = join(home, 'server.json')
  if (!existsSync(file)) return null
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ServerRecord
  } catch (cause) {
    throw new DatabaseError('HOME', `${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

export function writeRecord(home: string, record: ServerRecord): void {
  const file = join(home, 'server.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

export const ownerUrl = ({ ownerPassword }: ServerRecord, port: number, database: string = owner): string =>
  `postgresql://${owner}:${ownerPassword}@127.0.0.1:${port}/${database}`

export const readerUrl = ({ readerPassword }: ServerRecord, port: number): string =>
  `postgresql://${readerRole}:${readerPassword}@127.0.0.1:${port}/${owner}`
