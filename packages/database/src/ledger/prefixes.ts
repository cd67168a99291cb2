import { layoutOf, type RecordLayout, type Tally, zeroTally } from '@driftfarm/kernel'
import {
  type Cell,
  type Demand,
  type DemandState,
  demandOf,
  type Method,
  type SweepState,
  stepSamples,
} from '@driftfarm/spec'
import {
  type EscapeKind,
  type How,
  howOf,
  type Premises,
  premisesVersion,
  type Stopped,
  tallyFromJson,
} from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import { type CellModel, type Columns, columns, type DemandModel, type SweepModel } from '../rows.ts'
import { LedgerError } from './errors.ts'
import type { Merged } from './merged.ts'
import { shownState } from './shownState.ts'

export interface SweepHead
  extends Columns<
    SweepModel,
    'id' | 'name' | 'reason' | 'seed' | 'axes' | 'cells' | 'demand',
    { /** Swept paths, in order. */ axes: readonly string[]; demand: Demand }
  > {
  readonly state: SweepState
}

export async function sweepHead({ pool }: Database, sweepId: string): Promise<SweepHead> {
  const { rows } = await pool.query<SweepHead>(
    `select ${shownState('s')} as state,
            ${columns<SweepModel>('s', 'id', 'name', 'reason', 'seed', 'axes', 'cells', 'demand')}
       from farm.sweep s where s.id = $1`,
    [sweepId],
  )
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return rows[0]
}

/** A cell of a sweep with its merged prefix. A light one lacks what only estimates need. */
export type Prefix = LightPrefix | WholePrefix

interface Common
  extends Columns<DemandModel, 'index' | 'params', { params: Readonly<Record<string, unknown>> }>,
    Omit<Merged, 'stopped'> {
  readonly id: CellModel['id']
  readonly layout: RecordLayout
  readonly method: Method['kind']
  /** What ended the cell; null where it is open or has failed. */
  readonly stopped: Stopped | null
  /** Null where the cell was complete before premises were stored. */
  readonly premises: Premises | null
  /** What counts as an escape, if the cell is its own control; else null. */
  readonly ownEscape: EscapeKind
}

/** A cell that is not open any more, with what results show of it. */
export interface LightPrefix extends Common {
  readonly state: Exclude<DemandState, 'open'>
}

/** A cell with everything that estimates are made from. */
export interface WholePrefix extends Common {
  readonly state: DemandState
  /** The demand of the sweep on a cell of this method. */
  readonly demand: Demand
  /** How the number of trials was chosen. */
  readonly how: How
  readonly trial: Cell['trial']
  /**
   * The seed of common streams: cells with the same seed share the noise of trials with equal index. Null where the
   * cell has streams of its own.
   */
  readonly commonSeed: string | null
}

/** The tally of a prefix. Without trials it is zero and has no horizons. */
export const tallyOf = ({ tally, layout }: Pick<Prefix, 'tally' | 'layout'>): Tally =>
  tally === null ? zeroTally(layout, []) : tallyFromJson(tally, layout)

interface Row extends Omit<Common, 'layout'>, Pick<RecordLayout, 'exits' | 'minima' | 'classes' | 'marks' | 'horizon'> {
  readonly state: WholePrefix['state']
  readonly extended: boolean
  readonly canonical: string | null
}

/**
 * All cells of a sweep, in order and whole. Histograms make up most of the bytes: use `lightPrefixesOf` where they are
 * not needed.
 */
export async function prefixesOf(database: Database, head: SweepHead): Promise<WholePrefix[]> {
  return (await rowsOf(database, head.id, true)).map((row) => whole(row, head))
}

/** All cells of a sweep, in order: open ones whole, ended ones light. */
export async function lightPrefixesOf(database: Database, head: SweepHead): Promise<Prefix[]> {
  return (await rowsOf(database, head.id, false)).map((row) =>
    row.state === 'open' ? whole(row, head) : { ...merged(row), state: row.state },
  )
}

async function rowsOf({ pool }: Database, sweepId: string, all: boolean): Promise<Row[]> {
  const { rows } = await pool.query<Row>(
    `select d.cell_id as id,
            ${columns<DemandModel>('d', 'index', 'params', 'state', 'trials', 'digest', 'estimates', 'cpuSeconds')},
            case when d.state = 'done' then d.stopped end as stopped,
            case when $2 or d.state = 'open' then d.tally
                 else (d.tally::jsonb || '{"escapeHistogram": [], "convergeHistogram": []}')::json end as tally,
            case when $2 or d.state = 'open' then c.canonical end as canonical,
            p.document as premises,
            case when p.document #>> '{control,own}' = 'true' then c.canonical::jsonb #>> '{trial,escape,kind}' end
              as "ownEscape",
            ${columns<CellModel>('c', 'method', 'exits', 'minima', 'classes', 'marks', 'horizon')},
            c.method = any (s.extended) as extended
       from farm.demand d join farm.cell c on c.id = d.cell_id join farm.sweep s on s.id = d.sweep_id
            left join farm.premises p on p.cell_id = d.cell_id and p.version = $3
      where d.sweep_id = $1 order by d.index`,
    [sweepId, all, premisesVersion],
  )
  return rows
}

function merged({
  exits,
  minima,
  classes,
  marks,
  horizon,
  canonical: _,
  extended: __,
  state: ___,
  ...row
}: Row): Common {
  const bytes = 48 + 8 * marks.length
  if (row.estimates !== null) for (const estimate of Object.values(row.estimates)) restoreInfinities(estimate)
  return { ...row, layout: { exits, minima, classes, marks, bytes, horizon, ...valuedBy(row.method) } }
}

/**
 * Turns the text 'Infinity' in a record back into a number, since jsonb can store it only as text. In place, because a
 * sweep may have 10^6 estimates.
 */
function restoreInfinities(record: object): void {
  for (const [key, value] of Object.entries(record)) {
    if (value === 'Infinity') Object.assign(record, { [key]: Number.POSITIVE_INFINITY })
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) restoreInfinities(value)
  }
}

function whole(row: Row, head: SweepHead): WholePrefix {
  const { landscape, method, trial, streams, seed } = JSON.parse(row.canonical!) as Cell
  const demand = demandOf(head.demand, row.method)
  const samples = stepSamples(landscape)
  const original = method.kind === 'tilt' ? method.original : 0
  const circumstances = { demand, cells: head.cells, extended: row.extended, trial, cell: row.id, samples, original }
  return {
    ...merged(row),
    state: row.state,
    demand,
    how: howOf(circumstances, row.stopped),
    trial,
    commonSeed: streams === 'common' ? seed : null,
  }
}

/** The field `valued` that `layoutOf` gives to a cell of this method. */
function valuedBy(method: Method['kind']): Pick<RecordLayout, 'valued'> {
  if (method === 'direct') return {}
  return { valued: method === 'splitting' ? 'replicas' : 'weights' }
}

/**
 * All cells of a sweep with their indices, in order. They are read in pages, since a million cells do not fit into
 * memory.
 */
export async function* cellsOf(
  { pool }: Database,
  sweepId: string,
): AsyncGenerator<{ readonly index: number; readonly cell: Cell }> {
  for (let from = 0; ; from += cellsAtATime) {
    const { rows } = await pool.query<Columns<DemandModel, 'index'> & Columns<CellModel, 'canonical'>>(
      `select d.index, c.canonical from farm.demand d join farm.cell c on c.id = d.cell_id
        where d.sweep_id = $1 and d.index >= $2 and d.index < $3 order by d.index`,
      [sweepId, from, from + cellsAtATime],
    )
    for (const { index, canonical } of rows) yield { index, cell: JSON.parse(canonical) as Cell }
    if (rows.length < cellsAtATime) return
  }
}

/** Cells in a page: some megabytes at most, and few round trips. */
const cellsAtATime = 1000

export interface CellOfSweep {
  readonly cell: Cell
  readonly cellId: CellModel['id']
  readonly index: DemandModel['index']
  readonly layout: RecordLayout
}

/** A cell of a sweep by its index or its id. Throws CELL_NOT_FOUND. */
export async function cellOf(database: Database, sweepId: string, text: string | number): Promise<CellOfSweep> {
  const index = /^\d{1,7}$/.test(String(text)) ? Number(text) : null
  const { rows } = await database.pool.query<Columns<DemandModel, 'index'> & Columns<CellModel, 'id' | 'canonical'>>(
    `select d.index, c.id, c.canonical from farm.demand d join farm.cell c on c.id = d.cell_id
      where d.sweep_id = $1 and (d.index = $2 or d.cell_id = $3) order by d.index = $2 desc, d.index limit 1`,
    [sweepId, index, String(text)],
  )
  const [found] = rows
  if (found === undefined) throw new LedgerError('CELL_NOT_FOUND', `the sweep has no cell ${text}`)
  const cell = JSON.parse(found.canonical) as Cell
  return { cell, cellId: found.id, index: found.index, layout: layoutOf(cell) }
}
