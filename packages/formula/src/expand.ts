import * as build from './build.ts'
import { checkIndex, checkTerms } from './checkIndices.ts'
import { FormulaError, quote } from './errors.ts'
import type { Expression, Node } from './expression.ts'
import { countNodes, fold, withChildren } from './fold.ts'
import { limits } from './limits.ts'
import { print } from './print.ts'
import { simplify, truth } from './simplify.ts'
import { substitute } from './substitute.ts'

/**
 * Writes out every sum and prod term by term, left to right, and makes every index a literal. First replaces the names
 * in `constants` (such as the dimension d) by their numbers. Throws FormulaError if a bound or an index is not a
 * constant integer, or if the result has more nodes than `limits.nodes`.
 */
export function expand(e: Expression, constants: ReadonlyMap<string, number> = new Map()): Expression {
  const values = new Map([...constants].map(([name, value]) => [name, build.number(value)]))
  const expanded = unroll(substitute(e, values))
  if (countNodes(expanded) > limits.nodes) throw tooManyNodes()
  return expanded
}

function tooManyNodes(): FormulaError {
  const hint = 'the body of a sum or prod is counted once for each term: write fewer terms'
  return new FormulaError('too-many-nodes', [], undefined, hint)
}

function unroll(e: Expression): Expression {
  return fold<Expression>(
    e,
    (node, parts) => {
      const same = withChildren(node, parts)
      return same.kind === 'element' ? literalElement(same.name, same.index) : same
    },
    {
      enter: (node) => {
        if (node.kind === 'reduce') return unrollReduce(node)
        if (node.kind === 'select') return unrollSelect(node)
        return undefined
      },
    },
  )
}

/**
 * If the condition is known, only the chosen side is expanded, because the other side may use elements that do not
 * exist.
 */
function unrollSelect(e: Node<'select'>): Expression {
  const condition = unroll(e.condition)
  const known = truth(simplify(condition))
  if (known !== undefined) return unroll(known ? e.then : e.otherwise)
  return build.select(condition, unroll(e.then), unroll(e.otherwise))
}

function literalElement(name: string, index: Expression): Expression {
  const literal = simplify(index)
  if (literal.kind !== 'number') return build.element(name, literal)
  checkIndex(literal.value, name)
  return build.element(name, literal)
}

function unrollReduce(e: Node<'reduce'>): Expression {
  const from = bound(e, e.from)
  const to = bound(e, e.to)
  const count = to - from + 1
  checkTerms(count, e.operator)
  // The second condition limits the time. A body with an empty sum may expand to few nodes, but the whole body is
  // walked for every term.
  if (count > limits.nodes || count * countNodes(e.body) > 100 * limits.nodes) throw tooManyNodes()
  const terms: Expression[] = []
  let nodes = 0
  for (let i = from; i <= to; i++) {
    const term = unroll(substitute(e.body, new Map([[e.index, build.number(i)]])))
    nodes += countNodes(term) + 1
    if (nodes > limits.nodes + 1) throw tooManyNodes()
    terms.push(term)
  }
  if (terms.length === 0) return e.operator === 'sum' ? build.zero : build.one
  return terms.reduce(e.operator === 'sum' ? build.add : build.multiply)
}

function bound(e: Node<'reduce'>, expression: Expression): number {
  const literal = simplify(unroll(expression))
  if (literal.kind !== 'number') {
    throw new FormulaError('bounds-not-constant', [quote(e.operator), quote(print(literal))])
  }
  if (!Number.isSafeInteger(literal.value)) {
    throw new FormulaError('bounds-not-integer', [literal.value, quote(e.operator)])
  }
  return literal.value
}
