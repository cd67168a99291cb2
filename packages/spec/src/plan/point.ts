import type { Grid } from '../axes/grid.ts'
import { patchedSource, type Source } from '../document/source.ts'
import { type Path, withValue } from '../document/value.ts'
import { Mistake, type Part, type Place } from '../errors.ts'
import type { SpecDocument } from '../schema/spec.ts'

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
    for (const [i, { columns }] of this.grid.axes.entries()) {
      for (const column of columns) {
        const made = withValue(document, column.path, column.at(this.digits[i]!))
        if ('path' in made) {
          // If there is a repair, `checkShapes` has found mistakes and has reported this mistake too.
          if (this.repair !== null) continue
          const mistake = new Mistake('UNKNOWN_PATH', column.path, {
            word: column.name,
            hint:
              `${made.path.join('.')} is ${Array.isArray(made.value) ? 'a list' : JSON.stringify(made.value)}, ` +
              'so it has no keys to sweep',
          })
          throw mistake.placed(column.keyAt.source.place(column.keyAt.path, 'key'))
        }
        document = made.value
      }
    }
    return document
  }

  place(path: Path, part: Part): Place {
    const patches = this.grid.axes.flatMap(({ columns }, i) =>
      columns.map((column) => {
        const { source, path } = column.writtenAt(this.digits[i]!)
        return { path: column.path, source, at: path }
      }),
    )
    return patchedSource(null, this.base, patches).place(path, part)
  }

  /** Seeds of 64 bits remain strings. */
  params(): Record<string, unknown> {
    const params: Record<string, unknown> = {}
    for (const [i, { columns }] of this.grid.axes.entries()) {
      for (const column of columns) {
        const digit = this.digits[i]!
        params[column.name] = column.shown?.(digit) ?? column.at(digit)
      }
    }
    return params
  }
}
