import { isSmallInteger } from './arithmetic.ts'
import * as build from './build.ts'
import { powerInteger } from './elementary/index.ts'
import type { Expression } from './expression.ts'
import { chainSum, flattenProduct, type Leaf } from './flatten.ts'

const smallestNormal = 2.2250738585072014e-308

/**
 * Whether `result` may replace the constants from which it was computed. `result` must be finite and must not have lost
 * bits to underflow.
 */
export function isSound(result: number, exactZero: boolean): boolean {
  return Number.isFinite(result) && (result === 0 ? exactZero : Math.abs(result) >= smallestNormal)
}

/** Parts are ordered by number of nodes, then by printed form. */
export interface Order {
  /** Equal expressions have the same number. */
  readonly number: (e: Expression) => number
  readonly text: (e: Expression) => string
  readonly size: (e: Expression) => number
}

/** coefficient / divisor * product of base^exponent; the exponents are integers other than 0. */
export class Product {
  coefficient = 1
  divisor = 1
  readonly factors = new Map<number, { base: Expression; exponent: number }>()

  constructor(private readonly order: Order) {}

  /**
   * Multiplies by all factors of the simplified expression `e`, raised to `power`. If the constants leave the range of
   * normal doubles, returns false, and the product must not be used.
   */
  include(e: Expression, power: number): boolean {
    return flattenProduct(e).every((leaf) => this.includeLeaf(leaf.e, leaf.sign * power))
  }

  private includeLeaf(e: Expression, power: number): boolean {
    if (e.kind === 'number') return this.scale(e.value, power)
    if (e.kind === 'binary' && e.operator === '^' && isSmallInteger(e.right) && e.left.kind !== 'number') {
      return this.includeFactor(e.left, e.right.value * power)
    }
    return this.includeFactor(e, power)
  }

  private scale(value: number, power: number): boolean {
    if (Math.abs(power) > 64) return false
    const raised = powerInteger(value, Math.abs(power))
    if (!isSound(raised, value === 0)) return false
    if (power > 0) {
      const scaled = this.coefficient * raised
      if (!isSound(scaled, this.coefficient === 0 || raised === 0)) return false
      this.coefficient = scaled
      return true
    }
    const scaled = this.divisor * raised
    if (scaled === 0 || !isSound(scaled, false)) return false
    this.divisor = scaled
    return true
  }

  private includeFactor(base: Expression, power: number): boolean {
    const key = this.order.number(base)
    const exponent = (this.factors.get(key)?.exponent ?? 0) + power
    if (Math.abs(exponent) > 64) return false
    if (base.kind === 'call' && base.function === 'sqrt' && exponent % 2 === 0) {
      this.factors.delete(key)
      return exponent === 0 || this.include(base.arguments[0]!, exponent / 2)
    }
    if (exponent === 0) this.factors.delete(key)
    else this.factors.set(key, { base, exponent })
    return true
  }

  /** Two products have the same key if they differ only in their constants. */
  key(): string {
    const factors = [...this.factors]
    if (factors.length > 1) factors.sort(([a], [b]) => a - b)
    let key = ''
    for (const [number, { exponent }] of factors) key += `${number}^${exponent} `
    return key
  }

  /** The product as an expression: (c*a*b^2)/(d*e). x/3 stays a division, x/4 becomes 0.25*x (the same bits). */
  build(): Expression {
    if (this.coefficient === 0) return build.zero
    return this.choice() ?? this.quotient()
  }

  /**
   * If a factor is a select with 0 on one side, moves all other factors into the other side. Returns null if no factor
   * is such a select, or if the constants would leave the range of normal doubles.
   */
  private choice(): Expression | null {
    for (const [key, { base, exponent }] of this.factors) {
      if (base.kind !== 'select' || exponent !== 1) continue
      const { condition, then: whenTrue, otherwise } = base
      const isChosen = isZero(otherwise)
      if (!isChosen && !isZero(whenTrue)) continue
      const rest = new Product(this.order)
      rest.coefficient = this.coefficient
      rest.divisor = this.divisor
      for (const [other, factor] of this.factors) if (other !== key) rest.factors.set(other, factor)
      if (!rest.include(isChosen ? whenTrue : otherwise, 1)) return null
      const [first, second] = isChosen ? [rest.build(), build.zero] : [build.zero, rest.build()]
      return build.select(condition, first, second)
    }
    return null
  }

  private quotient(): Expression {
    const factors = [...this.factors.values()].sort((a, b) => this.compare(a.base, b.base))
    const above = factors.filter((factor) => factor.exponent > 0).map(power)
    const below = factors.filter((factor) => factor.exponent < 0).map(power)
    const { numerator, denominator } = this.constants(above.length > 0 && below.length === 0)
    const negative = numerator === -1 && above.length > 0
    if (above.length === 0 || Math.abs(numerator) !== 1) above.unshift(build.number(numerator))
    if (denominator !== 1) below.push(build.number(denominator))
    const top = above.reduce(build.multiply)
    const quotient = below.length === 0 ? top : build.divide(top, below.reduce(build.multiply))
    return negative ? build.negate(quotient) : quotient
  }

  /**
   * Divides the coefficient by the divisor, so that only a constant in the numerator remains. `mayDivide` is true if
   * the product has factors in the numerator and none in the denominator. In this case, an inexact quotient of the form
   * 1/n or -1/n, such as 1/3, is kept as a division by n. If the quotient would overflow or underflow, both constants
   * are kept.
   */
  private constants(mayDivide: boolean): { numerator: number; denominator: number } {
    const sign = this.divisor < 0 ? -1 : 1
    const numerator = this.coefficient * sign
    const denominator = this.divisor * sign
    const quotient = numerator / denominator
    const inverse = denominator / Math.abs(numerator)
    const isInverse = Number.isInteger(inverse) && inverse * Math.abs(numerator) === denominator
    if (mayDivide && denominator !== 1 && isInverse && inverse > 1 && !isPowerOfTwo(inverse)) {
      return { numerator: Math.sign(numerator), denominator: inverse }
    }
    return isSound(quotient, false) ? { numerator: quotient, denominator: 1 } : { numerator, denominator }
  }

  private compare(a: Expression, b: Expression): number {
    const bySize = this.order.size(a) - this.order.size(b)
    if (bySize !== 0) return bySize
    return this.order.text(a) < this.order.text(b) ? -1 : 1
  }
}

function isZero(e: Expression): boolean {
  return e.kind === 'number' && e.value === 0
}

function power({ base, exponent }: { base: Expression; exponent: number }): Expression {
  const positive = Math.abs(exponent)
  return positive === 1 ? base : build.raise(base, build.number(positive))
}

function isPowerOfTwo(value: number): boolean {
  let rest = value
  while (rest > 1 && rest % 2 === 0) rest /= 2
  return rest === 1
}

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
