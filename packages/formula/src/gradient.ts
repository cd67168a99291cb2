import * as build from './build.ts'
import type { Expression } from './expression.ts'
import { print } from './print.ts'
import type { Simplifier } from './simplify.ts'

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
  readonly variable: Variable
  private readonly simplifier: Simplifier

  constructor(variable: Variable, simplifier: Simplifier) {
    this.variable = variable
    this.simplifier = simplifier
  }

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

  map(gradient: Gradient, change: (coefficient: Expression) => Expression): Gradient {
    if (gradient.size === 0) return gradient
    return new Map(
      [...gradient].map(([key, { index, coefficient }]) => [key, { index, coefficient: change(coefficient) }]),
    )
  }

  times(gradient: Gradient, factor: Expression): Gradient {
    return this.map(gradient, (coefficient) =>
      coefficient === build.one ? factor : build.multiply(coefficient, factor),
    )
  }

  choose(condition: Expression, whenTrue: Gradient, otherwise: Gradient): Gradient {
    const chosen = new Map<string, Contribution>()
    for (const [key, { index, coefficient }] of whenTrue) {
      const other = otherwise.get(key)?.coefficient ?? build.zero
      chosen.set(key, { index, coefficient: build.select(condition, coefficient, other) })
    }
    for (const [key, { index, coefficient }] of otherwise) {
      if (!whenTrue.has(key)) chosen.set(key, { index, coefficient: build.select(condition, build.zero, coefficient) })
    }
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
