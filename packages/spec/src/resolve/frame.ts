import { Broken } from '../document/broken.ts'
import type { Path } from '../document/path.ts'
import { isMapping, type Mapping, own } from '../document/value.ts'
import { consequence } from '../mistakes.ts'

/** A mapping or list of the document and those around it, outwards: where a name of an expression is looked up. */
export class Frame {
  readonly object: Mapping | readonly unknown[]
  readonly outer: Frame | null
  readonly #key: string | number | null

  constructor(object: Mapping | readonly unknown[], key: string | number | null = null, outer: Frame | null = null) {
    this.object = object
    this.#key = key
    this.outer = outer
  }

  /** What stands at `key`; what is known to be wrong is thrown as the consequence of that mistake. */
  get(key: string | number): unknown {
    const value = this.peek(key)
    if (value instanceof Broken) throw consequence()
    return value
  }

  /** As `get`, but wrong values too. */
  peek(key: string | number): unknown {
    return Array.isArray(this.object) ? this.object[Number(key)] : own(this.object as Mapping, String(key))
  }

  /** Whether a key of this mapping itself is known to be wrong: it may be one that is missing. */
  get hasBroken(): boolean {
    return Object.values(this.object).some((value) => value instanceof Broken)
  }

  /** The frame of the mapping or list at `key`; empty where there is none. */
  inner(key: string | number): Frame {
    const value = this.get(key)
    return new Frame(Array.isArray(value) || isMapping(value) ? value : {}, key, this)
  }

  path(): Path {
    return this.outer === null ? [] : [...this.outer.path(), this.#key!]
  }

  at(key: string | number): Path {
    return [...this.path(), key]
  }

  /** The first key of the path: which section of the document this is. */
  root(): string {
    return this.outer === null ? '' : this.outer.outer === null ? String(this.#key) : this.outer.root()
  }
}
