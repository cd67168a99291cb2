import * as build from './build.ts'
import type { Expression } from './expression.ts'
import { chainSum, flattenSum, type Leaf } from './flatten.ts'
import { freeNames } from './freeNames.ts'
import { addGradients, type Gradient, type Gradients } from './gradient.ts'
import { freshName } from './names.ts'
import { simplify } from './simplify.ts'
import { substitute } from './substitute.ts'

type Reduce = Extract<Expression, { kind: 'reduce' }>

/**
 * The gradient of a sum or prod over the index i, given the gradient of its body. In the derivative with respect to
 * x[k], an element x[i + c] contributes only the term with i = k - c, so no sum is needed: this is a gather. For an
 * element whose index does not depend on i, the contribution is the sum of the coefficient over i. For any other
 * dependence on i, such as x[2*i], the contribution is a sum with a comparison inside it.
 */
export function reduceGradient(e: Reduce, ofBody: Gradient, gradients: Gradients): Gradient {
  let result = gradients.zero
  for (const { index, coefficient } of ofBody.values()) {
    if (index === null || !freeNames(index).names.has(e.index)) {
      const total = over(e, (at) => replace(coefficient, e.index, at))
      const gradient = index === null ? gradients.known(total) : gradients.at(index, total)
      result = addGradients(result, gradient)
      continue
    }
    const wanted = gradients.variable.index!
    const solution = solve(index, e.index, wanted)
    const contribution =
      solution === null
        ? over(e, (at) =>
            build.select(
              build.compare('==', wanted, replace(index, e.index, at)),
              replace(coefficient, e.index, at),
              build.zero,
            ),
          )
        : gather(e, coefficient, solution, gradients)
    result = addGradients(result, gradients.known(contribution))
  }
  return result
}

function replace(e: Expression, name: string, replacement: Expression): Expression {
  return substitute(e, new Map([[name, replacement]]))
}

/** By the product rule, each term of a prod is multiplied by the bodies at all other indices. */
function over(e: Reduce, term: (at: Expression) => Expression): Expression {
  if (e.operator === 'sum') return build.reduce('sum', e.index, e.from, e.to, term(build.name(e.index)))
  const own = build.name(e.index)
  const { names, arrays } = freeNames(build.multiply(term(own), e.body))
  const index = freshName(e.index, new Set([...names, ...arrays, e.index]))
  const at = build.name(index)
  return build.reduce('sum', index, e.from, e.to, build.multiply(term(at), productOfOthers(e, at)))
}

function productOfOthers(e: Reduce, at: Expression): Expression {
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
 * Solves `index` = `wanted` for `name`. Returns null unless `index` is the sum of `name` or -`name` and of terms that
 * do not contain `name`.
 */
function solve(index: Expression, name: string, wanted: Expression): SolutionOf | null {
  const leaves = flattenSum(index)
  const own = leaves.filter((leaf) => leaf.e.kind === 'name' && leaf.e.name === name)
  const rest = leaves.filter((leaf) => !own.includes(leaf))
  if (own.length !== 1 || rest.some((leaf) => freeNames(leaf.e).names.has(name))) return null
  const shift = rest.length === 0 ? build.zero : chainSum(rest)
  const { sign } = own[0] as Leaf
  if (sign === 1) {
    return (e) => ({
      at: simplify(build.subtract(wanted, shift)),
      low: simplify(build.add(e.from, shift)),
      high: simplify(build.add(e.to, shift)),
    })
  }
  return (e) => ({
    at: simplify(build.subtract(shift, wanted)),
    low: simplify(build.subtract(shift, e.to)),
    high: simplify(build.subtract(shift, e.from)),
  })
}

type SolutionOf = (e: Reduce) => Solution

function gather(e: Reduce, coefficient: Expression, solutionOf: SolutionOf, gradients: Gradients): Expression {
  const { at, low, high } = solutionOf(e)
  const { index: wanted, length } = gradients.variable
  const own = replace(coefficient, e.index, at)
  const value = e.operator === 'sum' ? own : build.multiply(own, productOfOthers(e, at))
  const conditions: Expression[] = []
  if (!(low.kind === 'number' && low.value <= 1)) conditions.push(build.compare('<=', low, wanted!))
  const alwaysBelow = high.kind === 'number' && length !== undefined && high.value >= length
  if (!alwaysBelow) conditions.push(build.compare('<=', wanted!, high))
  if (conditions.length === 0) return value
  return build.select(
    conditions.reduce((a, b) => build.logic('&&', a, b)),
    value,
    build.zero,
  )
}
