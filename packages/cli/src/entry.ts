import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/**
 * What a thread or a process of its own begins with: a file of the bundle; null where the command runs from its
 * sources.
 */
export function bundledEntry(name: 'thread' | 'trajectory' | 'background'): URL | null {
  if (process.env.DRIFTFARM_BUNDLED !== '1') return null
  // Chunks of the bundle lie one folder below the files that are entered.
  return new URL(`${import.meta.url.includes('/chunks/') ? '..' : '.'}/${name}.js`, import.meta.url)
}

/** What a process needs to be told to run sources. */
export const sourceArguments = (): readonly string[] => [
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
]
