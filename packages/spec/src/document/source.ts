import type { Mistake, Part, Place } from '../errors.ts'
import { limits } from '../limits.ts'
import { Mistakes, mistakesIn } from '../mistakes.ts'
import { isWithin, type Path } from './path.ts'

/** Plain values together with where each was written. */
export interface Source {
  readonly value: unknown
  /** Where the value at `path` was written; of a value that is not there, the nearest that holds it. */
  place(path: Path, part: Part): Place
}

/** Part of a document that was written elsewhere: by an option, on an axis or in a table. */
interface Patch {
  readonly path: Path
  readonly source: Source
  readonly at: Path
}

/** A document of which some values were replaced. Later patches hide earlier ones. */
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

/** Runs `work`; mistakes in it get their places in `source`. */
export function placed<T>(source: () => Source, work: () => T): T {
  try {
    return work()
  } catch (error) {
    const first = mistakesIn(error).slice(0, limits.placedErrors)
    throw new Mistakes(first.map((mistake) => placedIn(source, mistake)))
  }
}

function placedIn(source: () => Source, mistake: Mistake): Mistake {
  return mistake.place === null ? mistake.placed(source().place(mistake.path, mistake.part)) : mistake
}
