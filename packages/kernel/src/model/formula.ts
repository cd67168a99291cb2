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

/** Up to here every coordinate has its own code; beyond, code loops over coordinates and its size is constant. */
const LARGEST_UNROLLED_DIMENSION = 8
const LARGEST_UNROLLED_NODES = 8000
/** Of all partials together, what they share counted once. */
const LARGEST_GRADIENT_OPERATIONS = 25_000
/**
 * Loss and gradient of more nodes are functions of their own. Else the code has them five times, where steps, events
 * and records ask for them, which shares what they have in common, and a call and coordinates in memory are saved.
 */
const LARGEST_INLINE_NODES = 1000

/** Name of the coordinate index in a gradient in gather form: one that no user can write. */
export const coordinateIndex = 'k$'

/** A loss and its gradient: one partial a coordinate if `flat`, else one over `coordinateIndex`. */
export interface Slope {
  readonly loss: Expression
  readonly gradient: readonly Expression[]
  readonly flat: boolean
}

/** How loss and gradient are written, where they are expressions in theta. */
export type Formula =
  /** Where they are asked for. */
  | ({ readonly kind: 'inline' } & Slope)
  /** So long that the code has them once, as functions of their own. */
  | ({ readonly kind: 'function' } & Slope)
  /** Of one sample, of which the landscape is the mean. */
  | ({ readonly kind: 'sampled'; readonly columns: readonly string[] } & Slope)
  /** Not at all: the runtime has functions for networks and populations (`emit/landscape.ts`, `scalar/loss.ts`). */
  | { readonly kind: 'none' }

/** Whether loss and gradient are short enough to be written where they are asked for. */
export function isShort({ loss, gradient }: Slope): boolean {
  const count = nodeCounter()
  return gradient.reduce((sum, partial) => sum + count(partial), count(loss)) <= LARGEST_INLINE_NODES
}

/** Over `coordinateIndex`. */
export function loopedSlope(loss: Expression, dimension: number): Slope {
  const index: Expression = { kind: 'name', name: coordinateIndex }
  return { loss, gradient: [differentiate(loss, { name: 'x', index, length: dimension })], flat: false }
}

/** One partial a variable. */
export function namedSlope(loss: Expression, variables: readonly string[]): Slope {
  return { loss, gradient: partialsOf(loss, variables), flat: true }
}

/**
 * One partial a coordinate, all sums written out, and what else there is (`open`) written out in the same way; null
 * where that would be too much. `counts`: the nodes of all that a step computes.
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
    // Written out it would be larger than any expression may be.
    if (error instanceof FormulaError) return null
    throw error
  }
}

/** Errors of the formula of the landscape say where it stands, and the way out. */
export function atExpression<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof FormulaError)) throw error
    const { message, hint } = error
    throw new KernelError(
      'EXPRESSION',
      `landscape.formula.expression: ${message}; ${hint ?? 'write fewer terms, or take fewer coordinates'}`,
    )
  }
}

/** One partial a variable. What a product of a thousand variables comes to would fill all memory: a million factors. */
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
          `${LARGEST_GRADIENT_OPERATIONS} operations; write long products and sums over x[i]`,
      )
    }
  }
  return gradient
}
