import {
  cellOf,
  type Database,
  dataReader,
  type ExactKey,
  snapshotOf,
  storedExact,
  storeExact,
  sweepHead,
  wholePages,
} from '@driftfarm/database'
import {
  documentJson,
  integer,
  type MeasuredEscape,
  type OnCells,
  type OracleData,
  type TheoremData,
} from '@driftfarm/report'
import type { Cell, DataTable } from '@driftfarm/spec'
import type { BoundParts, Computations, ExactParts } from './computations.ts'
import { estimatesNow } from './estimatesNow.ts'

const ignoreProgress: OnCells = () => undefined

export interface KnownOptions {
  readonly heavy: Computations
  readonly keeps: boolean
  readonly onCells?: OnCells | undefined
}

/**
 * Versions of the stored answers, by kind. If the mathematics or the document of a kind changes, increase its version,
 * so that answers stored earlier are computed again.
 */
const versions = { oracle: 2, theorem: 2 } as const

export async function exactOf(
  database: Database,
  sweepId: string,
  indices: readonly number[],
  { heavy, keeps, onCells = ignoreProgress }: KnownOptions,
): Promise<OracleData> {
  const head = await sweepHead(database, sweepId)
  const cells: OracleData['cells'][number][] = []
  await eachCell(database, sweepId, indices, onCells, async (origin, cell, data) => {
    const horizons = head.demand.horizons
    const key = { cellId: origin.id, kind: 'oracle', asked: horizons.join(' '), version: versions.oracle } as const
    const parts = await known<ExactParts>(keeps ? database : null, key, () => heavy.exact(cell, data, horizons))
    cells.push({ ...origin, ...parts })
  })
  return { sweep: { name: head.name }, cells }
}

export async function theoremOfSweep(
  database: Database,
  sweepId: string,
  indices: readonly number[],
  { heavy, keeps, onCells = ignoreProgress }: KnownOptions,
): Promise<TheoremData> {
  const head = await sweepHead(database, sweepId)
  const measured = await measuredEscapes(database, sweepId, indices)
  const cells: TheoremData['cells'][number][] = []
  await eachCell(database, sweepId, indices, onCells, async (origin, cell, data) => {
    const key = { cellId: origin.id, kind: 'theorem', asked: '', version: versions.theorem } as const
    const { cell: parts, sameEvent } = await known<BoundParts>(keeps ? database : null, key, () =>
      heavy.bounds(cell, data),
    )
    const found = measured.get(origin.index)
    cells.push({ ...origin, ...parts, measured: found === undefined ? null : { ...found, sameEvent } })
  })
  return { sweep: { name: head.name }, cells }
}

/** If `database` is null, nothing is stored. */
async function known<T>(database: Database | null, key: ExactKey, make: () => Promise<T>): Promise<T> {
  if (database === null) return make()
  const kept = await storedExact(database, key)
  if (kept !== null) return kept as T
  const began = performance.now()
  const made = await make()
  await storeExact(database, key, documentJson(made), (performance.now() - began) / 1000)
  return made
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
