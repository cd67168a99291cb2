import { countNodes } from '@driftfarm/formula'
import type { Drift } from '@driftfarm/spec'
import type { Model } from './model.ts'
import { countNodesOf, roundsOf } from './nodes.ts'

/**
 * Upper estimate, in nanoseconds, of the time of a draw in two lanes. It covers distributions that need logarithms,
 * angles or powers, or reject some draws.
 */
const drawCost = 200

/**
 * Estimated extra time, in nanoseconds, of the update of one vector of lanes, compared with a plain rule with plain
 * noise. Each node of a rule counts as 4 ns per coordinate. A matrix that is computed at every step counts as 2 d
 * gradients and 12 Jacobi sweeps. A Jacobi sweep has d^2/2 rotations, and each rotation changes 3 d pairs of numbers.
 */
export function updateCost(model: Model, gradientCost: number): number {
  const { dimension, rule, cell, when } = model
  const ruleNodes = [...rule.states.map(({ next }) => next), rule.theta].reduce((total, e) => total + countNodes(e), 0)
  const conditions = when.reduce((total, e) => total + (e === null ? 0 : 4 * countNodes(e)), 0)
  return cell.update.drift.reduce(
    (total, entry) => total + entryCost(entry, dimension, gradientCost),
    4 * ruleNodes * dimension + conditions,
  )
}

function entryCost(entry: Drift, dimension: number, gradientCost: number): number {
  const draws = dimension * drawCost
  if (entry.form !== 'anisotropic' || entry.shape.kind === 'diagonal') return draws
  const { shape } = entry
  const product = 2 * dimension ** 2
  if (shape.kind === 'matrix' || shape.at === 'start') return draws + product
  return draws + product + 2 * dimension * gradientCost + 30 * dimension ** 3
}

/** Estimated time of the gradient of a formula, in nanoseconds: 4 ns for each node. */
export function formulaCost(model: Model): number {
  return 4 * countNodesOf(model) * roundsOf(model)
}
