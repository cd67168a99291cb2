import { execFile } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Cell, Tables } from '@driftfarm/spec'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { needs, programPath } from '@driftfarm/testing/program'
import { compile, Kernel, kernelOf, type NativeAdvance, prepare, withTraining } from '../index.ts'
import { compiledModule } from '../run/kernelOf.ts'
import { compilerFlags, nativeSource } from './source.ts'

export const isFullTier = process.env.DRIFTFARM_TEST_TIER === 'full'

/** A compiler, and the vectors that it compiles for. */
export interface Target {
  readonly compiler: 'clang' | 'gcc'
  readonly vectors: 'avx2' | 'avx512'
}

/** All targets of this machine, the fastest first. */
export const targets: readonly Target[] = ((): Target[] => {
  const features = process.platform === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : ''
  const widths = (['avx512', 'avx2'] as const).filter((each) =>
    features.includes(each === 'avx512' ? 'avx512dq' : each),
  )
  return (['clang', 'gcc'] as const).flatMap((compiler) => widths.map((vectors) => ({ compiler, vectors })))
})()

/** Set by `npm run test:sanitize`, which also loads the sanitizers of clang into Node. */
const sanitizers = process.env.DRIFTFARM_SANITIZE ? ['-fsanitize=address,undefined', '-fno-sanitize-recover=all'] : []

/** The quick tier tests the fastest target, and the full tier all. */
export const tested =
  sanitizers.length > 0
    ? targets.filter(({ compiler }) => compiler === 'clang')
    : isFullTier
      ? targets
      : targets.slice(0, 1)

/** Options of a `describe` whose tests compile libraries. They are skipped on a processor without AVX2. */
export const compiles =
  targets.length === 0 ? { skip: true } : needs(...new Set(tested.map(({ compiler }) => compiler)), 'linux')

const run = promisify(execFile)

/** Optimises little, so that a test compiles many libraries. */
export async function compileLibrary(c: string, { compiler, vectors }: Target): Promise<NativeAdvance> {
  const folder = temporaryFolder('driftfarm-native-')
  try {
    const [source, library] = [join(folder.path, 'native.c'), join(folder.path, 'native.node')]
    writeFileSync(source, c)
    await run(programPath(compiler), [...compilerFlags(compiler, vectors), '-O1', ...sanitizers, source, '-o', library])
    const module = { exports: {} as { readonly advance: NativeAdvance } }
    process.dlopen(module, library)
    return module.exports.advance
  } finally {
    folder.remove()
  }
}

export async function sourceOf(cell: Cell, tables: Tables = []): Promise<string> {
  const source = await nativeSource(prepare(cell, tables, [], { native: true }))
  if ('refusal' in source) throw new Error(source.refusal)
  return source.c
}

/** Kernels of a cell: that in WebAssembly, and one for each target. */
export async function kernelsOf(cell: Cell, tables: Tables, on: readonly Target[], change = (c: string) => c) {
  const c = change(await sourceOf(cell, tables))
  const libraries = Promise.all(on.map((each) => compileLibrary(c, each)))
  const prepared = await withTraining(prepare(cell, tables, [], { native: true }), compiledModule)
  const module = new WebAssembly.Module((await compile(prepared.source)) as BufferSource)
  const ordinary = await kernelOf(cell, tables)
  return { ordinary, native: (await libraries).map((advance) => Kernel.create(module, prepared, advance)) }
}
