import { type StepFunction, scaleFunction } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { driftLaw } from '../drift.ts'
import { refuse } from '../refusal.ts'
import type { FinitePoints } from '../shapes/oracle.ts'
import { isStationary } from '../stationary.ts'
import type { Places } from './places.ts'

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

export function formOf({ update }: Cell): FinitePoints['form'] {
  const { drift } = update
  return drift.length > 1 ? 'several' : (drift[0]?.form ?? 'none')
}

interface Step {
  readonly places: readonly number[]
  readonly chances: readonly number[]
}

export type Steps = ReturnType<typeof stepsOf>

export function stepsOf(cell: Cell, kernel: StepFunction, places: Places) {
  const { draws } = kernel
  if (2 ** draws.length > maxOutcomes) refuse(`a step has 2^${draws.length} outcomes; the limit is ${maxOutcomes}`)
  const scales = scaleFunction(cell)
  /** The outcomes of the draws of step n; `taken` has one bit for each draw. */
  const outcomes = (n: number) => {
    const { drift } = scales(n)
    let ways = [{ taken: 0, probability: 1 }]
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
  const areSame = isStationary(cell)
  const known: Step[] = []
  const into = new Float64Array(cell.landscape.dimension)
  const find = (place: number, n: number): Step => {
    const point = places.point(place)
    const chances = new Map<number, number>()
    for (const { taken, probability } of outcomes(n)) {
      kernel.step(point, n, taken, into)
      const to = places.reach(into, point)
      chances.set(to, (chances.get(to) ?? 0) + probability)
    }
    return { places: [...chances.keys()], chances: [...chances.values()] }
  }
  return {
    areSame,
    /** The step of a trial from a place; n counts from 0. */
    from(place: number, n: number): Step {
      if (!areSame) return find(place, n)
      known[place] ??= find(place, n)
      return known[place]!
    },
  }
}
