import { cached } from '../cached.ts'
import type { DataReference, NetworkLandscape, PopulationLandscape, PreparedData } from '../cell.ts'
import type { DataTable, NewHasher, PreparedTable, Tables } from '../data.ts'
import { type FileReaders, Files } from '../files/files.ts'
import { MinimumChecks } from '../stationary/minimum.ts'
import { formulaSlopes, type Slopes } from '../stationary/slopes.ts'
import type { PreparedSet } from '../sweep.ts'
import { Expressions } from './expressions.ts'

/** Access to data and computations outside the text of a spec. */
export interface ExternalAccess extends FileReaders {
  /**
   * Computes loss and gradient of a network, which this package cannot do. Without this function, the named minima of
   * networks are not checked.
   */
  readonly slopesOf?: (landscape: NetworkLandscape | PopulationLandscape, tables: Tables) => Slopes
  /**
   * Whether to refuse a named minimum if the loss has no minimum at its point. True by default; false for
   * `driftfarm minima`, which searches for the correct point.
   */
  readonly checksMinima?: boolean
  /** Computes the hashes of tables. By default in JavaScript, which takes seconds for a large table. */
  readonly newHasher?: NewHasher | undefined
}

export type SharedResources = ReturnType<typeof createSharedResources>

/** Each text of a sweep is parsed only once, each file is read only once, and each table is made only once. */
export function createSharedResources({ slopesOf, checksMinima = true, newHasher, ...readers }: ExternalAccess = {}) {
  const formulas = formulaSlopes()
  const minimumChecks = new MinimumChecks(checksMinima, (landscape, tables) =>
    landscape.kind === 'formula' ? formulas(landscape, tables) : (slopesOf?.(landscape, tables) ?? null),
  )
  return {
    expressions: new Expressions(),
    files: new Files(readers),
    tables: new SharedTables(newHasher),
    minimumChecks,
  }
}

interface UsedSamples {
  readonly table: DataTable
  /** What a plan says of the samples; null: nothing. */
  readonly listed: PreparedData | null
  readonly test: PreparedTable | null
}

/** A choice is a file or preset, together with its options. */
class SharedTables {
  constructor(readonly newHasher: NewHasher | undefined) {}

  readonly #byHash = new Map<string, DataTable>()
  readonly #byChoice = cached(Number.POSITIVE_INFINITY, (_choice: string, make: () => unknown) => make())
  /** Each prepared data set once, in the order in which the data sets were read. */
  readonly #prepared = new Map<string, PreparedSet>()
  readonly #used = new WeakSet<PreparedData>()

  /** Returns the first table with the same content as `table`, so that tables with equal contents share one object. */
  shared(table: DataTable): DataTable {
    const first = this.#byHash.get(table.hash) ?? table
    this.#byHash.set(table.hash, first)
    return first
  }

  /** The table that a reference in a cell names. */
  of({ hash }: DataReference): DataTable {
    return this.#byHash.get(hash)!
  }

  /**
   * Calls `make` once for each choice. Equal choices must have results of the same type, because the type is not
   * checked.
   */
  remembered<T>(choice: readonly unknown[], make: () => T): T {
    return this.#byChoice(JSON.stringify(choice), make) as T
  }

  use({ table, listed, test }: UsedSamples): void {
    this.#list(table, listed)
    if (test !== null) this.#list(test.table, test.prepared, { isTest: true })
  }

  #list({ rows }: DataTable, prepared: PreparedData | null, kind: { readonly isTest?: boolean } = {}): void {
    if (prepared === null || this.#used.has(prepared)) return
    this.#used.add(prepared)
    const set = { rows, prepared, ...kind }
    this.#prepared.set(JSON.stringify(set), set)
  }

  prepared(): readonly PreparedSet[] {
    return [...this.#prepared.values()]
  }
}
