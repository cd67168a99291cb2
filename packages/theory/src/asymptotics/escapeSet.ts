import { compileCondition, elementary, freeNames, norm, parseCondition } from '@driftfarm/formula'
import type { LandscapeFunction } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'

export interface EscapeSet {
  /**
   * 'basin': all points outside the start's basin of attraction. For this kind, `holds` tests nothing and always
   * returns false.
   */
  readonly kind: 'set' | 'basin'
  holds(theta: Float64Array): boolean
}

/**
 * Returns the set of theta in which a trial of the cell has escaped, or the reason why there is no such set. Distances
 * in the escape condition are measured from `start`.
 */
export function escapeSet(cell: Cell, landscape: LandscapeFunction, start: Float64Array): EscapeSet | NotApplicable {
  const { escape } = cell.trial
  if (escape === null) return { reason: 'the cell has no escape event' }
  if (escape.kind === 'basin') {
    if (escape.every > 1) return { reason: `the basin is checked only every ${escape.every} steps` }
    return { kind: 'basin', holds: () => false }
  }
  if (escape.kind === 'outside') {
    const { radius, of } = escape
    return { kind: 'set', holds: (theta) => norm(theta.map((x, i) => x - of[i]!)) >= radius }
  }
  const { variables, parameters } = cell.landscape
  const names = [...(variables ?? []), 'loss', 'gradnorm', 'distance', ...parameters.map(([name]) => name)]
  const slots = { names: new Map(names.map((name, slot) => [name, slot])), arrays: new Map([['x', 0]]) }
  const conditions = escape.exits.map(([, when]) => parseCondition(when))
  if (conditions.some((condition) => freeNames(condition).names.has('step')))
    return { reason: 'the escape depends on the step, not only on theta' }
  const exits = conditions.map((condition) => compileCondition(condition, slots))
  const uses = (name: string) => conditions.some((condition) => freeNames(condition).names.has(name))
  const quantities = (['loss', 'gradnorm', 'distance'] as const).filter(uses)
  const values = new Float64Array(names.length)
  for (const [name, value] of parameters) values[slots.names.get(name)!] = value
  const gradient = new Float64Array(landscape.dimension)
  const quantity = {
    loss: (theta: Float64Array) => landscape.loss(theta),
    gradnorm(theta: Float64Array) {
      landscape.gradient(theta, gradient)
      return elementary.sqrt(gradient.reduce((sum, g) => sum + g * g, 0))
    },
    distance: (theta: Float64Array) => norm(theta.map((x, i) => x - start[i]!)),
  }
  return {
    kind: 'set',
    holds(theta) {
      if (variables !== null) values.set(theta)
      for (const name of quantities) values[slots.names.get(name)!] = quantity[name](theta)
      return exits.some((holds) => holds(values, [theta]))
    },
  }
}
