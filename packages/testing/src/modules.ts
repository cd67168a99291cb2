import { mkdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Returns the folder with the compiled modules that all files of a test run share; null outside a test run. Without
 * this cache, each file would spend a second or two on compiling each module.
 */
export function modulesFolder(): string | null {
  const run = process.env.DRIFTFARM_TEST_RUN
  if (run === undefined) return null
  const folder = join(tmpdir(), `driftfarm-test-${run}-modules`)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Creates the module cache of a home as a link to the module cache of the test run. */
export function shareModules(home: string): void {
  const folder = modulesFolder()
  if (folder !== null) symlinkSync(folder, join(home, 'cache'))
}
