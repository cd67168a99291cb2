import { type Path, valueAt, withValue } from './path.ts'

/** Stands in a document where a value is known to be wrong, so that all else can be read beside it. */
export class Broken {
  readonly written: unknown

  constructor(written: unknown) {
    this.written = written
  }

  /** Messages show what was written. */
  toJSON(): unknown {
    return this.written
  }
}

/** Whether what stands at `path`, or holds it, is known to be wrong. */
export function isBroken(root: unknown, path: Path): boolean {
  for (let depth = 0; depth <= path.length; depth++)
    if (valueAt(root, path.slice(0, depth)) instanceof Broken) return true
  return false
}

/** A copy of `root` with what stands at `path` known to be wrong. */
export function withBroken(root: unknown, path: Path, written: unknown): unknown {
  if (path.length === 0 || isBroken(root, path)) return root
  const made = withValue(root, path, new Broken(written))
  return 'path' in made ? root : made.value
}

/** Whether anything inside a value is known to be wrong. */
export function holdsBroken(value: unknown): boolean {
  if (value instanceof Broken) return true
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBroken)
}
