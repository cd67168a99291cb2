import { restored } from '@driftfarm/formula'
import { type RecordLayout, type Tally, zeroTally } from '@driftfarm/kernel'
import type { StatusData, SweptRange } from '@driftfarm/report'
import { type Cell, type Demand, type DemandState, demandOf, type Method, type SweepState } from '@driftfarm/spec'
import {
  type CheckedCell,
  type EscapeKind,
  type Estimate,
  type Premises,
  premisesVersion,
  type SampleSizeChoice,
  type Stopped,
  sampleSizeChoiceOf,
  type TallyJson,
  tallyFromJson,
} from '@driftfarm/statistics'
import { lookUp, type ReadSource } from '../connection/database.ts'
import { prepared } from '../connection/prepared.ts'
import type { CellsColumn } from '../ledger/cellsColumns.ts'
import { displayedState, method, requestsAt, requestsTrials } from '../ledger/conditions.ts'
import { LedgerError } from '../ledger/errors.ts'
import { estimateContextOf, type MethodLayout } from '../ledger/layouts.ts'
import { type Columns, columns, type RowOf } from '../ledger/rows.ts'
import type { MergedPrefix } from '../ledger/settlement.ts'

export interface SweepHead
  extends Columns<
    'Sweep',
    'id' | 'name' | 'reason' | 'seed' | 'axes' | 'ranges' | 'cells' | 'demand' | 'layout' | 'columns',
    {
      /** Swept paths, in order. */
      axes: readonly string[]
      /** Null if the sweep was stored before its ranges were. */
      ranges: readonly SweptRange[] | null
      demand: Demand
      /** The method and layout that all cells share; null if they differ or were not stored. */
      layout: MethodLayout | null
      columns: readonly CellsColumn[]
    }
  > {
  readonly state: SweepState
  /** The key `method` of documents; null if it is absent there. */
  readonly method: StatusData['method'] | null
  /** Changes whenever the stored data of a cell changes, but not when its computation only starts or stops. */
  readonly version: string
}

export async function sweepHead({ pool }: ReadSource, sweepId: string): Promise<SweepHead> {
  const { rows } = await pool.query<SweepHead>(
    `select ${displayedState('s')} as state, ${method('s')} as method,
            ${columns<'Sweep'>('s', 'id', 'name', 'reason', 'seed', 'axes', 'ranges', 'cells', 'demand', 'layout')},
            s.columns, concat_ws('.', s.submission, s.batches, s.trials, s.done, s.failed, s.state) as version
       from farm.sweep s where s.id = $1`,
    [sweepId],
  )
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return rows[0]
}

/**
 * A cell of a sweep with its merged prefix. A light prefix lacks histograms and the data that are needed only for
 * estimates.
 */
export type Prefix = LightPrefix | WholePrefix

interface Common
  extends Columns<'Request', 'index' | 'params', { params: Readonly<Record<string, unknown>> }>,
    Omit<MergedPrefix, 'stopped'> {
  readonly id: RowOf<'Cell'>['id']
  readonly layout: RecordLayout
  readonly method: Method['kind']
  /** The rule that ended the cell; null if it is open or has failed. */
  readonly stopped: Stopped | null
  /** The premises of the cell; null if they were not read, or if the cell was complete before premises were stored. */
  readonly premises: Premises | null
  /** The escape event, if the cell is its own control run; otherwise null. */
  readonly ownEscape: EscapeKind
}

export interface LightPrefix extends Common {
  readonly state: Exclude<DemandState, 'open'>
}

export interface WholePrefix extends Common {
  readonly state: DemandState
  /** The part of the sweep's request that applies to cells with this method. */
  readonly demand: Demand
  readonly choice: SampleSizeChoice
  readonly trial: Cell['trial']
  /**
   * The seed of common streams: cells with the same seed share the noise of trials with equal index. Null if the cell
   * has independent streams.
   */
  readonly commonSeed: string | null
  /** Whether the cell has only one batch, whose tally and digest equal those of the cell; false if not checked. */
  readonly matchesBatch: boolean
}

/** The tally of a prefix. Without trials, all counts are 0, and the tally lacks the additional horizons. */
export const tallyOf = ({ tally, layout }: Pick<Prefix, 'tally' | 'layout'>): Tally =>
  tally === null ? zeroTally(layout, []) : tallyFromJson(tally, layout)

/** What the checks of a cell examine. */
export const checkedCell = (
  prefix: Prefix,
  estimates: CheckedCell['estimates'],
  { replicas }: Demand,
): CheckedCell => ({
  tally: tallyOf(prefix),
  estimates,
  ended: prefix.stopped?.rule ?? null,
  horizon: prefix.layout.horizon,
  premises: prefix.premises,
  escape: prefix.ownEscape,
  isSplitToo: replicas !== undefined,
})

interface Row extends Omit<Common, 'layout' | 'method' | 'tally' | 'estimates'> {
  readonly state: WholePrefix['state']
  /** Null if the cell is not needed: the prefix is light, and all cells of the sweep share their layout. */
  readonly canonical: string | null
  readonly extended: RowOf<'Request'>['extended']
  /** JSON. Unneeded parts are cut out before it is parsed. */
  readonly tally: string | null
  readonly estimates: string | null
  readonly matchesBatch: boolean
}

interface PageOptions {
  readonly premises?: boolean
  readonly batches?: boolean
  readonly unvisited?: boolean
  readonly among?: readonly number[] | null | undefined
}

// The functions below return cells in pages. They omit cells that a threshold search did not visit, unless `unvisited`
// is true.

/**
 * The cells of a sweep with all their data, in order, page by page. `among` selects cells by their indices. Histograms
 * make up most of the bytes, so use `lightPages` if they are not needed. `matchesBatch` is checked only if `batches` is
 * true.
 */
export async function* wholePages(
  reading: ReadSource,
  head: SweepHead,
  among: readonly number[] | null = null,
  options: Omit<PageOptions, 'among'> = {},
): AsyncGenerator<readonly WholePrefix[]> {
  for await (const rows of pagesOf(reading, head, true, { ...options, among }))
    yield rows.map((row) => whole(row, head))
}

/**
 * The cells of a sweep in order, page by page. Open cells have all their data, ended cells only a light prefix.
 * Premises make up a third of the bytes, and are omitted if `premises` is false.
 */
export async function* lightPages(
  reading: ReadSource,
  head: SweepHead,
  options: Omit<PageOptions, 'batches'> = {},
): AsyncGenerator<readonly Prefix[]> {
  for await (const rows of pagesOf(reading, head, false, { premises: true, ...options }))
    yield rows.map((row) =>
      row.state === 'open' ? whole(row, head) : { state: row.state, ...merged(row, head, false) },
    )
}

/**
 * Approximate number of JSON characters in a page. It is large enough that round trips do not matter, and small enough
 * that the objects of a page are short-lived for the garbage collector.
 */
const pageLetters = 600_000
const firstCells = 50
const maxCells = 1000

/**
 * SQL: whether request d is done and its cell has exactly one batch, whose tally and digest equal those stored with the
 * request. Comparing the batch with the request in the database takes half as long as reading both.
 */
const matchesBatch = `
  (d.state = 'done' and coalesce(
    (select count(*) = 1 and bool_and(b.tally::text = d.tally::text and b.digest = d.digest)
       from (select tally, digest from farm.batch
              where cell_id = d.cell_id and first < d.trials and digest is not null limit 2) b), false))`

/** While the caller processes a page, the next one is read. */
async function* pagesOf(
  { pool }: ReadSource,
  { id, cells, layout }: Pick<SweepHead, 'id' | 'cells' | 'layout'>,
  all: boolean,
  { premises = false, batches = false, unvisited = false, among }: PageOptions,
): AsyncGenerator<Row[]> {
  const read = (from: number, limit: number) => {
    const { sql, values } = requestsAt(
      among ? { indices: among.slice(from, from + limit) } : { from, to: from + limit },
    )
    const statement = prepared(`
      select d.cell_id as id,
             ${columns<'Request'>('d', 'index', 'params', 'state', 'trials', 'digest', 'cpuSeconds', 'extended')},
             case when d.state = 'done' then d.stopped end as stopped,
             d.tally::text as tally, d.estimates::text as estimates,
             case when $4 or $7 or d.state = 'open'
                  then (select c.canonical from farm.cell c where c.id = d.cell_id) end as canonical,
             case when $6
                  then (select p.document from farm.premises p where p.cell_id = d.cell_id and p.version = $5)
                   end as premises,
             ${batches ? matchesBatch : 'false'} as "matchesBatch"
        from ${sql}
       where ${unvisited || requestsTrials('d')}
       order by d.index`)
    const page = lookUp<Row>(pool, statement, [id, ...values, all, premisesVersion, premises, layout === null])
    const owned = page.then(({ rows }) => withOwnEscapes(pool, rows))
    // If the caller stops early, nothing awaits the page that was read ahead. An error of that page must not end the
    // process. If the page is awaited, the error is still thrown.
    owned.catch(() => undefined)
    return owned
  }
  const count = among?.length ?? cells
  for (let from = 0, limit = firstCells, next = read(from, limit); from < count; ) {
    const rows = await next
    from += limit
    if (from < count) {
      const letters = rows.reduce((sum, row) => sum + lettersOf(row), 1000)
      limit = Math.min(maxCells, Math.max(1, Math.floor((pageLetters * limit) / letters)))
      next = read(from, limit)
    }
    if (rows.length > 0) yield rows
  }
}

/** Cells that are their own control runs are rare, so a separate query reads their escape events. */
async function withOwnEscapes(pool: ReadSource['pool'], rows: readonly Omit<Row, 'ownEscape'>[]): Promise<Row[]> {
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

/** Matches the histograms in the text of a tally, whether it is jsonb or json. */
const histograms = /"(escape|converge)Histogram": ?\[(?:\[\d+, ?\d+\](?:, ?)?)*\]/g

function merged({ tally, estimates, ...row }: Row, head: Pick<SweepHead, 'layout'>, all: boolean): Common {
  const { method, layout } = head.layout ?? estimateContextOf(row.canonical!)
  const kept = all ? tally : (tally?.replace(histograms, '"$1Histogram":[]') ?? null)
  // These fields come before the spread, because adding a field after a spread takes a microsecond.
  return {
    method,
    layout,
    tally: kept === null ? null : (JSON.parse(kept) as TallyJson),
    estimates: estimates === null ? null : estimatesFrom(estimates),
    ...row,
  }
}

/** JSON can store an infinity only as a string. */
function estimatesFrom(text: string): Readonly<Record<string, Estimate>> {
  const estimates = JSON.parse(text) as Record<string, Estimate>
  return text.includes('Infinity"') ? restored(estimates) : estimates
}

function whole(row: Row, head: SweepHead): WholePrefix {
  const { trial, samples, original, commonSeed } = estimateContextOf(row.canonical!)
  const prefix = merged(row, head, true)
  const demand = demandOf(head.demand, prefix.method)
  const circumstances = { demand, cells: head.cells, extended: row.extended, trial, cell: row.id, samples, original }
  const choice = sampleSizeChoiceOf(circumstances, row.stopped)
  return { state: row.state, demand, choice, trial, commonSeed, matchesBatch: row.matchesBatch, ...prefix }
}
