import { type Demand, demandOf, type Method } from '@driftfarm/spec'
import type { Columns, SweepModel } from '../rows.ts'

export const methods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

/** What must be known of a sweep when its demand changes. */
export interface Looked extends Columns<SweepModel, 'demand' | 'extended', { demand: Demand }> {
  /** Methods for whose cells more trials were asked for after the first ones had been seen. */
  readonly extended: readonly string[]
  /** Methods of whose cells some trials are merged, so that anybody may have seen them. */
  readonly looked: readonly string[]
}

/**
 * The methods for whose cells more trials are asked for after a look at the first ones, so that their intervals must
 * hold at any number of trials from now on. A method whose number of trials does not change keeps its state; one for
 * which fewer are asked begins anew.
 */
export function extendedBy({ demand, extended, looked }: Looked, next: Demand): string[] {
  return methods.filter((method) => {
    const [was, is] = [demandOf(demand, method).trials, demandOf(next, method).trials]
    if (is === null || is === was) return extended.includes(method)
    return looked.includes(method) && (was === null || is > was)
  })
}
