import type { DataTable } from '../data.ts'
import { type FileReaders, Files } from '../files/files.ts'
import { Expressions } from './expressions.ts'

/** What all cells of a sweep share: texts are parsed, files read and tables made once. */
export interface Library {
  readonly expressions: Expressions
  readonly files: Files
  readonly tables: Tables
}

export function libraryOf(readers: FileReaders = {}): Library {
  return { expressions: new Expressions(), files: new Files(readers), tables: new Tables() }
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
