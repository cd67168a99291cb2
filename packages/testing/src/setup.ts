// Runs before the first test file of the project `farm` (vitest.config.ts). It updates the build, starts one server
// that runs until the last file has ended, and creates a home to copy.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './command.ts'
import { keepServer } from './database.ts'
import { makeHome } from './home.ts'

export default async function setup(): Promise<() => Promise<void>> {
  execFileSync(process.execPath, [join(root, 'infra/setup.mjs')], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [stopServer, removeHome] = await Promise.all([keepServer(), makeHome()])
  return async () => {
    removeHome()
    await stopServer()
  }
}
