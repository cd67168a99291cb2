import type { SettingValue } from '@driftfarm/spec'
import type { CellNumbers } from '../document/results.ts'
import type { StreamedResults } from '../document/streamed.ts'
import type { ParquetColumn, ParquetRows, ParquetValues } from '../format/parquet.ts'
import { estimateColumns, flatCounts } from './resultsCsv.ts'

type Value = number | bigint | string | boolean | null
type Type = ParquetColumn['type']

const parts = ['cell', 'settings', 'trials', 'counts', 'estimates', 'end'] as const
type Fields = Readonly<Record<(typeof parts)[number], ReadonlyMap<string, Value>>>

/** The values of this many cells take a few megabytes. */
const groupCells = 5_000

/**
 * The cells of results as typed columns: the columns of the CSV output, and one more for each setting. The columns and
 * their types depend on all cells, so the cells are read twice.
 */
export async function cellsParquet(results: Pick<StreamedResults, 'numbers' | 'settings'>): Promise<ParquetRows> {
  const seen = parts.map(() => new Map<string, { type: Type | null; count: number }>())
  let cells = 0
  for await (const fields of fieldsOf(results)) {
    cells++
    for (const [at, part] of parts.entries())
      for (const [name, value] of fields[part]) {
        const column = seen[at]!.get(name) ?? { type: null, count: 0 }
        if (value !== null) {
          column.type = common(column.type, typeOf(value))
          column.count++
        }
        seen[at]!.set(name, column)
      }
  }
  const columns = seen.flatMap((part, at) =>
    [...part].map(([name, { type, count }]) => ({
      part: parts[at]!,
      name,
      type: name === 'index' ? ('INT32' as const) : (type ?? 'STRING'),
      nullable: count < cells,
    })),
  )
  return {
    columns,
    async *groups() {
      let group: Value[][] = columns.map(() => [])
      for await (const fields of fieldsOf(results)) {
        for (const [at, { part, name, type }] of columns.entries())
          group[at]!.push(asType(fields[part].get(name) ?? null, type))
        if (group[0]!.length < groupCells) continue
        yield group as readonly ParquetValues[]
        group = columns.map(() => [])
      }
      yield group as readonly ParquetValues[]
    },
  }
}

async function* fieldsOf({ numbers, settings }: Pick<StreamedResults, 'numbers' | 'settings'>): AsyncGenerator<Fields> {
  const further = settings()[Symbol.asyncIterator]()
  for await (const cell of numbers()) yield fieldsOfCell(cell, (await further.next()).value ?? new Map())
}

function fieldsOfCell(cell: CellNumbers, settings: ReadonlyMap<string, SettingValue>): Fields {
  const { index, id, params, trials, counts, estimates, stopped, steps, cpuSeconds, digest } = cell
  const swept = Object.entries(params).map(([path, value]): [string, Value] => [path, plain(value)])
  const others = [...settings].filter(([path]) => !(path in params))
  return {
    cell: new Map<string, Value>([
      ['index', index],
      ['id', id],
    ]),
    settings: new Map<string, Value>([...swept, ...others]),
    trials: new Map<string, Value>([['trials', BigInt(trials)]]),
    counts: new Map(
      Object.entries(flatCounts(counts)).map(([name, count]): [string, Value] => [`counts.${name}`, BigInt(count)]),
    ),
    estimates: new Map(
      Object.entries(estimates).flatMap(([name, estimate]) =>
        estimateColumns.map((column): [string, Value] => [`${name}.${column}`, estimate[column]]),
      ),
    ),
    end: new Map<string, Value>([
      ['stopped', stopped?.rule ?? null],
      ['steps', BigInt(steps)],
      ['cpuSeconds', cpuSeconds],
      ['digest', digest],
    ]),
  }
}

const plain = (value: unknown): Value =>
  typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean' || value === null
    ? value
    : JSON.stringify(value)

function typeOf(value: NonNullable<Value>): Type {
  switch (typeof value) {
    case 'bigint':
      return 'INT64'
    case 'boolean':
      return 'BOOLEAN'
    case 'number':
      return 'DOUBLE'
    default:
      return 'STRING'
  }
}

const common = (a: Type | null, b: Type): Type => (a === null || a === b ? b : 'STRING')

const asType = (value: Value, type: Type): Value =>
  value === null || type !== 'STRING' || typeof value === 'string' ? value : String(value)
