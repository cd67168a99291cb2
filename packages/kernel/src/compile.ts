import { assembly } from './assembly.generated.ts'
import { KernelError } from './error.ts'

const flags = [
  '--enable',
  'simd',
  '--runtime',
  'stub',
  '--optimizeLevel',
  '2',
  '--shrinkLevel',
  '0',
  '--noAssert',
  '--use',
  'abort=',
  '--noColors',
]

/**
 * Compiles a generated landscape with the runtime to a WebAssembly module. All files are in memory; the compiler is
 * loaded on first use (about a second), after that a module takes 0.1 to 0.3 s.
 */
export function compile(source: string): Promise<Uint8Array> {
  return compileFiles({ 'landscape.ts': source }, 'kernel.ts')
}

/** Compiles `entry`, a file of the runtime or of `more`. */
export async function compileFiles(more: Readonly<Record<string, string>>, entry: string): Promise<Uint8Array> {
  const { main } = await import('assemblyscript/asc')
  const files: Readonly<Record<string, string>> = { ...assembly, ...more }
  const written: Uint8Array[] = []
  const messages: string[] = []
  const sink = { write: (text: string | Uint8Array) => messages.push(String(text)) > 0 }
  const { error } = await main([entry, '--outFile', 'kernel.wasm', ...flags], {
    readFile: (name) => files[name] ?? null,
    writeFile: (_, contents) => {
      if (typeof contents !== 'string') written.push(contents)
    },
    listFiles: () => [],
    stdout: sink,
    stderr: sink,
  })
  const [binary] = written
  if (error !== null || binary === undefined) {
    throw new KernelError('COMPILE', messages.join('').trim().slice(0, 2000) || String(error))
  }
  return binary
}
