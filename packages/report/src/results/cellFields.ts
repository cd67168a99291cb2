import type { SettingValue } from '@driftfarm/spec'
import type { CellNumbers } from '../document/results.ts'
import type { StreamedResults } from '../document/streamed.ts'
import type { ParquetColumn } from '../format/parquet.ts'

export type FieldValue = number | bigint | string | boolean | null

/** Groups of columns, in their order, with the columns of a table without cells. */
const groups = {
  cell: ['index', 'id'],
  settings: [],
  trials: ['trials'],
  counts: [],
  estimates: [],
  end: ['stopped', 'steps', 'cpuSeconds', 'digest'],
} as const
type Group = keyof typeof groups
export type CellFields = Readonly<Record<Group, Readonly<Record<string, FieldValue>>>>

type Type = ParquetColumn['type']

/** The columns and their types depend on all cells. */
export async function cellColumns(
  all: AsyncIterable<CellFields>,
): Promise<readonly (ParquetColumn & { group: Group })[]> {
  const seen = Object.entries(groups).map(([group, names]) => {
    return { group: group as Group, columns: new Map(names.map((name: string) => [name, emptyColumn()])) }
  })
  let cells = 0
  for await (const fields of all) {
    cells++
    for (const { group, columns } of seen)
      for (const [name, value] of Object.entries(fields[group])) {
        const column = columns.get(name) ?? emptyColumn()
        columns.set(name, column)
        if (value === null) continue
        const type = types[typeof value as keyof typeof types]
        column.type = column.type === null || column.type === type ? type : 'STRING'
        column.count++
      }
  }
  return seen.flatMap(({ group, columns }) =>
    [...columns].map(([name, { type, count }]) => ({
      group,
      name,
      type: name === 'index' ? 'INT32' : (type ?? 'STRING'),
      nullable: count < cells,
    })),
  )
}

const emptyColumn = (): { type: Type | null; count: number } => ({ type: null, count: 0 })

const types = { bigint: 'INT64', boolean: 'BOOLEAN', number: 'DOUBLE', string: 'STRING' } as const

const estimateColumns = ['value', 'low', 'high', 'confidence', 'method'] as const

/**
 * A cell of results as columns. Their names follow the structure of the Results document: `counts.ends.converged`,
 * `escape.low`. `settings` has further settings by path; those that are swept come first.
 */
export function fieldsOf(cell: CellNumbers, settings: Iterable<readonly [string, SettingValue]> = []): CellFields {
  const { index, id, params, trials, counts, estimates, stopped, steps, cpuSeconds, digest } = cell
  const set: Record<string, FieldValue> = {}
  for (const path in params) set[path] = plain(params[path])
  for (const [path, value] of settings) if (!(path in params)) set[path] = value
  const counted: Record<string, FieldValue> = { 'counts.escaped': BigInt(counts.escaped) }
  for (const group of ['ends', 'exits', 'settled', 'classes', 'marks'] as const)
    for (const name in counts[group]) counted[`counts.${group}.${name}`] = BigInt(counts[group][name as never])
  const estimated: Record<string, FieldValue> = {}
  for (const name in estimates)
    for (const column of estimateColumns) estimated[`${name}.${column}`] = estimates[name]![column]
  return {
    cell: { index, id },
    settings: set,
    trials: { trials: BigInt(trials) },
    counts: counted,
    estimates: estimated,
    end: { stopped: stopped?.rule ?? null, steps: BigInt(steps), cpuSeconds, digest },
  }
}

type Cells = Pick<StreamedResults, 'numbers'> & Partial<Pick<StreamedResults, 'settings'>>

export async function* fieldsOfAll({ numbers, settings }: Cells): AsyncGenerator<CellFields> {
  const further = settings?.()[Symbol.asyncIterator]()
  for await (const cell of numbers()) yield fieldsOf(cell, (await further?.next())?.value ?? [])
}

const plain = (value: unknown): FieldValue =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as FieldValue)
