import { calculate, comparisons, functions, isSmallInteger } from './arithmetic.ts'
import * as build from './build.ts'
import { FormulaError } from './errors.ts'
import type { Expression, Node } from './expression.ts'
import { chainProduct, flattenProduct, flattenSum, isProduct, isSum, type Leaf, signed } from './flatten.ts'
import { children, fold, Identities, nodeCounter, withChildren } from './fold.ts'
import { limits } from './limits.ts'
import { printer } from './print.ts'
import { addTerms, isSound, type Order, Product } from './product.ts'
import { freeNames, substitute } from './substitute.ts'

/**
 * The largest number of passes. The second pass changes next to nothing, and no third pass is known to have changed
 * anything.
 */
const maxPasses = 8

/**
 * The canonical form of an expression. Constants are collected and folded, with nothing but IEEE operations and the
 * functions of `elementary`. Terms that are 0 and factors that are 1 are dropped. Terms that differ only in a constant
 * factor are merged. Factors and divisors with the same base become one power of this base. Factors are sorted by
 * number of nodes and then by printed form. Factors that do not depend on the index of a sum are moved out of the sum.
 * Names are not replaced by values, and the terms of a sum keep their order. In exact arithmetic the value is the same
 * wherever the original is defined. The farm evaluates this form and not the original, so its results have the rounding
 * errors of this form. simplify(simplify(e)) equals simplify(e). No rule copies a part, so an expression never grows.
 */
export function simplify(e: Expression, simplifier: Simplifier = new Simplifier()): Expression {
  return simplifier.simplify(e)
}

/** Simplifies expressions that share parts; each part is simplified once. */
export class Simplifier {
  private readonly identities = new Identities()
  readonly order: Order = {
    number: (e) => this.identities.number(e),
    text: printer(),
    size: nodeCounter(),
  }
  private readonly known = new Map<Expression, Expression>()

  simplify(e: Expression): Expression {
    if (this.order.size(e) > limits.derivedNodes) throw new FormulaError('too-large', [])
    let current = this.identities.representative(e)
    for (let pass = 0; pass < maxPasses; pass++) {
      const next = fold<Expression>(current, this.visit, this.options)
      if (next === current) return next
      current = next
    }
    return current
  }

  private readonly options = { parts: wideParts, enter: (e: Expression) => this.known.get(e) }

  private readonly visit = (e: Expression, parts: readonly Expression[]): Expression => {
    const result = this.identities.representative(simplifyNode(e, parts, this.order))
    this.known.set(e, result)
    if (this.identities.count > limits.simplifiedParts)
      throw new FormulaError('too-many-parts', [], undefined, longProducts)
    return result
  }
}

export const longProducts = 'write long products as prod(i, from, to, ...)'

/**
 * Returns all terms of a sum, or all factors of a product. They are then sorted once for the whole expression, not at
 * every operator.
 */
function wideParts(e: Expression): readonly Expression[] {
  if (isSum(e)) return flattenSum(e).map((leaf) => leaf.e)
  if (isProduct(e)) return flattenProduct(e).map((leaf) => leaf.e)
  return children(e)
}

function simplifyNode(e: Expression, parts: readonly Expression[], order: Order): Expression {
  if (isSum(e)) {
    const leaves = flattenSum(e).flatMap(({ sign }, i) => flattenSum(parts[i]!).map((leaf) => signed(leaf, sign)))
    return addTerms(leaves, order)
  }
  if (isProduct(e)) {
    const leaves = flattenProduct(e).map(({ sign }, i) => ({ e: parts[i]!, sign }))
    return multiplyFactors(leaves, order)
  }
  switch (e.kind) {
    case 'binary':
      return simplifyPower(parts[0]!, parts[1]!, order)
    case 'call':
      return simplifyCall(e, parts, order)
    case 'reduce':
      return simplifyReduce(e, parts, order)
    case 'select':
    case 'compare':
    case 'logic':
    case 'not':
      return simplifyCondition(withChildren(e, parts), order)
    default:
      return withChildren(e, parts)
  }
}

function multiplyFactors(leaves: readonly Leaf[], order: Order): Expression {
  const product = new Product(order)
  if (leaves.every(({ e, sign }) => product.include(e, sign))) return product.build()
  // The product of all constants would overflow or underflow, but the expression as written might not.
  return chainProduct(leaves.flatMap(({ e, sign }) => flattenProduct(e).map((leaf) => signed(leaf, sign))))
}

function simplifyPower(base: Expression, exponent: Expression, order: Order): Expression {
  if (base.kind === 'number') {
    if (base.value === 1) return build.one
    if (exponent.kind === 'number') {
      const value = calculate('^', base.value, exponent.value, isSmallInteger(exponent))
      if (isSound(value, base.value === 0)) return build.number(value)
    }
  } else if (exponent.kind === 'number') {
    if (exponent.value === 0) return build.one
    if (exponent.value === 1) return base
    if (exponent.value === 0.5) return simplifyRoot(base)
    if (isSmallInteger(exponent)) return simplifyIntegerPower(base, exponent.value, order)
  }
  return build.raise(base, exponent)
}

/**
 * Simplifies a power: (2*x)^3 = 8*x^3, (x^2)^3 = x^6, (-a*b)^2 = (a*b)^2. If the base has several factors that are not
 * constants, the power of the whole base is kept, because a power of each factor would take more operations.
 */
function simplifyIntegerPower(base: Expression, exponent: number, order: Order): Expression {
  const inner = new Product(order)
  const power = new Product(order)
  if (inner.include(base, 1)) {
    if (inner.factors.size <= 1 && power.include(base, exponent)) return power.build()
    const negative = inner.coefficient < 0 !== inner.divisor < 0
    if (negative) {
      inner.coefficient = -inner.coefficient
      return multiplyFactors(
        [
          { e: exponent % 2 === 0 ? build.one : build.minusOne, sign: 1 },
          { e: build.raise(inner.build(), build.number(exponent)), sign: 1 },
        ],
        order,
      )
    }
  }
  const whole = new Product(order)
  whole.factors.set(order.number(base), { base, exponent })
  return whole.build()
}

/** sqrt(x^2) = |x| */
function simplifyRoot(argument: Expression): Expression {
  const isSquare = argument.kind === 'binary' && argument.operator === '^' && isNumber(argument.right, 2)
  return isSquare ? build.call('abs', argument.left) : build.call('sqrt', argument)
}

function isNumber(e: Expression, value: number): boolean {
  return e.kind === 'number' && e.value === value
}

function simplifyCall(e: Node<'call'>, parts: readonly Expression[], order: Order): Expression {
  const values = parts.flatMap((part) => (part.kind === 'number' ? [part.value] : []))
  if (values.length === parts.length) {
    const value = functions[e.function](values[0]!, values[1]!)
    if (Number.isFinite(value)) return build.number(value)
  }
  const [first, second] = parts as [Expression, Expression]
  if (second !== undefined && order.number(first) === order.number(second)) return first
  if (e.function === 'sqrt') return simplifyRoot(first)
  if (e.function === 'abs' && first.kind === 'negate') return build.call('abs', first.argument)
  return withChildren(e, parts)
}

function simplifyReduce(e: Node<'reduce'>, parts: readonly Expression[], order: Order): Expression {
  const [from, to, body] = parts as [Expression, Expression, Expression]
  const neutral = e.operator === 'sum' ? 0 : 1
  if (isNumber(body, neutral)) return build.number(neutral)
  if (from.kind === 'number' && to.kind === 'number') {
    if (from.value > to.value) return build.number(neutral)
    if (to.value - from.value < 1) return substitute(body, new Map([[e.index, from]]))
  }
  if (e.operator === 'prod') return withChildren(e, parts)
  const factors = flattenProduct(body)
  const dependent = factors.filter((factor) => freeNames(factor.e).names.has(e.index))
  const independent = factors.filter((factor) => !dependent.includes(factor))
  if (dependent.length === 0) {
    const count =
      from.kind === 'number' && to.kind === 'number'
        ? build.number(Math.floor(to.value - from.value) + 1)
        : build.reduce('sum', e.index, from, to, build.one)
    if (isNumber(body, 1) && count.kind !== 'number') return withChildren(e, parts)
    return multiplyFactors([...independent, { e: count, sign: 1 }], order)
  }
  if (independent.length === 0) return withChildren(e, parts)
  const rest = build.reduce('sum', e.index, from, to, multiplyFactors(dependent, order))
  return multiplyFactors([...independent, { e: rest, sign: 1 }], order)
}

export function truth(e: Expression): boolean | undefined {
  if (e.kind !== 'compare' || e.left.kind !== 'number' || e.right.kind !== 'number') return undefined
  return comparisons[e.operator](e.left.value, e.right.value)
}

/** The grammar has no literals for true and false; these two comparisons represent them. */
const always = build.compare('==', build.zero, build.zero)
const never = build.compare('!=', build.zero, build.zero)

function simplifyCondition(e: Expression, order: Order): Expression {
  if (e.kind === 'select') {
    const known = truth(e.condition)
    if (known !== undefined) return known ? e.then : e.otherwise
    if (order.number(e.then) === order.number(e.otherwise)) return e.then
    return e.condition.kind === 'not' ? build.select(e.condition.argument, e.otherwise, e.then) : e
  }
  if (e.kind === 'logic') {
    const left = truth(e.left)
    const right = truth(e.right)
    const absorbing = e.operator === '||'
    if (left === absorbing || right === absorbing) return absorbing ? always : never
    if (left !== undefined) return e.right
    if (right !== undefined) return e.left
    return order.number(e.left) === order.number(e.right) ? e.left : e
  }
  if (e.kind === 'not') {
    const known = truth(e.argument)
    if (known !== undefined) return known ? never : always
    return e.argument.kind === 'not' ? e.argument.argument : e
  }
  const known = truth(e)
  if (known === undefined) return e
  return known ? always : never
}
