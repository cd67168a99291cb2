import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { nullIf } from '@driftfarm/formula'
import type { NativeAdvance } from '@driftfarm/kernel'
import { removeOldest } from '../kernelCache.ts'
import { settings } from '../settings.ts'
import type { Target } from './target.ts'

const run = promisify(execFile)

const hashOf = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex')
const hashFileOf = (file: string): string => file.replace(/node$/, 'sha256')

/**
 * Compiles C text to a library and returns the library's file. The folder keeps libraries between processes. Whoever
 * can write to it decides which code runs here, so the folder is private. Throws an error with what the compiler said.
 */
export async function nativeLibrary(
  c: string,
  { compiler, version, processor }: Target,
  flags: readonly string[],
  cache: string,
): Promise<string> {
  const folder = join(cache, 'native')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { uid, mode } = lstatSync(folder)
  if (uid !== process.getuid?.() || (mode & 0o077) !== 0)
    throw new Error(`${folder} must belong to this user, and others must have no access to it`)
  const file = join(folder, `${hashOf([c, ...flags, compiler, version, processor].join('\0'))}.node`)
  if (isIntact(file)) return file
  const made = mkdtempSync(join(folder, 'unfinished-'))
  try {
    const [source, library] = [join(made, 'native.c'), join(made, 'native.node')]
    writeFileSync(source, c)
    // The limits of processor time (s) and memory (KiB) hold for the compiler, and the timeout for all of it.
    const limits = `ulimit -t ${settings.nativeCompileSeconds}; ulimit -v ${settings.nativeCompileKb}; exec "$0" "$@"`
    await run('/bin/sh', ['-c', limits, compiler, ...flags, source, '-o', library, '-lm'], {
      cwd: made,
      timeout: 1_000 * settings.nativeCompileSeconds,
      killSignal: 'SIGKILL',
    }).catch((error: { readonly stderr?: string }) => {
      // The compiler prints the C text around each error.
      throw new Error(/error: .*/.exec(error.stderr ?? '')?.[0] ?? `${compiler} ended without a library`)
    })
    writeFileSync(join(made, 'native.sha256'), hashOf(readFileSync(library)))
    renameSync(join(made, 'native.sha256'), hashFileOf(file))
    renameSync(library, file)
    removeOldest(folder, settings.nativeBytes)
    return file
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
}

function isIntact(file: string): boolean {
  const known = nullIf(Error, () => readFileSync(hashFileOf(file), 'utf8'))
  return known !== null && existsSync(file) && hashOf(readFileSync(file)) === known
}

const loaded = new Map<string, NativeAdvance>()

/** Loads a library into this thread, once its hash has been checked. */
export function loadLibrary(file: string): NativeAdvance {
  const known = loaded.get(file)
  if (known !== undefined) return known
  if (!isIntact(file)) throw new Error(`${file} has changed since it was compiled`)
  const module: { exports: { readonly advance?: NativeAdvance } } = { exports: {} }
  process.dlopen(module, file)
  const { advance } = module.exports
  if (advance === undefined) throw new Error(`${file} is not a library of native lanes`)
  loaded.set(file, advance)
  return advance
}
