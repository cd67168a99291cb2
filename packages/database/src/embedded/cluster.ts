import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseError } from '../errors.ts'
import { giveTo } from './account.ts'
import { type Binaries, executable } from './binaries.ts'
import type { Place } from './place.ts'
import { environment, identityOf } from './postmaster.ts'
import { initdbOptions } from './settings.ts'

/** The cluster's owner and the name of its one database. */
export const owner = 'driftfarm'

/** Makes the data folder if there is none (0.6 s). Whole or not at all: it gets its name when it is finished. */
export async function ensureCluster(
  binaries: Binaries,
  place: Place,
  password: string,
  onNotice: (text: string) => void,
): Promise<void> {
  if (existsSync(place.data)) return checkVersion(binaries, place)
  onNotice(`Making the embedded database in ${place.folder}`)
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith('unfinished-')) rmSync(join(place.folder, name), { recursive: true, force: true })
  }
  const work = mkdtempSync(join(place.folder, 'unfinished-'))
  const secret = join(work, 'password')
  writeFileSync(secret, password, { mode: 0o600 })
  giveTo(secret, place.account)
  giveTo(work, place.account)
  const data = join(work, 'data')
  const output = await run(
    join(binaries.folder, 'bin', executable('initdb')),
    ['-D', data, `--username=${owner}`, `--pwfile=${secret}`, ...initdbOptions],
    place,
  )
  if (output !== null) throw startError(output, 'initdb failed')
  renameSync(data, place.data)
  rmSync(work, { recursive: true, force: true })
}

function checkVersion(binaries: Binaries, place: Place): void {
  const found = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim()
  if (found === binaries.major) return
  throw new DatabaseError(
    'DATA_VERSION',
    `${place.data} was written by PostgreSQL ${found}; this driftfarm brings PostgreSQL ${binaries.major}`,
  )
}

/** What initdb's or the server's last words mean. */
export function startError(words: string, otherwise: string): DatabaseError {
  const last = words.trim()
  if (/No space left on device|could not extend file|Disk quota exceeded/i.test(last)) {
    return new DatabaseError('DISK_FULL', `The disk of the embedded database is full: ${last}`)
  }
  if (/Permission denied|Operation not permitted|Read-only file system/i.test(last)) {
    return new DatabaseError('HOME', `The embedded database cannot write its folder: ${last}`)
  }
  return new DatabaseError('SERVER_START', `${otherwise}: ${last || 'it said nothing'}`)
}

/** null when it went well, else what it said. */
function run(command: string, args: readonly string[], place: Place): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: place.folder,
      env: environment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // Ctrl-C reaches us alone; what is unfinished is removed next time
      windowsHide: true,
      ...identityOf(place.account),
    })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', () => {})
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? null : output || `exit code ${code}`))
  })
}
