import type { Expression } from './expression.ts'
import { children } from './fold.ts'

export interface FreeNames {
  /** Names of plain numbers, in order of first appearance, without the indices of sum and prod. */
  readonly names: ReadonlySet<string>
  /** Names that are used with an index, such as x in x[1]. */
  readonly arrays: ReadonlySet<string>
}

const nothingBound: ReadonlySet<string> = new Set()

/** The names that an expression needs values for. */
export function freeNames(root: Expression): FreeNames {
  const names = new Set<string>()
  const arrays = new Set<string>()
  const seen = new Map<ReadonlySet<string>, Set<Expression>>()
  const stack: { e: Expression; bound: ReadonlySet<string> }[] = [{ e: root, bound: nothingBound }]
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    const { e, bound } = frame
    const seenHere = seen.get(bound) ?? new Set()
    seen.set(bound, seenHere)
    if (seenHere.has(e)) continue
    seenHere.add(e)
    if (e.kind === 'name' && !bound.has(e.name)) names.add(e.name)
    if (e.kind === 'element') arrays.add(e.name)
    const parts = children(e)
    for (let i = parts.length - 1; i >= 0; i--) {
      const inside = e.kind === 'reduce' && parts[i] === e.body && i === 2
      stack.push({ e: parts[i]!, bound: inside ? new Set([...bound, e.index]) : bound })
    }
  }
  return { names, arrays }
}
