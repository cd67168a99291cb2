// Runs before the first test file of the project `farm` (vitest.config.ts). It updates the build, starts one server
// that runs until the last file has ended, and creates a home to copy.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { register } from 'tsx/esm/api'

export default async function setup(): Promise<() => Promise<void>> {
  // This process loads the sources as those of the tests do.
  register()
  const [{ root }, { keepServer }, { makeHome }] = await Promise.all([
    import('./command.ts'),
    import('./database.ts'),
    import('./home.ts'),
  ])
  execFileSync(process.execPath, [join(root, 'infra/setup.mjs')], { stdio: ['ignore', 'inherit', 'inherit'] })
  const [stopServer, removeHome] = await Promise.all([keepServer(), makeHome()])
  return async () => {
    removeHome()
    await stopServer()
  }
}
