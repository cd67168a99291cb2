import type { CellsData } from './cells.ts'

/** Returns `before` with the changed cells replaced and new cells added, in the order of their indices. */
export function mergedCells(before: CellsData | null, change: CellsData): CellsData {
  if (before === null) return change
  const places = new Map(before.index.map((index, at) => [index, at]))
  const added = change.index.filter((index) => !places.has(index))
  const order = [...before.index, ...added].sort((a, b) => a - b)
  const changed = new Map(change.index.map((index, at) => [index, at]))
  const list = <T>(old: readonly T[] | undefined, next: readonly T[] | undefined, empty: T): T[] =>
    order.map((index) => {
      const at = changed.get(index)
      if (at !== undefined && next !== undefined) return next[at]!
      return old?.[places.get(index)!] ?? empty
    })
  const keysOf = (a: object, b: object): string[] => [...new Set([...Object.keys(a), ...Object.keys(b)])]
  const estimates = Object.fromEntries(
    keysOf(before.estimates, change.estimates).map((name) => {
      const [old, next] = [before.estimates[name], change.estimates[name]]
      const side = (key: 'value' | 'low' | 'high') => list<number | null>(old?.[key], next?.[key], null)
      return [name, { value: side('value'), low: side('low'), high: side('high') }]
    }),
  )
  return {
    ...change,
    index: order,
    state: list(before.state, change.state, 'waiting'),
    trials: list(before.trials, change.trials, 0),
    shared: list(before.shared, change.shared, 0),
    doubt: list(before.doubt, change.doubt, null),
    params: Object.fromEntries(
      keysOf(before.params, change.params).map((path) => [
        path,
        list<unknown>(before.params[path], change.params[path], null),
      ]),
    ),
    estimates,
  }
}
