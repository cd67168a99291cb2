import { KernelError } from '../error.ts'
import { runtime } from './runtime.ts'

export const flags = '--enable simd --runtime stub --shrinkLevel 0 --noAssert --use abort= --noColors'.split(' ')

/**
 * Longest source, in characters, that the AssemblyScript compiler optimises. Longer sources are optimised only by the
 * WebAssembly engine. For a formula of 10,000 nodes (1 MB), the compiler takes 10 s with optimisation and 1 s without.
 */
const longestOptimized = 200_000

/** Declared here, because the compiler's own types would fail the strict type checks of a user's project. */
interface Compiler {
  readonly libraryFiles: Record<string, string>
  main(
    argv: string[],
    options: {
      readFile(name: string): string | null
      writeFile(name: string, contents: string | Uint8Array): void
      listFiles(): string[]
      stdout: { write(text: string | Uint8Array): boolean }
      stderr: { write(text: string | Uint8Array): boolean }
    },
  ): Promise<{ readonly error: Error | null }>
}

/** Loads the compiler: `() => import('assemblyscript/asc')`. */
export type LoadCompiler = () => Promise<Compiler>

/** In a web page, this import works only if the bundler includes the compiler, which has three megabytes. */
const ownCompiler: LoadCompiler = () => import('assemblyscript/asc')

/**
 * Compiles a generated landscape with the runtime to a WebAssembly module. The first call loads the compiler, which
 * takes about a second; compiling a module then takes 0.1 to 0.3 s.
 */
export function compile(source: string, load: LoadCompiler = ownCompiler): Promise<Uint8Array> {
  return compileFiles({ 'landscape.ts': source }, 'kernel.ts', load)
}

/**
 * Compiles the file `entry` of the runtime or of `more`, which maps names of additional files to their text. Throws a
 * KernelError with code COMPILE or NO_COMPILER.
 */
export async function compileFiles(
  more: Readonly<Record<string, string>>,
  entry: string,
  load: LoadCompiler = ownCompiler,
): Promise<Uint8Array> {
  const { main, libraryFiles } = await load()
  if (typeof main !== 'function')
    throw new KernelError('NO_COMPILER', 'pass a compiler, or modules that are already compiled')
  Object.assign(libraryFiles, library)
  const files: Readonly<Record<string, string>> = { ...runtime, ...more }
  const written: Uint8Array[] = []
  const messages: string[] = []
  const sink = { write: (text: string | Uint8Array) => messages.push(String(text)) > 0 }
  const length = Object.values(more).reduce((sum, text) => sum + text.length, 0)
  const level = ['--optimizeLevel', length > longestOptimized ? '0' : '2']
  const { error } = await main([entry, '--outFile', 'kernel.wasm', ...level, ...flags], {
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
    throw new KernelError('COMPILE', compilerErrors(messages.join('')) || String(error))
  }
  return binary
}

/** Drops the warnings that the compiler prints before the errors. */
function compilerErrors(text: string): string {
  return text
    .slice(Math.max(text.indexOf('ERROR'), 0))
    .trim()
    .slice(0, 2000)
}

const unused = (
  'atomics compat console crypto dataview date diagnostics error function iterator map performance polyfills process ' +
  'reference regexp rt set staticarray symbol table typedarray uri'
).split(' ')

/**
 * Replacements for files of the compiler's standard library, by name. Parsing the original files for each module would
 * take a quarter of the compile time. The runtime uses no objects and no strings, so these files define only the names
 * that the compiler itself looks up. Compiling with the original files gives the same bytes (`compile.test.ts`).
 */
const library: Readonly<Record<string, string>> = {
  ...Object.fromEntries(unused.map((name) => [name, ''])),
  array: 'export class Array<T> {}',
  arraybuffer: 'export abstract class ArrayBufferView {}\n@final export class ArrayBuffer {}',
  math: `
import { sqrt as squareRoot } from './builtins'
export namespace NativeMath {
  @inline export function sqrt(x: f64): f64 { return squareRoot<f64>(x) }
}
export namespace NativeMathf {}`,
  number: `
@builtin @inline export const NaN: f64 = 0 / 0
@builtin @inline export const Infinity: f64 = 1 / 0
${['I8', 'I16', 'I32', 'I64', 'Isize', 'U8', 'U16', 'U32', 'U64', 'Usize', 'Bool', 'F32', 'F64']
  .map((name) => `@final @unmanaged export abstract class ${name} {}`)
  .join('\n')}`,
  object: 'export abstract class Object {}',
  string: '@final export abstract class String {}\nexport type string = String',
  'util/error': `
@lazy @inline export const E_NOTIMPLEMENTED: string = ''
@lazy @inline export const E_ALLOCATION_TOO_LARGE: string = ''`,
  'util/memory': `
export declare function memset(to: usize, byte: u8, size: usize): void
export declare function memmove(to: usize, from: usize, size: usize): void
export declare function memcmp(left: usize, right: usize, size: usize): i32`,
  'util/string': `
export declare function strtol<T>(text: string, radix: i32): T
export declare function strtod(text: string): f64
export declare function strtob(text: string): bool`,
}
