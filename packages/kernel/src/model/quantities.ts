import { type Expression, freeNames } from '@driftfarm/formula'
import { type Cell, type QuantityName, quantityNames } from '@driftfarm/spec'
import type { Model } from './model.ts'

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
  gradnorm: { pass: 'training', gradients: () => 1 },
}

const curvatures = ['sharpness', 'trace', 'index'] as const

/** The second derivatives that any expression of the cell uses. */
export function curvaturesIn(model: Model): ReadonlySet<QuantityName> {
  const { exits, marks, classes, convergeWhen, score, shifts, when } = model
  const all = [...exits, ...marks, ...classes, convergeWhen, score, ...shifts, ...when].filter((e) => e !== null)
  const used = new Set(all.flatMap((e) => quantitiesIn(model, e)))
  return new Set(curvatures.filter((name) => used.has(name)))
}

/** The quantities that an expression uses. A coordinate or a parameter of the same name hides a quantity. */
export function quantitiesIn({ variables, parameters }: Model, e: Expression): QuantityName[] {
  const { names } = freeNames(e)
  return quantityNames.filter((name) => names.has(name) && !variables.has(name) && !parameters.has(name))
}
