import type { StepFunction } from '@driftfarm/kernel'
import type { Places } from './places.ts'
import type { StepOutcome } from './stepOutcomes.ts'

export interface Step {
  readonly places: readonly number[]
  readonly chances: readonly number[]
}

export interface StepsOptions {
  readonly places: Places
  readonly kernel: StepFunction
  readonly ways: (n: number) => readonly StepOutcome[]
  readonly areSame: boolean
  readonly dimension: number
}

export class Steps {
  readonly areSame: boolean
  private readonly known: (Step | undefined)[] = []
  private readonly into: Float64Array

  constructor(private readonly options: StepsOptions) {
    this.areSame = options.areSame
    this.into = new Float64Array(options.dimension)
  }

  /** n counts from 0. */
  from(place: number, n: number): Step {
    return (this.areSame ? this.known[place] : undefined) ?? this.find(place, n)
  }

  private find(place: number, n: number): Step {
    const { into } = this
    const { places, kernel, ways } = this.options
    const point = places.point(place)
    const chances = new Map<number, number>()
    for (const { taken, probability } of ways(n)) {
      kernel.step(point, n, taken, into)
      const to = places.reach(into, point)
      chances.set(to, (chances.get(to) ?? 0) + probability)
    }
    const step = { places: [...chances.keys()], chances: [...chances.values()] }
    if (this.areSame) this.known[place] = step
    return step
  }
}
