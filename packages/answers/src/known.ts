import { cellOf, type Database, dataReader, snapshotOf, sweepHead, wholePages } from '@driftfarm/database'
import {
  integer,
  type MeasuredEscape,
  type OnCells,
  type OracleData,
  oracleCell,
  type TheoremData,
  theoremCell,
} from '@driftfarm/report'
import type { Cell, DataTable } from '@driftfarm/spec'
import { asymptotics, isSameEvent, oracle, theorem } from '@driftfarm/theory'
import { estimatesNow } from './estimatesNow.ts'

const quiet: OnCells = () => undefined

/** What is known exactly of cells of a sweep, and what asymptotic laws say of them. */
export async function exactOf(
  database: Database,
  sweepId: string,
  indices: readonly number[],
  onCells: OnCells = quiet,
): Promise<OracleData> {
  const head = await sweepHead(database, sweepId)
  const cells: OracleData['cells'][number][] = []
  await eachCell(database, sweepId, indices, onCells, async (origin, cell, data) => {
    const { horizons } = head.demand
    cells.push(oracleCell(origin, oracle(cell, data, { horizons }), asymptotics(cell, data)))
  })
  return { sweep: { name: head.name }, cells }
}

/** What Theorem 1 says of cells of a sweep, beside the escape that the sweep measured. */
export async function theoremOfSweep(
  database: Database,
  sweepId: string,
  indices: readonly number[],
  onCells: OnCells = quiet,
): Promise<TheoremData> {
  const head = await sweepHead(database, sweepId)
  const measured = await measuredEscapes(database, sweepId, indices)
  const cells: TheoremData['cells'][number][] = []
  await eachCell(database, sweepId, indices, onCells, async (origin, cell, data) => {
    const answer = await theorem(cell, data)
    const found = measured.get(origin.index)
    cells.push(
      theoremCell(origin, answer, found === undefined ? null : { ...found, sameEvent: isSameEvent(cell, answer) }),
    )
  })
  return { sweep: { name: head.name }, cells }
}

interface CellOrigin {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
}

async function eachCell(
  database: Database,
  sweepId: string,
  indices: readonly number[],
  onCells: OnCells,
  see: (origin: CellOrigin, cell: Cell, data: DataTable | null) => Promise<void>,
): Promise<void> {
  const dataOf = dataReader(database)
  for (const [done, place] of indices.entries()) {
    const { index, cellId, cell } = await cellOf(database, sweepId, place)
    await see({ index, id: cellId, params: {} }, cell, await dataOf(cell))
    onCells(done + 1, indices.length)
  }
}

async function measuredEscapes(
  database: Database,
  sweepId: string,
  indices: readonly number[],
): Promise<ReadonlyMap<number, Omit<MeasuredEscape, 'sameEvent'>>> {
  return snapshotOf(database, async (reading) => {
    const head = await sweepHead(reading, sweepId)
    const found = new Map<number, Omit<MeasuredEscape, 'sameEvent'>>()
    for await (const page of wholePages(reading, head, indices))
      for (const prefix of page) {
        const escape = estimatesNow(prefix).escape
        if (escape === undefined) continue
        const { value, low, high, confidence, method } = escape
        const trials = integer(prefix.trials)
        found.set(prefix.index, { sweep: head.name, trials, value, low, high, confidence, method })
      }
    return found
  })
}
