import type { Grid } from '../axes/grid.ts'
import { patchedSource, type Source } from '../document/source.ts'
import { type Path, withValue } from '../document/value.ts'
import type { Part, Place } from '../errors.ts'
import type { SpecDocument } from '../schema/spec.ts'
import { atKey } from './checkAxes.ts'

/** Returns the document with a `Broken` in place of each value that does not have the shape of a spec. */
export type Repair = (document: unknown) => SpecDocument

/** One point of a grid: the document with one value of each axis inserted. */
export class Point {
  #value: SpecDocument | null = null

  constructor(
    private readonly grid: Grid,
    private readonly base: Source,
    readonly digits: readonly number[],
    private readonly repair: Repair | null = null,
  ) {}

  /** The shape of the document is checked by `checkShapes`, not here. */
  get document(): SpecDocument {
    this.#value ??= (this.repair === null ? this.#made() : this.repair(this.#made())) as SpecDocument
    return this.#value
  }

  #made(): unknown {
    let document = this.base.value
    for (const { column, axis } of this.grid.entries) {
      const made = withValue(document, column.path, column.at(this.digits[axis]!))
      if (!('path' in made)) document = made.value
      // If there is a repair, `checkShapes` has found mistakes and has reported this mistake too.
      else if (this.repair === null) {
        const what = Array.isArray(made.value) ? 'a list' : JSON.stringify(made.value)
        const hint = `${made.path.join('.')} is ${what}, so it has no keys to sweep`
        throw atKey(column, 'UNKNOWN_PATH', { word: column.name, hint })
      }
    }
    return document
  }

  place(path: Path, part: Part): Place {
    const patches = this.grid.entries.map(({ column, axis }) => {
      const { source, path } = column.writtenAt(this.digits[axis]!)
      return { path: column.path, source, at: path }
    })
    return patchedSource(null, this.base, patches).place(path, part)
  }

  /** Seeds of 64 bits remain strings. */
  params(): Record<string, unknown> {
    const params: Record<string, unknown> = {}
    for (const { column, axis } of this.grid.entries) {
      const digit = this.digits[axis]!
      params[column.name] = column.shown?.(digit) ?? column.at(digit)
    }
    return params
  }
}
