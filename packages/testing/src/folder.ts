import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Creates a folder for a test file. The test file must call `remove` when it ends. */
export function temporaryFolder(prefix = 'driftfarm-e2e-'): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), prefix))
  return {
    path,
    remove() {
      const place = placeOf(path)
      if (place !== null) remove(place)
      remove(path)
    },
  }
}

/**
 * Removes a folder into which a stopping server may still write. The retries that `rmSync` offers are not enough,
 * because they do not list the content of the folder again.
 */
function remove(folder: string): void {
  for (let triesLeft = 50; existsSync(folder); triesLeft--) {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if (triesLeft === 0) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
    }
  }
}

/**
 * Returns the folder with the data of the database server; null if the data is in the home. It is in another folder if
 * the account of the server cannot access the home.
 */
function placeOf(home: string): string | null {
  const file = join(home, 'server.json')
  if (!existsSync(file)) return null
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly place?: string }).place ?? null
}

export function serverPid(home: string): number {
  const folder = placeOf(home) ?? home
  const [file] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('postmaster.pid'),
  )
  if (file === undefined) throw new Error(`no server runs for ${home}`)
  return Number(readFileSync(join(folder, file), 'utf8').split('\n')[0])
}
