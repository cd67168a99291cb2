import { freeNames, parse } from '@driftfarm/formula'
import type { Cell } from '@driftfarm/spec'

/** Whether the step size and the scales of the noise are the same at every step. */
export function hasConstantScales({ update }: Cell): boolean {
  const { eta, warmup, drift } = update
  return eta.kind === 'constant' && warmup === undefined && drift.every(({ amount }) => amount.kind === 'constant')
}

/** Whether the distribution of the next point depends only on theta, not on the step number. */
export function isStationary(cell: Cell): boolean {
  return (
    hasConstantScales(cell) &&
    cell.update.drift.every(
      ({ every, when }) => every === 1 && (when === null || !freeNames(parse(when)).names.has('step')),
    )
  )
}
