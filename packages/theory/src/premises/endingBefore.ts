import type { Drift } from '@driftfarm/spec'

/**
 * Returns the drift entry, but without noise from step `step` on. A constant scale becomes a schedule. The numbers of a
 * schedule are inputs of the compiled module, so one module serves every value of `step`.
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
