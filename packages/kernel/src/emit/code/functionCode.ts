import { code, type Local, listed, type Piece } from './code.ts'
import { plain, type Statement } from './statement.ts'

export interface FunctionCode {
  readonly kind: 'function'
  readonly head: readonly Piece[]
  readonly parameters: readonly Local[]
  readonly body: readonly Statement[]
  /**
   * In a divided function, blocks are not indented, and each line gets this prefix. In other functions, blocks are
   * indented, and the prefix is null.
   */
  readonly flat: string | null
}

export type Item = FunctionCode | string

export function exported(
  name: string,
  parameters: readonly Local[],
  result: 'v128' | 'i64' | 'void',
  body: readonly Statement[],
): FunctionCode {
  return functionCode(`export function ${name}`, parameters, result, body)
}

export function inner(
  name: string,
  parameters: readonly Local[],
  result: 'v128' | 'void',
  body: readonly Statement[],
): FunctionCode {
  return functionCode(`function ${name}`, parameters, result, body)
}

function functionCode(
  title: string,
  parameters: readonly Local[],
  result: string,
  body: readonly Statement[],
): FunctionCode {
  const typed = listed(parameters.map((each) => `${each.name}: ${each.type}`))
  return { kind: 'function', head: code`${title}(${typed}): ${result} {`.pieces, parameters, body, flat: null }
}

export function written(signature: string, lines: readonly string[]): FunctionCode {
  return { kind: 'function', head: [`${signature} {`], parameters: [], body: plain(lines), flat: null }
}
