import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { nullIf } from '@driftfarm/formula'
import { setUpFolder } from '../bundle/index.ts'
import { withClient } from '../connection/connect.ts'
import { migrations } from '../schema/migrations.generated.ts'
import { readerRole } from '../schema/roles.ts'
import { changeOwner, type ServerFiles } from './account.ts'
import type { Binaries } from './binaries.ts'
import { ownerUrl, type ServerRecord } from './record.ts'
import { initdbOptions } from './settings.ts'

// Set-up makes a migrated database cluster once, and a new home copies it instead of running initdb and the migrations.
// The folder of the template contains `data` and `password`, the password of the owner. Only the user who ran set-up
// can read it; other users create their clusters as if there were no template.

/** The folder of the template for these binaries and this version of the schema, whether it exists or not. */
export function templateFolder({ version }: Pick<Binaries, 'version'>): string {
  const parts = [version, process.platform, process.arch, ...initdbOptions, ...migrations.flatMap(Object.values)]
  return join(setUpFolder('cluster'), createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16))
}

/**
 * A note in the folder of a server whose data is a copy of the template. It exists until the copy is on the disk and
 * has its own passwords. If a process dies before that, nothing has been stored yet, and the copy is made again.
 */
const noteOf = (place: ServerFiles): string => join(place.folder, 'copied')

/** Copies the template to `data` and returns true; returns false if this user has none. */
export function copyTemplate(binaries: Binaries, place: ServerFiles, data: string): boolean {
  const template = templateFolder(binaries)
  const password = nullIf(Error, () => {
    accessSync(join(template, 'data', 'base'), constants.R_OK)
    return readFileSync(join(template, 'password'), 'utf8')
  })
  if (password === null) return false
  writeFileSync(noteOf(place), password, { mode: 0o600 })
  copyFolder(join(template, 'data'), data)
  const { account } = place
  if (account === null) return true
  changeOwner(data, account)
  for (const name of readdirSync(data, { recursive: true }))
    chownSync(join(data, String(name)), account.uid, account.gid)
  return true
}

/** The program `cp` takes half as long as Node, and is used where it exists. */
function copyFolder(from: string, to: string): void {
  if (process.platform !== 'win32' && spawnSync('cp', ['-R', '-p', from, to]).status === 0) return
  rmSync(to, { recursive: true, force: true })
  cpSync(from, to, { recursive: true, mode: constants.COPYFILE_FICLONE })
}

/** Removes a copy that was not finished. No server may be using it. */
export function removeUnfinishedCopy(place: ServerFiles): void {
  if (existsSync(noteOf(place))) rmSync(place.data, { recursive: true, force: true })
}

/** The passwords that the server knows. */
export function passwordsOf(place: ServerFiles, record: ServerRecord): ServerRecord {
  const ownerPassword = nullIf(Error, () => readFileSync(noteOf(place), 'utf8'))
  return ownerPassword === null ? record : { ...record, ownerPassword }
}

/** Gives a new copy of the template the passwords in `record`. `sync` writes all of its files to the disk. */
export async function finishCopy(
  place: ServerFiles,
  record: ServerRecord,
  port: number,
  sync: () => Promise<void>,
): Promise<void> {
  if (!existsSync(noteOf(place))) return
  await withClient(ownerUrl(passwordsOf(place, record), port), async (client) => {
    const set = (role: string, password: string) => `alter role ${role} password ${client.escapeLiteral(password)};`
    const own = set(readerRole, record.readerPassword) + set('current_user', record.ownerPassword)
    await Promise.all([client.query(own), sync()])
  })
  rmSync(noteOf(place))
}
