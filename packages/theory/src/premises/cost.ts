import { build, cachedFold, differentiate, type Expression, FormulaError, parse, partials } from '@driftfarm/formula'
import type { Cell, FormulaLandscape, Landscape } from '@driftfarm/spec'
import { RecentCache } from './recentCache.ts'

/**
 * Estimated times in nanoseconds, computed from the cell alone, because the decision to omit work must be the same on
 * every machine. On the machine of docs/reference/benchmarks.md, they are accurate within a factor of about two for
 * networks of 9 to 2400 weights and formulas of 1 to 100 coordinates. The cost.ts of the kernel, by contrast, contains
 * upper bounds.
 */
export interface Cost {
  /** The time per trial in the compiled kernel, which computes several trials at the same time. */
  readonly kernel: number
  /** The time in the scalar functions of the host. For networks, it is hundreds of times the time in the kernel. */
  readonly host: number
}

export function gradientCost(landscape: Landscape, rows = rowsOf(landscape)): Cost {
  switch (landscape.kind) {
    case 'formula': {
      const nodes = gradientNodes(landscape) * rows
      return { kernel: 0.2 * nodes, host: 12 * nodes }
    }
    case 'network': {
      const { weights, units } = sizeOf(landscape.layers)
      return { kernel: rows * (0.55 * weights + 1.5 * units), host: rows * (100 * weights + 600 * units) }
    }
    case 'population': {
      const angles = landscape.neurons * (landscape.neurons + landscape.teachers)
      const kernel = angles * (60 + 2 * landscape.inputs)
      return { kernel, host: 10 * kernel }
    }
  }
}

function rowsOf(landscape: Landscape): number {
  return landscape.kind === 'population' || landscape.data === null ? 1 : landscape.data.rows
}

function sizeOf(layers: readonly number[]): { readonly weights: number; readonly units: number } {
  const pairs = layers.slice(1).map((outputs, i) => [layers[i]!, outputs] as const)
  return {
    weights: pairs.reduce((sum, [inputs, outputs]) => sum + inputs * outputs, 0),
    units: pairs.reduce((sum, [, outputs]) => sum + outputs, 0),
  }
}

/**
 * A step costs this in addition to its gradient: `perStep` for testing the events, and `perCoordinate` for moving one
 * coordinate with its noise.
 */
const perStep: Cost = { kernel: 2, host: 3000 }
const perCoordinate: Cost = { kernel: 1.5, host: 300 }

export function stepCost({ landscape, trial, update }: Cell): Cost {
  const batch = landscape.kind === 'population' ? null : landscape.batch
  const moved = gradientCost(landscape, batch?.size)
  const looked = times(gradientCost(landscape), gradientShare(trial))
  const entries = 1 + update.drift.length
  return sum(
    perStep,
    times(perCoordinate, landscape.dimension * entries),
    moved,
    looked,
    trial.escape?.kind === 'basin'
      ? times(gradientCost(landscape), usualDescent(trial.escape.descent.steps) / trial.escape.every)
      : none,
  )
}

export function descentsCost({ landscape, start, trial }: Cell): Cost {
  let descents = 0
  for (let from = start; from.kind === 'descend'; from = from.from) descents += usualDescent(from.descent.steps)
  if (trial.escape?.kind === 'basin') descents += usualDescent(trial.escape.descent.steps)
  if (trial.quench !== null) descents += usualDescent(trial.quench.steps)
  return times(gradientCost(landscape), descents)
}

/** The kernel time of a trial, in nanoseconds. A trial of splitting is a replica with all its particles. */
export function trialCost(cell: Cell): number {
  const { method, trial } = cell
  const { kernel } = sum(times(stepCost(cell), trial.warmup + trial.steps), descentsCost(cell))
  return method.kind === 'splitting' ? kernel * method.particles * branchesOfParticle : kernel
}

/** Estimated number of branches for each particle of a replica, for probabilities down to about 1e-9. */
const branchesOfParticle = 20

const usualDescent = (steps: number): number => Math.min(steps, 2000)

function gradientShare({ escape, converge, marks }: Cell['trial']): number {
  if (converge?.kind === 'gradient') return 1
  const conditions = [
    ...(escape?.kind === 'exits' ? escape.exits : []),
    ...marks,
    ...(converge?.kind === 'when' ? [['', converge.when] as const] : []),
  ]
  if (conditions.some(([, when]) => /\bgradnorm\b/.test(when))) return 1
  return conditions.some(([, when]) => /\bloss\b/.test(when)) ? 0.6 : 0
}

const none: Cost = { kernel: 0, host: 0 }

export function sum(...costs: readonly Cost[]): Cost {
  return costs.reduce((all, cost) => ({ kernel: all.kernel + cost.kernel, host: all.host + cost.host }), none)
}

export function times({ kernel, host }: Cost, factor: number): Cost {
  return { kernel: factor * kernel, host: factor * host }
}

const known = new RecentCache<number>(32)
/** Maximum number of characters of an expression whose gradient is computed in order to count the operations. */
const longest = 2000

/**
 * Returns the number of operations of a gradient over one sample. Operations in a sum count once for each term. For a
 * long expression, returns a guess, because an exact count is not worth the time of differentiating the expression.
 */
export function gradientNodes(landscape: FormulaLandscape): number {
  const { expression, variables, dimension } = landscape
  const guess = expression.length * dimension
  if (expression.length > longest) return guess
  return known.get(`${dimension} ${variables?.join()} ${expression}`, () => {
    try {
      return count(parse(expression), landscape)
    } catch (error) {
      // A formula error is not thrown here, because the kernel reports the error with its position in the text.
      if (error instanceof FormulaError) return guess
      throw error
    }
  })
}

function count(loss: Expression, { variables, dimension }: FormulaLandscape): number {
  const nodes = nodeCounter(dimension)
  if (variables === null) {
    const index = build.name('k$')
    return dimension * nodes(differentiate(loss, { name: 'x', index, length: dimension }))
  }
  let sum = 0
  for (const partial of partials(
    loss,
    variables.map((name) => ({ name })),
  ))
    sum += nodes(partial)
  return sum
}

/** A sum whose bounds are not literals is assumed to run over all coordinates. */
function nodeCounter(dimension: number): (e: Expression) => number {
  return cachedFold<number>((node, counts) => {
    if (node.kind !== 'reduce') return counts.reduce((total, each) => total + each, 1)
    const { from, to } = node
    const terms = from.kind === 'number' && to.kind === 'number' ? Math.max(1, to.value - from.value + 1) : dimension
    return terms * (1 + counts[2]!)
  })
}
