import { type Embedded, startEmbedded } from '@driftfarm/database'
import { afterAll, beforeAll } from 'vitest'
import { temporaryFolder } from './folder.ts'
import { shareModules } from './modules.ts'

/**
 * A home for the tests of a file (or of a `describe`), gone after them. One server runs all the while, where each
 * command would start and stop its own.
 */
export function servedHome(): string {
  const folder = temporaryFolder()
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
