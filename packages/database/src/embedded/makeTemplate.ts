import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { withClient } from '../connection/connect.ts'
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
  await inTemporaryHome(parent, async (home) => {
    const { url, close } = await startEmbedded({ home })
    // Without recycling, the server leaves one file of its write-ahead log instead of two.
    await withClient(url, async (client) => {
      await client.query('alter system set wal_recycle = off')
      await client.query('select pg_reload_conf()')
      await client.query('select pg_sleep(0.1)') // until the server has read it
      await client.query('alter system reset wal_recycle')
    })
    await close()
    const { place, ownerPassword } = readRecord(home)!
    const next = join(home, 'template')
    mkdirSync(next, { mode: 0o700 })
    cpSync(serverFilesOf(home, place).data, join(next, 'data'), { recursive: true })
    writeFileSync(join(next, 'password'), ownerPassword, { mode: 0o600 })
    renameSync(next, template)
  })
  for (const name of readdirSync(parent).filter((name) => name !== basename(template)))
    rmSync(join(parent, name), { recursive: true, force: true })
}

/** Passes a new home in this folder to `work`, and removes it with its database, which may be outside of it. */
export async function inTemporaryHome(parent: string, work: (home: string) => Promise<void> | void): Promise<void> {
  const home = mkdtempSync(join(parent, 'home-'))
  try {
    await work(home)
  } finally {
    const place = readRecord(home)?.place
    if (place !== undefined) rmSync(place, { recursive: true, force: true })
    rmSync(home, { recursive: true, force: true })
  }
}
