import type { NetworkLandscape, PopulationLandscape, PreparedData } from '../cell.ts'
import type { DataTable, PreparedTable } from '../data.ts'
import { type FileReaders, Files } from '../files/files.ts'
import { MinimumChecks } from '../stationary/minimum.ts'
import { FormulaSlopes, type Slopes } from '../stationary/slopes.ts'
import type { PreparedSet } from '../sweep.ts'
import { Expressions } from './expressions.ts'

/** Each text of a sweep is parsed only once, each file is read only once, and each table is made only once. */
export interface SharedResources {
  readonly expressions: Expressions
  readonly files: Files
  readonly tables: Tables
  readonly prepared: PreparedTables
  readonly minimumChecks: MinimumChecks
}

/** Access to data and computations outside the text of a spec. */
export interface ExternalAccess extends FileReaders {
  /**
   * Computes loss and gradient of a network, which this package cannot do. Without this function, the named minima of
   * networks are not checked.
   */
  readonly slopesOf?: (landscape: NetworkLandscape | PopulationLandscape, data: DataTable | null) => Slopes
  /**
   * Whether to refuse a named minimum if the loss has no minimum at its point. True by default; false for
   * `driftfarm minima`, which searches for the correct point.
   */
  readonly checksMinima?: boolean
}

export function createSharedResources({
  slopesOf,
  checksMinima = true,
  ...readers
}: ExternalAccess = {}): SharedResources {
  const formulas = new FormulaSlopes()
  const minimumChecks = new MinimumChecks(checksMinima, (landscape, data) =>
    landscape.kind === 'formula' ? formulas.of(landscape, data) : (slopesOf?.(landscape, data) ?? null),
  )
  return {
    expressions: new Expressions(),
    files: new Files(readers),
    tables: new Tables(),
    prepared: new PreparedTables(),
    minimumChecks,
  }
}

/** A choice is a file or preset, together with its options. */
class Tables {
  readonly #byHash = new Map<string, DataTable>()
  readonly #byChoice = new Map<string, unknown>()

  /** Returns the first table with the same content as `table`, so that tables with equal contents share one object. */
  shared(table: DataTable): DataTable {
    const first = this.#byHash.get(table.hash) ?? table
    this.#byHash.set(table.hash, first)
    return first
  }

  /**
   * Calls `make` once for each choice. Equal choices must have results of the same type, because the type is not
   * checked.
   */
  remembered<T>(choice: readonly unknown[], make: () => T): T {
    const key = JSON.stringify(choice)
    if (!this.#byChoice.has(key)) this.#byChoice.set(key, make())
    return this.#byChoice.get(key) as T
  }
}

/** Lists each prepared data set once, in the order in which the data sets were read. */
class PreparedTables {
  readonly #met = new WeakSet<PreparedData>()
  readonly #told = new Map<string, PreparedSet>()

  add(made: PreparedTable | null): void {
    if (made === null || made.prepared === null || this.#met.has(made.prepared)) return
    const { table, prepared } = made
    this.#met.add(prepared)
    const set = { rows: table.rows, prepared }
    this.#told.set(JSON.stringify(set), set)
  }

  all(): readonly PreparedSet[] {
    return [...this.#told.values()]
  }
}
