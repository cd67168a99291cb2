import {
  build,
  cachedFold,
  differentiate,
  type Expression,
  expand,
  FormulaError,
  nodeCounter,
  partials,
  Simplifier,
  simplify,
} from '@driftfarm/formula'
import { KernelError } from '../error.ts'

/** In larger dimensions the code loops over coordinates, so that the length of the code is constant. */
const LARGEST_UNROLLED_DIMENSION = 8
const LARGEST_UNROLLED_NODES = 8000
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

export type Formula =
  | ({ readonly kind: 'inline' } & Slope)
  | ({ readonly kind: 'function' } & Slope)
  /** Loss and gradient of one sample. The loss of the landscape is the mean over all samples. */
  | ({ readonly kind: 'sampled'; readonly columns: readonly string[] } & Slope)
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

export function namedSlope(loss: Expression, variables: readonly string[]): Slope {
  return { loss, gradient: partialsOf(loss, variables), flat: true }
}

/**
 * Expands the loss and its partial derivatives. Returns null if the dimension is too large, or if the expanded
 * expressions would be too large. `open` receives a function that expands one expression, and expands the other
 * expressions of the cell with it. `counts` returns the number of nodes that a step would evaluate.
 */
export function unrolled<T>(
  loss: Expression,
  dimension: number,
  open: (open: (e: Expression) => Expression) => T,
  counts: (slope: Slope, opened: T) => number,
): { readonly slope: Slope; readonly opened: T } | null {
  if (dimension > LARGEST_UNROLLED_DIMENSION) return null
  try {
    const simplifier = new Simplifier()
    const written = (e: Expression) => simplify(expand(e), simplifier)
    const flat = written(loss)
    const opened = open(written)
    const coordinates = Array.from({ length: dimension }, (_, i) => ({
      name: 'x',
      index: build.number(i + 1),
      length: dimension,
    }))
    const gradient: Expression[] = []
    const nodesOf = nodeCounter()
    let nodes = 0
    for (const partial of partials(flat, coordinates)) {
      gradient.push(partial)
      nodes += nodesOf(partial)
      if (nodes > LARGEST_UNROLLED_NODES) return null
    }
    const slope = { loss: flat, gradient, flat: true }
    return counts(slope, opened) > LARGEST_UNROLLED_NODES ? null : { slope, opened }
  } catch (error) {
    // An expanded expression would exceed the largest size of an expression.
    if (error instanceof FormulaError) return null
    throw error
  }
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
function partialsOf(loss: Expression, variables: readonly string[]): Expression[] {
  const gradient: Expression[] = []
  let operations = 0
  const count = cachedFold<null>(() => {
    operations++
    return null
  })
  for (const partial of partials(
    loss,
    variables.map((name) => ({ name })),
  )) {
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

interface Watched {
  readonly dimension: number
  readonly formula: Formula
  readonly exits: readonly Expression[]
  readonly marks: readonly Expression[]
  readonly convergeWhen: Expression | null
  readonly score: Expression | null
}

/** Number of nodes that a step evaluates; a sum counts the nodes of every term. */
export function countNodesOf(model: Watched): number {
  const known = counted.get(model)
  if (known !== undefined) return known
  const { exits, marks, convergeWhen, score, dimension, formula } = model
  const watched = [
    ...(formula.kind === 'inline' || formula.kind === 'function' ? formula.gradient : []),
    ...exits,
    ...marks,
    ...(convergeWhen === null ? [] : [convergeWhen]),
    ...(score === null ? [] : [score]),
  ]
  const nodesOf = expandedNodes(dimension)
  const nodes = watched.reduce((sum, e) => sum + nodesOf(e), 0)
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
