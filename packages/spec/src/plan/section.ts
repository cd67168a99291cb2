import type { Column, Grid } from '../axes/grid.ts'
import type { Drift, Rule, Schedule, Update } from '../cell.ts'
import { deepFreeze, isWithin, type Path, shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { Scope } from '../field/scope.ts'
import type { SharedResources } from '../field/sharedResources.ts'
import { canonicalJson } from '../identity.ts'
import type { ResolvedLandscape } from '../landscape/minima.ts'
import { Mistakes, mistakesIn } from '../mistakes.ts'
import { resolveDrifts, resolveEta, updateRule } from '../update/update.ts'
import type { Point } from './point.ts'

export interface Section<T> {
  readonly value: T
  /** Canonical JSON of the value, or of a part of it. */
  readonly canonical: string
}

type Made<T> = { readonly section: Section<T> } | { readonly error: unknown }

interface Shared {
  readonly grid: Grid
  readonly library: SharedResources
  /** Names of all values that were read to make the cells so far, such as `let.NAME` and `parameter.NAME`. */
  readonly reads: Set<string>
}

interface Place {
  /** The top-level key of the document from which the section is made. */
  readonly root: string
  /** Whether the section depends on the value at `path`, whose first key is `root`. By default, it always does. */
  readonly holds?: (path: Path) => boolean
}

interface Keeping<T> {
  /** Returns the part of the section's value that `canonical` contains. By default, this is the whole value. */
  readonly part?: (value: T) => unknown
  /** Size of the cache of sections, in characters of canonical JSON. By default, only the last section is cached. */
  readonly room?: number
}

/**
 * Makes the same section of every cell, such as the landscape. A section is made again only if the value of an axis on
 * which it depends has changed.
 * Neighbouring cells share most of their sections, so a million cells take only seconds.
 */
export class SectionMaker<T, Input> {
  readonly #place: Place
  readonly #shared: Shared
  readonly #make: (scope: Scope, input: Input) => T
  readonly #part: (value: T) => unknown
  readonly #room: number
  /** The axes with a path in this section. */
  readonly #always: readonly number[]
  /**
   * The axes on which the sections made so far depend, in ascending order. A point has one digit for each axis. Its
   * digits for these axes form the key of its section in `#made`.
   */
  #axes: readonly number[]
  readonly #made = new Map<number, Made<T>>()
  #size = 0
  #input: Input | undefined

  constructor(
    place: Place,
    shared: Shared,
    make: (scope: Scope, input: Input) => T,
    { part = (value) => value, room = 0 }: Keeping<T> = {},
  ) {
    this.#place = place
    this.#shared = shared
    this.#make = make
    this.#part = part
    this.#room = room
    this.#always = this.#dependencies(new Set())
    this.#axes = this.#always
  }

  /** Mistakes are cached too: every call throws them again. */
  at(point: Point, input: Input): Section<T> {
    if (input !== this.#input) {
      this.#forget()
      this.#input = input
    }
    const made = this.#made.get(this.#key(point)) ?? this.#fresh(point, input)
    if ('error' in made) throw made.error
    return made.section
  }

  /** The digits of the point for `#axes`, read as one mixed-radix number. */
  #key({ digits }: Point): number {
    const { axes } = this.#shared.grid
    let key = 0
    for (const axis of this.#axes) key = key * axes[axis]!.length + digits[axis]!
    return key
  }

  #fresh(point: Point, input: Input): Made<T> {
    const scope = new Scope(point.document, this.#shared.library)
    const made = this.#attempt(scope, input, point)
    for (const name of scope.reads) this.#shared.reads.add(name)
    this.#keep(made, point, scope.reads.size === 0 ? this.#always : this.#dependencies(scope.reads))
    return made
  }

  #keep(made: Made<T>, point: Point, needed: readonly number[]): void {
    const axes = this.#axes
    // The keys in the cache have no digits for the new axes. Points that differ only on a new axis would share a key.
    // So the cache is cleared.
    if (needed.some((axis) => !axes.includes(axis))) {
      this.#axes = [...new Set([...axes, ...needed])].sort((a, b) => a - b)
      this.#forget()
    }
    const size = 'error' in made ? 0 : made.section.canonical.length
    if (this.#size + size > this.#room) this.#forget()
    this.#made.set(this.#key(point), made)
    this.#size += size
  }

  #forget(): void {
    this.#made.clear()
    this.#size = 0
  }

  #attempt(scope: Scope, input: Input, point: Point): Made<T> {
    try {
      const value = deepFreeze(this.#make(scope, input))
      return { section: { value, canonical: canonicalJson(this.#part(value)) } }
    } catch (error) {
      return { error: new Mistakes(mistakesIn(error).map((mistake) => this.#inCell(mistake, scope, point))) }
    }
  }

  /** Adds the swept values to a mistake that occurs only in some cells. */
  #inCell(mistake: Mistake, scope: Scope, point: Point): Mistake {
    if (mistake.code !== 'NOT_A_MINIMUM') return mistake
    const axes = this.#dependencies(scope.reads)
    const columns = axes.flatMap((axis) =>
      this.#shared.grid.axes[axis]!.columns.map(({ name, at }) => `${name} = ${shown(at(point.digits[axis]!))}`),
    )
    if (columns.length === 0) return mistake
    const reason = `${mistake.details.reason}, in cells with ${columns.join(', ')}`
    const hint =
      mistake.details.hint ??
      'if the minimum moves with a swept value, write its coordinates as expressions of this value, or find the ' +
        'minimum of each cell with start: { descend: ... }'
    return new Mistake(mistake.code, mistake.path, { ...mistake.details, reason, hint }, mistake.part, mistake.place)
  }

  /** The axes that sweep a value in this section, or sweep another value that was read to make the section. */
  #dependencies(reads: ReadonlySet<string>): readonly number[] {
    const { root, holds = () => true } = this.#place
    const depends = ({ path }: Column) =>
      (path[0] === root && holds(path)) ||
      (path[0] === 'let' && path.length > 1 ? reads.has(`let.${path[1]}`) : reads.has(String(path[0])))
    return this.#shared.grid.axes.flatMap(({ columns }, axis) => (columns.some(depends) ? [axis] : []))
  }
}

/** Whether one of the two paths contains the other. */
function touches(path: Path, other: Path): boolean {
  return isWithin(path, other) || isWithin(other, path)
}

/**
 * Size of the cache for each kind of part, in characters of canonical JSON: enough for a few thousand step sizes or
 * simple drifts.
 */
const room = 500_000

const eta: Path = ['update', 'eta']
const drift: Path = ['update', 'drift']

/**
 * Makes the updates of cells. If a cell has mistakes, throws only the first. Most sweeps vary the update, so its three
 * parts (rule, step size and drift) are made and cached separately: a grid of 100 step sizes and 100 scales of drift
 * has 10,000 updates, but only 100 step sizes and 100 drifts are made.
 */
export class UpdateMaker {
  readonly #rule: SectionMaker<Rule, null>
  readonly #eta: SectionMaker<Schedule, null>
  readonly #drift: SectionMaker<readonly Drift[], ResolvedLandscape>
  #last: { readonly parts: readonly Section<unknown>[]; readonly section: Section<Update> } | null = null

  constructor(shared: Shared) {
    const root = 'update'
    const holdsRule = (path: Path) => path.length < 2 || !(touches(path, eta) || touches(path, drift))
    this.#rule = new SectionMaker({ root, holds: holdsRule }, shared, updateRule, { room })
    this.#eta = new SectionMaker({ root, holds: (path) => touches(path, eta) }, shared, resolveEta, { room })
    this.#drift = new SectionMaker({ root, holds: (path) => touches(path, drift) }, shared, resolveDrifts, { room })
  }

  /** Returns the same object as before if all parts are the same objects as before. */
  at(point: Point, resolved: ResolvedLandscape): Section<Update> {
    const rule = this.#rule.at(point, null)
    const eta = this.#eta.at(point, null)
    const drift = this.#drift.at(point, resolved)
    const last = this.#last
    if (last !== null && last.parts[0] === rule && last.parts[1] === eta && last.parts[2] === drift) return last.section
    const value: Update = Object.freeze({ rule: rule.value, eta: eta.value, drift: drift.value })
    const canonical = `{"drift":${drift.canonical},"eta":${eta.canonical},"rule":${rule.canonical}}`
    const section = { value, canonical }
    this.#last = { parts: [rule, eta, drift], section }
    return section
  }
}
