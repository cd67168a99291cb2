import type { Path } from './document/value.ts'
import { Mistake, SpecError } from './errors.ts'
import { limits } from './limits.ts'

/**
 * Several mistakes found together. An empty list means that something could not be checked because of a mistake that is
 * reported elsewhere.
 */
export class Mistakes extends Error {
  constructor(readonly all: readonly Mistake[]) {
    super(all.map(({ code }) => code).join(', '))
  }
}

/** Thrown where a value is unknown because of a mistake that is reported elsewhere. */
export function consequentialMistake(): Mistakes {
  return new Mistakes([])
}

/** Rethrows any error that is not a mistake. */
export function mistakesIn(error: unknown): readonly Mistake[] {
  if (error instanceof Mistake) return [error]
  if (error instanceof Mistakes) return error.all
  throw error
}

/**
 * Calls every function in `parts` with `from`, even if some of them throw, and throws all their mistakes together at
 * the end.
 */
export function collectParts<T extends object>(parts: { readonly [Key in keyof T]: () => T[Key] }): T
export function collectParts<T extends object, From>(
  parts: { readonly [Key in keyof T]: (from: From) => T[Key] },
  from: From,
): T
export function collectParts<T extends object>(
  parts: { readonly [Key in keyof T]: (from: unknown) => T[Key] },
  from?: unknown,
): T {
  // A copy has the shape of the result already: adding key after key takes several times as long.
  const made = { ...parts } as object as T
  collect(Object.keys(parts) as (keyof T)[], (key) => {
    made[key] = parts[key](from)
  })
  return made
}

/** Like `list.map`, but the mistakes of all items are thrown together at the end. */
export function collectEach<Item, Made>(list: readonly Item[], make: (item: Item, index: number) => Made): Made[] {
  const made: Made[] = []
  collect(list, (item, i) => made.push(make(item, i)))
  return made
}

function collect<Item>(list: readonly Item[], work: (item: Item, index: number) => void): void {
  let mistakes: Mistake[] | null = null
  for (const [i, item] of list.entries()) {
    try {
      work(item, i)
    } catch (error) {
      mistakes ??= []
      mistakes.push(...mistakesIn(error))
    }
  }
  if (mistakes !== null) throw new Mistakes(mistakes)
}

/** Runs `work`, and changes each mistake that it throws. */
export function withMistakes<T>(work: () => T, change: (mistake: Mistake) => Mistake): T {
  try {
    return work()
  } catch (error) {
    throw new Mistakes(mistakesIn(error).slice(0, limits.placedErrors).map(change))
  }
}

/** Returns null if `work` throws mistakes, so that checks can continue with the parts that can be read. */
export function validOrNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    mistakesIn(error)
    return null
  }
}

/** Records the same mistake at the same place only once. */
export class Findings {
  readonly #mistakes = new Map<string, Mistake>()
  #failed = false

  /** If `work` throws mistakes, records them and returns null. */
  try<T>(work: () => T): T | null {
    try {
      return work()
    } catch (error) {
      for (const mistake of mistakesIn(error)) this.#add(mistake)
      this.#failed = true
      return null
    }
  }

  get failed(): boolean {
    return this.#failed
  }

  get full(): boolean {
    return this.#mistakes.size >= limits.errors
  }

  get all(): readonly Mistake[] {
    return [...this.#mistakes.values()]
  }

  /** Throws a SpecError with all collected mistakes, ordered by line, if there are any. */
  report(): void {
    const found = withoutEchoes(this.all)
    if (found.length > 0) throw new SpecError(byPlace(found))
    if (this.#failed) throw new TypeError('internal error: a part could not be read, but no mistake was recorded')
  }

  #add(mistake: Mistake): void {
    const { source, line, column } = mistake.place!
    const key = JSON.stringify([mistake.code, mistake.path.map(String), source, line, column])
    if (!this.#mistakes.has(key)) this.#mistakes.set(key, mistake)
  }
}

/**
 * Drops mistakes that only follow from a misspelt key. For example, if an unknown key was meant to be `eta`, `eta` is
 * not also reported as missing.
 */
function withoutEchoes(all: readonly Mistake[]): readonly Mistake[] {
  const isMeant = (path: Path) => [...meant].some((key) => `${key}.`.startsWith(`${path.join('.')}.`))
  const meant = new Set(all.flatMap(({ details }) => (details.meant === undefined ? [] : [details.meant.join('.')])))
  return all.filter(({ code, path, details }) => {
    if (code === 'MISSING') return !isMeant(path)
    // If the key `parameters` or `variables` is misspelt, its names are unknown everywhere. These mistakes are dropped,
    // except in `let` and `sweep`.
    if (code === 'UNKNOWN_NAME' && [...meant].some((key) => /^landscape\..*(parameters|variables)$/.test(key)))
      return path[0] === 'let' || path[0] === 'sweep'
    if (code !== 'EXACTLY_ONE' || details.reason !== 'none') return true
    return !details.known?.some((key) => meant.has([...path, key].join('.')))
  })
}

/** Sorts the mistakes of each file by line and column. Mistakes in options come after mistakes in files. */
function byPlace(mistakes: readonly Mistake[]): Mistake[] {
  const sources = [...new Set(mistakes.map(({ place }) => place!.source))]
  const rank = ({ place }: Mistake) => {
    const { source, line, column } = place!
    return line === null ? [1, sources.indexOf(source), 0, 0] : [0, sources.indexOf(source), line, column ?? 0]
  }
  return [...mistakes].sort((a, b) => {
    const [first, second] = [rank(a), rank(b)]
    const differs = first.findIndex((value, i) => value !== second[i])
    return differs < 0 ? 0 : first[differs]! - second[differs]!
  })
}

/** Throws all mistakes of `work` as one SpecError. Each mistake must already have its place. */
export function reported<T>(work: () => T): T {
  const findings = new Findings()
  const value = findings.try(work)
  findings.report()
  return value as T
}

/**
 * Defers `make` to the first call and caches its value. An error is cached too: every call throws it again, so that it
 * is reported by each part that needs the value.
 */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | { readonly error: unknown } | null = null
  return () => {
    if (made === null) {
      try {
        made = { value: make() }
      } catch (error) {
        made = { error }
      }
    }
    if ('error' in made) throw made.error
    return made.value
  }
}
