import { afterAll, beforeAll } from 'vitest'
import { begin, type RunningInProcess } from './command.ts'
import { servedHome } from './home.ts'
import { freePort } from './port.ts'

export interface ServedFarm {
  readonly home: string
  /** The URL of the farm's API; empty until the tests start. */
  readonly url: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Starts a farm before the tests of a file, and stops the farm after them. The farm computes sweeps and serves its HTTP
 * API.
 */
export function servedFarm(...options: readonly string[]): ServedFarm {
  const home = servedHome()
  const farm = { home, url: '', env: {} as Record<string, string> }
  let up: RunningInProcess
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
