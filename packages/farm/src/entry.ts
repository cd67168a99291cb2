import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleFolder } from '@driftfarm/database'

/** The bundled entry file of a thread or process; null if the command runs from source code. */
export const bundledEntry = (name: 'thread' | 'trajectory' | 'background' | 'answering' | 'computing'): URL | null =>
  bundleFolder && new URL(`${name}.cjs`, bundleFolder)

/**
 * The folder of the web page: beside the bundle or, if the command runs from source code, in the build of the package
 * `dashboard`. Null if the page was not built.
 */
export function pageFolder(): string | null {
  const folder = fileURLToPath(new URL('page/', bundleFolder ?? new URL('../../dashboard/dist/', import.meta.url)))
  return existsSync(join(folder, 'index.html')) ? folder : null
}
