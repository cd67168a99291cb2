import type { Grid } from '../axes/grid.ts'
import { deepFreeze } from '../document/value.ts'
import { IdSet } from '../idSet.ts'
import type { Demand, Design, PreparedSet, ResolvedCell, Sweep, SweepIdentity } from '../sweep.ts'
import type { Cells } from './cells.ts'
import { identityWalk, runGenerator } from './sweepIdentity.ts'

export interface SweepHeader {
  readonly name: string
  readonly seed: string
  readonly tags: Readonly<Record<string, string>>
  readonly priority: number
  readonly demand: Demand
  readonly maxTrials: bigint
  readonly prepared: readonly PreparedSet[]
  readonly designs: readonly Design[]
}

/** `kept` lists the grid points that satisfy `where`; null stands for all points. */
export function sweepOf(header: SweepHeader, grid: Grid, cells: Cells, kept: Uint32Array | null): Sweep {
  const cellCount = kept?.length ?? grid.size
  // Hashing is a third of the work of making a cell, so all ids are stored once they are known, at 16 bytes each.
  let known: { readonly identity: SweepIdentity; readonly ids: IdSet } | null = null
  const cell = (index: number): ResolvedCell => {
    if (!Number.isInteger(index) || index < 0 || index >= cellCount) {
      throw new RangeError(`there is no cell ${index}: cells are numbered 0 to ${cellCount - 1}`)
    }
    return cells.cell(cells.point(kept?.[index] ?? index), index, known?.ids.at(index) ?? null)
  }
  function* all(): Iterable<ResolvedCell> {
    for (let index = 0; index < cellCount; index++) yield cell(index)
  }
  function* identifying(): Generator<number, SweepIdentity> {
    if (known !== null) return known.identity
    const ids = new IdSet(cellCount)
    known = { identity: yield* identityWalk(header.name, all(), cellCount, ids), ids }
    return known.identity
  }
  const identity = (): SweepIdentity => known?.identity ?? runGenerator(identifying())
  function* ids(): Iterable<string> {
    identity()
    for (let index = 0; index < cellCount; index++) yield known!.ids.at(index)
  }
  return Object.freeze({
    ...deepFreeze(header),
    axes: Object.freeze(grid.columns.map(({ name }) => name)),
    cellCount,
    cell,
    cells: all,
    ids,
    identity,
    identifying,
    id: () => identity().id,
  })
}
