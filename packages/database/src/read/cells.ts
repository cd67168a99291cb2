import { layoutOf } from '@driftfarm/kernel'
import type { Answer } from '@driftfarm/report'
import type { Cell, Method } from '@driftfarm/spec'
import type { Check } from '@driftfarm/statistics'
import type { Database, ReadSource } from '../connection/database.ts'
import { isEvenlySpaced, rankColumns, requestsAt, requestsTrials } from '../ledger/conditions.ts'
import { LedgerError } from '../ledger/errors.ts'
import { estimateContextOf } from '../ledger/layouts.ts'
import { type Columns, columns } from '../ledger/rows.ts'
import type { Prefix, SweepHead } from './prefixes.ts'

const maxCells = 1000

type CellsOf = Pick<SweepHead, 'id' | 'cells'>

/**
 * The rows of `statement` for the requests of a sweep, page by page, since a million cells do not fit into memory. The
 * parameters $1 to $3 select the page (see `requestsAt`), and those from $4 on are `more`.
 */
export async function* pagesOf<Row extends object>(
  { pool }: ReadSource,
  { id, cells }: CellsOf,
  statement: (requests: string) => string,
  ...more: readonly unknown[]
): AsyncGenerator<Row[]> {
  for (let from = 0; from < cells; from += maxCells) {
    const { sql, values } = requestsAt({ from, to: from + maxCells })
    yield (await pool.query<Row>(statement(sql), [id, ...values, ...more])).rows
  }
}

/** All requested cells of a sweep, with their indices, in order; in a search, only the visited cells. */
export async function* cellsOf(reading: ReadSource, head: CellsOf) {
  const pages = pagesOf<Columns<'Request', 'index'> & Columns<'Cell', 'canonical'>>(
    reading,
    head,
    (requests) => `
      select d.index, c.canonical from ${requests}
       cross join lateral (select * from farm.cell c where c.id = d.cell_id limit 1) c
       where ${requestsTrials('d')} order by d.index`,
  )
  for await (const rows of pages)
    for (const { index, canonical } of rows) yield { index, cell: JSON.parse(canonical) as Cell }
}

/** A cell of a sweep with its number of counted trials. */
export type Counted = Pick<Prefix, 'index' | 'id' | 'trials' | 'layout'>

/** A cell of a sweep with its parameters and state, but without its data. */
export type CellPlace = Pick<Prefix, 'index' | 'id' | 'params' | 'state'>

/** The cells of a sweep without their data, in order, page by page. */
export const placesOf = (reading: ReadSource, head: CellsOf): AsyncGenerator<readonly CellPlace[]> =>
  pagesOf<CellPlace>(
    reading,
    head,
    (requests) => `
      select d.cell_id as id, ${columns<'Request'>('d', 'index', 'params', 'state')} from ${requests}
       where ${requestsTrials('d')} order by d.index`,
  )

/** The cells of a sweep with the given method, in order, page by page. */
export async function* countedPages(
  reading: ReadSource,
  head: CellsOf & Pick<SweepHead, 'layout'>,
  method: Method['kind'],
): AsyncGenerator<readonly Counted[]> {
  const pages = pagesOf<Omit<Counted, 'layout'> & { readonly canonical: string | null }>(
    reading,
    head,
    (requests) => `
      select d.cell_id as id, d.index, d.trials, case when $5 then c.canonical end as canonical from ${requests}
       cross join lateral (select * from farm.cell c where c.id = d.cell_id limit 1) c
       where c.method = $4 and ${requestsTrials('d')} order by d.index`,
    method,
    head.layout === null,
  )
  for await (const rows of pages)
    if (rows.length > 0)
      yield rows.map(({ canonical, ...cell }) => ({
        layout: (head.layout ?? estimateContextOf(canonical!)).layout,
        ...cell,
      }))
}

/** Counts the cells and trials that belong only to these sweeps. */
export async function lostWith({ pool }: Database, sweepIds: readonly string[]): Promise<Answer<'removal'>> {
  const { rows } = await pool.query<Answer<'removal'>>(
    `with held as (
       select d.cell_id, exists (
                select from farm.request o where o.cell_id = d.cell_id and o.sweep_id <> all($1)) as kept
         from (select distinct cell_id from farm.request where sweep_id = any($1)) d)
     select count(*) filter (where not kept) as cells, count(*) filter (where kept) as kept,
            coalesce(sum(b.trials) filter (where not kept), 0)::text as trials
       from held
      cross join lateral (select sum(count) as trials from farm.batch b where b.cell_id = held.cell_id) b`,
    [sweepIds],
  )
  return rows[0]!
}

/** A summary of the cells of a sweep that have the same method. */
export interface MethodOutline {
  readonly method: Method['kind']
  readonly cells: number
  /** Total number of counted trials of these cells. */
  readonly trials: number | bigint
  /** Whether any of these cells has an escape event. */
  readonly escapes: boolean
}

/** The stored checks of finished cells, in order, page by page. Cells whose checks are all good are left out. */
export const checkPages = (reading: ReadSource, head: CellsOf) =>
  pagesOf<Columns<'Request', 'index' | 'checks', { checks: readonly Check[] }>>(
    reading,
    head,
    (requests) => `
      select d.index, d.checks from ${requests}
       where d.state = 'done' and ${requestsTrials('d')} and d.checks::text <> '[]' order by d.index`,
  )

type Totals = Pick<MethodOutline, 'cells' | 'trials'> & { readonly finished: number }

/** Counts the cells, the finished cells and the counted trials of a sweep. The cells themselves are not read. */
export async function totalsOf({ pool }: ReadSource, sweepId: string): Promise<Totals> {
  const { rows } = await pool.query<Totals>(
    `select count(*) as cells, count(*) filter (where d.state = 'done') as finished,
            coalesce(sum(d.trials), 0)::bigint as trials
       from farm.request d where d.sweep_id = $1 and ${requestsTrials('d')}`,
    [sweepId],
  )
  return rows[0]!
}

/** Summarises the cells of each method, in the order of the cells, without reading the cells one by one. */
export async function outlineOf({ pool }: ReadSource, sweepId: string): Promise<readonly MethodOutline[]> {
  const { rows } = await pool.query<MethodOutline>(
    `select c.method, count(*) as cells, sum(d.trials)::bigint as trials, bool_or(c.exits <> '{}') as escapes
       from farm.request d join farm.cell c on c.id = d.cell_id where d.sweep_id = $1 and ${requestsTrials('d')}
      group by c.method order by min(d.index)`,
    [sweepId],
  )
  return rows
}

export type CellOfSweep = Readonly<Awaited<ReturnType<typeof cellOf>>>

/** A cell of a sweep by its index or its id. Throws CELL_NOT_FOUND. */
export async function cellOf({ pool }: ReadSource, sweepId: string, text: string | number) {
  const index = /^\d{1,7}$/.test(String(text)) ? Number(text) : null
  const { rows } = await pool.query<
    Columns<'Request', 'index' | 'params', Pick<CellPlace, 'params'>> & Columns<'Cell', 'id' | 'canonical'>
  >(
    `select d.index, d.params, c.id, c.canonical from farm.request d join farm.cell c on c.id = d.cell_id
      where d.sweep_id = $1 and (d.index = $2 or d.cell_id = $3) order by d.index = $2 desc, d.index limit 1`,
    [sweepId, index, String(text)],
  )
  const [found] = rows
  if (found === undefined) throw new LedgerError('CELL_NOT_FOUND', `the sweep has no cell ${text}`)
  const cell = JSON.parse(found.canonical) as Cell
  return { cell, cellId: found.id, index: found.index, params: found.params, layout: layoutOf(cell) }
}

/**
 * Returns the indices of the cells that have trials, except those in `but`, in ascending order. If `most` is not null,
 * at most `most` indices are returned, evenly spread.
 */
export async function indicesWithTrials(
  { pool }: ReadSource,
  sweepId: string,
  { but, most }: { readonly but: readonly number[]; readonly most: number | null },
): Promise<readonly number[]> {
  const { rows } = await pool.query<{ index: number }>(
    `select index
       from (select d.index, ${rankColumns('d.index')} from farm.request d
              where d.sweep_id = $1 and d.trials > 0 and d.index <> all($2::int[])) d
      where $3::int is null or ${isEvenlySpaced('$3::int')} order by index`,
    [sweepId, but, most],
  )
  return rows.map(({ index }) => index)
}
