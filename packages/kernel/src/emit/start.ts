import type { Cell } from '@driftfarm/spec'
import { initRuns, type StartPlan } from '../model/start.ts'
import type { Numbers } from './numbers.ts'
import { startNumbers } from './readings.ts'

/**
 * How trials start. If descents follow, the first descent begins at the point described here. `kind` is START_KIND in
 * `assembly/start.ts`, and `place` is the index of the first number of the start.
 */
export interface EmittedStart {
  readonly kind: number
  readonly place: number
  /** For an `init` start, the number of layers whose weights are drawn; 0 for any other start. */
  readonly runs: number
}

export function emitStart({ landscape }: Cell, { drawn }: StartPlan, numbers: Numbers): EmittedStart {
  const kind = { point: 0, uniform: 1, gaussian: 2, init: 3 }[drawn.kind]
  const place = numbers.array('start', startNumbers)
  return { kind, place, runs: drawn.kind === 'init' ? initRuns(landscape, drawn.law).length : 0 }
}
