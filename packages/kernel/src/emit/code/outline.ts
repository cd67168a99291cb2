import { elementary, local, vector } from './code.ts'
import { type FunctionCode, type Item, inner } from './functionCode.ts'
import { print } from './print.ts'
import { linesOf, staying } from './statement.ts'

/**
 * Calls of elementary functions that are worth being written out where they stand: 3 of 6 ns. Beyond, the compiler
 * takes minutes (200 nested exponentials: 85 s) and the code outgrows the caches.
 */
const mostInline = 60

/**
 * The text of a module; calls of elementary functions, which are written out, are calls of one function each if there
 * are many.
 */
export function outlined(items: readonly Item[]): string[] {
  const used = items.flatMap((item) => (typeof item === 'string' ? [] : calleesOf(item, 'elementary')))
  if (used.length <= mostInline) return print(items, false)
  const functions = [...new Set(used)].sort().map((name) => {
    const values = (name === 'power' ? ['x', 'y'] : ['x']).map((value) => local(value))
    return inner(`${name}_o`, values, 'v128', [staying(vector`return ${elementary(name, ...values)}`)])
  })
  return [...print(items, true), ...print(functions, false)]
}

/** Names of functions of a kind that are called, as often as they are. */
export function calleesOf({ body }: FunctionCode, kind: 'elementary' | 'landscape'): string[] {
  const names: string[] = []
  for (const { pieces } of linesOf(body))
    for (const piece of pieces) if (typeof piece !== 'string' && piece.kind === kind) names.push(piece.name)
  return names
}
