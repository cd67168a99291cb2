import { type Path, valueAt, withValue } from './path.ts'

/** Placeholder for a value that is known to be wrong, so that the rest of the document can still be checked. */
export class Broken {
  readonly written: unknown

  constructor(written: unknown) {
    this.written = written
  }

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
