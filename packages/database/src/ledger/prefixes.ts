import { layoutOf, type RecordLayout } from '@driftfarm/kernel'
import { type Cell, type Demand, type Method, stepSamples } from '@driftfarm/spec'
import { type EscapeKind, type Estimate, type Premises, premisesVersion, type TallyJson } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import { LedgerError } from './errors.ts'
import { shownState } from './shownState.ts'

export interface SweepHead {
  readonly id: string
  readonly name: string
  readonly state: string
  readonly reason: string | null
  readonly seed: string
  /** Swept paths in order. */
  readonly axes: readonly string[]
  readonly cells: number
  readonly demand: Demand
}

export async function sweepHead({ pool }: Database, sweepId: string): Promise<SweepHead> {
  const { rows } = await pool.query<SweepHead>(
    `select s.id, s.name, ${shownState('s')} as state, s.reason, s.seed, s.axes, s.cells, s.demand from farm.sweep s where s.id = $1`,
    [sweepId],
  )
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return rows[0]
}

/** A cell of a sweep with its merged prefix. */
export interface Prefix {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
  readonly layout: RecordLayout
  readonly method: Method['kind']
  /** More trials of its method were asked for after a look at the first ones. */
  readonly extended: boolean
  readonly state: 'open' | 'done' | 'failed'
  readonly trials: number
  /** Without histograms where the demand is done: its estimates are made. `whole`: with them. */
  readonly tally: TallyJson | null
  readonly digest: string | null
  readonly estimates: Readonly<Record<string, Estimate>> | null
  readonly stopped: Readonly<Record<string, unknown>> | null
  readonly cpuSeconds: number
  /** Null: the cell was complete before any were kept. */
  readonly premises: Premises | null
  /** What counts as an escape, where the cell is its own control; else null. */
  readonly ownEscape: EscapeKind
  /** Of open demands; `whole`: of all. */
  readonly trial: Cell['trial'] | null
  /** As `trial`: the seed of common streams; null where the cell has its own. Cells of one seed share the noise of equal trial indices. */
  readonly commonSeed: string | null
  /** Samples whose gradients a step takes; as `trial`. */
  readonly samples: number | null
  /** Share of trials that keep their noise, where others are tilted; 0 for other methods. As `trial`. */
  readonly original: number | null
}

type Row = Omit<Prefix, 'layout' | 'trial' | 'commonSeed' | 'samples' | 'original'> &
  Pick<RecordLayout, 'exits' | 'minima' | 'classes' | 'marks' | 'horizon'> & { readonly canonical: string | null }

/** All cells of a sweep in order. Histograms are most of a tally's bytes, so they are left out where nobody needs them. */
export async function prefixesOf(
  { pool }: Database,
  sweepId: string,
  { whole = false }: { readonly whole?: boolean } = {},
): Promise<Prefix[]> {
  const { rows } = await pool.query<Row>(
    `select d.index, d.cell_id as id, d.params, d.state, d.trials, d.digest, d.estimates, d.stopped, d.cpu_seconds as "cpuSeconds",
            case when $2 or d.state = 'open' then d.tally
                 else d.tally || '{"escapeHistogram": [], "convergeHistogram": []}' end as tally,
            case when $2 or d.state = 'open' then c.canonical end as canonical,
            p.document as premises,
            case when p.document #> '{control,own}' = 'true' then c.canonical::jsonb #>> '{trial,escape,kind}' end as "ownEscape",
            c.method, c.method = any (s.extended) as extended, c.exits, c.minima, c.classes, c.marks, c.horizon
       from farm.demand d join farm.cell c on c.id = d.cell_id join farm.sweep s on s.id = d.sweep_id
            left join farm.premises p on p.cell_id = d.cell_id and p.version = $3
      where d.sweep_id = $1 order by d.index`,
    [sweepId, whole, premisesVersion],
  )
  return rows.map(({ exits, minima, classes, marks, horizon, canonical, ...row }) => {
    const cell = canonical === null ? null : (JSON.parse(canonical) as Cell)
    return {
      ...row,
      layout: { exits, minima, classes, marks, bytes: 48 + 8 * marks.length, horizon, ...valuedBy(row.method) },
      trial: cell?.trial ?? null,
      samples: cell === null ? null : stepSamples(cell.landscape),
      original: cell === null ? null : cell.method.kind === 'tilt' ? cell.method.original : 0,
      commonSeed: cell?.streams === 'common' ? cell.seed : null,
    }
  })
}

/** As `layoutOf` says of a cell of this method. */
function valuedBy(method: Method['kind']): Pick<RecordLayout, 'valued'> {
  if (method === 'direct') return {}
  return { valued: method === 'splitting' ? 'replicas' : 'weights' }
}

/** All cells of a sweep with their indices, in order: some at a time, since a million do not fit into memory together. */
export async function* cellsOf(
  { pool }: Database,
  sweepId: string,
): AsyncGenerator<{ readonly index: number; readonly cell: Cell }> {
  for (let from = 0; ; from += cellsAtATime) {
    const { rows } = await pool.query<{ index: number; canonical: string }>(
      `select d.index, c.canonical from farm.demand d join farm.cell c on c.id = d.cell_id
        where d.sweep_id = $1 and d.index >= $2 and d.index < $3 order by d.index`,
      [sweepId, from, from + cellsAtATime],
    )
    for (const { index, canonical } of rows) yield { index, cell: JSON.parse(canonical) as Cell }
    if (rows.length < cellsAtATime) return
  }
}

/** Megabytes at the most, and few round trips. */
const cellsAtATime = 1000

export interface CellOfSweep {
  readonly cell: Cell
  readonly cellId: string
  readonly index: number
  readonly layout: RecordLayout
}

/** By index or by id. */
export async function cellOf({ pool }: Database, sweepId: string, text: string | number): Promise<CellOfSweep> {
  const asIndex = /^\d{1,7}$/.test(String(text)) ? Number(text) : -1
  const { rows } = await pool.query<{ id: string; canonical: string; index: number }>(
    `select c.id, c.canonical, d.index from farm.demand d join farm.cell c on c.id = d.cell_id
      where d.sweep_id = $1 and (d.cell_id = $2 or d.index = $3) order by d.index = $3 desc limit 1`,
    [sweepId, String(text), asIndex],
  )
  const [row] = rows
  if (row === undefined) throw new LedgerError('CELL_NOT_FOUND', `the sweep has no cell ${text}`)
  const cell = JSON.parse(row.canonical) as Cell
  return { cell, cellId: row.id, index: row.index, layout: layoutOf(cell) }
}
