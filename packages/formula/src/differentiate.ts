import { isSmallInteger } from './arithmetic.ts'
import * as build from './build.ts'
import { Dependence } from './dependence.ts'
import { FormulaError } from './errors.ts'
import type { Expression } from './expression.ts'
import { fold, nodeCounter } from './fold.ts'
import { freeNames } from './freeNames.ts'
import { derivativeOf } from './functionDerivatives.ts'
import { addGradients, type Gradient, Gradients, type Variable } from './gradient.ts'
import { limits } from './limits.ts'
import { reduceGradient } from './reduceGradient.ts'
import { longProducts, Simplifier } from './simplify.ts'
import { renameIndices } from './substitute.ts'

/**
 * The derivative with respect to a name, or to the element name[index], as a simplified expression.
 *
 * If `index` is a name k, the derivative of sum(i, from, to, body) has one term for each element x[i + c] in the body.
 * The term is the derivative of the body with respect to x[i + c], at i = k - c. If k - c is outside the bounds `from`
 * and `to`, the term is 0. `length` is the number of elements of the list. A comparison of k with a bound is left out
 * if the comparison holds for every k from 1 to `length`. At 0, the derivatives of |x| and relu are 0. The derivative
 * of sign is 0 everywhere. The derivative of min or max is the derivative of the argument that the function returns.
 */
export function differentiate(e: Expression, variable: Variable): Expression {
  return partials(e, [variable]).next().value!
}

/**
 * Yields the derivative with respect to each of the variables in turn, as `differentiate` returns it. Parts that
 * several derivatives share are computed once.
 */
export function* partials(e: Expression, variables: readonly Variable[]): Generator<Expression, undefined> {
  const simplifier = new Simplifier()
  const sizeOf = nodeCounter()
  const indices = boundIndices(e)
  const dependence = new Dependence(variables)
  for (const [at, variable] of variables.entries()) {
    const avoid = new Set([variable.name, ...(variable.index === undefined ? [] : freeNames(variable.index).names)])
    const renamed = indices.some((index) => avoid.has(index)) ? renameIndices(e, avoid) : e
    const gradients = new Gradients(variable, simplifier)
    const gradient = fold<Gradient>(renamed, (node, parts) => gradientOf(node, parts, gradients), {
      enter: (node) => (dependence.isFree(node, at) ? gradients.zero : undefined),
    })
    const derivative = gradients.total(gradient)
    if (sizeOf(derivative) > limits.derivedNodes) {
      throw new FormulaError('too-large', [], undefined, longProducts)
    }
    yield simplifier.simplify(derivative)
  }
}

function boundIndices(e: Expression): readonly string[] {
  const indices = new Set<string>()
  fold<null>(e, (node) => {
    if (node.kind === 'reduce') indices.add(node.index)
    return null
  })
  return [...indices]
}

function gradientOf(e: Expression, parts: readonly Gradient[], gradients: Gradients): Gradient {
  switch (e.kind) {
    case 'name':
      return gradients.ofName(e.name)
    case 'element':
      return gradients.ofElement(e.name, e.index)
    case 'negate':
      return gradients.times(parts[0]!, build.minusOne)
    case 'binary':
      return binaryGradient(e, parts[0]!, parts[1]!, gradients)
    case 'call':
      return callGradient(e, parts, gradients)
    case 'select':
      return gradients.choose(e.condition, parts[1]!, parts[2]!)
    case 'reduce':
      return reduceGradient(e, parts[2]!, gradients)
    default:
      return gradients.zero
  }
}

type Call = Extract<Expression, { kind: 'call' }>

function callGradient(e: Call, parts: readonly Gradient[], gradients: Gradients): Gradient {
  const [ofFirst, ofSecond] = parts as [Gradient, Gradient]
  if (e.function === 'min' || e.function === 'max') {
    const [first, second] = e.arguments as [Expression, Expression]
    const takesSecond = build.compare(e.function === 'min' ? '<' : '>', second, first)
    return gradients.choose(takesSecond, ofSecond, ofFirst)
  }
  return ofFirst.size === 0 ? ofFirst : gradients.times(ofFirst, derivativeOf(e.function, e))
}

type Binary = Extract<Expression, { kind: 'binary' }>

function binaryGradient(
  { operator, left, right }: Binary,
  ofLeft: Gradient,
  ofRight: Gradient,
  g: Gradients,
): Gradient {
  switch (operator) {
    case '+':
      return addGradients(ofLeft, ofRight)
    case '-':
      return addGradients(ofLeft, g.times(ofRight, build.minusOne))
    case '*':
      return addGradients(g.times(ofLeft, right), g.times(ofRight, left))
    case '/': {
      const byRight = build.negate(build.divide(left, build.raise(right, build.two)))
      return addGradients(g.times(ofLeft, build.divide(build.one, right)), g.times(ofRight, byRight))
    }
    case '^': {
      const lowered = isSmallInteger(right) ? build.number(right.value - 1) : build.subtract(right, build.one)
      const byBase = build.multiply(right, build.raise(left, lowered))
      const byExponent = build.multiply(build.raise(left, right), build.call('log', left))
      return addGradients(g.times(ofLeft, byBase), g.times(ofRight, byExponent))
    }
  }
}
