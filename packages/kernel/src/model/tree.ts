import { children, type Expression, withChildren } from '@driftfarm/formula'

/**
 * Returns every node once, each after the nodes that it contains. The function is not recursive, because the tree of a
 * sum of 5,000 terms has depth 5,000.
 */
export function bottomUp(root: Expression, parts: (e: Expression) => readonly Expression[] = children): Expression[] {
  const order: Expression[] = []
  const seen = new Set<Expression>()
  const stack: { e: Expression; entered: boolean }[] = [{ e: root, entered: false }]
  while (stack.length > 0) {
    const frame = stack[stack.length - 1]!
    if (!frame.entered && !seen.has(frame.e)) {
      frame.entered = true
      seen.add(frame.e)
      for (const part of parts(frame.e)) if (!seen.has(part)) stack.push({ e: part, entered: false })
      continue
    }
    stack.pop()
    if (frame.entered) order.push(frame.e)
  }
  return order
}

/**
 * Renames the index of every sum and product to `i$1`, `i$2`, ..., numbered from the innermost sum or product outwards.
 * Equal sums then become equal trees, whatever their indices were called, and no index hides another.
 */
export function canonicalIndices(root: Expression, bound: ReadonlyMap<string, string> = new Map()): Expression {
  const heights = heightsOf(root)
  if (heights.get(root) === 0 && bound.size === 0) return root
  const done = new Map<Expression, Expression>()
  for (const e of bottomUp(root, (whole) => (whole.kind === 'reduce' ? [whole.from, whole.to] : children(whole)))) {
    if (e.kind === 'name') done.set(e, bound.has(e.name) ? { kind: 'name', name: bound.get(e.name)! } : e)
    else if (e.kind === 'reduce') {
      const index = `i$${heights.get(e)}`
      const body = canonicalIndices(e.body, new Map([...bound, [e.index, index]]))
      done.set(e, { ...e, index, from: done.get(e.from)!, to: done.get(e.to)!, body })
    } else {
      done.set(
        e,
        withChildren(
          e,
          children(e).map((part) => done.get(part)!),
        ),
      )
    }
  }
  return done.get(root)!
}

function heightsOf(root: Expression): ReadonlyMap<Expression, number> {
  const heights = new Map<Expression, number>()
  for (const e of bottomUp(root)) {
    const inside = children(e).reduce((highest, part) => Math.max(highest, heights.get(part)!), 0)
    heights.set(e, e.kind === 'reduce' ? inside + 1 : inside)
  }
  return heights
}
