import type { Expression } from '@driftfarm/formula'

export function childrenOf(e: Expression): readonly Expression[] {
  switch (e.kind) {
    case 'number':
    case 'name':
      return []
    case 'element':
      return [e.index]
    case 'negate':
    case 'not':
      return [e.argument]
    case 'binary':
    case 'compare':
    case 'logic':
      return [e.left, e.right]
    case 'call':
      return e.arguments
    case 'reduce':
      return [e.from, e.to, e.body]
    case 'select':
      return [e.condition, e.then, e.otherwise]
  }
}

/**
 * Names every bound index by the height of its sum or product above the innermost one (`i$1`, `i$2`, ...): equal
 * sums become equal trees whatever their index was called, and no name hides another.
 */
export function canonicalIndices(e: Expression, bound: ReadonlyMap<string, string> = new Map()): Expression {
  const inside = (child: Expression) => canonicalIndices(child, bound)
  switch (e.kind) {
    case 'number':
      return e
    case 'name':
      return bound.has(e.name) ? { kind: 'name', name: bound.get(e.name)! } : e
    case 'element':
      return { ...e, index: inside(e.index) }
    case 'negate':
    case 'not':
      return { ...e, argument: inside(e.argument) }
    case 'binary':
    case 'compare':
    case 'logic':
      return { ...e, left: inside(e.left), right: inside(e.right) }
    case 'call':
      return { ...e, arguments: e.arguments.map(inside) }
    case 'select':
      return { ...e, condition: inside(e.condition), then: inside(e.then), otherwise: inside(e.otherwise) }
    case 'reduce': {
      const index = `i$${heightOf(e)}`
      const body = canonicalIndices(e.body, new Map([...bound, [e.index, index]]))
      return { ...e, index, from: inside(e.from), to: inside(e.to), body }
    }
  }
}

const heights = new WeakMap<Expression, number>()
function heightOf(e: Expression): number {
  const known = heights.get(e)
  if (known !== undefined) return known
  let height = 0
  for (const child of childrenOf(e)) height = Math.max(height, heightOf(child))
  if (e.kind === 'reduce') height++
  heights.set(e, height)
  return height
}
