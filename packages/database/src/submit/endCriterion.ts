import { type Demand, demandOf, type Method } from '@driftfarm/spec'

// The end criterion of a cell is a number of trials or a stopping rule. If a sweep chooses the criterion before results
// of the cell can be read, intervals need to be valid only when the cell ends. If the sweep chooses the criterion
// later, intervals must be valid at any number of trials. Results can be read as soon as any sweep has finished a batch
// of the cell. Whether anyone has actually read them is unknown and makes no difference.

export const methods: readonly Method['kind'][] = ['direct', 'splitting', 'tilt']

/** At least one of the two fields is null. Both are null if the sweep requests nothing for this method. */
export function endCriterionOf(demand: Demand, method: Method['kind']): Pick<Demand, 'trials' | 'until'> {
  const { trials, until } = demandOf(demand, method)
  return { trials, until }
}

/** A stopping rule never applies to tilted cells, because a spec that combines the two is rejected. */
export function endCriteriaOf(demand: Demand) {
  const endings = methods.map((method) => endCriterionOf(demand, method))
  return [
    [...methods],
    endings.map(({ trials }) => trials),
    endings.map(({ until }) => (until === null ? null : JSON.stringify(until))),
  ]
}

/**
 * Several sweeps may request a cell. At most this many of these requests are searched for the same end criterion. If
 * the cell has more requests, the criterion may be treated as chosen after an interim look, although it was not.
 */
const maxCompared = 32

/** Parts of an SQL query: `cell` is the id of the cell, and `sweep` is the alias of a row of farm.sweep. */
interface Choosing {
  readonly cell: string
  /** The alias of a row with the columns method, trials and until: the row of `endCriteriaOf` for the cell's method. */
  readonly ending: string
  readonly sweep: string
}

/**
 * SQL: whether the end criterion of the cell was chosen when trials of the cell could already be read. If another sweep
 * chose the same criterion before trials could be read, the result is false, because the cell has the same trials and
 * the same interval in both sweeps. With a budget, a search or simultaneous intervals, the end of a cell also depends
 * on the other cells of its sweep. In these cases, the other sweep counts only if it has the same cells.
 */
export const chosenAfterInterimLook = ({ cell, ending, sweep }: Choosing): string => `(
  exists (select from farm.batch b where b.cell_id = ${cell} offset 0)
  and not exists (
    select from (select h.sweep_id, h.target from (
                   select * from farm.request where request.cell_id = ${cell} limit ${maxCompared}) h
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

/** SQL: the number of finished trials of a cell, from trial 0 up to the first gap. */
export const gaplessTrials = (cell: string): string => `coalesce(
  (select min(p.first) from farm.pending p where p.cell_id = ${cell} and not p.again),
  (select b.first + b.count from farm.batch b where b.cell_id = ${cell} order by b.first desc limit 1),
  0)`
