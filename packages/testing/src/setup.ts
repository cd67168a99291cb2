// Before the first file that needs a machine: what is built is current, and one server runs until the last has ended.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './command.ts'
import { keepServer } from './database.ts'

export default async function setup(): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [join(root, 'infra/setup.mjs')], { stdio: ['ignore', 'inherit', 'inherit'] })
  return keepServer()
}
