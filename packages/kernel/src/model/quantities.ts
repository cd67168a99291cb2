import { type Expression, freeNames } from '@driftfarm/formula'
import { type Cell, type Landscape, type QuantityName, quantityNames, quantityOf } from '@driftfarm/spec'
import { allOf } from './conditions.ts'
import type { Model } from './model.ts'
import { layersOf } from './network.ts'

/** What it takes to compute a quantity once. */
export interface QuantityEffort {
  /** Quantities with the same pass are computed together, so only the largest of their efforts counts. */
  readonly pass: string
  /** In gradients over all training samples. */
  gradients(cell: Cell): number
}

/** A quantity without an entry takes a negligible time. */
export const quantityEfforts: Readonly<Partial<Record<QuantityName, QuantityEffort>>> = {
  loss: { pass: 'training', gradients: () => 0.6 },
  accuracy: { pass: 'training', gradients: () => 0.5 },
  testloss: { pass: 'test', gradients: ({ landscape }) => 0.6 * testShare(landscape) },
  testaccuracy: { pass: 'test', gradients: ({ landscape }) => 0.5 * testShare(landscape) },
  gradnorm: { pass: 'training', gradients: () => 1 },
  /** The losses of 21 points. */
  linearbarrier: { pass: 'linearbarrier', gradients: () => 12.6 },
  /** The distance of each unit from each other one takes about 8 operations for each weight. */
  matchedbarrier: {
    pass: 'matchedbarrier',
    gradients: ({ landscape }) => {
      if (landscape.kind !== 'network') return 12.6
      return 12.6 + (8 * Math.max(0, ...landscape.layers.slice(1, -1))) / landscape.data.rows
    },
  },
  sharpness: { pass: 'sharpness', gradients: ({ landscape }) => Math.min(12 * landscape.dimension, 70) },
  trace: { pass: 'trace', gradients: ({ landscape }) => traceGradients(landscape) },
  /** 12 sweeps of Jacobi's method for the eigenvalues, at 0.5 ns for each weight and sample of a gradient. */
  index: {
    pass: 'index',
    gradients: ({ landscape }) => {
      const rows = landscape.kind === 'network' ? landscape.data.rows : 1
      return 3 * landscape.dimension + (24 * landscape.dimension ** 2) / rows
    },
  },
}

function testShare(landscape: Landscape): number {
  return landscape.kind === 'population' || landscape.data === null
    ? 0
    : (landscape.test?.rows ?? 0) / landscape.data.rows
}

/** A product with the Hessian takes about three gradients of a network, and two of any other landscape. */
function traceGradients(landscape: Landscape): number {
  if (landscape.kind !== 'network') return 2 * landscape.dimension
  const layers = layersOf(landscape)
  const weights = layers.map((layer) => layer.weights)
  const behind = (k: number) => weights.slice(k + 1).reduce((sum, count) => sum + count, 0)
  const passes = layers.reduce((sum, { outputs }, k) => sum + outputs * behind(k), 0)
  return 3 + passes / weights.reduce((sum, count) => sum + count, 0)
}

/** The quantities that any expression of the model uses. */
export function usedQuantities(model: Model): ReadonlySet<QuantityName> {
  return new Set(expressionsOf(model).flatMap((e) => quantitiesIn(model, e)))
}

function expressionsOf(model: Model): readonly Expression[] {
  const { conditions, score, shifts, when, observed } = model
  const conditional = allOf(conditions).map(({ when }) => when)
  return [...conditional, score, ...shifts, ...when, ...observed].filter((e) => e !== null)
}

const curvatures = ['sharpness', 'trace', 'index'] as const

/** The second derivatives that any expression of the cell uses. */
export function curvaturesIn(model: Model): ReadonlySet<QuantityName> {
  const used = usedQuantities(model)
  return new Set(curvatures.filter((name) => used.has(name)))
}

/** The quantities that an expression uses. A coordinate or a parameter of the same name hides a quantity. */
export function quantitiesIn({ variables, parameters }: Model, e: Expression): QuantityName[] {
  const names = [...freeNames(e).names].filter((name) => !variables.has(name) && !parameters.has(name))
  const used = new Set(names.map(quantityOf))
  return quantityNames.filter((name) => used.has(name))
}

/** The indices of the marks from which any expression of the model measures a distance. */
export function sinceMarks(model: Model): readonly number[] {
  const names = new Set(expressionsOf(model).flatMap((e) => [...freeNames(e).names]))
  return [...model.cell.trial.marks.keys()].filter((index) =>
    names.has(`distance.since.${model.cell.trial.marks[index]![0]}`),
  )
}
