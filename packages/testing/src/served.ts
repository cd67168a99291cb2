import { createServer } from 'node:net'
import { afterAll, beforeAll } from 'vitest'
import { type Begun, begin } from './command.ts'
import { servedHome } from './home.ts'

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}

export interface ServedFarm {
  readonly home: string
  /** Where its API is served, once the tests have begun. */
  readonly url: string
  /** What clients need in their environment to ask it. */
  readonly env: Readonly<Record<string, string>>
}

/** A farm that computes and is served over HTTP, for the tests of a file; gone after them. */
export function servedFarm(...options: readonly string[]): ServedFarm {
  const home = servedHome()
  const farm = { home, url: '', env: {} as Record<string, string> }
  let up: Begun
  beforeAll(async () => {
    const port = await freePort()
    farm.url = `http://127.0.0.1:${port}`
    farm.env = { DRIFTFARM_URL: farm.url }
    up = begin(['up', '--threads', '1', '--listen', `127.0.0.1:${port}`, ...options], { home })
    await up.says('API at')
  })
  afterAll(() => up.interrupt())
  return farm
}
