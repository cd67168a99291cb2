import { mkdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * The cache of compiled modules for all files of a test run. Otherwise a shape would take a second or two each time.
 */
export function modulesFolder(): string | null {
  const run = process.env.DRIFTFARM_TEST_RUN
  if (run === undefined) return null
  const folder = join(tmpdir(), `driftfarm-test-${run}-modules`)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** Links the cache of a home to that of the run. */
export function shareModules(home: string): void {
  const folder = modulesFolder()
  if (folder !== null) symlinkSync(folder, join(home, 'cache'))
}
