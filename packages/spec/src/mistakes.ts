import type { Path } from './document/path.ts'
import { Mistake, SpecError } from './errors.ts'
import { limits } from './limits.ts'

/** Several mistakes of one piece of work. None at all: it needs what has a mistake itself, which is told elsewhere. */
export class Mistakes extends Error {
  readonly all: readonly Mistake[]

  constructor(all: readonly Mistake[]) {
    super(all.map(({ code }) => code).join(', '))
    this.all = all
  }
}

/** For what cannot be known because of a mistake that is told elsewhere: it makes no second one. */
export function consequence(): Mistakes {
  return new Mistakes([])
}

/** The mistakes that an error stands for; every other error is thrown on. */
export function mistakesIn(error: unknown): readonly Mistake[] {
  if (error instanceof Mistake) return [error]
  if (error instanceof Mistakes) return error.all
  throw error
}

/** The value of each part. All of them are made before the mistakes of any are thrown, together. */
export function together<T extends object>(parts: { readonly [Key in keyof T]: () => T[Key] }): T {
  const made = {} as T
  let mistakes: Mistake[] | null = null
  for (const key of Object.keys(parts) as (keyof T)[]) {
    try {
      made[key] = parts[key]()
    } catch (error) {
      mistakes ??= []
      mistakes.push(...mistakesIn(error))
    }
  }
  if (mistakes !== null) throw new Mistakes(mistakes)
  return made
}

/** As `list.map`, but all mistakes are met before they are thrown, together. */
export function each<Item, Made>(list: readonly Item[], make: (item: Item, index: number) => Made): Made[] {
  const made: Made[] = []
  let mistakes: Mistake[] | null = null
  for (const [i, item] of list.entries()) {
    try {
      made.push(make(item, i))
    } catch (error) {
      mistakes ??= []
      mistakes.push(...mistakesIn(error))
    }
  }
  if (mistakes !== null) throw new Mistakes(mistakes)
  return made
}

/** What `work` gives, or null where it has mistakes: for what can be read besides. */
export function soundOrNull<T>(work: () => T): T | null {
  try {
    return work()
  } catch (error) {
    mistakesIn(error)
    return null
  }
}

/** The mistakes of `work`, or null where it has none. */
export function soundOrMistakes(work: () => unknown): Mistakes | null {
  try {
    work()
    return null
  } catch (error) {
    return new Mistakes(mistakesIn(error))
  }
}

/** The mistakes of a spec as they are met: each place once, those of an earlier one in it counting for all. */
export class Findings {
  readonly #mistakes = new Map<string, Mistake>()
  #failed = false

  /** What `work` gives; null, and its mistakes kept, where it fails. */
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

  /** Throws a SpecError with all that was met, by line, if anything was. */
  report(): void {
    const found = withoutEchoes(this.all)
    if (found.length > 0) throw new SpecError(byPlace(found))
    if (this.#failed) throw new TypeError('a part failed, and no mistake says why')
  }

  #add(mistake: Mistake): void {
    const { source, line, column } = mistake.place!
    const key = JSON.stringify([mistake.code, mistake.path.map(String), source, line, column])
    if (!this.#mistakes.has(key)) this.#mistakes.set(key, mistake)
  }
}

/** What is missing under its right name is not told where a wrong name for it is. */
function withoutEchoes(all: readonly Mistake[]): readonly Mistake[] {
  const isMeant = (path: Path) => [...meant].some((key) => `${key}.`.startsWith(`${path.join('.')}.`))
  const meant = new Set(all.flatMap(({ details }) => (details.meant === undefined ? [] : [details.meant.join('.')])))
  return all.filter(({ code, path, details }) => {
    if (code === 'MISSING') return !isMeant(path)
    // Names of a mapping that stands under a wrong key.
    if (code === 'UNKNOWN_NAME' && [...meant].some((key) => /^landscape\..*(parameters|variables)$/.test(key)))
      return path[0] === 'let' || path[0] === 'sweep'
    if (code !== 'EXACTLY_ONE' || details.reason !== 'none') return true
    return !details.known?.some((key) => meant.has([...path, key].join('.')))
  })
}

/** By line and column within a file; options behind the files, both in the order in which they were met. */
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

/** Runs `work`; its mistakes, which have their places, become a SpecError. */
export function reported<T>(work: () => T): T {
  const findings = new Findings()
  const made = findings.try(work)
  findings.report()
  return made as T
}
