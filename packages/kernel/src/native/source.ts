import type { PreparedCell } from '../run/prepare.ts'
import { headers } from './headers.generated.ts'
import { Refusal } from './instructions.ts'
import { parseModule } from './parse.ts'
import { translate } from './translate.ts'

/**
 * The C text of a library that takes the steps of a cell, which was prepared with `native`; or the reason why there is
 * none. Loads the AssemblyScript parser, which has megabytes. The text contains numbers of the shape and names of the
 * emitter, but no text of a spec.
 */
export async function nativeSource({ source }: PreparedCell): Promise<{ c: string } | { refusal: string }> {
  const parsed = await parseModule(source)
  try {
    const { constants, prototypes, functions, headers: used } = translate(parsed, 'steps')
    const parts = [headers['vectors.h'], ...constants, ...prototypes, ...used.map((name) => headers[name]!)]
    return { c: [...parts, ...functions, headers['addon.h']].join('\n') }
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error.message }
    throw error
  }
}

/** The arguments with which a compiler makes a library from the C text. */
export function compilerFlags(compiler: 'clang' | 'gcc', vectors: 'avx2' | 'avx512'): string[] {
  const wide = vectors === 'avx512'
  return [
    '-O3 -std=gnu11 -fPIC -shared -fvisibility=hidden -Wl,-z,nodelete',
    // Products and sums keep their own roundings, and integers wrap, as in WebAssembly.
    '-ffp-contract=off -fno-math-errno -fwrapv -fno-strict-aliasing -w',
    wide ? '-mavx512f -mavx512dq -mavx512vl -mavx512bw -mprefer-vector-width=512' : '-mavx2',
    // Gathers take longer than loads on processors with current microcode. An older clang ignores this feature.
    compiler === 'clang' ? '-Xclang -target-feature -Xclang +prefer-no-gather' : '-Wno-psabi',
  ].flatMap((line) => line.split(' '))
}
