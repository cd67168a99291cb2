import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseError } from '../errors.ts'
import { owner } from '../schema/roles.ts'
import { changeOwner, type ServerFiles } from './account.ts'
import { type Binaries, executable } from './binaries.ts'
import { environment, identityOf } from './postmaster.ts'
import { initdbOptions } from './settings.ts'

/**
 * Creates the data folder if it is missing. The folder has another name until it is complete. `copy` returns whether it
 * has copied a cluster to this folder; without a copy, creating takes 0.6 s.
 */
export async function ensureCluster(
  binaries: Binaries,
  place: ServerFiles,
  password: string,
  onNotice: (text: string) => void,
  copy: (data: string) => boolean = () => false,
): Promise<void> {
  if (existsSync(place.data)) return checkVersion(binaries, place)
  onNotice(`Creating the embedded database in ${place.folder}`)
  for (const name of readdirSync(place.folder)) {
    if (name.startsWith('unfinished-')) rmSync(join(place.folder, name), { recursive: true, force: true })
  }
  const work = mkdtempSync(join(place.folder, 'unfinished-'))
  const data = join(work, 'data')
  try {
    if (!copy(data)) {
      const secret = join(work, 'password')
      writeFileSync(secret, password, { mode: 0o600 })
      changeOwner(secret, place.account)
      changeOwner(work, place.account)
      await initdb(binaries, place, ['-D', data, `--username=${owner}`, `--pwfile=${secret}`, ...initdbOptions])
    }
    renameSync(data, place.data)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Writes all files of the data folder to the disk. */
export const syncCluster = (binaries: Binaries, place: ServerFiles): Promise<void> =>
  initdb(binaries, place, ['--sync-only', '-D', place.data])

async function initdb(binaries: Binaries, place: ServerFiles, options: readonly string[]): Promise<void> {
  const output = await run(join(binaries.folder, 'bin', executable('initdb')), options, place)
  if (output !== null) throw startError(output, 'The embedded database could not be created')
}

function checkVersion(binaries: Binaries, place: ServerFiles): void {
  const found = readFileSync(join(place.data, 'PG_VERSION'), 'utf8').trim()
  if (found === binaries.major) return
  throw new DatabaseError(
    'DATA_VERSION',
    `${place.data} was written by PostgreSQL ${found}; this driftfarm contains PostgreSQL ${binaries.major}`,
  )
}

/** The message quotes the line that gives the reason, without time and process id. */
export function startError(words: string, otherwise: string): DatabaseError {
  const lines = words.trim().split('\n')
  const telling = lines.find((line) => /FATAL|PANIC|error:|could not/.test(line)) ?? lines.at(-1) ?? ''
  const reason = telling.replace(/^.*?(FATAL|PANIC|error): +/, '') || 'no output'
  if (/No space left on device|Disk quota exceeded/i.test(words)) {
    return new DatabaseError('DISK_FULL', `The disk of the embedded database is full: ${reason}`)
  }
  if (/Permission denied|Operation not permitted|Read-only file system/i.test(words)) {
    return new DatabaseError('HOME', `The embedded database cannot use its folder: ${reason}`)
  }
  return new DatabaseError('SERVER_START', `${otherwise}: ${reason}`)
}

/** Returns null if the command succeeded, otherwise its output. */
function run(command: string, args: readonly string[], place: ServerFiles): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: place.folder,
      env: environment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C reaches only this process, not a detached child. The next start removes the unfinished folder.
      detached: true,
      windowsHide: true,
      ...identityOf(place.account),
    })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
    child.once('error', (error) => resolve(error.message))
    child.once('close', (code) => resolve(code === 0 ? null : output || `exit code ${code}`))
  })
}
