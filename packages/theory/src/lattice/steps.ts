import type { StepFunction } from '@driftfarm/kernel'
import type { Places } from './places.ts'
import type { Way } from './ways.ts'

/** Where one step leads. */
export interface Step {
  readonly places: readonly number[]
  readonly chances: readonly number[]
}

/** The steps from a place; where all are the same they are found once. */
export class Steps {
  private readonly known: (Step | undefined)[] = []
  private readonly into: Float64Array

  constructor(
    private readonly places: Places,
    private readonly kernel: StepFunction,
    private readonly ways: (n: number) => readonly Way[],
    readonly areSame: boolean,
    dimension: number,
  ) {
    this.into = new Float64Array(dimension)
  }

  /** Step n from a place. */
  from(place: number, n: number): Step {
    return (this.areSame ? this.known[place] : undefined) ?? this.find(place, n)
  }

  private find(place: number, n: number): Step {
    const { places, into } = this
    const point = places.point(place)
    const chances = new Map<number, number>()
    for (const { taken, probability } of this.ways(n)) {
      this.kernel.step(point, n, taken, into)
      const to = places.reach(into, point)
      chances.set(to, (chances.get(to) ?? 0) + probability)
    }
    const step = { places: [...chances.keys()], chances: [...chances.values()] }
    if (this.areSame) this.known[place] = step
    return step
  }
}
