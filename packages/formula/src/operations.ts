import { FormulaError } from './errors.ts'
import type { Expression, Node } from './expression.ts'
import { fold } from './fold.ts'
import { limits } from './limits.ts'
import { simplify } from './simplify.ts'

/**
 * The number of arithmetic operations of one evaluation. Each operator, sign, function call, comparison and select
 * counts as one. The body of a sum or prod whose bounds are numbers counts once per term. Arithmetic within indices is
 * not counted.
 */
export function operations(e: Expression): number {
  return fold<number>(e, (node, parts) => {
    const inside = parts.reduce((total, count) => total + count, 0)
    switch (node.kind) {
      case 'number':
      case 'name':
      case 'element':
        return 0
      case 'reduce': {
        const [from, to, body] = parts as [number, number, number]
        return from + to + termCount(node) * (body + 1)
      }
      default:
        return inside + 1
    }
  })
}

function termCount(e: Node<'reduce'>): number {
  const [from, to] = [simplify(e.from), simplify(e.to)]
  if (from.kind !== 'number' || to.kind !== 'number') return 1
  return Math.max(0, Math.floor(to.value - from.value) + 1)
}

export function checkOperations(e: Expression): void {
  const count = operations(e)
  if (count > limits.operations) throw new FormulaError('too-many-operations', [count])
}
