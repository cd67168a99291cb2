import { evaluate } from '@driftfarm/formula'
import { Broken, isMapping, type Mapping, own, type Path, valueAt } from '../document/value.ts'
import { Mistake, missing, outOfRange, wrongType } from '../errors.ts'
import { limits } from '../limits.ts'
import { consequentialMistake, Mistakes } from '../mistakes.ts'
import { presetNamed } from '../presets/presets.ts'
import { isCutRemainder } from '../words/flowStyle.ts'
import { unknownKey } from '../words/unknownKey.ts'
import { type Expressions, offsetOf } from './expressions.ts'
import { isInRange, type Range, ranges } from './range.ts'
import type { SharedResources } from './sharedResources.ts'

/**
 * A mapping or list of the document, with the mappings and lists that enclose it. Names in expressions are looked up
 * from the inside outwards.
 */
export class Frame {
  constructor(
    readonly scope: Scope,
    readonly object: Mapping | readonly unknown[],
    private readonly key: string | number | null = null,
    readonly outer: Frame | null = null,
  ) {}

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

  /** The number at `key`, which may be written as an expression. A missing number is the fallback, if there is one. */
  number(key: string | number, range: Range, fallback?: number): number {
    return this.scope.number(this, key, range, fallback)
  }

  /** Returns the frame of an empty mapping if there is no mapping or list at `key`. */
  inner(key: string | number): Frame {
    const value = this.get(key)
    return new Frame(this.scope, Array.isArray(value) || isMapping(value) ? value : {}, key, this)
  }

  path(): Path {
    return this.outer === null ? [] : [...this.outer.path(), this.key!]
  }

  at(key: string | number): Path {
    return [...this.path(), key]
  }

  /** The first key of the path, which names the section of the document. */
  root(): string {
    return this.outer === null ? '' : this.outer.outer === null ? String(this.key) : this.outer.root()
  }
}

/** Relative tolerance for an expression whose value must be an integer: 0.3/0.1 is 2.9999999999999996, not 3. */
const integerSlack = 1e-9

/** Names that are known in every part of a spec. */
const everywhere: Readonly<Record<string, Path>> = {
  eta: ['update', 'eta'],
  beta: ['update', 'beta'],
  steps: ['trial', 'steps'],
}

/** The expression may also use the names in `besides`. */
interface Spot {
  readonly frame: Frame
  readonly key: string | number
  readonly text: string
  readonly besides?: readonly string[]
}

/**
 * A name is looked up in this order: in `let`, among the keys of the enclosing mappings from the innermost outwards,
 * among the parameters of the landscape, and among eta, beta, steps and dimension.
 */
export class Scope {
  readonly root: Frame
  readonly library: SharedResources
  /**
   * Everything that the results depend on: the top-level keys of the sections that were read, `let.NAME` for each `let`
   * value, `parameter.NAME` for each parameter of the landscape, and `let` if the set of `let` names matters.
   */
  readonly reads = new Set<string>()
  readonly #isSwept: (path: Path) => boolean
  readonly #numbers = new Map<string, number>()
  readonly #open: string[] = []

  constructor(document: Mapping, library: SharedResources, isSwept: (path: Path) => boolean = () => false) {
    this.library = library
    this.root = new Frame(this, document)
    this.#isSwept = isSwept
  }

  get expressions(): Expressions {
    return this.library.expressions
  }

  number(frame: Frame, key: string | number, range: Range, fallback?: number): number {
    const value = frame.get(key)
    if (value === undefined && fallback !== undefined) return fallback
    let number = typeof value === 'number' ? value : this.#resolved(frame, key, value, range)
    if (range.type === 'integer' && !Number.isInteger(number)) {
      const nearest = Math.round(number)
      const isNear =
        typeof value === 'string' && Math.abs(number - nearest) <= integerSlack * Math.max(1, Math.abs(nearest))
      if (!isNear)
        throw new Mistake('NOT_AN_INTEGER', frame.at(key), {
          value: this.#show(value, number),
          expected: range.expected,
        })
      number = nearest
    }
    if (!isInRange(number, range)) {
      throw outOfRange(frame.at(key), this.#show(value, number), range.expected)
    }
    return number === 0 ? 0 : number
  }

  #lets(): Frame {
    this.reads.add('let')
    return this.root.inner('let')
  }

  get letNames(): readonly string[] {
    return Object.keys(this.#lets().object)
  }

  get markNames(): readonly string[] {
    return Object.keys(this.root.inner('trial').inner('marks').object)
  }

  letNumber(name: string): number | undefined {
    const names = this.#lets()
    if (names.get(name) === undefined) return undefined
    this.reads.add(`let.${name}`)
    return this.number(names, name, ranges.any)
  }

  named(name: string, { frame, key, text, besides = [] }: Spot): number {
    const found = this.#find(name, frame)
    if (typeof found === 'number') return found
    if (found === undefined) {
      const known = [...besides, ...this.#knownNames(frame)]
      throw new Mistake('UNKNOWN_NAME', frame.at(key), { word: name, value: text, known }, offsetOf(name, text))
    }
    const path = found.frame.at(found.key)
    if (this.#isSwept(path)) throw notOneNumber(frame.at(key), name, text, 'is swept')
    if (isMapping(found.frame.get(found.key))) {
      throw notOneNumber(frame.at(key), name, text, 'is a schedule here')
    }
    return this.number(found.frame, found.key, ranges.any)
  }

  #show(value: unknown, number: number): unknown {
    return typeof value === 'string' ? `${value} (${number})` : value
  }

  #resolved(frame: Frame, key: string | number, value: unknown, range: Range): number {
    const path = frame.at(key)
    if (value === undefined) throw missing(path, `${range.expected}, or "= expression"`)
    if (typeof value !== 'string' || !/^\s*=/.test(value)) {
      throw wrongType(path, value, `${range.expected}, or "= expression"`)
    }
    const id = path.join('.')
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    if (this.#open.includes(id)) throw this.#cycle(this.#open.slice(this.#open.indexOf(id)))
    if (this.#open.length >= limits.dependencies)
      throw new Mistake('TOO_DEEP', path, { limit: `${limits.dependencies} numbers in a chain of references` })
    this.#open.push(id)
    try {
      const number = this.#evaluated(value, frame, key)
      this.#numbers.set(id, number)
      return number
    } finally {
      this.#open.pop()
    }
  }

  /**
   * The reported place is the alphabetically first name of the cycle, so it does not depend on where the cycle was
   * entered.
   */
  #cycle(open: readonly string[]): Mistake {
    const start = open.indexOf([...open].sort()[0]!)
    const around = [...open.slice(start), ...open.slice(0, start), open[start]!]
    const path = around[0]!.split('.')
    return new Mistake('CYCLE', path, { value: valueAt(this.root.object, path), reason: around.join(' <- ') })
  }

  #evaluated(text: string, frame: Frame, key: string | number): number {
    const path = frame.at(key)
    const { expression, arrays } = this.expressions.number(text, path)
    for (const array of arrays) {
      throw notOneNumber(path, array, text, 'cannot be indexed here')
    }
    const number = evaluate(expression, (name) => this.named(name, { frame, key, text }))
    if (typeof number !== 'number' || !Number.isFinite(number)) {
      throw new Mistake('NOT_FINITE', path, { value: String(number), reason: `${text.trim()}` })
    }
    return number
  }

  #find(name: string, frame: Frame): { frame: Frame; key: string } | number | undefined {
    const names = this.#lets()
    if (names.get(name) !== undefined) {
      this.reads.add(`let.${name}`)
      return { frame: names, key: name }
    }
    this.reads.add(frame.root())
    for (let around: Frame | null = frame; around?.outer; around = around.outer) {
      if (!isNumberLike(around, name)) continue
      if (around.root() === 'landscape') this.reads.add(`parameter.${name}`)
      return { frame: around, key: name }
    }
    return this.#inLandscape(name) ?? this.#everywhere(name)
  }

  #inLandscape(name: string): { frame: Frame; key: string } | number | undefined {
    this.reads.add('landscape')
    const landscape = this.root.inner('landscape')
    const formula = landscape.inner('formula')
    for (const parameters of [landscape.inner('parameters'), formula.inner('parameters')]) {
      if (parameters.get(name) === undefined) continue
      this.reads.add(`parameter.${name}`)
      return { frame: parameters, key: name }
    }
    const preset = presetNamed(String(landscape.get('preset')))
    const parameter = preset && own(preset.parameters, name)
    if (typeof parameter === 'number') return parameter
    if (name !== 'dimension') return undefined
    for (const frame of [landscape, formula]) if (frame.get(name) !== undefined) return { frame, key: name }
    const variables = formula.get('variables')
    return preset?.dimension ?? (Array.isArray(variables) ? variables.length : undefined)
  }

  #everywhere(name: string): { frame: Frame; key: string } | undefined {
    const path = own(everywhere, name) as Path | undefined
    if (path === undefined) return undefined
    const [section, key] = path as [string, string]
    this.reads.add(section)
    const frame = this.root.inner(section)
    return frame.get(key) === undefined ? undefined : { frame, key }
  }

  #knownNames(frame: Frame): string[] {
    const names = new Set(Object.keys(this.root.inner('let').object))
    for (let around: Frame | null = frame; around?.outer; around = around.outer) {
      for (const key of Object.keys(around.object)) {
        if (!(around.peek(key) instanceof Broken) && isNumberLike(around, key) && !isMapping(around.get(key)))
          names.add(key)
      }
    }
    const landscape = this.root.inner('landscape')
    for (const parameters of [landscape.inner('parameters'), landscape.inner('formula').inner('parameters')]) {
      for (const key of Object.keys(parameters.object)) names.add(key)
    }
    for (const key of Object.keys(presetNamed(String(landscape.peek('preset')))?.parameters ?? {})) names.add(key)
    for (const key of [...Object.keys(everywhere), 'dimension']) names.add(key)
    return [...names]
  }
}

function notOneNumber(path: Path, word: string, value: string, reason: string): Mistake {
  return new Mistake('NOT_ONE_NUMBER', path, { word, value, reason }, offsetOf(word, value))
}

/** A key hides an outer name only if its value is a number, expression or schedule. `rule: gradient` hides nothing. */
function isNumberLike(frame: Frame, name: string): boolean {
  if (Array.isArray(frame.object)) return false
  const value = frame.get(name)
  return (
    typeof value === 'number' ||
    (typeof value === 'string' && /^\s*=/.test(value)) ||
    (isMapping(value) && scheduleKeys.includes(name))
  )
}

const scheduleKeys: readonly string[] = ['eta', 'sigma', 'step', 'temperature', 'q', 'probability']

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
