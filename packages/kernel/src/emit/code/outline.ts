import { elementary, local, vector } from './code.ts'
import { type FunctionCode, type Item, inner } from './functionCode.ts'
import { print } from './print.ts'
import { linesOf, pinned } from './statement.ts'

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
  const used = items.flatMap((item) => (typeof item === 'string' ? [] : calleesOf(item, 'elementary')))
  if (used.length <= maxInline) return print(items, false)
  const functions = [...new Set(used)].sort().map((name) => {
    const values = (name === 'power' ? ['x', 'y'] : ['x']).map((value) => local(value))
    return inner(`${name}_o`, values, 'v128', [pinned(vector`return ${elementary(name, ...values)}`)])
  })
  return [...print(items, true), ...print(functions, false)]
}

/** Names of the functions of the given kind that the code calls, with repetitions. */
export function calleesOf({ body }: FunctionCode, kind: 'elementary' | 'landscape'): string[] {
  const names: string[] = []
  for (const { pieces } of linesOf(body))
    for (const piece of pieces) if (typeof piece !== 'string' && piece.kind === kind) names.push(piece.name)
  return names
}
