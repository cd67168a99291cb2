import * as build from './build.ts'
import type { Expression, Node } from './expression.ts'
import { children, fold, withChildren } from './fold.ts'
import { freshName } from './names.ts'

/**
 * Replaces names by expressions, all at once. Indices of sum and prod are not replaced; an index is renamed if a
 * replacement contains its name. The name of a list, such as x in x[1], is replaced only if the replacement is also a
 * name.
 */
export function substitute(e: Expression, replacements: ReadonlyMap<string, Expression>): Expression {
  if (replacements.size === 0) return e
  return fold<Expression>(
    e,
    (node, parts) => {
      if (node.kind === 'name') return replacements.get(node.name) ?? node
      if (node.kind === 'element') {
        const replacement = replacements.get(node.name)
        if (replacement?.kind === 'name') return build.element(replacement.name, parts[0]!)
      }
      return withChildren(node, parts)
    },
    { enter: (node) => (node.kind === 'reduce' ? substituteReduce(node, replacements) : undefined) },
  )
}

function substituteReduce(e: Node<'reduce'>, replacements: ReadonlyMap<string, Expression>): Expression {
  const from = substitute(e.from, replacements)
  const to = substitute(e.to, replacements)
  const inner = new Map<string, Expression>()
  const { names, arrays } = freeNames(e.body)
  const brought = new Set<string>()
  for (const [name, replacement] of replacements) {
    if (name === e.index || !(names.has(name) || arrays.has(name))) continue
    inner.set(name, replacement)
    for (const free of freeNames(replacement).names) brought.add(free)
  }
  let index = e.index
  if (brought.has(index)) {
    index = freshName(index, new Set([...names, ...arrays, ...brought]))
    inner.set(e.index, build.name(index))
  }
  const body = substitute(e.body, inner)
  if (index === e.index && from === e.from && to === e.to && body === e.body) return e
  return build.reduce(e.operator, index, from, to, body)
}

export function renameIndices(e: Expression, avoid: ReadonlySet<string>): Expression {
  return fold<Expression>(e, (node, parts) => {
    const same = withChildren(node, parts)
    if (same.kind !== 'reduce' || !avoid.has(same.index)) return same
    const { names, arrays } = freeNames(same.body)
    const index = freshName(same.index, new Set([...avoid, ...names, ...arrays]))
    const body = substitute(same.body, new Map([[same.index, build.name(index)]]))
    return build.reduce(same.operator, index, same.from, same.to, body)
  })
}

const nothingBound: ReadonlySet<string> = new Set()

/** The names that an expression needs values for. */
export function freeNames(root: Expression) {
  /** Names of plain numbers, in order of first appearance, without the indices of sum and prod. */
  const names = new Set<string>()
  /** Names that are used with an index, such as x in x[1]. */
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
