/** A mapping of the document. Its keys are untrusted: read them only with `own`. */
export type Mapping = Readonly<Record<string, unknown>>

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Reads an own property only, so that a key such as `toString` does not find an inherited property. */
export function own(mapping: Mapping, key: string): unknown {
  return Object.hasOwn(mapping, key) ? mapping[key] : undefined
}

/** The text of a value in messages: at most 80 characters, on one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? 'nothing')
  return text.length > 80 ? `${text.slice(0, 77)}...` : text
}

export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
  return value
}

/**
 * Normalises a text to NFC, so that names match in whatever form an editor or a file system wrote them. macOS, for
 * example, decomposes Hangul syllables in file names.
 */
export const composed = (text: string): string => text.normalize('NFC')

export const decomposed = (text: string): string => text.normalize('NFD')

/**
 * A place in a document: keys of mappings and, for lists, indices from 0. Users type it with dots between them. The
 * keys of `sweep` are paths themselves; their dots are not escaped.
 */
export type Path = readonly (string | number)[]

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
interface Obstacle {
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

/** Placeholder for a value that is known to be wrong, so that the rest of the document can still be checked. */
export class Broken {
  constructor(readonly written: unknown) {}

  /** Messages show values as JSON; a broken value is shown as written. */
  toJSON(): unknown {
    return this.written
  }
}

/** Whether the value at `path`, or a list or mapping that contains it, is known to be wrong. */
export function isBroken(root: unknown, path: Path): boolean {
  for (let depth = 0; depth <= path.length; depth++)
    if (valueAt(root, path.slice(0, depth)) instanceof Broken) return true
  return false
}

export function withBroken(root: unknown, path: Path, written: unknown): unknown {
  if (path.length === 0 || isBroken(root, path)) return root
  const made = withValue(root, path, new Broken(written))
  return 'path' in made ? root : made.value
}

export function holdsBroken(value: unknown): boolean {
  if (value instanceof Broken) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBroken)
}
