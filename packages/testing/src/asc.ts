// Stands in for `assemblyscript/asc` in tests (vitest.config.ts): what one file of a run has compiled, no other
// compiles again.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { keep, readKept } from '../../worker/src/thread/disk.ts'
import { modulesFolder } from './modules.ts'

/** As much of the compiler's own options as the kernel uses. */
interface Options {
  readonly readFile: (name: string, folder: string) => string | null
  readonly writeFile: (name: string, contents: string | Uint8Array, folder: string) => void
}
interface Result {
  readonly error: Error | null
}

/** Goes into the compiler's own before it compiles; empty here, so that the compiler is loaded only to compile. */
export const libraryFiles: Record<string, string> = {}

/**
 * As the compiler's own. A module is kept under the hash of the arguments and of every file that the compiler would
 * read; what does not compile is not kept, and says what is wrong with it each time.
 */
export async function main(argv: readonly string[], options: Options): Promise<Result> {
  const folder = modulesFolder()
  const path = folder === null ? null : join(folder, 'asc', `${hashOf(argv, options)}.wasm`)
  const kept = path === null ? null : await readKept(path)
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
  if (path !== null && result.error === null && written.length === 1) await keep(path, written[0]!)
  return result
}

export default { main, libraryFiles }

/** The first argument is the entry; the rest of the sources is what it imports, and what that imports. */
function hashOf(argv: readonly string[], { readFile }: Options): string {
  const hash = createHash('sha256').update(JSON.stringify([argv, libraryFiles]))
  const names = new Set([argv[0]!])
  // A set hands out what is added to it on the way.
  for (const name of names) {
    const source = readFile(name, '.') ?? ''
    hash.update(`\0${name}\0${source}`)
    for (const [, imported] of source.matchAll(/\b(?:from|import)\s*['"]\.\/([^'"]+)['"]/g)) names.add(`${imported}.ts`)
  }
  return hash.digest('hex')
}
