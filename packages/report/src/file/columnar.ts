import { documentJson } from '../format/json.ts'

/**
 * A list of values that occur at the same place, such as the trials of all cells: the number of a stored list, lists by
 * their lengths and items, or mappings by their keys and the values of each key.
 */
type Column =
  | number
  | { readonly lengths: number; readonly items: Column }
  | { readonly of: number; readonly keys: readonly string[][]; readonly values: Readonly<Record<string, Column>> }

/**
 * JSON of a value in which equal keys of a list of mappings are together, and equal lists are stored once. Compressed,
 * the results of a sweep need half the bytes.
 */
export function columnarJson(value: unknown): string {
  const lists = new Map<string, number>()
  const stored = (values: readonly unknown[]): number => {
    const text = documentJson(values)
    if (!lists.has(text)) lists.set(text, lists.size)
    return lists.get(text)!
  }
  const columnOf = (all: readonly unknown[]): Column => {
    if (all.length === 0 || !(all.every(Array.isArray) || all.every(isMapping))) return stored(all)
    if (all.every(Array.isArray))
      return { lengths: stored(all.map(({ length }) => length)), items: columnOf(all.flat()) }
    const kinds = new Map<string, number>()
    const values = new Map<string, unknown[]>()
    const of = all.map((each) => {
      const keys = Object.keys(each).filter((key) => each[key] !== undefined)
      for (const key of keys) values.get(key)?.push(each[key]) ?? values.set(key, [each[key]])
      const kind = keys.join('\0')
      return kinds.get(kind) ?? kinds.set(kind, kinds.size).size - 1
    })
    const keys = [...kinds.keys()].map((kind) => (kind === '' ? [] : kind.split('\0')))
    return { keys, of: stored(of), values: Object.fromEntries([...values].map(([key, each]) => [key, columnOf(each)])) }
  }
  const columns = JSON.stringify(columnOf([value]))
  return `{"columns":${columns},"lists":[${[...lists.keys()].join(',')}]}`
}

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The value of `columnarJson`. */
export function fromColumnar(json: string): unknown {
  const { columns, lists } = JSON.parse(json) as { columns?: Column; lists: readonly (readonly never[])[] }
  if (columns === undefined) throw new Error('another version of Drift Farm wrote the file')
  const valuesOf = (column: Column): readonly unknown[] => {
    if (typeof column === 'number') return lists[column]!
    if ('lengths' in column) {
      const items = valuesOf(column.items).values()
      return lists[column.lengths]!.map((length) => Array.from({ length }, () => items.next().value))
    }
    const left = new Map(Object.entries(column.values).map(([key, each]) => [key, valuesOf(each).values()]))
    const valueOf = (key: string) => [key, left.get(key)!.next().value]
    return lists[column.of]!.map((kind) => Object.fromEntries(column.keys[kind]!.map(valueOf)))
  }
  return valuesOf(columns)[0]
}
