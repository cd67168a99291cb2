import { documentJson } from '../format/json.ts'

/**
 * The values at one place of all items, for example the trials of all cells. There are three forms. A number is the
 * place of a list in `lists`. Long lists are stored as their lengths and one column of all their items. Mappings and
 * short lists are stored as one column for each key. Of each value, `of` then has the kind: its place in `kinds`, where
 * a kind is the keys of a mapping, the length of a list, or null. Lengths and `of` are places in `lists` too.
 */
type Column =
  | number
  | { readonly lengths: number; readonly items: Column }
  | { readonly kinds: readonly Kind[]; readonly of: number; readonly values: Readonly<Record<string, Column>> }
type Kind = readonly string[] | number | null

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
    const isSplit = all.some((each) => each !== null) && all.every((each) => typeof each === 'object')
    if (!isSplit) return stored(all)
    if (all.every(Array.isArray) && all.some(({ length }) => length > maxKeys))
      return { lengths: stored(all.map(({ length }) => length)), items: columnOf(all.flat()) }
    const kinds = new Map<string, number>()
    const values = new Map<string, unknown[]>()
    const of = (all as readonly (Readonly<Record<string, unknown>> | null)[]).map((each) => {
      const keys = each && Object.keys(each).filter((key) => each[key] !== undefined)
      for (const key of keys ?? []) values.get(key)?.push(each![key]) ?? values.set(key, [each![key]])
      const kind = JSON.stringify(Array.isArray(each) ? each.length : keys)
      return kinds.get(kind) ?? kinds.set(kind, kinds.size).size - 1
    })
    const columns = [...values].map(([key, each]) => [key, columnOf(each)])
    const known = [...kinds.keys()].map((kind) => JSON.parse(kind))
    return { kinds: known, of: stored(of), values: Object.fromEntries(columns) }
  }
  const columns = JSON.stringify(columnOf([value]))
  return `{"columns":${columns},"lists":[${[...lists.keys()].join(',')}]}`
}

/** Longer lists are not split into one list for each place. */
const maxKeys = 32

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
    const next = (key: string): unknown => left.get(key)!.next().value
    return lists[column.of]!.map((at) => {
      const kind = column.kinds[at]!
      if (typeof kind === 'number') return Array.from({ length: kind }, (_, place) => next(String(place)))
      return kind && Object.fromEntries(kind.map((key) => [key, next(key)]))
    })
  }
  return valuesOf(columns)[0]
}
