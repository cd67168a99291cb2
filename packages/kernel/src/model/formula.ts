import { cachedFold, differentiate, type Expression, FormulaError, nodeCounter, partials } from '@driftfarm/formula'
import { KernelError } from '../error.ts'
import { allOf, type ByKind, type TrialCondition } from './conditions.ts'

/** In larger dimensions the code loops over coordinates, so that the length of the code is constant. */
export const LARGEST_UNROLLED_DIMENSION = 8
export const LARGEST_UNROLLED_NODES = 8000
/** Limit for the number of operations in all partial derivatives together. Shared parts count once. */
const LARGEST_GRADIENT_OPERATIONS = 25_000
/**
 * Up to this number of nodes, loss and gradient are written inline in each of the five places that need them. Inline
 * code shares common parts, makes no calls and need not store coordinates in memory.
 */
const LARGEST_INLINE_NODES = 1000

/** The name of a coordinate's index in `gradient`. Users cannot write it, so no name in a formula equals it. */
export const coordinateIndex = 'k$'

/**
 * If `flat`, `gradient` has one partial derivative for each coordinate. Otherwise `gradient` is one expression for all
 * coordinates, in which `coordinateIndex` is the index of the coordinate.
 */
export interface Slope {
  readonly loss: Expression
  readonly gradient: readonly Expression[]
  readonly flat: boolean
}

export type SampledFormula = { readonly kind: 'sampled'; readonly columns: readonly string[] } & Slope

export type Formula =
  | ({ readonly kind: 'inline' } & Slope)
  | ({ readonly kind: 'function' } & Slope)
  /** Loss and gradient of one sample. The loss of the landscape is the mean over all samples. */
  | SampledFormula
  /**
   * Networks and populations have no formula: the runtime has functions for their losses (`emit/landscape.ts`,
   * `scalar/loss.ts`).
   */
  | { readonly kind: 'none' }

export function isShort({ loss, gradient }: Slope): boolean {
  const count = nodeCounter()
  return gradient.reduce((sum, partial) => sum + count(partial), count(loss)) <= LARGEST_INLINE_NODES
}

export function loopedSlope(loss: Expression, dimension: number): Slope {
  const index: Expression = { kind: 'name', name: coordinateIndex }
  return { loss, gradient: [differentiate(loss, { name: 'x', index, length: dimension })], flat: false }
}

/** Adds the place in the spec and a hint to errors in the formula of the landscape. */
export function atExpression<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    const { message, hint } = error
    throw new KernelError(
      'EXPRESSION',
      `landscape.formula.expression: ${message}; ${hint ?? 'write fewer terms, or use fewer coordinates'}`,
    )
  }
}

/**
 * Throws a KernelError if the derivatives take too many operations. For example, the derivatives of a product of a
 * thousand variables have a million factors and would fill the memory.
 */
export function partialsOf(loss: Expression, variables: readonly string[]): Expression[] {
  const gradient: Expression[] = []
  let operations = 0
  const count = cachedFold<null>(() => {
    operations++
    return null
  })
  const named = variables.map((name) => ({ name }))
  for (const partial of partials(loss, named)) {
    gradient.push(partial)
    count(partial)
    if (operations > LARGEST_GRADIENT_OPERATIONS) {
      throw new KernelError(
        'EXPRESSION',
        `landscape.formula.expression: the ${variables.length} partial derivatives take more than ` +
          `${LARGEST_GRADIENT_OPERATIONS} operations; write long sums and products as ` +
          'sum(i, ...) or prod(i, ...) of x[i]',
      )
    }
  }
  return gradient
}

export interface Condition extends TrialCondition {
  readonly when: Expression
}

interface Watched {
  readonly dimension: number
  readonly formula: Formula
  readonly conditions: ByKind<Condition>
  readonly score: Expression | null
}

/** The conditions that each step evaluates. */
export function stepConditions({ conditions }: Pick<Watched, 'conditions'>): readonly Condition[] {
  return allOf(conditions).filter(({ kind, timed }) => kind !== 'class' && timed === null)
}

/** The expressions that each step evaluates to find events. */
export function watchedIn(model: Pick<Watched, 'conditions' | 'score'>): Expression[] {
  const watched = stepConditions(model).map(({ when }) => when)
  return model.score === null ? watched : [...watched, model.score]
}

/** Number of nodes that a step evaluates; a sum counts the nodes of every term. */
export function countNodesOf(model: Watched): number {
  const known = counted.get(model)
  if (known !== undefined) return known
  const { dimension, formula } = model
  const gradient = formula.kind === 'inline' || formula.kind === 'function' ? formula.gradient : []
  const nodesOf = expandedNodes(dimension)
  const nodes = [...gradient, ...watchedIn(model)].reduce((sum, e) => sum + nodesOf(e), 0)
  counted.set(model, nodes)
  return nodes
}

export function roundsOf({ formula, dimension }: Pick<Watched, 'formula' | 'dimension'>): number {
  return (formula.kind === 'inline' || formula.kind === 'function') && formula.flat ? 1 : dimension
}

const counted = new WeakMap<Watched, number>()

/** A sum whose bounds are not literals is counted as if it ran over all coordinates. */
export function expandedNodes(dimension: number): (e: Expression) => number {
  return cachedFold<number>((node, counts) => {
    if (node.kind !== 'reduce') return counts.reduce((total, count) => total + count, 1)
    const { from, to } = node
    const terms = from.kind === 'number' && to.kind === 'number' ? Math.max(1, to.value - from.value + 1) : dimension
    return terms * (1 + counts[2]!)
  })
}
