import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The bundled entry file of a thread or process; null if the command runs from source code. */
export function bundledEntry(name: 'thread' | 'trajectory' | 'background' | 'answering' | 'computing'): URL | null {
  if (process.env.DRIFTFARM_BUNDLED !== '1') return null
  // The chunks of the bundle are in a subfolder of the folder that contains its entry files.
  return new URL(`${import.meta.url.includes('/chunks/') ? '..' : '.'}/${name}.js`, import.meta.url)
}

/**
 * The folder of the web page: beside the bundle or, if the command runs from source code, in the build of the package
 * `dashboard`. Null if the page was not built.
 */
export function pageFolder(): string | null {
  const bundled = process.env.DRIFTFARM_BUNDLED === '1'
  const base = import.meta.url.includes('/chunks/') ? '../page/' : './page/'
  const folder = fileURLToPath(new URL(bundled ? base : '../../dashboard/dist/page/', import.meta.url))
  return existsSync(`${folder}index.html`) ? folder : null
}
