import { type Demand, demandOf, type Method } from '@driftfarm/spec'

// How a cell ends (its number of trials, or its stop rule) may be chosen before anybody could have read a trial of it,
// or after. Intervals of the first kind may hold at that end alone; of the second kind they must hold at any number of
// trials. Whether somebody did look is not known, so what counts is whether somebody could: a batch of the cell was
// done, whichever sweep had asked for it.

export const methods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

/** What ends the cells of a method: exactly one of both is not null. */
export type Ending = Pick<Demand, 'trials' | 'until'>

export const endingOf = (demand: Demand, method: Method['kind']): Ending => {
  const { trials, until } = demandOf(demand, method)
  return { trials, until }
}

/**
 * The end of the cells of each method, as values of three arrays: methods, numbers of trials and stop rules as JSON. A
 * tilt has no stop rules: where the demand has one, no cell is tilted.
 */
export function endingsOf(demand: Demand): readonly [methods: string[], trials: (number | null)[], until: unknown[]] {
  const endings = methods.map((method) => endingOf(demand, method))
  return [
    [...methods],
    endings.map(({ trials }) => trials),
    endings.map(({ until }) => (until === null ? null : JSON.stringify(until))),
  ]
}

/** As many demands on a cell are compared; where more sweeps ask for it, it may count as looked at without need. */
const mostCompared = 32

/** A sweep s of which it is asked whether it chose after a look. */
interface Choosing {
  /** SQL: the id of the cell. */
  readonly cell: string
  /** SQL: row of `endingsOf` for the cell's method, with the columns method, trials and until. */
  readonly ending: string
  /** SQL: the row of the sweep. */
  readonly sweep: string
}

/**
 * SQL: the end of the cell was chosen when trials of it could be read. Another sweep may have chosen the same end
 * before that: then the trials up to there are the same, and so is the interval. With a budget, a search or
 * simultaneous intervals the end also depends on the other cells, which must be the same too.
 */
export const chosenAfterLook = ({ cell, ending, sweep }: Choosing): string => `(
  exists (select from farm.batch b where b.cell_id = ${cell} offset 0)
  and not exists (
    select from (select h.sweep_id, h.target from (
                   select * from farm.demand where demand.cell_id = ${cell} limit ${mostCompared}) h
                  where not h.extended and h.sweep_id <> ${sweep}.id offset 0) h
     cross join lateral (select * from farm.sweep where sweep.id = h.sweep_id limit 1) o
     where case when ${ending}.trials is not null
                then h.target = ${ending}.trials
                     and (${ending}.method = 'splitting' or o.demand ->> 'trials' is not null)
                else o.demand -> 'until' = ${ending}.until
                     and o.demand -> 'simultaneous' = ${sweep}.demand -> 'simultaneous'
                     and (o.plan = ${sweep}.plan
                          or not (${ending}.until ? 'budget' or ${ending}.until ? 'threshold'
                                  or (${sweep}.demand ->> 'simultaneous')::boolean)) end))`

/** SQL: the trials of a cell that are done from 0 on without a gap, whichever sweep asked for them. */
export const doneWithoutGap = (cell: string): string => `coalesce(
  (select min(p.first) from farm.pending p where p.cell_id = ${cell} and not p.again),
  (select b.first + b.count from farm.batch b where b.cell_id = ${cell} order by b.first desc limit 1),
  0)`
