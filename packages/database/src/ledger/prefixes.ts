import { layoutOf, type RecordLayout, type Tally, zeroTally } from '@driftfarm/kernel'
import { type Cell, type Demand, type DemandState, demandOf, type Method, type SweepState } from '@driftfarm/spec'
import {
  type EscapeKind,
  type Estimate,
  type How,
  howOf,
  type Premises,
  premisesVersion,
  type Stopped,
  type TallyJson,
  tallyFromJson,
} from '@driftfarm/statistics'
import type pg from 'pg'
import type { Database } from '../database.ts'
import { type CellModel, type Columns, columns, type DemandModel, type SweepModel } from '../rows.ts'
import { LedgerError } from './errors.ts'
import { demandsAt } from './feed.ts'
import { lastingOf } from './lasting.ts'
import type { Merged } from './merged.ts'
import { shownState } from './shownState.ts'
import { isSpread, placed } from './spread.ts'

export interface SweepHead
  extends Columns<
    SweepModel,
    'id' | 'name' | 'reason' | 'seed' | 'axes' | 'cells' | 'demand',
    { /** Swept paths, in order. */ axes: readonly string[]; demand: Demand }
  > {
  readonly state: SweepState
}

/** Where statements are read: each by itself from a database, or all of them from one snapshot of it. */
export interface Reading {
  readonly pool: pg.Pool | pg.PoolClient
}

/**
 * Reads everything that `read` asks for from one snapshot, so that the pages of a sweep that is being computed are all
 * of one moment. A reader who leafs through the answer may take an hour: the snapshot holds no lock that others need.
 */
export function snapshotOf<T>(database: Database, read: (reading: Reading) => Promise<T>): Promise<T> {
  return database.transaction(
    async (pool) => {
      await pool.query(`set local idle_in_transaction_session_timeout = '1h'`)
      return read({ pool })
    },
    { isolation: 'repeatable read' },
  )
}

export async function sweepHead({ pool }: Reading, sweepId: string): Promise<SweepHead> {
  const { rows } = await pool.query<SweepHead>(
    `select ${shownState('s')} as state,
            ${columns<SweepModel>('s', 'id', 'name', 'reason', 'seed', 'axes', 'cells', 'demand')}
       from farm.sweep s where s.id = $1`,
    [sweepId],
  )
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return rows[0]
}

/** A cell of a sweep with its merged prefix. A light one lacks histograms and what only estimates need. */
export type Prefix = LightPrefix | WholePrefix

interface Common
  extends Columns<DemandModel, 'index' | 'params', { params: Readonly<Record<string, unknown>> }>,
    Omit<Merged, 'stopped'> {
  readonly id: CellModel['id']
  readonly layout: RecordLayout
  readonly method: Method['kind']
  /** What ended the cell; null where it is open or has failed. */
  readonly stopped: Stopped | null
  /** Null where they were not read, or where the cell was complete before premises were stored. */
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

interface Row extends Omit<Common, 'layout' | 'tally' | 'estimates'> {
  /** See `layouts`. */
  readonly layout: string
  readonly state: WholePrefix['state']
  readonly extended: boolean
  readonly canonical: string | null
  /** JSON as text: what of it is not needed is cut out before it is parsed. */
  readonly tally: string | null
  readonly estimates: string | null
}

/**
 * The cells of a sweep in order and whole, but for their premises, page by page: all of them, or those with the given
 * indices. Histograms make up most of the bytes: use `lightPages` where they are not needed.
 */
export async function* wholePages(
  reading: Reading,
  head: SweepHead,
  among: readonly number[] | null = null,
): AsyncGenerator<readonly WholePrefix[]> {
  for await (const rows of pagesOf(reading, head, { all: true, premises: false, among }))
    yield rows.map((row) => whole(row, head))
}

/**
 * The cells of a sweep in order, page by page: open ones whole, ended ones light. `premises`: false leaves those out,
 * which are a third of the bytes.
 */
export async function* lightPages(
  reading: Reading,
  head: SweepHead,
  { premises = true }: { readonly premises?: boolean } = {},
): AsyncGenerator<readonly Prefix[]> {
  for await (const rows of pagesOf(reading, head, { all: false, premises, among: null }))
    yield rows.map((row) => (row.state === 'open' ? whole(row, head) : { state: row.state, ...merged(row, false) }))
}

/**
 * Letters of JSON in a page, as far as they can be foreseen: enough that round trips do not count, and so few that what
 * is made of them has gone before the next collection of garbage.
 */
const pageLetters = 600_000
/** Cells in the first page, and in any at most. */
const firstCells = 50
const mostCells = 1000

/** The next page is read while the last one is worked on. */
async function* pagesOf(
  { pool }: Reading,
  { id, cells }: Pick<SweepHead, 'id' | 'cells'>,
  {
    all,
    premises,
    among,
  }: { readonly all: boolean; readonly premises: boolean; readonly among: readonly number[] | null },
): AsyncGenerator<Row[]> {
  const read = (from: number, limit: number) => {
    const { sql, values } = demandsAt(
      among === null ? { from, to: from + limit } : { indices: among.slice(from, from + limit) },
    )
    const page = pool.query<Row>(
      `select d.cell_id as id,
              ${columns<DemandModel>('d', 'index', 'params', 'state', 'trials', 'digest', 'cpuSeconds')},
              case when d.state = 'done' then d.stopped end as stopped,
              d.tally::text as tally, d.estimates::text as estimates,
              case when $4 or d.state = 'open' then c.canonical end as canonical,
              p.document as premises, c.method, ${layoutText} as layout, c.method = any (s.extended) as extended
         from ${sql}
         cross join lateral (select * from farm.cell c where c.id = d.cell_id limit 1) c
         join farm.sweep s on s.id = $1
         left join lateral (
           select p.document from farm.premises p
            where $6 and p.cell_id = d.cell_id and p.version = $5 limit 1) p on true
        order by d.index`,
      [id, ...values, all, premisesVersion, premises],
    )
    const owned = page.then(({ rows }) => withOwnEscapes(pool, rows))
    // Nobody may ask for the page any more; who does gets the error all the same.
    owned.catch(() => undefined)
    return owned
  }
  const count = among?.length ?? cells
  for (let from = 0, limit = firstCells, next = read(from, limit); from < count; ) {
    const rows = await next
    from += limit
    if (from < count) {
      const letters = rows.reduce((sum, row) => sum + lettersOf(row), 1000)
      limit = Math.min(mostCells, Math.max(1, Math.floor((pageLetters * limit) / letters)))
      next = read(from, limit)
    }
    if (rows.length > 0) yield rows
  }
}

/** Cells that are their own control are few, and only of them it matters what counts as an escape. */
async function withOwnEscapes(pool: Reading['pool'], rows: readonly Omit<Row, 'ownEscape'>[]): Promise<Row[]> {
  const own = rows.filter(({ premises }) => premises?.control?.own === true).map(({ id }) => id)
  const found =
    own.length === 0
      ? []
      : (
          await pool.query<{ id: string; kind: EscapeKind }>(
            `select c.id, c.canonical::json #>> '{trial,escape,kind}' as kind
               from unnest($1::text[]) u (id)
               cross join lateral (select * from farm.cell c where c.id = u.id limit 1) c`,
            [own],
          )
        ).rows
  const kinds = new Map(found.map(({ id, kind }) => [id, kind]))
  return rows.map((row) => ({ ownEscape: kinds.get(row.id) ?? null, ...row }))
}

const lettersOf = ({ tally, estimates, canonical }: Row): number =>
  1000 + (tally?.length ?? 0) + (estimates?.length ?? 0) + (canonical?.length ?? 0)

/** Histograms of a tally as text, in jsonb and in json. */
const histograms = /"(escape|converge)Histogram": ?\[(?:\[\d+, ?\d+\](?:, ?)?)*\]/g

function merged(row: Row, all: boolean): Common {
  const { method, tally, estimates } = row
  const kept = all ? tally : (tally?.replace(histograms, '"$1Histogram":[]') ?? null)
  return {
    id: row.id,
    index: row.index,
    params: row.params,
    trials: row.trials,
    digest: row.digest,
    cpuSeconds: row.cpuSeconds,
    stopped: row.stopped,
    premises: row.premises,
    ownEscape: row.ownEscape,
    method,
    tally: kept === null ? null : (JSON.parse(kept) as TallyJson),
    estimates: estimates === null ? null : estimatesFrom(estimates),
    layout: layoutFrom(row.layout, method),
  }
}

/** SQL: what of cell c makes its layout, as text. */
const layoutText = `json_build_object(
  'exits', c.exits, 'minima', c.minima, 'classes', c.classes, 'marks', c.marks, 'horizon', c.horizon)::text`

type Named = Pick<RecordLayout, 'exits' | 'minima' | 'classes' | 'marks' | 'horizon'>
let latest: { readonly text: string; readonly method: Method['kind']; readonly layout: RecordLayout } | undefined

/** The layout of the last call is kept: neighbouring cells mostly have the same, and those who read it can tell. */
function layoutFrom(text: string, method: Method['kind']): RecordLayout {
  if (latest?.text === text && latest.method === method) return latest.layout
  const { exits, minima, classes, marks, horizon } = JSON.parse(text) as Named
  const layout = { exits, minima, classes, marks, bytes: 48 + 8 * marks.length, horizon, ...valuedBy(method) }
  latest = { text, method, layout }
  return layout
}

function estimatesFrom(text: string): Readonly<Record<string, Estimate>> {
  const estimates = JSON.parse(text) as Record<string, Estimate>
  if (text.includes('"Infinity"')) restoreInfinities(estimates)
  return estimates
}

/**
 * Turns the text 'Infinity' in a record back into a number, since JSON can store it only as text. In place, because a
 * sweep may have 10^6 estimates.
 */
function restoreInfinities(record: object): void {
  for (const [key, value] of Object.entries(record)) {
    if (value === 'Infinity') Object.assign(record, { [key]: Number.POSITIVE_INFINITY })
    else if (typeof value === 'object' && value !== null && !Array.isArray(value)) restoreInfinities(value)
  }
}

function whole(row: Row, head: SweepHead): WholePrefix {
  const { trial, samples, original, commonSeed } = lastingOf(row.canonical!)
  const demand = demandOf(head.demand, row.method)
  const circumstances = { demand, cells: head.cells, extended: row.extended, trial, cell: row.id, samples, original }
  return { state: row.state, demand, how: howOf(circumstances, row.stopped), trial, commonSeed, ...merged(row, true) }
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
  { pool }: Reading,
  { id, cells }: Pick<SweepHead, 'id' | 'cells'>,
): AsyncGenerator<{ readonly index: number; readonly cell: Cell }> {
  for (let from = 0; from < cells; from += mostCells) {
    const { sql, values } = demandsAt({ from, to: from + mostCells })
    const { rows } = await pool.query<Columns<DemandModel, 'index'> & Columns<CellModel, 'canonical'>>(
      `select d.index, c.canonical from ${sql}
        cross join lateral (select * from farm.cell c where c.id = d.cell_id limit 1) c order by d.index`,
      [id, ...values],
    )
    for (const { index, canonical } of rows) yield { index, cell: JSON.parse(canonical) as Cell }
  }
}

/** A cell of a sweep with nothing but how many of its trials count, and how their records are laid out. */
export type Counted = Pick<Common, 'index' | 'id' | 'trials' | 'layout'>

/** The places of the cells in a sweep, in order, page by page. */
export async function* placesOf(
  { pool }: Reading,
  { id, cells }: Pick<SweepHead, 'id' | 'cells'>,
): AsyncGenerator<readonly Pick<Prefix, 'index' | 'id' | 'params' | 'state'>[]> {
  for (let from = 0; from < cells; from += mostCells) {
    const { sql, values } = demandsAt({ from, to: from + mostCells })
    const { rows } = await pool.query<Pick<Prefix, 'index' | 'id' | 'params' | 'state'>>(
      `select d.cell_id as id, ${columns<DemandModel>('d', 'index', 'params', 'state')} from ${sql} order by d.index`,
      [id, ...values],
    )
    yield rows
  }
}

/** The cells of a sweep that have one method, in order, page by page. */
export async function* countedPages(
  { pool }: Reading,
  { id, cells }: Pick<SweepHead, 'id' | 'cells'>,
  method: Method['kind'],
): AsyncGenerator<readonly Counted[]> {
  for (let from = 0; from < cells; from += mostCells) {
    const { sql, values } = demandsAt({ from, to: from + mostCells })
    const { rows } = await pool.query<Omit<Counted, 'layout'> & Pick<Row, 'layout'>>(
      `select d.cell_id as id, d.index, d.trials, ${layoutText} as layout from ${sql}
        cross join lateral (select * from farm.cell c where c.id = d.cell_id limit 1) c
        where c.method = $4 order by d.index`,
      [id, ...values, method],
    )
    if (rows.length > 0) yield rows.map(({ layout, ...cell }) => ({ layout: layoutFrom(layout, method), ...cell }))
  }
}

/** The cells of a sweep that have one method. */
export interface MethodOutline {
  readonly method: Method['kind']
  readonly cells: number
  /** Trials that count, over all of these cells. */
  readonly trials: number | bigint
  /** Whether one of them has an escape event. */
  readonly escapes: boolean
}

/** What of a sweep is known without reading its cells one by one, by method in the order of the cells. */
export async function outlineOf({ pool }: Reading, sweepId: string): Promise<readonly MethodOutline[]> {
  const { rows } = await pool.query<MethodOutline>(
    `select c.method, count(*) as cells, sum(d.trials)::bigint as trials, bool_or(c.exits <> '{}') as escapes
       from farm.demand d join farm.cell c on c.id = d.cell_id where d.sweep_id = $1
      group by c.method order by min(d.index)`,
    [sweepId],
  )
  return rows
}

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

/**
 * Indices of the cells of a sweep whose premises are stored, in order: all of them, or at most `most`, evenly spread.
 */
export async function indicesWithPremises(
  { pool }: Reading,
  sweepId: string,
  most: number | null = null,
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ index: number }>(
    `select index
       from (select d.index, ${placed('d.index')} from farm.demand d
              where d.sweep_id = $1
                and exists (select from farm.premises p where p.cell_id = d.cell_id and p.version = $2 offset 0)) d
      where $3::int is null or ${isSpread('$3::int')} order by index`,
    [sweepId, premisesVersion, most],
  )
  return rows.map(({ index }) => index)
}
