import { layoutOf, type RecordLayout } from '@driftfarm/kernel'
import { type Cell, type Demand, type DemandState, type Method, type SweepState, stepSamples } from '@driftfarm/spec'
import { type EscapeKind, type Premises, premisesVersion } from '@driftfarm/statistics'
import type { Database } from '../database.ts'
import { type CellModel, type Columns, columns, type DemandModel, type SweepModel } from '../rows.ts'
import { LedgerError } from './errors.ts'
import type { Merged } from './merged.ts'
import { shownState } from './shownState.ts'

export interface SweepHead
  extends Columns<
    SweepModel,
    'id' | 'name' | 'reason' | 'seed' | 'axes' | 'cells' | 'demand',
    { /** Swept paths in order. */ axes: readonly string[]; demand: Demand }
  > {
  readonly state: SweepState
}

export async function sweepHead({ pool }: Database, sweepId: string): Promise<SweepHead> {
  const { rows } = await pool.query<SweepHead>(
    `select ${shownState('s')} as state, ${columns<SweepModel>('s', 'id', 'name', 'reason', 'seed', 'axes', 'cells', 'demand')}
       from farm.sweep s where s.id = $1`,
    [sweepId],
  )
  if (rows[0] === undefined) throw new LedgerError('SWEEP_NOT_FOUND', `no sweep ${sweepId}`)
  return rows[0]
}

/** A cell of a sweep with its merged prefix. */
export interface Prefix
  extends Columns<
      DemandModel,
      'index' | 'params' | 'state',
      { params: Readonly<Record<string, unknown>>; state: DemandState }
    >,
    Omit<Merged, 'tally'> {
  readonly id: CellModel['id']
  readonly layout: RecordLayout
  readonly method: Method['kind']
  /** More trials of its method were asked for after a look at the first ones. */
  readonly extended: boolean
  /** Without histograms where the demand is done: its estimates are made. `whole`: with them. */
  readonly tally: Merged['tally']
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
    `select d.cell_id as id, ${columns<DemandModel>('d', 'index', 'params', 'state', 'trials', 'digest', 'estimates', 'stopped', 'cpuSeconds')},
            case when $2 or d.state = 'open' then d.tally
                 else d.tally || '{"escapeHistogram": [], "convergeHistogram": []}' end as tally,
            case when $2 or d.state = 'open' then c.canonical end as canonical,
            p.document as premises,
            case when p.document #> '{control,own}' = 'true' then c.canonical::jsonb #>> '{trial,escape,kind}' end as "ownEscape",
            ${columns<CellModel>('c', 'method', 'exits', 'minima', 'classes', 'marks', 'horizon')}, c.method = any (s.extended) as extended
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
    const { rows } = await pool.query<Columns<DemandModel, 'index'> & Columns<CellModel, 'canonical'>>(
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
  readonly cellId: CellModel['id']
  readonly index: DemandModel['index']
  readonly layout: RecordLayout
}

/** By index or by id. */
export async function cellOf(database: Database, sweepId: string, text: string | number): Promise<CellOfSweep> {
  const { demand } = await database.prisma()
  const select = { index: true, cell: { select: { id: true, canonical: true } } } as const
  const byIndex = /^\d{1,7}$/.test(String(text)) ? { sweepId, index: Number(text) } : null
  const found =
    (byIndex && (await demand.findUnique({ where: { sweepId_index: byIndex }, select }))) ??
    (await demand.findFirst({ where: { sweepId, cellId: String(text) }, orderBy: { index: 'asc' }, select }))
  if (found === null) throw new LedgerError('CELL_NOT_FOUND', `the sweep has no cell ${text}`)
  const cell = JSON.parse(found.cell.canonical) as Cell
  return { cell, cellId: found.cell.id, index: found.index, layout: layoutOf(cell) }
}
