import { mkdirSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { type Running, start, temporaryFolder } from './cli.ts'

/**
 * A home for the tests of a file (or of a `describe`), gone after them. One server runs all the while, where each command
 * would start and stop its own.
 */
export function servedHome(): string {
  const folder = temporaryFolder()
  shareModules(folder.path)
  let keeper: Running | undefined
  beforeAll(async () => {
    keeper = start(['db', 'url', '--keep'], { home: folder.path })
    await keeper.says('until Ctrl-C')
  })
  afterAll(async () => {
    keeper?.child.kill('SIGINT')
    await keeper?.finished
    folder.remove()
  })
  return folder.path
}

/** All homes of a run of the tests keep their compiled modules in one place: a shape takes a second or two otherwise, each time. */
export function shareModules(home: string): void {
  const run = process.env.DRIFTFARM_TEST_RUN
  if (run === undefined) return
  const place = join(tmpdir(), `driftfarm-test-${run}-modules`)
  mkdirSync(place, { recursive: true })
  symlinkSync(place, join(home, 'cache'))
}
