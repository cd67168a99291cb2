import type { Column } from '../axes/column.ts'
import type { Grid } from '../axes/grid.ts'
import { deepFreeze } from '../document/value.ts'
import { canonicalJson } from '../identity.ts'
import type { Library } from '../resolve/library.ts'
import { Scope } from '../resolve/scope.ts'
import type { Point } from './point.ts'

/** A part of a cell with its canonical JSON. */
export interface Section<T> {
  readonly value: T
  readonly canonical: string
}

/**
 * One part of a cell, made again only where an axis that it depends on has moved: neighbouring cells of a
 * sweep share most of their parts, and this is what makes a million cells take seconds.
 */
export class SectionMaker<T, Input> {
  readonly #root: string
  readonly #grid: Grid
  readonly #library: Library
  readonly #make: (scope: Scope, input: Input) => T
  readonly #part: (made: T) => unknown
  #last: { section: Section<T>; input: Input; axes: readonly number[]; digits: readonly number[] } | null = null

  /** `part`: what of the made value belongs to the cell. */
  constructor(
    root: string,
    grid: Grid,
    library: Library,
    make: (scope: Scope, input: Input) => T,
    part: (made: T) => unknown = (made) => made,
  ) {
    this.#root = root
    this.#grid = grid
    this.#library = library
    this.#make = make
    this.#part = part
  }

  at(point: Point, input: Input): Section<T> {
    const last = this.#last
    if (last !== null && last.input === input && last.axes.every((axis) => last.digits[axis] === point.digits[axis])) {
      return last.section
    }
    const scope = new Scope(point.document, this.#library)
    const value = deepFreeze(this.#make(scope, input))
    const section = { value, canonical: canonicalJson(this.#part(value)) }
    this.#last = { section, input, axes: this.#dependencies(scope.reads), digits: point.digits }
    return section
  }

  /** Axes with a path in this section or in what was read for it. */
  #dependencies(reads: ReadonlySet<string>): number[] {
    const depends = ({ path }: Column) =>
      path[0] === this.#root ||
      (path[0] === 'let' && path.length > 1 ? reads.has(`let.${path[1]}`) : reads.has(String(path[0])))
    return this.#grid.axes.flatMap(({ columns }, axis) => (columns.some(depends) ? [axis] : []))
  }
}
