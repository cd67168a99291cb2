import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { nullIf } from '@driftfarm/formula'

/** What native code is compiled with and for. It can be structured-cloned. */
export interface Target {
  /** The name or path of the compiler. */
  readonly compiler: string
  readonly family: 'clang' | 'gcc'
  /** The first line that the compiler prints about itself. */
  readonly version: string
  readonly vectors: 'avx2' | 'avx512'
  /** Model and features of the processor. */
  readonly processor: string
}

const run = promisify(execFile)

/** The clang that is tested comes first. Its code is faster than gcc's for vectors wider than the machine's. */
const compilers = ['clang-19', 'clang', 'gcc', 'cc']

/** What eight lanes of AVX-512 need; without one of these, lanes are computed with AVX2. */
const wide = ['avx512f', 'avx512dq', 'avx512vl', 'avx512bw']

/** Finds a compiler and reads the processor's features, or says what is missing. */
export async function findTarget(compiler?: string): Promise<Target | { readonly missing: string }> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { missing: `native lanes need Linux on x86-64, and this is ${process.platform} on ${process.arch}` }
  const lines = (nullIf(Error, () => readFileSync('/proc/cpuinfo', 'utf8')) ?? '').split('\n')
  const valueOf = (name: string) => lines.find((line) => line.startsWith(name))?.replace(/^[^:]*:\s*/, '') ?? ''
  const features = new Set(valueOf('flags').split(' '))
  if (!features.has('avx2')) return { missing: 'native lanes need a processor with AVX2' }
  const vectors = wide.every((each) => features.has(each)) ? 'avx512' : 'avx2'
  for (const name of compiler ? [compiler] : compilers) {
    const said = await run(name, ['--version'], { timeout: 10_000 }).catch(() => null)
    const version = said?.stdout.split('\n')[0] ?? ''
    if (version === '') continue
    const family = /clang/.test(version) ? 'clang' : 'gcc'
    return {
      compiler: name,
      family,
      version,
      vectors,
      processor: `${valueOf('model name')} ${[...features].join(' ')}`,
    }
  }
  return {
    missing: compiler
      ? `${compiler}, the compiler that DRIFTFARM_CC names, cannot be run`
      : 'native lanes need a C compiler (clang or gcc), and none was found',
  }
}

/** Describes the target in a few words. */
export const targetWords = ({ version, family, vectors }: Target): string =>
  `${family} ${/\d+(\.\d+)+/.exec(version)?.[0] ?? ''}, ${vectors === 'avx512' ? 'AVX-512' : 'AVX2'}`
