import { oneLine } from './text.ts'

/**
 * Swept subtrees by what tells them apart: of mappings only the leaves that are not the same in all of them.
 *
 *     subtreeLabels([{ rule: 'adam', eta: 1 }, { rule: 'adam', eta: 2 }, 'none']) // ['eta 1', 'eta 2', 'none']
 */
export function subtreeLabels(values: readonly unknown[]): string[] {
  const leaves = values.map((value) => (isMapping(value) ? new Map(leavesOf(value)) : null))
  const mappings = leaves.filter((each) => each !== null)
  const same = (path: string) => mappings.every((each) => each.get(path) === mappings[0]!.get(path))
  return leaves.map((each, at) => {
    if (each === null) return oneLine(values[at])
    const own = [...each].filter(([path]) => !same(path))
    if (own.length === 0) return oneLine(values[at])
    return own.map(([path, text]) => `${path.slice(path.lastIndexOf('.') + 1)} ${text}`).join(', ')
  })
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function leavesOf(value: Readonly<Record<string, unknown>>, prefix = ''): [path: string, text: string][] {
  return Object.entries(value).flatMap(([key, inner]): [string, string][] =>
    isMapping(inner) ? leavesOf(inner, `${prefix}${key}.`) : [[prefix + key, oneLine(inner)]],
  )
}
