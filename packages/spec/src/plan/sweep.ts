import type { Grid } from '../axes/grid.ts'
import { deepFreeze } from '../document/value.ts'
import type { Demand, ResolvedCell, Sweep, SweepIdentity } from '../sweep.ts'
import type { Cells } from './cells.ts'
import { identityWalk, sweepIdentity } from './sweepIdentity.ts'

export interface SweepHeader {
  readonly name: string
  readonly seed: string
  readonly tags: Readonly<Record<string, string>>
  readonly priority: number
  readonly demand: Demand
  readonly maxTrials: bigint
}

/** A sweep whose cells are made when asked for. `kept` lists the grid points that `where` keeps; null keeps all. */
export function sweepOf(header: SweepHeader, grid: Grid, cells: Cells, kept: Uint32Array | null): Sweep {
  const cellCount = kept?.length ?? grid.size
  let known: SweepIdentity | null = null
  const cell = (index: number): ResolvedCell => {
    if (!Number.isInteger(index) || index < 0 || index >= cellCount) {
      throw new RangeError(`there is no cell ${index}: cells are 0 to ${cellCount - 1}`)
    }
    return cells.cell(cells.point(kept?.[index] ?? index), index)
  }
  function* all(): Iterable<ResolvedCell> {
    for (let index = 0; index < cellCount; index++) yield cell(index)
  }
  const identity = (): SweepIdentity => {
    known ??= sweepIdentity(all(), cellCount)
    return known
  }
  function* identifying(): Generator<number, SweepIdentity> {
    known ??= yield* identityWalk(all(), cellCount)
    return known
  }
  return Object.freeze({
    ...deepFreeze(header),
    axes: Object.freeze(grid.columns.map(({ name }) => name)),
    cellCount,
    cell,
    cells: all,
    identity,
    identifying,
    id: () => identity().id,
  })
}
