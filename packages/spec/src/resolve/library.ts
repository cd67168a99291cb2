import type { NetworkLandscape, PopulationLandscape } from '../cell.ts'
import type { DataTable } from '../data.ts'
import { type FileReaders, Files } from '../files/files.ts'
import { MinimumChecks } from '../stationary/checks.ts'
import { FormulaSlopes } from '../stationary/formulaSlopes.ts'
import type { Slopes } from '../stationary/slopes.ts'
import { Expressions } from './expressions.ts'

/** What all cells of a sweep share: texts are parsed, files read and tables made once. */
export interface Library {
  readonly expressions: Expressions
  readonly files: Files
  readonly tables: Tables
  readonly minimumChecks: MinimumChecks
}

/** How what is not part of the text is found. */
export interface Outside extends FileReaders {
  /** Loss and gradient of a network, which this package cannot compute; without it its minima are taken as they are. */
  readonly slopesOf?: (landscape: NetworkLandscape | PopulationLandscape, data: DataTable | null) => Slopes
  /** Whether named minima that are none are refused. Default true; false for whoever looks for the right ones. */
  readonly checksMinima?: boolean
}

export function libraryOf({ slopesOf, checksMinima = true, ...readers }: Outside = {}): Library {
  const formulas = new FormulaSlopes()
  const minimumChecks = new MinimumChecks(checksMinima, (landscape, data) =>
    landscape.kind === 'formula' ? formulas.of(landscape, data) : (slopesOf?.(landscape, data) ?? null),
  )
  return { expressions: new Expressions(), files: new Files(readers), tables: new Tables(), minimumChecks }
}

/** Data sets: one object for each content, made once for each choice of a file or preset. */
export class Tables {
  readonly #byHash = new Map<string, DataTable>()
  readonly #byChoice = new Map<string, unknown>()

  /** The first table of this content. */
  shared(table: DataTable): DataTable {
    const first = this.#byHash.get(table.hash) ?? table
    this.#byHash.set(table.hash, first)
    return first
  }

  /** What `make` gave the first time for this choice, which tells its kind too. */
  remembered<T>(choice: readonly unknown[], make: () => T): T {
    const key = JSON.stringify(choice)
    if (!this.#byChoice.has(key)) this.#byChoice.set(key, make())
    return this.#byChoice.get(key) as T
  }
}
