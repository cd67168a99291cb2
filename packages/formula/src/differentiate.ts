import { isSmallInteger } from './arithmetic.ts'
import * as build from './build.ts'
import { FormulaError } from './errors.ts'
import type { Expression, FunctionName, Node } from './expression.ts'
import { cachedFold, fold, nodeCounter } from './fold.ts'
import { addGradients, type Gradient, Gradients, reduceGradient, type Variable } from './gradient.ts'
import { limits } from './limits.ts'
import { longProducts, Simplifier } from './simplify.ts'
import { freeNames, renameIndices } from './substitute.ts'

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

function callGradient(e: Node<'call'>, parts: readonly Gradient[], gradients: Gradients): Gradient {
  const [ofFirst, ofSecond] = parts as [Gradient, Gradient]
  if (e.function === 'min' || e.function === 'max') {
    const [first, second] = e.arguments as [Expression, Expression]
    const takesSecond = build.compare(e.function === 'min' ? '<' : '>', second, first)
    return gradients.choose(takesSecond, ofSecond, ofFirst)
  }
  return ofFirst.size === 0 ? ofFirst : gradients.times(ofFirst, derivatives[e.function](e.arguments[0]!, e))
}

function binaryGradient(
  { operator, left, right }: Node<'binary'>,
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

/** 2 / sqrt(pi), rounded (mpmath: nstr(2 / sqrt(pi), 17)). */
const twoOverRootPi = build.number(1.1283791670955126)

const squared = (e: Expression) => build.raise(e, build.two)
const isPositive = (e: Expression) => build.compare('>', e, build.zero)
const isNegative = (e: Expression) => build.compare('<', e, build.zero)

/** The derivatives of the functions of one argument u, where `value` is the call itself. */
const derivatives: Readonly<
  Record<Exclude<FunctionName, 'min' | 'max'>, (u: Expression, value: Expression) => Expression>
> = {
  exp: (_, value) => value,
  log: (u) => build.divide(build.one, u),
  sqrt: (_, value) => build.divide(build.one, build.multiply(build.two, value)),
  sin: (u) => build.call('cos', u),
  cos: (u) => build.negate(build.call('sin', u)),
  tan: (_, value) => build.add(build.one, squared(value)),
  sinh: (u) => build.call('cosh', u),
  cosh: (u) => build.call('sinh', u),
  tanh: (_, value) => build.subtract(build.one, squared(value)),
  atan: (u) => build.divide(build.one, build.add(build.one, squared(u))),
  acos: (u) => build.divide(build.minusOne, build.call('sqrt', build.subtract(build.one, squared(u)))),
  abs: (u) => build.select(isPositive(u), build.one, build.select(isNegative(u), build.minusOne, build.zero)),
  relu: (u) => build.select(isPositive(u), build.one, build.zero),
  sign: () => build.zero,
  sigmoid: (_, value) => build.multiply(value, build.subtract(build.one, value)),
  softplus: (u) => build.call('sigmoid', u),
  erf: (u) => build.multiply(twoOverRootPi, build.call('exp', build.negate(squared(u)))),
}

/** A set of variables, one bit each. */
type Bits = Uint32Array

const none: Bits = new Uint32Array()

/**
 * Finds the variables on which each part of an expression depends. Derivatives of the part with respect to all other
 * variables are 0 and need not be computed. Even if theta has a thousand coordinates, a term usually depends on only
 * two or three of them.
 */
export class Dependence {
  private readonly byName = new Map<string, Bits>()
  private readonly byElement = new Map<string, Bits>()
  /** If a variable is x[k], where k is not a literal, this set contains x: any element of the list x may be x[k]. */
  private readonly anywhere = new Set<string>()
  private readonly words: number

  constructor(variables: readonly Variable[]) {
    this.words = Math.ceil(variables.length / 32)
    for (const [at, { name, index }] of variables.entries()) {
      if (index === undefined) this.add(this.byName, name, at)
      else {
        this.add(this.byElement, name, at)
        if (index.kind === 'number') this.add(this.byElement, `${name}[${index.value}]`, at)
        else this.anywhere.add(name)
      }
    }
  }

  /** Whether the node certainly does not depend on variable number `variable`, counted from 0. */
  isFree(e: Expression, variable: number): boolean {
    const bits = this.bitsOf(e)
    return bits === none || (bits[variable >>> 5]! & (1 << (variable & 31))) === 0
  }

  private add(map: Map<string, Bits>, key: string, at: number): void {
    const bits = map.get(key) ?? new Uint32Array(this.words)
    bits[at >>> 5]! |= 1 << (at & 31)
    map.set(key, bits)
  }

  private readonly bitsOf = cachedFold<Bits>((e, parts) => {
    if (e.kind === 'name') return this.byName.get(e.name) ?? none
    if (e.kind === 'element') {
      const { name, index } = e
      const literal = index.kind === 'number' && !this.anywhere.has(name)
      return this.byElement.get(literal ? `${name}[${index.value}]` : name) ?? none
    }
    return parts.reduce(union, none)
  })
}

/** Makes no new object if `a` contains `b`, or if `a` or `b` is empty. */
function union(a: Bits, b: Bits): Bits {
  if (a === b || b === none) return a
  if (a === none) return b
  if (b.every((word, i) => (word | a[i]!) >>> 0 === a[i])) return a
  return a.map((word, i) => word | b[i]!)
}
