import { mkdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Where all files of a run of the tests keep their compiled modules: a shape takes a second or two otherwise, each
 * time.
 */
export function modulesFolder(): string | null {
  const run = process.env.DRIFTFARM_TEST_RUN
  if (run === undefined) return null
  const folder = join(tmpdir(), `driftfarm-test-${run}-modules`)
  mkdirSync(folder, { recursive: true })
  return folder
}

/** A home's cache is the one of the run. */
export function shareModules(home: string): void {
  const folder = modulesFolder()
  if (folder !== null) symlinkSync(folder, join(home, 'cache'))
}
