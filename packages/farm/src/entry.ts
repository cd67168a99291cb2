import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

/** The file of the bundle with which a thread or separate process starts; null if the command runs from sources. */
export function bundledEntry(name: 'thread' | 'trajectory' | 'background' | 'answering'): URL | null {
  if (process.env.DRIFTFARM_BUNDLED !== '1') return null
  // Chunks of the bundle are one folder below its entry files.
  return new URL(`${import.meta.url.includes('/chunks/') ? '..' : '.'}/${name}.js`, import.meta.url)
}

/** Arguments that make a Node process run TypeScript sources. */
export const sourceArguments = (): readonly string[] => [
  '--import',
  pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href,
]
