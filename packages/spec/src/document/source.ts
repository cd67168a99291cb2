import type { Part, Place } from '../errors.ts'
import { withMistakes } from '../mistakes.ts'
import { isWithin, type Path } from './value.ts'

export interface Source {
  readonly value: unknown
  /**
   * Where the value at `path` was written. If there is no such value, the place of the innermost value that would
   * contain it.
   */
  place(path: Path, part: Part): Place
}

/** Replaces a value of the document by one written elsewhere: in an option, on an axis or in a table. */
interface Patch {
  readonly path: Path
  readonly source: Source
  readonly at: Path
}

/** The source of a document in which values were replaced. If two patches overlap, the later patch applies. */
export function patchedSource(value: unknown, base: Source, patches: readonly Patch[]): Source {
  return {
    value,
    place(path, part) {
      const patch = patches.findLast((patch) => isWithin(path, patch.path))
      if (patch === undefined) return base.place(path, part)
      return patch.source.place([...patch.at, ...path.slice(patch.path.length)], part)
    },
  }
}

/** Runs `work`. If `work` throws mistakes without a place, `source` provides their places. */
export function placed<T>(source: Pick<Source, 'place'>, work: () => T): T {
  return withMistakes(work, (mistake) =>
    mistake.place === null ? mistake.placed(source.place(mistake.path, mistake.part)) : mistake,
  )
}
