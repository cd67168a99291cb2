import { createHash } from 'node:crypto'
import { type Demand, demandOf, type ResolvedCell } from '@driftfarm/spec'
import { type Estimate, namesOfEstimates } from '@driftfarm/statistics'
import type pg from 'pg'
import { fieldsOf } from '../connection/values.ts'
import { type EstimateContext, estimateContextOf } from './layouts.ts'

/** A column that the SQL function `cells(name)` returns for a sweep. */
export interface CellsColumn {
  readonly name: string
  readonly type: 'double precision' | 'text'
  readonly of: 'params' | 'estimates'
  /** The path of the parameter, or the name of the estimate. */
  readonly key: string
  readonly field?: (typeof fields)[number]
  /** The position of the column's numbers in `request.numbers`, counted from 1; absent for parameters. */
  readonly at?: number
}

const fields = ['value', 'low', 'high'] as const

/** The view `cell` has columns for these estimates. Their values and limits come first in `request.numbers`. */
const first = ['escape', 'converge', 'diverge', 'escapeRate', 'escapeStep']

/** Maximum length of a PostgreSQL name in bytes. */
const longestName = 63

/** Maps estimates to their positions among the estimates in `request.numbers`, from 0. */
type Placed = ReadonlyMap<string, number>

export class CellsColumns {
  /** For each path, whether all its values are numbers. */
  readonly #params = new Map<string, boolean>()
  readonly #estimates = new Set<string>()
  /** Cells with the same context have estimates with the same names. */
  readonly #seen = new Set<EstimateContext>()

  constructor(
    private readonly demand: Demand,
    private readonly placed: Placed = new Map(),
  ) {}

  observe(params: ResolvedCell['params'], context: EstimateContext): void {
    for (const path in params)
      this.#params.set(path, typeof params[path] === 'number' && this.#params.get(path) !== false)
    if (this.#seen.has(context)) return
    if (this.#seen.size < 1000) this.#seen.add(context)
    const { method, layout, trial } = context
    // `joint` stands for one estimate for each combination of escape, end and settling that occurs in the trials. These
    // combinations are not known in advance.
    for (const name of namesOfEstimates(layout, demandOf(this.demand, method), trial))
      if (name !== 'joint') this.#estimates.add(name)
  }

  all(): readonly CellsColumn[] {
    const params = [...this.#params].map(
      ([key, isNumber]): CellsColumn => ({
        name: fitting(key),
        type: isNumber ? 'double precision' : 'text',
        of: 'params',
        key,
      }),
    )
    let next = Math.max(first.length, ...[...this.placed.values()].map((place) => place + 1))
    const estimates = [...this.#estimates].flatMap((key) => {
      const known = first.indexOf(key)
      const place = known >= 0 ? known : (this.placed.get(key) ?? next++)
      return fields.map(
        (field, n): CellsColumn => ({
          name: columnOf(key, field),
          type: 'double precision',
          of: 'estimates',
          key,
          field,
          at: fields.length * place + n + 1,
        }),
      )
    })
    return distinct([...params, ...estimates])
  }
}

/** Names columns as in the view `cell`: `escape`, `escape_low`, `escape_rate_high`, `exit:upper@100_low`. */
function columnOf(estimate: string, field: (typeof fields)[number]): string {
  const kind = /^[a-z]+/i.exec(estimate)?.[0] ?? ''
  const words = kind.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return fitting(`${words}${estimate.slice(kind.length)}`, field === 'value' ? '' : `_${field}`)
}

/** A name that is too long for PostgreSQL is shortened and gets a hash that makes it unique. */
function fitting(name: string, ending = ''): string {
  if (Buffer.byteLength(name + ending) <= longestName) return name + ending
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 6)
  const room = longestName - 1 - hash.length - ending.length
  let cut = name
  while (Buffer.byteLength(cut) > room) cut = cut.slice(0, -1)
  return `${cut}~${hash}${ending}`
}

/** For example, the lower limit of an exit `a` and the value of an exit `a_low` would have the same name. */
function distinct(columns: readonly CellsColumn[]): CellsColumn[] {
  const taken = new Set<string>()
  return columns.map((column) => {
    let name = column.name
    for (let n = 2; taken.has(name); n++) name = fitting(column.name, `_${n}`)
    taken.add(name)
    return { ...column, name }
  })
}

/** Returns the estimates of a cell as the text of a PostgreSQL array; null if the cell has no estimates. */
export function numbersText(
  columns: readonly CellsColumn[],
  estimates: Readonly<Record<string, Estimate>> | null,
): string | null {
  if (estimates === null) return null
  const numbers: (number | null)[] = Array(fields.length * first.length).fill(null)
  for (const { key, field, at } of columns) {
    if (at === undefined) continue
    while (numbers.length < at) numbers.push(null)
    numbers[at - 1] = estimates[key]?.[field!] ?? null
  }
  return `{${numbers.map((number) => number ?? 'NULL').join(',')}}`
}

/** Adds the columns of a sweep to `cells(name)`. The transaction must hold the lock that serialises submissions. */
export async function storeColumns(
  client: pg.PoolClient,
  sweepId: string,
  columns: readonly CellsColumn[],
): Promise<void> {
  await client.query('update farm.sweep set columns = $2 where id = $1', [sweepId, JSON.stringify(columns)])
  const { rowCount } = await client.query(
    `insert into farm.cells_column (name, type)
     select u.name, u.type from unnest($1::text[], $2::text[]) with ordinality u (name, type, n)
      where not exists (select from farm.cells_column k where k.name = u.name and k.type = u.type)
      order by u.n`,
    [...fieldsOf(columns, 'name', 'type')],
  )
  if (rowCount !== 0) await client.query('select farm.define_cells()')
}

/**
 * The columns of a stored sweep after its request has changed. Stored columns keep their `at`, because cells whose
 * estimates are not recomputed keep their stored `request.numbers`.
 */
export async function columnsOfStored(
  client: pg.PoolClient,
  sweepId: string,
  demand: Demand,
  before: readonly CellsColumn[],
): Promise<readonly CellsColumn[]> {
  const placed = new Map(
    before.flatMap(({ key, field, at }) =>
      at !== undefined && field === 'value' ? [[key, (at - 1) / fields.length]] : [],
    ),
  )
  const columns = new CellsColumns(demand, placed)
  const { rows } = await client.query<Pick<ResolvedCell, 'params' | 'canonical'>>(
    `select distinct on (c.form, p.types) p.params, c.canonical
       from farm.request d join farm.cell c on c.id = d.cell_id
       cross join lateral (
         select d.params, (select jsonb_object_agg(key, jsonb_typeof(value)) from jsonb_each(d.params)) as types) p
      where d.sweep_id = $1 order by c.form, p.types, d.index`,
    [sweepId],
  )
  for (const { params, canonical } of rows) columns.observe(params, estimateContextOf(canonical))
  return columns.all()
}
