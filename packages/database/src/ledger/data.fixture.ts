import {
  type Cell,
  canonicalJson,
  cellId,
  type DataTable,
  identityWalk,
  type ResolvedCell,
  type Sweep,
  sweepIdentity,
} from '@driftfarm/spec'

/** The sweep with its landscapes over data: formulas whose loss is a mean over the samples of `dataOf(index)`. */
export function overData(sweep: Sweep, dataOf: (index: number) => DataTable): Sweep {
  const cellAt = (index: number): ResolvedCell => {
    const resolved = sweep.cell(index)
    const { landscape } = resolved.cell
    if (landscape.kind !== 'formula') throw new Error('a formula is expected')
    const table = dataOf(index)
    const columns = Array.from({ length: table.columns }, (_, column) => `c${column}`)
    const cell: Cell = {
      ...resolved.cell,
      landscape: { ...landscape, data: { hash: table.hash, rows: table.rows, columns } },
    }
    return { ...resolved, cell, tables: [table], id: cellId(cell), canonical: canonicalJson(cell) }
  }
  const cells = () => Array.from({ length: sweep.cellCount }, (_, index) => cellAt(index))
  const identity = () => sweepIdentity(sweep.name, cells(), sweep.cellCount)
  return {
    name: sweep.name,
    seed: sweep.seed,
    tags: sweep.tags,
    landscape: sweep.landscape,
    priority: sweep.priority,
    axes: sweep.axes,
    cellCount: sweep.cellCount,
    demand: sweep.demand,
    prepared: sweep.prepared,
    designs: sweep.designs,
    maxTrials: sweep.maxTrials,
    cell: cellAt,
    cells,
    ids: () => cells().map(({ id }) => id),
    identity,
    identifying: () => identityWalk(sweep.name, cells(), sweep.cellCount),
    id: () => identity().id,
  }
}
