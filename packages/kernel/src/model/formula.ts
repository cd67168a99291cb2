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

/**
 * Largest dimension at which every coordinate has its own code. In larger dimensions the code loops over coordinates
 * and has constant size.
 */
const LARGEST_UNROLLED_DIMENSION = 8
const LARGEST_UNROLLED_NODES = 8000
/** Largest number of operations of all partial derivatives together. Shared parts count once. */
const LARGEST_GRADIENT_OPERATIONS = 25_000
/**
 * A loss and a gradient that together have at most this number of nodes are written inline, in each of the five places
 * where steps, events and records need them. Inline code shares common parts, makes no calls and need not store
 * coordinates in memory. If loss and gradient have more nodes, they are compiled as functions.
 */
const LARGEST_INLINE_NODES = 1000

/**
 * Name of the coordinate index in a gradient that is one expression for all coordinates. Users cannot write this name.
 */
export const coordinateIndex = 'k$'

/**
 * A loss and its gradient. If `flat`, the gradient is a list of partial derivatives, one for each coordinate. Otherwise
 * it is a single expression for all coordinates, in which `coordinateIndex` is the index of the coordinate.
 */
export interface Slope {
  readonly loss: Expression
  readonly gradient: readonly Expression[]
  readonly flat: boolean
}

/** The form in which loss and gradient are compiled. */
export type Formula =
  /** Written inline, where they are needed. */
  | ({ readonly kind: 'inline' } & Slope)
  /** Written once, as functions, because they are long. */
  | ({ readonly kind: 'function' } & Slope)
  /** Written for one sample. The landscape is the mean over samples. */
  | ({ readonly kind: 'sampled'; readonly columns: readonly string[] } & Slope)
  /**
   * The landscape is not written as expressions: the runtime has functions for networks and populations
   * (`emit/landscape.ts`, `scalar/loss.ts`).
   */
  | { readonly kind: 'none' }

/** Whether loss and gradient are short enough to be inlined. */
export function isShort({ loss, gradient }: Slope): boolean {
  const count = nodeCounter()
  return gradient.reduce((sum, partial) => sum + count(partial), count(loss)) <= LARGEST_INLINE_NODES
}

/** The loss, with its gradient as one expression in which `coordinateIndex` is the index of the coordinate. */
export function loopedSlope(loss: Expression, dimension: number): Slope {
  const index: Expression = { kind: 'name', name: coordinateIndex }
  return { loss, gradient: [differentiate(loss, { name: 'x', index, length: dimension })], flat: false }
}

/** The loss, with its gradient as one partial derivative for each variable. */
export function namedSlope(loss: Expression, variables: readonly string[]): Slope {
  return { loss, gradient: partialsOf(loss, variables), flat: true }
}

/**
 * Returns the loss with its sums expanded, and its gradient as one partial derivative for each coordinate. `open` is
 * called with the function that expands sums, and can expand other expressions with it; `opened` is its result.
 * Returns null if the result would be too large. `counts` returns the number of nodes that a step would evaluate.
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
    // This error means that an expanded expression would exceed the largest size of an expression.
    if (error instanceof FormulaError) return null
    throw error
  }
}

/**
 * Returns the result of `read`. If `read` finds an error in the formula of the landscape, the error that is thrown also
 * says where the formula is in the spec and how to fix it.
 */
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
 * Returns one partial derivative for each variable. Throws a KernelError if the derivatives take too many operations.
 * For example, the derivatives of a product of a thousand variables have a million factors and would fill the memory.
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
        `landscape.formula.expression: its ${variables.length} partial derivatives take more than ` +
          `${LARGEST_GRADIENT_OPERATIONS} operations; write long sums and products as ` +
          'sum(i, ...) or prod(i, ...) of x[i]',
      )
    }
  }
  return gradient
}
