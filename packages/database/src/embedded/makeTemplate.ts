import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findBinaries } from './binaries.ts'
import { serverFilesOf } from './place.ts'
import { readRecord } from './record.ts'
import { startEmbedded } from './start.ts'
import { templateFolder } from './template.ts'

/** Makes the template of new homes if it is missing, and removes templates of other versions. Takes about a second. */
export async function makeTemplate(): Promise<void> {
  const template = templateFolder(findBinaries())
  if (existsSync(template)) return
  const parent = dirname(template)
  mkdirSync(parent, { recursive: true })
  const home = mkdtempSync(join(parent, 'home-'))
  try {
    await (await startEmbedded({ home })).close()
    const { place, ownerPassword } = readRecord(home)!
    const { data, folder } = serverFilesOf(home, place)
    const next = join(home, 'template')
    mkdirSync(next, { mode: 0o700 })
    cpSync(data, join(next, 'data'), { recursive: true })
    writeFileSync(join(next, 'password'), ownerPassword, { mode: 0o600 })
    if (place !== undefined) rmSync(folder, { recursive: true, force: true })
    renameSync(next, template)
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
  for (const name of readdirSync(parent).filter((name) => name !== basename(template)))
    rmSync(join(parent, name), { recursive: true, force: true })
}
