import { Broken, isMapping, type Mapping, own, type Path } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { consequentialMistake, Mistakes } from '../mistakes.ts'
import { isCutRemainder } from '../words/flowStyle.ts'
import { unknownKey } from '../words/unknownKey.ts'

/**
 * A mapping or list of the document, with the mappings and lists that enclose it. Names in expressions are looked up
 * from the inside outwards.
 */
export class Frame {
  readonly object: Mapping | readonly unknown[]
  readonly outer: Frame | null
  readonly #key: string | number | null

  constructor(object: Mapping | readonly unknown[], key: string | number | null = null, outer: Frame | null = null) {
    this.object = object
    this.#key = key
    this.outer = outer
  }

  /**
   * The value at `key`. If the value is known to be wrong, throws an empty list of mistakes (see
   * `consequentialMistake`).
   */
  get(key: string | number): unknown {
    const value = this.peek(key)
    if (value instanceof Broken) throw consequentialMistake()
    return value
  }

  /** Like `get`, but also returns values that are known to be wrong. */
  peek(key: string | number): unknown {
    return Array.isArray(this.object) ? this.object[Number(key)] : own(this.object as Mapping, String(key))
  }

  /**
   * Whether a value of this mapping is known to be wrong. The key of such a value may be a misspelling of a key that
   * seems to be missing.
   */
  get hasBroken(): boolean {
    return Object.values(this.object).some((value) => value instanceof Broken)
  }

  /** Returns the frame of an empty mapping if there is no mapping or list at `key`. */
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

  /** The first key of the path, which names the section of the document. */
  root(): string {
    return this.outer === null ? '' : this.outer.outer === null ? String(this.#key) : this.outer.root()
  }
}

export function frameAt(root: Frame, path: Path): Frame {
  return path.reduce((frame, key) => frame.inner(key), root)
}

/** `hint` says which keys are allowed. For a wrong key, `insteadOf` returns the key that was probably meant. */
export function refuseUnknownKeys(
  frame: Frame,
  known: readonly string[],
  hint: string,
  insteadOf: (key: string) => string | undefined = () => undefined,
): void {
  const isRemainder = isCutRemainder(frame.object)
  const wrong = Object.keys(frame.object).filter(
    (key) => !known.includes(key) && !(frame.peek(key) instanceof Broken) && !isRemainder(key),
  )
  if (wrong.length === 0) return
  throw new Mistakes(wrong.map((word) => unknownKey(frame.path(), word, known, { hint, instead: insteadOf(word) })))
}

export function onlyOne<Key extends string>(frame: Frame, keys: readonly Key[]): Key {
  const given = keys.filter((key) => frame.peek(key) !== undefined)
  if (given.length === 1) return given[0]!
  if (given.length === 0 && frame.hasBroken) throw consequentialMistake()
  const reason = given.length === 0 ? 'none' : given.join(' and ')
  throw new Mistake('EXACTLY_ONE', frame.path(), { known: keys, reason })
}
