import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Embedded, openDatabase, startEmbedded } from '@driftfarm/database'
import { afterAll, beforeAll } from 'vitest'
import { temporaryFolder } from './folder.ts'
import { shareModules } from './modules.ts'

const variable = 'DRIFTFARM_TEST_HOME'

/**
 * Creates a home for the tests of a file or a `describe`, and removes it after these tests. The server of the home runs
 * until the tests have ended, so that commands need not start and stop it.
 */
export function servedHome(): string {
  const folder = temporaryFolder()
  const made = process.env[variable]
  if (made !== undefined) execFileSync('cp', ['-a', `${made}/.`, folder.path])
  shareModules(folder.path)
  let server: Embedded | undefined
  beforeAll(async () => {
    server = await startEmbedded({ home: folder.path })
  })
  afterAll(async () => {
    await server?.close()
    folder.remove()
  })
  return folder.path
}

/**
 * Creates the home that `servedHome` copies, so that test files need not run initdb and migrations. Call the returned
 * function when all files have ended. No test simulates a power failure on a copy, so fsync is off. If root runs the
 * tests, the data is outside the home, and a copy would lack the data. In this case, `servedHome`
 * creates each home anew.
 */
export async function makeHome(): Promise<() => void> {
  const folder = temporaryFolder('driftfarm-home-')
  const server = await startEmbedded({ home: folder.path })
  const database = await openDatabase({ url: server.url, max: 1, name: 'driftfarm-test' })
  await database.pool.query('alter system set fsync = off')
  await database.close()
  await server.close()
  if (existsSync(join(folder.path, 'postgres', 'data'))) process.env[variable] = folder.path
  return () => folder.remove()
}
