import type { Column } from '../axes/column.ts'
import type { Grid } from '../axes/grid.ts'
import { deepFreeze, shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { canonicalJson } from '../identity.ts'
import { Mistakes, mistakesIn } from '../mistakes.ts'
import type { Library } from '../resolve/library.ts'
import { Scope } from '../resolve/scope.ts'
import type { Point } from './point.ts'

/** A part of a cell with its canonical JSON. */
export interface Section<T> {
  readonly value: T
  readonly canonical: string
}

/** What a part of a cell came to: a section, or what its making threw. */
type Made<T> = { readonly section: Section<T> } | { readonly error: unknown }

/**
 * One part of a cell, made again only where an axis that it depends on has moved: neighbouring cells of a
 * sweep share most of their parts, and this is what makes a million cells take seconds.
 */
export class SectionMaker<T, Input> {
  readonly #root: string
  readonly #grid: Grid
  readonly #library: Library
  readonly #reads: Set<string>
  readonly #make: (scope: Scope, input: Input) => T
  readonly #part: (made: T) => unknown
  #last: { made: Made<T>; input: Input; axes: readonly number[]; digits: readonly number[] } | null = null

  /** `reads` takes all that any cell reads; `part`: what of the made value belongs to the cell. */
  constructor(
    root: string,
    { grid, library, reads }: { readonly grid: Grid; readonly library: Library; readonly reads: Set<string> },
    make: (scope: Scope, input: Input) => T,
    part: (made: T) => unknown = (made) => made,
  ) {
    this.#root = root
    this.#grid = grid
    this.#library = library
    this.#reads = reads
    this.#make = make
    this.#part = part
  }

  /** Throws the mistakes of the section, again where it was made before. */
  at(point: Point, input: Input): Section<T> {
    const last = this.#last
    const isSame =
      last !== null && last.input === input && last.axes.every((axis) => last.digits[axis] === point.digits[axis])
    const made = isSame ? last.made : this.#fresh(point, input)
    if ('error' in made) throw made.error
    return made.section
  }

  #fresh(point: Point, input: Input): Made<T> {
    const scope = new Scope(point.document, this.#library)
    const made = this.#attempt(scope, input, point)
    for (const name of scope.reads) this.#reads.add(name)
    this.#last = { made, input, axes: this.#dependencies(scope.reads), digits: point.digits }
    return made
  }

  #attempt(scope: Scope, input: Input, point: Point): Made<T> {
    try {
      const value = deepFreeze(this.#make(scope, input))
      return { section: { value, canonical: canonicalJson(this.#part(value)) } }
    } catch (error) {
      return { error: new Mistakes(mistakesIn(error).map((mistake) => this.#inCell(mistake, scope, point))) }
    }
  }

  /** What only some cells have names one of them. */
  #inCell(mistake: Mistake, scope: Scope, point: Point): Mistake {
    if (mistake.code !== 'NOT_A_MINIMUM') return mistake
    const axes = this.#dependencies(scope.reads)
    const columns = axes.flatMap((axis) =>
      this.#grid.axes[axis]!.columns.map(({ name, at }) => `${name} ${shown(at(point.digits[axis]!))}`),
    )
    if (columns.length === 0) return mistake
    const reason = `${mistake.details.reason}, in cells with ${columns.join(', ')}`
    return new Mistake(mistake.code, mistake.path, { ...mistake.details, reason }, mistake.part, mistake.place)
  }

  /** Axes with a path in this section or in what was read for it. */
  #dependencies(reads: ReadonlySet<string>): number[] {
    const depends = ({ path }: Column) =>
      path[0] === this.#root ||
      (path[0] === 'let' && path.length > 1 ? reads.has(`let.${path[1]}`) : reads.has(String(path[0])))
    return this.#grid.axes.flatMap(({ columns }, axis) => (columns.some(depends) ? [axis] : []))
  }
}
