import type { Column, Grid } from '../axes/grid.ts'
import type { Update } from '../cell.ts'
import { deepFreeze, isWithin, type Path, shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { Scope } from '../field/frame.ts'
import type { SharedResources } from '../field/sharedResources.ts'
import { rememberCanonical } from '../identity.ts'
import type { Others } from '../landscape/minima.ts'
import { collectParts, Mistakes, mistakesIn, validOrNull } from '../mistakes.ts'
import { resolveChanges } from '../update/changes.ts'
import { resolveDrifts } from '../update/drift.ts'
import { resolveRule } from '../update/rule.ts'
import { resolveEta } from '../update/update.ts'
import type { Point } from './point.ts'

type Made<T> = { readonly value: T } | { readonly error: unknown }

interface Shared {
  readonly grid: Grid
  readonly library: SharedResources
  /** Names of all values that were read to make the cells so far, such as `let.NAME` and `parameter.NAME`. */
  readonly reads: Set<string>
}

interface Keeping<T> {
  /** The part of the section that a cell contains. By default, this is the whole section. */
  readonly part?: (value: T) => unknown
  /** Size of the cache of sections, in characters of canonical JSON. By default, only the last section is cached. */
  readonly room?: number
}

/**
 * Makes the same section of every cell, such as the landscape. A section is made again only if the value of an axis on
 * which it depends, or another section that it has read, has changed.
 * Neighbouring cells share most of their sections, so a million cells take only seconds.
 */
export class SectionMaker<T> {
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
  /** The other sections that the cached sections have read. */
  readonly #seen = new Map<keyof Others, unknown>()

  /** `holds`: whether the value at a path is part of the section. */
  constructor(
    private readonly holds: (path: Path) => boolean,
    private readonly shared: Shared,
    private readonly make: (scope: Scope, others: Others) => T,
    { part = (value) => value, room = 0 }: Keeping<T> = {},
  ) {
    this.#part = part
    this.#room = room
    this.#always = this.#dependencies(new Set())
    this.#axes = this.#always
  }

  /** Mistakes are cached too: every call throws them again. */
  at(point: Point, others: Others): T {
    for (const [key, value] of this.#seen) if (validOrNull<unknown>(others[key]) !== value) this.#forget()
    const made = this.#made.get(this.#key(point)) ?? this.#fresh(point, others)
    if ('error' in made) throw made.error
    return made.value
  }

  /** The digits of the point for `#axes`, read as one mixed-radix number. */
  #key({ digits }: Point): number {
    const { axes } = this.shared.grid
    let key = 0
    for (const axis of this.#axes) key = key * axes[axis]!.length + digits[axis]!
    return key
  }

  #fresh(point: Point, others: Others): Made<T> {
    const scope = new Scope(point.document, this.shared.library)
    const seen = new Map<keyof Others, unknown>()
    const watched = <Key extends keyof Others>(key: Key) => {
      const value = others[key]()
      seen.set(key, value)
      return value as ReturnType<Others[Key]>
    }
    const { made, size } = this.#attempt(scope, point, {
      resolved: () => watched('resolved'),
      trial: () => watched('trial'),
      update: () => watched('update'),
    })
    for (const name of scope.reads) this.shared.reads.add(name)
    const needed = scope.reads.size === 0 ? this.#always : this.#dependencies(scope.reads)
    // The keys in the cache have no digits for the new axes. Points that differ only on a new axis would share a key.
    // So the cache is cleared.
    const isNew = needed.some((axis) => !this.#axes.includes(axis))
    if (isNew) this.#axes = [...new Set([...this.#axes, ...needed])].sort((a, b) => a - b)
    if (isNew || this.#size + size > this.#room) this.#forget()
    this.#made.set(this.#key(point), made)
    this.#size += size
    for (const [key, value] of seen) this.#seen.set(key, value)
    return made
  }

  #forget(): void {
    this.#made.clear()
    this.#seen.clear()
    this.#size = 0
  }

  #attempt(scope: Scope, point: Point, others: Others): { readonly made: Made<T>; readonly size: number } {
    try {
      const value = deepFreeze(this.make(scope, others))
      return { made: { value }, size: rememberCanonical(this.#part(value)).length }
    } catch (error) {
      const mistakes = mistakesIn(error).map((mistake) => this.#inCell(mistake, scope, point))
      return { made: { error: new Mistakes(mistakes) }, size: 0 }
    }
  }

  /** Adds the swept values to a mistake that occurs only in some cells. */
  #inCell(mistake: Mistake, scope: Scope, point: Point): Mistake {
    if (mistake.code !== 'NOT_A_MINIMUM') return mistake
    const axes = this.#dependencies(scope.reads)
    const columns = this.shared.grid.entries
      .filter(({ axis }) => axes.includes(axis))
      .map(({ column, axis }) => `${column.name} = ${shown(column.at(point.digits[axis]!))}`)
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
    const depends = ({ path }: Column) =>
      this.holds(path) ||
      (path[0] === 'let' && path.length > 1 ? reads.has(`let.${path[1]}`) : reads.has(String(path[0])))
    return this.shared.grid.axes.flatMap(({ columns }, axis) => (columns.some(depends) ? [axis] : []))
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

const update: Path = ['update']
const eta: Path = ['update', 'eta']
const drift: Path = ['update', 'drift']

type Parts = Pick<Update, 'rule' | 'eta' | 'drift'> & { readonly changes: Partial<Update> }

/**
 * Makes the updates of cells. Most sweeps vary the update, so its parts (rule, step size, drift and others) are made
 * and cached separately: a grid of 100 step sizes and 100 scales of drift has 10,000 updates, but only 100 step sizes
 * and 100 drifts are made.
 */
export class UpdateMaker {
  readonly #parts: { readonly [Key in keyof Parts]: (of: { point: Point; others: Others }) => Parts[Key] }

  /**
   * `isRepaired`: whether values of a wrong shape are marked as broken. A value may be marked because of a key in
   * another part of the update, so each part then depends on the whole update.
   */
  constructor(shared: Shared, isRepaired: boolean) {
    const part = <T>(holds: (path: Path) => boolean, make: (scope: Scope, others: Others) => T) => {
      const isPart = (path: Path) => (isRepaired ? touches(path, update) : holds(path))
      const maker = new SectionMaker<T>(isPart, shared, make, { room })
      return ({ point, others }: { point: Point; others: Others }) => maker.at(point, others)
    }
    const isOfRule = (path: Path) =>
      touches(path, update) && (path.length < 2 || !(touches(path, eta) || touches(path, drift)))
    this.#parts = {
      rule: part(isOfRule, resolveRule),
      eta: part((path) => touches(path, eta), resolveEta),
      changes: part(isOfRule, (scope, { resolved }) => resolveChanges(scope, resolved())),
      drift: part(
        (path) => touches(path, drift),
        (scope, { resolved }) => resolveDrifts(scope, resolved()),
      ),
    }
  }

  at(point: Point, others: Others): Update {
    const { rule, eta, drift, changes } = collectParts(this.#parts, { point, others })
    // With the keys in order, the canonical text needs no sorting.
    return Object.freeze({ drift, eta, rule, ...changes })
  }
}
