import { type Demand, demandOf, type Method } from '@driftfarm/spec'
import type { Columns, SweepModel } from '../rows.ts'

export const methods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

/** What is remembered of a sweep when another demand comes. */
export interface Looked extends Columns<SweepModel, 'demand' | 'extended', { demand: Demand }> {
  /** Methods of whose cells more was asked after a look. */
  readonly extended: readonly string[]
  /** Methods of whose cells some trials are merged, for anybody to see. */
  readonly looked: readonly string[]
}

/** SQL: `looked` of sweep s. */
export const lookedAt = (s: string): string =>
  `array(select distinct c.method from farm.demand d join farm.cell c on c.id = d.cell_id where d.sweep_id = ${s}.id
    and d.trials > 0)`

/**
 * More trials after a look at the first ones: from then on intervals of these cells must hold at any time. A method
 * whose number of trials stays as it was is not touched; one that is asked for fewer begins anew.
 */
export function extendedBy({ demand, extended, looked }: Looked, next: Demand): string[] {
  return methods.filter((method) => {
    const [was, is] = [demandOf(demand, method).trials, demandOf(next, method).trials]
    if (is === null || is === was) return extended.includes(method)
    return looked.includes(method) && (was === null || is > was)
  })
}
