import type { Drift } from '@driftfarm/spec'

/**
 * Returns a drift entry that ends before a step. A constant scale becomes a schedule, whose numbers are data of the
 * compiled module, so that one module serves every step. An entry that already has a schedule is ended by a condition.
 */
export function endingBefore(entry: Drift, step: number): Drift {
  const { amount, when } = entry
  if (amount.kind !== 'constant')
    return { ...entry, when: when === null ? `step < ${step}` : `(${when}) && step < ${step}` }
  const points = [
    [0, amount.value],
    [step, 0],
  ] as const
  return { ...entry, amount: { kind: 'piecewise', points } }
}
