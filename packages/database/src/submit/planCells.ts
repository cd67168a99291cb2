import { setImmediate as turn } from 'node:timers/promises'
import { type DataTable, type Demand, demandOf, observedKeys, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import { checkPoints, firstPlaces } from '@driftfarm/statistics'
import type pg from 'pg'
import { BinaryRows } from '../connection/binaryRows.ts'
import { copy } from '../connection/copy.ts'
import { CellsColumns } from '../ledger/cellsColumns.ts'
import { insertData } from '../ledger/data.ts'
import { type EstimateContext, estimateContextOf, methodLayoutJson } from '../ledger/layouts.ts'
import { limits } from '../ledger/limits.ts'
import { AxisRanges } from './axisRanges.ts'
import { addCell, copyCells, copyRequests } from './cellRows.ts'
import { Reuse } from './reuse.ts'

/** Trials below this index are dispatched first. */
export function initialTarget({ trials, until }: Demand): number {
  return trials ?? checkPoints(until!.min, until!.max)[0]!
}

/** A search for a threshold begins with a few points of each line (`firstPlaces`). Other sweeps request all points. */
export function isRequestedInitially({ until }: Demand): (index: number) => boolean {
  const searched = until?.threshold
  if (searched === undefined) return () => true
  const places = new Set(firstPlaces(searched))
  return (index) => places.has(index % searched.points)
}

export interface PlanCellsOptions {
  /** Called now and then with the number of inserted cells. */
  readonly onCells?: ((done: number) => void) | undefined
  /** Aborting it cancels the submission, and nothing is stored. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Number of cells prepared in one turn of the event loop. A turn takes a millisecond or two, during which the
 * connection to the server waits.
 */
const cellsPerTurn = 32

/**
 * Inserts data sets, cells and requests in slices, so that 10^6 cells take no more memory than a few thousand. While
 * the server stores one slice, the rows of the next one are prepared. Returns the newest kernel version that any cell
 * needs, the columns that the SQL function `cells(name)` returns, the method and layout that all cells share as JSON
 * (null if they differ), the range of each axis, what is reused, and what is left to compute.
 */
export async function planCells(
  client: pg.PoolClient,
  sweepId: string,
  sweep: Sweep,
  { onCells, signal }: PlanCellsOptions = {},
) {
  const columns = new CellsColumns(sweep.demand)
  const observe = observedKeys(sweep.demand.observe)
  const ranges = new AxisRanges(sweep.axes)
  const layouts = new Set<string>()
  let latest: EstimateContext | null = null
  const there = new Set<string>()
  const isFirst = isRequestedInitially(sweep.demand)
  let kernel = 0
  let done = 0
  const reuse = new Reuse(client, sweep)
  const left = sweep.cells()[Symbol.iterator]()
  const make = async (): Promise<Slice> => {
    const slice = new Slice(observe)
    while (slice.ids.length < limits.cellsAtATime) {
      const { value: cell, done: isLast } = left.next()
      if (isLast === true) break
      const context = estimateContextOf(cell.canonical)
      const target = isFirst(cell.index) ? initialTarget(demandOf(sweep.demand, context.method)) : 0
      slice.add(sweepId, cell, context, target)
      kernel = Math.max(kernel, cell.cell.kernel)
      columns.observe(cell.params, context)
      ranges.observe(cell.params)
      if (context !== latest && layouts.size < 2) layouts.add(methodLayoutJson(context))
      latest = context
      if (slice.ids.length % cellsPerTurn === 0) await turn()
    }
    return slice
  }
  for (let next = make(); ; ) {
    const slice = await next
    if (slice.ids.length === 0) {
      const [layout = null, another] = layouts
      const [reused, computed] = [await reuse.reused(), reuse.missing]
      return {
        kernel,
        columns: columns.all(),
        layout: another === undefined ? layout : null,
        ranges: ranges.all(),
        reused,
        computed,
      }
    }
    next = make()
    // `next` is awaited after this slice is stored, and never if storing fails. Without this line, a rejection of
    // `next` would count as unhandled.
    next.catch(() => undefined)
    for (const table of slice.tables) {
      if (there.has(table.hash)) continue
      await insertData(client, table)
      there.add(table.hash)
    }
    const known = await insertCells(client, slice)
    await copy(client, copyRequests, [slice.demands])
    if (known.size > 0) {
      const found = await reuse.find(slice.ids, slice.indices)
      const extended = found.flatMap((each) => (each.extended ? [each.index] : []))
      await client.query(markStatement, [sweepId, extended])
    }
    done += slice.ids.length
    onCells?.(done)
    signal?.throwIfAborted()
  }
}

class Slice {
  readonly ids: string[] = []
  readonly indices: number[] = []
  readonly tables = new Set<DataTable>()
  readonly #cells = new BinaryRows()
  readonly #cellEnds: number[] = []
  readonly #demands = new BinaryRows()

  constructor(private readonly observe: readonly string[]) {}

  add(sweepId: string, cell: ResolvedCell, context: EstimateContext, target: number): void {
    const { id, index, params } = cell
    this.ids.push(id)
    this.indices.push(index)
    for (const table of cell.tables) this.tables.add(table)
    addCell(this.#cells, cell, context, this.observe)
    this.#cellEnds.push(this.#cells.length)
    this.#demands.row(5).text(sweepId).int4(index).text(id).jsonb(JSON.stringify(params)).int8(target)
  }

  get demands(): Uint8Array {
    return this.#demands.bytes
  }

  /** The rows of the cells that are not in `known`, each only once. */
  cellsWithout(known: ReadonlySet<string>): readonly Uint8Array[] {
    const { bytes } = this.#cells
    const added = new Set(known)
    if (known.size === 0 && new Set(this.ids).size === this.ids.length) return [bytes]
    return this.ids.flatMap((id, place) => {
      if (added.has(id)) return []
      added.add(id) // two indices of a sweep may refer to the same cell
      return [bytes.subarray(this.#cellEnds[place - 1] ?? 0, this.#cellEnds[place])]
    })
  }
}

/**
 * Inserts the cells of a slice that are not stored yet, and returns the ids of the others. Submissions are serialised,
 * so no other submission can insert cells between the query and the insertion.
 */
async function insertCells(client: pg.PoolClient, slice: Slice): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ id: string }>(
    `select u.id from unnest($1::text[]) u (id)
      where exists (select from farm.cell c where c.id = u.id offset 0)`,
    [slice.ids],
  )
  const known = new Set(rows.map(({ id }) => id))
  await copy(client, copyCells, slice.cellsWithout(known))
  return known
}

/** Marks requests whose number of trials or stopping rule was chosen after an interim look. */
const markStatement = 'update farm.request set extended = true where sweep_id = $1 and index = any($2)'
