import * as build from './build.ts'
import type { Expression } from './expression.ts'

/** A term of a sum (sign +1 or -1), or a factor of a product (+1 in the numerator, -1 in the denominator). */
export interface Leaf {
  readonly e: Expression
  readonly sign: 1 | -1
}

export function isSum(e: Expression): boolean {
  return e.kind === 'negate' || (e.kind === 'binary' && (e.operator === '+' || e.operator === '-'))
}

export function isProduct(e: Expression): boolean {
  return e.kind === 'binary' && (e.operator === '*' || e.operator === '/')
}

export function flattenSum(root: Expression): Leaf[] {
  return flatten(root, (e) => {
    if (e.kind === 'negate') return [{ e: e.argument, sign: -1 }]
    if (e.kind !== 'binary' || !isSum(e)) return null
    return pair(e.left, e.right, e.operator === '-' ? -1 : 1)
  })
}

export function flattenProduct(root: Expression): Leaf[] {
  return flatten(root, (e) => {
    if (e.kind === 'negate') return pair(build.minusOne, e.argument, 1)
    if (e.kind !== 'binary' || !isProduct(e)) return null
    return pair(e.left, e.right, e.operator === '/' ? -1 : 1)
  })
}

const pair = (first: Expression, second: Expression, sign: Leaf['sign']): Leaf[] => [
  { e: first, sign: 1 },
  { e: second, sign },
]

/** The leaf with its sign multiplied by another sign. */
export const signed = ({ e, sign }: Leaf, by: 1 | -1): Leaf => ({ e, sign: sign === by ? 1 : -1 })

function flatten(root: Expression, split: (e: Expression) => readonly Leaf[] | null): Leaf[] {
  const leaves: Leaf[] = []
  const stack: Leaf[] = [{ e: root, sign: 1 }]
  for (let leaf = stack.pop(); leaf !== undefined; leaf = stack.pop()) {
    const parts = split(leaf.e)
    if (parts === null) {
      leaves.push(leaf)
      continue
    }
    for (let i = parts.length - 1; i >= 0; i--) stack.push(signed(parts[i]!, leaf.sign))
  }
  return leaves
}

export function chainSum(leaves: readonly Leaf[]): Expression {
  return leaves.reduce<Expression | null>((sum, { e, sign }) => {
    if (sum === null) return sign === 1 ? e : build.negate(e)
    return sign === 1 ? build.add(sum, e) : build.subtract(sum, e)
  }, null)!
}

export function chainProduct(leaves: readonly Leaf[]): Expression {
  return leaves.reduce<Expression | null>((product, { e, sign }) => {
    if (product === null) return sign === 1 ? e : build.divide(build.one, e)
    return sign === 1 ? build.multiply(product, e) : build.divide(product, e)
  }, null)!
}
