import type { Column } from '../axes/column.ts'
import type { Grid } from '../axes/grid.ts'
import { deepFreeze, shown } from '../document/value.ts'
import { Mistake } from '../errors.ts'
import { canonicalJson } from '../identity.ts'
import { Mistakes, mistakesIn } from '../mistakes.ts'
import type { Library } from '../resolve/library.ts'
import { Scope } from '../resolve/scope.ts'
import type { Point } from './point.ts'

/** One part of a cell, with its canonical JSON. */
export interface Section<T> {
  readonly value: T
  readonly canonical: string
}

/** The result of making a section: the section, or the error that was thrown. */
type Made<T> = { readonly section: Section<T> } | { readonly error: unknown }

/**
 * Makes one part of the cells, again only where the value of an axis that it depends on has changed. Neighbouring cells
 * share most of their parts; that is why a million cells take seconds.
 */
export class SectionMaker<T, Input> {
  readonly #root: string
  readonly #grid: Grid
  readonly #library: Library
  readonly #reads: Set<string>
  readonly #make: (scope: Scope, input: Input) => T
  readonly #part: (made: T) => unknown
  #last: { made: Made<T>; input: Input; axes: readonly number[]; digits: readonly number[] } | null = null

  /** `reads` collects everything that any cell reads. `part` picks from the made value what belongs to the cell. */
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

  /** The section at this point. If it has mistakes they are thrown, also when it was made before. */
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

  /** Adds the swept values to a mistake that occurs only in some cells. */
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

  /** The axes with a path in this section, or in anything that was read to make it. */
  #dependencies(reads: ReadonlySet<string>): number[] {
    const depends = ({ path }: Column) =>
      path[0] === this.#root ||
      (path[0] === 'let' && path.length > 1 ? reads.has(`let.${path[1]}`) : reads.has(String(path[0])))
    return this.#grid.axes.flatMap(({ columns }, axis) => (columns.some(depends) ? [axis] : []))
  }
}
