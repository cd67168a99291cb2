import type { Broadcast, Cell } from '@driftfarm/spec'
import { initRuns, type StartPlan } from '../model/start.ts'
import type { Numbers } from './numbers.ts'

/** Where trials start before any descent: START_KIND of `assembly/start.ts`, and the index of its numbers. */
export interface EmittedStart {
  readonly kind: number
  readonly place: number
  /** For an `init` start: the number of runs of drawn and zero coordinates. */
  readonly runs: number
}

export function emitStart({ landscape }: Cell, { drawn }: StartPlan, numbers: Numbers): EmittedStart {
  const spread = (value: Broadcast) =>
    typeof value === 'number' ? new Array<number>(landscape.dimension).fill(value) : value
  const emitted = (kind: number, values: readonly number[], runs = 0) => ({
    kind,
    place: numbers.array('start', values),
    runs,
  })
  switch (drawn.kind) {
    case 'point':
      return emitted(0, drawn.point)
    case 'uniform':
      return emitted(1, [...spread(drawn.low), ...spread(drawn.high)])
    case 'gaussian':
      return emitted(2, [...spread(drawn.mean), ...spread(drawn.sigma)])
    case 'init': {
      const runs = initRuns(landscape, drawn.law)
      const values = runs.flatMap(({ weights, sigma, biases }) => [weights, sigma, biases])
      return emitted(3, values, runs.length)
    }
  }
}
