import { type RecordLayout, type Tally, zeroTally } from '@driftfarm/kernel'
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
import { type Database, lookUp } from '../database.ts'
import { prepared } from '../prepared.ts'
import { type CellModel, type Columns, columns, type DemandModel, type SweepModel } from '../rows.ts'
import { demandsAt } from './demandsAt.ts'
import { isAsked } from './driven.ts'
import { LedgerError } from './errors.ts'
import { lastingOf } from './lasting.ts'
import { type MethodLayout, methodLayoutFrom, methodLayoutText } from './layouts.ts'
import type { Merged } from './merged.ts'
import { shownState } from './shownState.ts'

export interface SweepHead
  extends Columns<
    SweepModel,
    'id' | 'name' | 'reason' | 'seed' | 'axes' | 'cells' | 'demand' | 'layout',
    {
      /** Swept paths, in order. */
      axes: readonly string[]
      demand: Demand
      /** What all cells share; null where they differ, or it was not stored. */
      layout: MethodLayout | null
    }
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
 * `keepsPlans`: all of it is found by keys, page by page.
 */
export function snapshotOf<T>(
  database: Database,
  read: (reading: Reading) => Promise<T>,
  { keepsPlans = false }: { readonly keepsPlans?: boolean } = {},
): Promise<T> {
  return database.transaction(
    async (pool) => {
      await pool.query(`set local idle_in_transaction_session_timeout = '1h'`)
      return read({ pool })
    },
    { isolation: 'repeatable read', keepsPlans },
  )
}

export async function sweepHead({ pool }: Reading, sweepId: string): Promise<SweepHead> {
  const { rows } = await pool.query<SweepHead>(
    `select ${shownState('s')} as state,
            ${columns<SweepModel>('s', 'id', 'name', 'reason', 'seed', 'axes', 'cells', 'demand', 'layout')}
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
  /** Whether its only batch has tally and digest of it to the letter; false where that was not asked. */
  readonly matchesBatch: boolean
}

/** The tally of a prefix. Without trials it is zero and has no horizons. */
export const tallyOf = ({ tally, layout }: Pick<Prefix, 'tally' | 'layout'>): Tally =>
  tally === null ? zeroTally(layout, []) : tallyFromJson(tally, layout)

interface Row extends Omit<Common, 'layout' | 'method' | 'tally' | 'estimates'> {
  /** See `methodLayoutText`; null where all cells share theirs. */
  readonly layout: string | null
  readonly state: WholePrefix['state']
  readonly canonical: string | null
  readonly extended: DemandModel['extended']
  /** JSON as text: what of it is not needed is cut out before it is parsed. */
  readonly tally: string | null
  readonly estimates: string | null
  readonly matchesBatch: boolean
}

// Cells that a search did not visit are in no document.

/**
 * The cells of a sweep in order and whole, but for their premises unless they are asked for, page by page: all of them,
 * or those with the given indices. Histograms make up most of the bytes: use `lightPages` where they are not needed.
 * `batches`: whether each is compared with its only batch.
 */
export async function* wholePages(
  reading: Reading,
  head: SweepHead,
  among: readonly number[] | null = null,
  { premises = false, batches = false }: { readonly premises?: boolean; readonly batches?: boolean } = {},
): AsyncGenerator<readonly WholePrefix[]> {
  for await (const rows of pagesOf(reading, head, { all: true, premises, batches, among }))
    yield rows.map((row) => whole(row, head))
}

/**
 * The cells of a sweep in order, page by page: open ones whole, ended ones light. `premises`: false leaves those out,
 * which are a third of the bytes.
 */
export async function* lightPages(
  reading: Reading,
  head: SweepHead,
  { premises = true, among }: { readonly premises?: boolean; readonly among?: readonly number[] | undefined } = {},
): AsyncGenerator<readonly Prefix[]> {
  for await (const rows of pagesOf(reading, head, { all: false, premises, batches: false, among: among ?? null }))
    yield rows.map((row) =>
      row.state === 'open' ? whole(row, head) : { state: row.state, ...merged(row, head, false) },
    )
}

/**
 * Letters of JSON in a page, as far as they can be foreseen: enough that round trips do not count, and so few that what
 * is made of them has gone before the next collection of garbage.
 */
const pageLetters = 600_000
/** Cells in the first page, and in any at most. */
const firstCells = 50
const mostCells = 1000

/**
 * SQL: demand d is done and has one batch, with tally and digest of it to the letter. Most cells of large sweeps have,
 * and comparing them where they are stored takes half as long as reading the same twice.
 */
const matchesBatch = `
  (d.state = 'done' and coalesce(
    (select count(*) = 1 and bool_and(b.tally::text = d.tally::text and b.digest = d.digest)
       from (select tally, digest from farm.batch
              where cell_id = d.cell_id and first < d.trials and digest is not null limit 2) b), false))`

/** The next page is read while the last one is worked on. */
async function* pagesOf(
  { pool }: Reading,
  { id, cells, layout }: Pick<SweepHead, 'id' | 'cells' | 'layout'>,
  {
    all,
    premises,
    batches,
    among,
  }: {
    readonly all: boolean
    readonly premises: boolean
    readonly batches: boolean
    readonly among: readonly number[] | null
  },
): AsyncGenerator<Row[]> {
  const read = (from: number, limit: number) => {
    const { sql, values } = demandsAt(
      among === null ? { from, to: from + limit } : { indices: among.slice(from, from + limit) },
    )
    const statement = prepared(`
      select d.cell_id as id,
             ${columns<DemandModel>('d', 'index', 'params', 'state', 'trials', 'digest', 'cpuSeconds', 'extended')},
             case when d.state = 'done' then d.stopped end as stopped,
             d.tally::text as tally, d.estimates::text as estimates,
             case when $4 or d.state = 'open'
                  then (select c.canonical from farm.cell c where c.id = d.cell_id) end as canonical,
             case when $6
                  then (select p.document from farm.premises p where p.cell_id = d.cell_id and p.version = $5)
                   end as premises,
             case when $7 then (select ${methodLayoutText} from farm.cell c where c.id = d.cell_id) end as layout,
             ${batches ? matchesBatch : 'false'} as "matchesBatch"
        from ${sql}
       where ${isAsked('d')}
       order by d.index`)
    const page = lookUp<Row>(pool, statement, [id, ...values, all, premisesVersion, premises, layout === null])
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

function merged(row: Row, head: Pick<SweepHead, 'layout'>, all: boolean): Common {
  const { tally, estimates } = row
  const { method, layout } = head.layout ?? methodLayoutFrom(row.layout!)
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
    layout,
  }
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
  const prefix = merged(row, head, true)
  const demand = demandOf(head.demand, prefix.method)
  const circumstances = { demand, cells: head.cells, extended: row.extended, trial, cell: row.id, samples, original }
  const how = howOf(circumstances, row.stopped)
  // In front of what is spread: behind it, each field of a new name takes a microsecond.
  return { state: row.state, demand, how, trial, commonSeed, matchesBatch: row.matchesBatch, ...prefix }
}
