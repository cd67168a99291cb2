import { bitsOfCell, costOf, dataHashOf, type Lease } from '@driftfarm/database'
import { type ResolvedCell, type Sweep, talliedHorizons } from '@driftfarm/spec'

/**
 * Makes a lease for some trials of a cell, as a farm that computes no other sweep would. `bundle` and `form` are 0,
 * because trials of a shard belong to no bundle.
 */
export function shardLease(
  cell: ResolvedCell,
  { first, count }: Pick<Lease, 'first' | 'count'>,
  { demand, cellCount }: Pick<Sweep, 'demand' | 'cellCount'>,
): Lease {
  return {
    cell: cell.id,
    bundle: 0,
    first,
    count,
    generation: 1,
    again: false,
    attempt: 1,
    canonical: cell.canonical,
    form: 0,
    data: dataHashOf(cell.cell),
    record: demand.record,
    horizons: talliedHorizons(demand),
    bits: bitsOfCell(cell, demand),
    secondsPerTrial: null,
    cost: costOf(cell.cell),
    cut: null,
    premises: first === 0 ? { trials: demand.trials ?? count, cells: cellCount, above: null } : null,
  }
}
