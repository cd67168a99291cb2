import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { NativeAdvance } from '@driftfarm/kernel'
import type { Contestant } from './measure.ts'

const beside = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const works = (program: string, ...parameters: string[]) => spawnSync(program, parameters).status === 0

/** The input of a program, which prints {"steps": .., "seconds": ..}: processor time, measured inside it. */
type Parameters = readonly (string | number)[]

/**
 * C programs and NumPy scripts that compute the same as the kernel. What the machine cannot run is left out and said.
 */
export class Programs {
  private readonly folder = mkdtempSync(join(tmpdir(), 'kernel-bench-'))
  private readonly libraries = new Map<string, NativeAdvance>()
  private readonly hasC: boolean
  private readonly hasNumpy = works('python3', '-c', 'import numpy')

  /** `compiler` is the name or the path of gcc or clang. */
  constructor(private readonly compiler = 'gcc') {
    this.hasC = works(compiler, '--version')
    if (!this.hasC) console.log(`${compiler} is missing: the comparison with C is skipped`)
    if (!this.hasNumpy) console.log('python3 with numpy is missing: the comparison with NumPy is skipped')
  }

  /** The compiler with -O3 -march=native with macros; `flags` may take instructions away. */
  c(name: string, source: string, macros: Readonly<Record<string, number>>, flags: readonly string[] = []) {
    return (parameters: (round: number) => Parameters): Contestant[] => {
      if (!this.hasC) return []
      const program = join(this.folder, name.replaceAll(/\W+/g, '-'))
      const defined = Object.entries(macros).map(([macro, value]) => `-D${macro}=${value}`)
      const options = ['-O3', '-march=native', ...flags, ...defined, '-o', program, beside(`c/${source}`)]
      this.compile([...options, '-lmvec', '-lm'])
      return [contestant(name, program, [], parameters)]
    }
  }

  /** Compiles the C text of native lanes, and loads it into this process. */
  library(c: string, flags: readonly string[]): NativeAdvance {
    const key = [...flags, c].join(' ')
    const known = this.libraries.get(key)
    if (known !== undefined) return known
    const file = join(this.folder, `native-${this.libraries.size}`)
    writeFileSync(`${file}.c`, c)
    this.compile([...flags, `${file}.c`, '-o', `${file}.node`, '-lm'])
    const module = { exports: {} as { readonly advance: NativeAdvance } }
    process.dlopen(module, `${file}.node`)
    this.libraries.set(key, module.exports.advance)
    return module.exports.advance
  }

  /** `environment` may take instructions away, as `noAvx512` does. */
  numpy(name: string, script: string, first: Parameters = [], environment: NodeJS.ProcessEnv = {}) {
    return (parameters: (round: number) => Parameters): Contestant[] => {
      if (!this.hasNumpy) return []
      return [contestant(name, 'python3', [beside(`numpy/${script}`), ...first], parameters, environment)]
    }
  }

  /** Prints what the compiler says only if it fails. */
  private compile(options: readonly string[]): void {
    execFileSync(this.compiler, options, { stdio: 'pipe' })
  }

  /** Path of a file that programs read. */
  file(name: string, contents: Uint8Array): string {
    const path = join(this.folder, name)
    writeFileSync(path, contents)
    return path
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Variables with which NumPy and OpenBLAS use AVX2 even if the processor has AVX-512. */
export const noAvx512 = {
  NPY_DISABLE_CPU_FEATURES: 'X86_V4 AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR',
  OPENBLAS_CORETYPE: 'Haswell',
}

function contestant(
  name: string,
  program: string,
  before: Parameters,
  of: (round: number) => Parameters,
  environment: NodeJS.ProcessEnv = {},
): Contestant {
  return {
    name,
    time(round) {
      const output = execFileSync(program, [...before, ...of(round)].map(String), {
        encoding: 'utf8',
        // One thread, as the kernel has.
        env: {
          ...process.env,
          OMP_NUM_THREADS: '1',
          OPENBLAS_NUM_THREADS: '1',
          MKL_NUM_THREADS: '1',
          ...environment,
        },
      })
      const { steps, seconds } = JSON.parse(output) as { steps: number; seconds: number }
      return (seconds * 1e9) / steps
    },
  }
}
