import { bitsOfCell, costOf, dataHashOf, type Lease } from '@driftfarm/database'
import { type ResolvedCell, type Sweep, talliedHorizons } from '@driftfarm/spec'

/**
 * Makes a lease for some trials of a cell. A farm that computes no other sweep would set the same values. Only `bundle`
 * differs, because trials of a shard belong to no bundle.
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
