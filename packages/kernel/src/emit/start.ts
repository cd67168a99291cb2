import type { Broadcast, Cell } from '@driftfarm/spec'
import { initRuns, type StartPlan, startPlan } from '../model/start.ts'
import type { Valued } from '../model/valued.ts'
import type { Numbers } from './numbers.ts'

/** Where trials start before any descent: START_KIND of `assembly/start.ts`, and the index of its numbers. */
export interface EmittedStart {
  readonly kind: number
  readonly place: number
  /** For an `init` start: the number of runs of drawn and zero coordinates. */
  readonly runs: number
}

export function emitStart({ landscape }: Cell, { drawn }: StartPlan, numbers: Numbers): EmittedStart {
  const kind = { point: 0, uniform: 1, gaussian: 2, init: 3 }[drawn.kind]
  const place = numbers.array('start', startNumbers)
  return { kind, place, runs: drawn.kind === 'init' ? initRuns(landscape, drawn.law).length : 0 }
}

/** The numbers of a start: a point, two numbers for each coordinate, or three for each run. */
function startNumbers({ cell: { landscape, start } }: Valued): readonly number[] {
  const spread = (value: Broadcast) =>
    typeof value === 'number' ? new Array<number>(landscape.dimension).fill(value) : value
  const { drawn } = startPlan(start)
  switch (drawn.kind) {
    case 'point':
      return drawn.point
    case 'uniform':
      return [...spread(drawn.low), ...spread(drawn.high)]
    case 'gaussian':
      return [...spread(drawn.mean), ...spread(drawn.sigma)]
    case 'init':
      return initRuns(landscape, drawn.law).flatMap(({ weights, sigma, biases }) => [weights, sigma, biases])
  }
}
