// Replaces `assemblyscript/asc` in tests (vitest.config.ts), so that all files of a run share compiled modules.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { readHashed, writeHashed } from '../../worker/src/kernelCache.ts'
import { modulesFolder } from './modules.ts'

interface Options {
  readonly readFile: (name: string, folder: string) => string | null
  readonly writeFile: (name: string, contents: string | Uint8Array, folder: string) => void
}
interface Result {
  readonly error: Error | null
}

const isOptimized = process.env.DRIFTFARM_TEST_TIER === 'full'

/**
 * Files that are merged into the library files of the compiler before it compiles. The compiler's own library files are
 * not listed here. To list them, the compiler would have to be loaded even if all modules are cached.
 */
export const libraryFiles: Record<string, string> = {}

/**
 * Works like `main` of the compiler, but caches modules. A module is cached under the hash of the arguments and of
 * every file that the compiler would read. Failed compilations are not cached. Modules are
 * optimised only in the full tier, because optimising takes four fifths of the compile time. It must not change any
 * result.
 */
export async function main(given: readonly string[], options: Options): Promise<Result> {
  const argv = isOptimized ? given : given.map((word, at) => (given[at - 1] === '--optimizeLevel' ? '0' : word))
  const folder = modulesFolder()
  const path = folder === null ? null : join(folder, 'asc', `${hashOf(argv, options)}.wasm`)
  const kept = path === null ? null : readHashed(path)
  if (kept !== null) {
    options.writeFile(argv[argv.indexOf('--outFile') + 1]!, kept, '.')
    return { error: null }
  }
  const compiler = (await import('assemblyscript/asc')) as {
    readonly libraryFiles: Record<string, string>
    main(argv: readonly string[], options: Options): Promise<Result>
  }
  Object.assign(compiler.libraryFiles, libraryFiles)
  const written: Uint8Array[] = []
  const result = await compiler.main(argv, {
    ...options,
    writeFile(name, contents, at) {
      if (typeof contents !== 'string') written.push(contents)
      options.writeFile(name, contents, at)
    },
  })
  if (path !== null && result.error === null && written.length === 1) writeHashed(path, written[0]!)
  return result
}

export default { main, libraryFiles }

/** The first argument is the entry file. The other sources are the files that it imports, directly or not. */
function hashOf(argv: readonly string[], { readFile }: Options): string {
  const hash = createHash('sha256').update(JSON.stringify([argv, libraryFiles]))
  const names = new Set([argv[0]!])
  // Iterating over a set includes elements that are added during the loop.
  for (const name of names) {
    const source = readFile(name, '.') ?? ''
    hash.update(`\0${name}\0${source}`)
    for (const [, imported] of source.matchAll(/\b(?:from|import)\s*['"]\.\/([^'"]+)['"]/g)) names.add(`${imported}.ts`)
  }
  return hash.digest('hex')
}
