import { randomBytes } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeUnlessFull } from './lock.ts'
import { identify, isAlive, parseIdentity, printIdentity } from './process.ts'

/** Registers this process as a client of the server. Returns the path of the client file. */
export function register(folder: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  // A counter would not be unique, because a process may load both the sources and the bundled build of this module.
  const file = join(folder, `${process.pid}-${randomBytes(4).toString('hex')}`)
  writeUnlessFull(() => writeFileSync(file, printIdentity(identify(process.pid)), { mode: 0o600 }))
  return file
}

export function unregister(file: string): void {
  rmSync(file, { force: true })
}

/** Returns the number of living clients, and removes the files of dead clients. The caller must hold the start lock. */
export function countClients(folder: string): number {
  let living = 0
  for (const name of list(folder)) {
    const file = join(folder, name)
    const text = readFileSync(file, 'utf8')
    // The file is empty if the disk was full. The name of the file still contains the process id.
    const client = text === '' ? identify(Number.parseInt(name, 10)) : parseIdentity(text)
    if (client !== null && isAlive(client)) living++
    else rmSync(file, { force: true })
  }
  return living
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
