import { isMapping, own } from './value.ts'

/** A place in a document: keys of mappings and, for lists, indices from 0. */
export type Path = readonly (string | number)[]

/**
 * Joins keys and indices by dots, as users type paths. The keys of `sweep` are paths themselves; their dots are not
 * escaped.
 */
export function formatPath(path: Path): string {
  return path.join('.')
}

export function parsePath(text: string): Path {
  return text.split('.')
}

/** Whether `inner` equals `outer` or lies below `outer`. */
export function isWithin(inner: Path, outer: Path): boolean {
  return outer.length <= inner.length && outer.every((key, depth) => String(key) === String(inner[depth]))
}

export function valueAt(root: unknown, path: Path): unknown {
  let value = root
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)]
    else if (isMapping(value)) value = own(value, String(key))
    else return undefined
  }
  return value
}

/**
 * The place at which a path cannot be followed, because the value there is neither a mapping nor a list with the next
 * index.
 */
export interface Obstacle {
  readonly path: Path
  readonly value: unknown
}

/**
 * Copies only the mappings and lists along the path, and creates missing mappings. The path must not be empty. Returns
 * an Obstacle if the path cannot be followed.
 */
export function withValue(root: unknown, path: Path, value: unknown, depth = 0): { value: unknown } | Obstacle {
  if (depth === path.length) return { value }
  const key = path[depth]!
  if (Array.isArray(root)) {
    const index = /^\d+$/.test(String(key)) ? Number(key) : -1
    if (index < 0 || index >= root.length) return { path: path.slice(0, depth), value: root }
    const inner = withValue(root[index], path, value, depth + 1)
    if ('path' in inner) return inner
    return { value: root.with(index, inner.value) }
  }
  if (root !== undefined && root !== null && !isMapping(root)) return { path: path.slice(0, depth), value: root }
  const mapping = root ?? {}
  const inner = withValue(own(mapping, String(key)), path, value, depth + 1)
  if ('path' in inner) return inner
  return { value: { ...mapping, [key]: inner.value } }
}
