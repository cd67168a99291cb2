import type { Part, Place } from '../errors.ts'
import { limits } from '../limits.ts'
import { Mistakes, mistakesIn } from '../mistakes.ts'
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

/** If two patches overlap, the later patch applies. */
export class PatchedSource implements Source {
  readonly value: unknown
  readonly #base: Source
  readonly #patches: readonly Patch[]

  constructor(value: unknown, base: Source, patches: readonly Patch[]) {
    this.value = value
    this.#base = base
    this.#patches = patches
  }

  place(path: Path, part: Part): Place {
    const patch = this.#patches.findLast((patch) => isWithin(path, patch.path))
    if (patch === undefined) return this.#base.place(path, part)
    const at = [...patch.at, ...path.slice(patch.path.length)]
    return patch.source.place(at, part)
  }
}

/** Runs `work`. If `work` throws mistakes without a place, `source` provides their places. */
export function placed<T>(source: Pick<Source, 'place'>, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const first = mistakesIn(error).slice(0, limits.placedErrors)
    throw new Mistakes(
      first.map((mistake) =>
        mistake.place === null ? mistake.placed(source.place(mistake.path, mistake.part)) : mistake,
      ),
    )
  }
}
