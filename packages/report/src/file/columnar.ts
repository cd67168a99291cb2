import { documentJson } from '../format/json.ts'

/**
 * A list of values that occur at the same place, such as the trials of all cells: the number of a stored list, lists by
 * their lengths and items, or mappings by their keys and the values of each key.
 */
type Column =
  | number
  | { readonly lengths: number; readonly items: Column }
  | { readonly keys: readonly (readonly string[])[]; readonly of: number; readonly values: Record<string, Column> }

interface Columnar {
  readonly columns: Column
  readonly lists: readonly (readonly unknown[])[]
}

/**
 * JSON of a value in which equal keys of a list of mappings are together, and equal lists are stored once. Compressed,
 * the results of a sweep need half the bytes.
 */
export function columnarJson(value: unknown): string {
  const lists = new Map<string, number>()
  const stored = (values: readonly unknown[]): number => {
    const text = documentJson(values)
    const at = lists.get(text) ?? lists.size
    lists.set(text, at)
    return at
  }
  const columnOf = (all: readonly unknown[]): Column => {
    if (all.every(Array.isArray))
      return { lengths: stored(all.map(({ length }) => length)), items: all.length === 0 ? 0 : columnOf(all.flat()) }
    if (!all.every(isMapping)) return stored(all)
    const kinds = new Map<string, { readonly at: number; readonly keys: readonly string[] }>()
    const values = new Map<string, unknown[]>()
    const of = all.map((each) => {
      const keys = Object.keys(each).filter((key) => each[key] !== undefined)
      for (const key of keys) {
        const known = values.get(key)
        if (known === undefined) values.set(key, [each[key]])
        else known.push(each[key])
      }
      const text = keys.join('\0')
      const kind = kinds.get(text) ?? { at: kinds.size, keys }
      kinds.set(text, kind)
      return kind.at
    })
    return {
      keys: [...kinds.values()].map(({ keys }) => keys),
      of: stored(of),
      values: Object.fromEntries([...values].map(([key, each]) => [key, columnOf(each)])),
    }
  }
  const columns = JSON.stringify(columnOf([value]))
  return `{"columns":${columns},"lists":[${[...lists.keys()].join(',')}]}`
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of `columnarJson`. */
export function fromColumnar(json: string): unknown {
  const { columns, lists } = JSON.parse(json) as Partial<Columnar>
  if (columns === undefined || lists === undefined) throw new Error('another version of Drift Farm wrote the file')
  const valuesOf = (column: Column): readonly unknown[] => {
    if (typeof column === 'number') return lists[column]!
    if ('lengths' in column) {
      const items = valuesOf(column.items)
      let end = 0
      return (lists[column.lengths] as readonly number[]).map((length) => {
        end += length
        return items.slice(end - length, end)
      })
    }
    const { keys, of, values } = column
    const left = new Map(Object.entries(values).map(([key, each]) => [key, valuesOf(each).values()]))
    const valueOf = (key: string) => [key, left.get(key)!.next().value]
    return lists[of]!.map((kind) => Object.fromEntries(keys[kind as number]!.map(valueOf)))
  }
  return valuesOf(columns)[0]
}
