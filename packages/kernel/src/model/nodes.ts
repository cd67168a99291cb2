import { cachedFold, type Expression } from '@driftfarm/formula'
import type { Formula } from './formula.ts'

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
function expandedNodes(dimension: number): (e: Expression) => number {
  return cachedFold<number>((node, counts) => {
    if (node.kind !== 'reduce') return counts.reduce((total, count) => total + count, 1)
    const { from, to } = node
    const terms = from.kind === 'number' && to.kind === 'number' ? Math.max(1, to.value - from.value + 1) : dimension
    return terms * (1 + counts[2]!)
  })
}
