import { type Callee, code, elementary, type Local, listed, local, type Piece, vector } from './code.ts'
import { linesOf, pinned, plain, type Statement } from './statement.ts'

export interface FunctionCode {
  readonly kind: 'function'
  readonly head: readonly Piece[]
  readonly parameters: readonly Local[]
  readonly body: readonly Statement[]
}

export type Item = FunctionCode | string

/** `title` is the code before the parameters: `function NAME`, or `export function NAME`. */
export function functionCode(
  title: string,
  parameters: readonly Local[],
  result: 'v128' | 'i64' | 'void',
  body: readonly Statement[],
): FunctionCode {
  const typed = listed(parameters.map((each) => `${each.name}: ${each.type}`))
  return { kind: 'function', head: code`${title}(${typed}): ${result} {`.pieces, parameters, body }
}

export function written(signature: string, lines: readonly string[]): FunctionCode {
  return { kind: 'function', head: [`${signature} {`], parameters: [], body: plain(lines) }
}

/** If `outlined`, elementary functions are called through functions of the module. */
function print(items: readonly Item[], outlined: boolean): string[] {
  const nameOf = ({ kind, name }: Exclude<Piece, string>) =>
    kind !== 'elementary' ? name : outlined ? `${name}_o` : `elementary.${name}_v`
  const textOf = (pieces: readonly Piece[]) =>
    pieces.map((piece) => (typeof piece === 'string' ? piece : nameOf(piece))).join('')
  const printed = (statements: readonly Statement[], before: string): string[] =>
    statements.flatMap((statement) => {
      if (statement.kind === 'line') return [before + textOf(statement.pieces)]
      const arms = statement.arms.flatMap(({ head, body }) => [
        before + textOf(head.pieces),
        ...printed(body, `  ${before}`),
      ])
      return [...arms, `${before}}`]
    })
  return items.flatMap((item) =>
    typeof item === 'string' ? [item] : [textOf(item.head), ...printed(item.body, '  '), '}', ''],
  )
}

/**
 * If the code has at most this many calls of elementary functions, they are inlined, which saves 3 of 6 ns per call. If
 * more calls were inlined, the compiler would take minutes (85 s for 200 nested exponentials), and the code would
 * outgrow the caches.
 */
const maxInline = 60

/**
 * Inlines elementary functions if there are at most `maxInline` calls. Otherwise, emits each function once and calls
 * it.
 */
export function outlined(items: readonly Item[]): string[] {
  const used = items.flatMap((item) => (typeof item === 'string' ? [] : calleesOf(item.body, 'elementary')))
  if (used.length <= maxInline) return print(items, false)
  const functions = [...new Set(used)].sort().map((name) => {
    const values = (name === 'power' ? ['x', 'y'] : ['x']).map((value) => local(value))
    return functionCode(`function ${name}_o`, values, 'v128', [pinned(vector`return ${elementary(name, ...values)}`)])
  })
  return [...print(items, true), ...print(functions, false)]
}

/** Names of the functions of the given kind that the code calls, with repetitions. */
export function calleesOf(body: readonly Statement[], kind: Callee['kind']): string[] {
  const names: string[] = []
  for (const { pieces } of linesOf(body))
    for (const piece of pieces) if (typeof piece !== 'string' && piece.kind === kind) names.push(piece.name)
  return names
}
