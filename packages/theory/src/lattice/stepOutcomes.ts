import { freeNames, parse } from '@driftfarm/formula'
import { type Draw, scaleFunction } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import type { NotApplicable } from '../chain.ts'
import { driftLaw } from '../drift/laws.ts'
import type { FinitePoints } from '../oracle/answer.ts'

export interface StepOutcome {
  /** The outcomes of the draws, one bit for each draw. */
  readonly taken: number
  readonly probability: number
}

/** With more outcomes, following every state takes too long. */
const maxOutcomes = 1024

export function hasFiniteDrift({ update, landscape }: Cell): boolean {
  return update.drift.every((entry) => {
    if (entry.form === 'flip') return true
    if (entry.form === 'rotation') return false
    const { isSign, isJoint } = driftLaw(entry.law)
    return isSign && (landscape.dimension === 1 || entry.form === 'rate' || !(isJoint || entry.isotropic))
  })
}

/** Whether the distribution of the next point depends only on theta, not on the step number. */
export function isStationary({ update }: Cell): boolean {
  return (
    update.eta.kind === 'constant' &&
    update.drift.every(
      ({ amount, every, when }) =>
        amount.kind === 'constant' && every === 1 && (when === null || !freeNames(parse(when)).names.has('step')),
    )
  )
}

export function stepOutcomesOf(
  cell: Cell,
  draws: readonly Draw[],
): ((n: number) => readonly StepOutcome[]) | NotApplicable {
  if (2 ** draws.length > maxOutcomes)
    return { reason: `a step has 2^${draws.length} outcomes; the limit is ${maxOutcomes}` }
  const scales = scaleFunction(cell)
  return (n) => {
    const { drift } = scales(n)
    let ways: StepOutcome[] = [{ taken: 0, probability: 1 }]
    draws.forEach(({ entry, kind }, bit) => {
      if (n % cell.update.drift[entry]!.every !== 0) return
      const chance = kind === 'sign' ? 0.5 : Math.min(1, Math.max(0, drift[entry]!))
      ways = ways.flatMap(({ taken, probability }) =>
        [
          { taken, probability: probability * (1 - chance) },
          { taken: taken + 2 ** bit, probability: probability * chance },
        ].filter((way) => way.probability > 0),
      )
    })
    return ways
  }
}

export function formOf({ update }: Cell): FinitePoints['form'] {
  const { drift } = update
  return drift.length > 1 ? 'several' : (drift[0]?.form ?? 'none')
}
