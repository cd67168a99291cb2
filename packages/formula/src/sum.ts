import * as build from './build.ts'
import type { Expression } from './expression.ts'
import { chainSum, flattenSum, type Leaf } from './flatten.ts'
import { type Order, Product } from './product.ts'

/** Like terms are combined at the position of the first of them; all other terms keep their order. */
export function addTerms(leaves: readonly Leaf[], order: Order): Expression {
  const terms = new Map<string, Product>()
  for (const { e, sign } of leaves) {
    const term = productOf(e, order)
    term.coefficient *= sign
    const key = term.key()
    const like = terms.get(key)
    if (like === undefined) terms.set(key, term)
    else if (!collect(like, term)) return chainSum(leaves)
  }
  const summands = [...terms.values()].filter((term) => term.coefficient !== 0)
  if (summands.length === 0) return build.zero
  if (summands.length === 1) return summands[0]!.build()
  return chain(summands)
}

export function termsOf(e: Expression, sign: 1 | -1): Leaf[] {
  return flattenSum(e).map((leaf) => ({ e: leaf.e, sign: leaf.sign === sign ? 1 : -1 }))
}

function productOf(e: Expression, order: Order): Product {
  const product = new Product(order)
  if (product.include(e, 1)) return product
  // The collected constants would leave the range of normal doubles, so the whole term counts as one factor.
  const whole = new Product(order)
  whole.factors.set(order.number(e), { base: e, exponent: 1 })
  return whole
}

function collect(like: Product, term: Product): boolean {
  if (like.divisor === term.divisor) {
    like.coefficient += term.coefficient
  } else {
    like.coefficient = like.coefficient / like.divisor + term.coefficient / term.divisor
    like.divisor = 1
  }
  return Number.isFinite(like.coefficient)
}

/**
 * Adds the terms, beginning with the first positive term (1 - x, not -x + 1). If all terms are negative, one minus sign
 * precedes the whole sum.
 */
function chain(terms: readonly Product[]): Expression {
  const isNegative = (term: Product) => term.coefficient < 0 !== term.divisor < 0
  const leading = terms.findIndex((term) => !isNegative(term))
  const allNegative = leading === -1
  const ordered = allNegative ? terms : [terms[leading]!, ...terms.slice(0, leading), ...terms.slice(leading + 1)]
  const leaves = ordered.map((term): Leaf => {
    const sign = isNegative(term) ? -1 : 1
    if (sign === -1) term.coefficient = -term.coefficient
    return { e: term.build(), sign: allNegative ? 1 : sign }
  })
  return allNegative ? build.negate(chainSum(leaves)) : chainSum(leaves)
}
