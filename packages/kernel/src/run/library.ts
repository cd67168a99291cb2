/**
 * Replacements for files of the compiler's standard library, by name. Parsing the original files for each module would
 * take a quarter of the compile time. The runtime uses no objects and no strings, so these files define only the names
 * that the compiler itself looks up. Compiling with the original files gives the same bytes (`compile.test.ts`).
 */
export const library: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      'atomics',
      'compat',
      'console',
      'crypto',
      'dataview',
      'date',
      'diagnostics',
      'error',
      'function',
      'iterator',
      'map',
      'performance',
      'polyfills',
      'process',
      'reference',
      'regexp',
      'rt',
      'set',
      'staticarray',
      'symbol',
      'table',
      'typedarray',
      'uri',
    ].map((name) => [name, '']),
  ),
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
