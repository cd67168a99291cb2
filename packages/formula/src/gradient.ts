import * as build from './build.ts'
import type { Expression, Node } from './expression.ts'
import { chainSum, flattenSum } from './flatten.ts'
import { freshName } from './names.ts'
import { print } from './print.ts'
import { type Simplifier, simplify } from './simplify.ts'
import { freeNames, substitute } from './substitute.ts'

/**
 * The variable of a derivative: a name, or the element at `index` of a list. `length` is the length of this list, if it
 * is known.
 */
export interface Variable {
  readonly name: string
  readonly index?: Expression
  readonly length?: number
}

/**
 * A sparse gradient, with printed indices as keys. The derivative is the sum of the coefficients of all contributions
 * whose `index` is null or equals the index of the variable. If `index` contains a summation index, the comparison is
 * postponed until `reduceGradient` builds the gradient of the whole sum.
 */
export type Gradient = ReadonlyMap<string, Contribution>

export interface Contribution {
  readonly index: Expression | null
  readonly coefficient: Expression
}

const here = ''

export function addGradients(a: Gradient, b: Gradient): Gradient {
  if (a.size === 0) return b
  if (b.size === 0) return a
  const sum = new Map(a)
  for (const [key, contribution] of b) {
    const present = sum.get(key)
    const coefficient =
      present === undefined ? contribution.coefficient : build.add(present.coefficient, contribution.coefficient)
    sum.set(key, { index: contribution.index, coefficient })
  }
  return sum
}

export class Gradients {
  readonly zero: Gradient = new Map()

  constructor(
    readonly variable: Variable,
    private readonly simplifier: Simplifier,
  ) {}

  known(coefficient: Expression): Gradient {
    return new Map([[here, { index: null, coefficient }]])
  }

  at(index: Expression, coefficient: Expression): Gradient {
    return new Map([[print(index), { index, coefficient }]])
  }

  ofName(name: string): Gradient {
    return this.variable.index === undefined && name === this.variable.name ? this.known(build.one) : this.zero
  }

  ofElement(name: string, index: Expression): Gradient {
    const wanted = this.variable.index
    if (wanted === undefined || name !== this.variable.name) return this.zero
    const found = this.simplifier.simplify(index)
    if (found.kind === 'number' && wanted.kind === 'number') {
      return found.value === wanted.value ? this.known(build.one) : this.zero
    }
    return this.at(found, build.one)
  }

  times(gradient: Gradient, factor: Expression): Gradient {
    if (gradient.size === 0) return gradient
    const product = (coefficient: Expression) =>
      coefficient === build.one ? factor : build.multiply(coefficient, factor)
    return new Map(
      [...gradient].map(([key, { index, coefficient }]) => [key, { index, coefficient: product(coefficient) }]),
    )
  }

  choose(condition: Expression, whenTrue: Gradient, otherwise: Gradient): Gradient {
    const chosen = new Map<string, Contribution>()
    const sideOf = (side: Gradient, key: string) => side.get(key)?.coefficient ?? build.zero
    for (const [key, { index }] of [...whenTrue, ...otherwise])
      chosen.set(key, { index, coefficient: build.select(condition, sideOf(whenTrue, key), sideOf(otherwise, key)) })
    return chosen
  }

  /**
   * The derivative as one expression. If the index of a contribution may or may not equal the index of the variable,
   * the contribution becomes a select.
   */
  total(gradient: Gradient): Expression {
    const terms = [...gradient.values()].map(({ index, coefficient }) => this.whereEqual(index, coefficient))
    return terms.length === 0 ? build.zero : terms.reduce(build.add)
  }

  whereEqual(index: Expression | null, coefficient: Expression): Expression {
    const wanted = this.variable.index
    if (index === null || wanted === undefined || print(index) === print(wanted)) return coefficient
    return build.select(build.compare('==', wanted, index), coefficient, build.zero)
  }
}

/**
 * The gradient of a sum or prod over the index i, given the gradient of its body. In the derivative with respect to
 * x[k], an element x[i + c] contributes only the term with i = k - c, so no sum is needed: this is a gather. For an
 * element whose index does not depend on i, the contribution is the sum of the coefficient over i. For any other
 * dependence on i, such as x[2*i], the contribution is a sum with a comparison inside it.
 */
export function reduceGradient(e: Node<'reduce'>, ofBody: Gradient, gradients: Gradients): Gradient {
  let result = gradients.zero
  for (const { index, coefficient } of ofBody.values()) {
    if (index === null || !freeNames(index).names.has(e.index)) {
      const total = over(e, (at) => replace(coefficient, e.index, at))
      const gradient = index === null ? gradients.known(total) : gradients.at(index, total)
      result = addGradients(result, gradient)
      continue
    }
    const wanted = gradients.variable.index!
    const solution = solve(index, e, wanted)
    const whereEqual = (at: Expression) => {
      const isEqual = build.compare('==', wanted, replace(index, e.index, at))
      return build.select(isEqual, replace(coefficient, e.index, at), build.zero)
    }
    const contribution = solution === null ? over(e, whereEqual) : gather(e, coefficient, solution, gradients)
    result = addGradients(result, gradients.known(contribution))
  }
  return result
}

function replace(e: Expression, name: string, replacement: Expression): Expression {
  return substitute(e, new Map([[name, replacement]]))
}

/** By the product rule, each term of a prod is multiplied by the bodies at all other indices. */
function over(e: Node<'reduce'>, term: (at: Expression) => Expression): Expression {
  if (e.operator === 'sum') return build.reduce('sum', e.index, e.from, e.to, term(build.name(e.index)))
  const own = build.name(e.index)
  const { names, arrays } = freeNames(build.multiply(term(own), e.body))
  const index = freshName(e.index, new Set([...names, ...arrays, e.index]))
  const at = build.name(index)
  return build.reduce('sum', index, e.from, e.to, build.multiply(term(at), productOfOthers(e, at)))
}

function productOfOthers(e: Node<'reduce'>, at: Expression): Expression {
  const own = build.compare('==', build.name(e.index), at)
  return build.reduce('prod', e.index, e.from, e.to, build.select(own, build.one, e.body))
}

/**
 * `at` is the solution i of the equation sign*i + shift = k, where x[k] is the variable of the derivative. If k is not
 * between `low` and `high`, this i is outside the bounds of the sum or prod.
 */
interface Solution {
  readonly at: Expression
  readonly low: Expression
  readonly high: Expression
}

/**
 * Solves `index` = `wanted` for the index of `e`. Returns null unless `index` is the sum of this name, or of its
 * negative, and of terms that do not contain it.
 */
function solve(index: Expression, e: Node<'reduce'>, wanted: Expression): Solution | null {
  const leaves = flattenSum(index)
  const own = leaves.filter((leaf) => leaf.e.kind === 'name' && leaf.e.name === e.index)
  const rest = leaves.filter((leaf) => !own.includes(leaf))
  if (own.length !== 1 || rest.some((leaf) => freeNames(leaf.e).names.has(e.index))) return null
  const shift = rest.length === 0 ? build.zero : chainSum(rest)
  const isPositive = own[0]!.sign === 1
  const moved = (bound: Expression) => simplify(isPositive ? build.add(bound, shift) : build.subtract(shift, bound))
  const at = isPositive ? build.subtract(wanted, shift) : build.subtract(shift, wanted)
  const [low, high] = isPositive ? [e.from, e.to] : [e.to, e.from]
  return { at: simplify(at), low: moved(low), high: moved(high) }
}

function gather(
  e: Node<'reduce'>,
  coefficient: Expression,
  { at, low, high }: Solution,
  gradients: Gradients,
): Expression {
  const { index: wanted, length } = gradients.variable
  const own = replace(coefficient, e.index, at)
  const value = e.operator === 'sum' ? own : build.multiply(own, productOfOthers(e, at))
  const conditions: Expression[] = []
  if (!(low.kind === 'number' && low.value <= 1)) conditions.push(build.compare('<=', low, wanted!))
  const alwaysBelow = high.kind === 'number' && length !== undefined && high.value >= length
  if (!alwaysBelow) conditions.push(build.compare('<=', wanted!, high))
  if (conditions.length === 0) return value
  const isInside = conditions.reduce((a, b) => build.logic('&&', a, b))
  return build.select(isInside, value, build.zero)
}
