import { nullIf } from '@driftfarm/formula'
import { networkSlopes } from '@driftfarm/kernel'
import { parseSweep, type ResolvedCell, type Sweep } from '@driftfarm/spec'
import type { CellResult } from '../document/results.ts'
import { FileError } from '../error.ts'
import type { PathsData } from '../figure/ground.ts'
import { tracePaths } from '../figure/scene.ts'
import { cellPlaceText } from '../format/label.ts'
import type { FileContents } from './contents.ts'

/** The sweeps in an open report file. */
export class ReportFile {
  readonly #specs = new Map<string, Sweep | null>()

  constructor(
    readonly sweeps: readonly FileContents[],
    private readonly name: string,
  ) {}

  /** The sweep with this id or name. */
  held(sweep: string): FileContents {
    const found = this.sweeps.find(({ status }) => status.id === sweep || status.name === sweep)
    if (found !== undefined) return found
    throw new FileError('NOT_HELD', `${this.name} does not contain a sweep ${sweep}`, {
      hint: `it contains ${this.sweeps.map(({ status }) => status.name).join(', ')}`,
    })
  }

  lacks(what: string): never {
    throw new FileError('NOT_HELD', `this report file does not contain ${what}`, {
      hint: 'use the farm that wrote the file',
    })
  }

  cellAt({ results, status }: FileContents, place: string): CellResult {
    const found = results.data.cells.find(({ index, id }) => String(index) === place || id === place)
    if (found !== undefined) return found
    throw new FileError('NOT_HELD', `${this.name} does not contain a cell ${place} of ${status.name}`)
  }

  /** The part of an answer that is about one cell. */
  only<Answer extends { readonly cells: readonly { readonly index: number; readonly id: string }[] }>(
    answer: Answer | null,
    place: string,
    what: string,
  ): Answer {
    const cells = answer?.cells.filter(({ index, id }) => String(index) === place || id === place) ?? []
    return answer !== null && cells.length > 0 ? { ...answer, cells } : this.lacks(what)
  }

  /** Returns null if the spec names files that are not available. */
  resolved({ status, origins }: FileContents, { index, id }: Pick<CellResult, 'index' | 'id'>): ResolvedCell | null {
    if (!this.#specs.has(status.id)) this.#specs.set(status.id, sweepOf(origins.spec, status.name))
    const own = this.#specs.get(status.id)?.cell(index) ?? null
    return own?.id === id ? own : null
  }

  paths(sweep: string, place: string, trials: readonly number[]): PathsData {
    const contents = this.held(sweep)
    const { id, name, state } = contents.status
    const cell = this.cellAt(contents, place)
    const { cell: made, tables } = this.resolved(contents, cell) ?? this.lacksFiles()
    return {
      sweep: { id, name, state },
      cell: { index: cell.index, where: cellPlaceText(cell.params) },
      ...tracePaths(made, tables, trials, name),
    }
  }

  lacksFiles(): never {
    return this.lacks('the files that the spec of this cell names')
  }
}

const sweepOf = (spec: string, fileName: string): Sweep | null =>
  nullIf(Error, () => parseSweep(spec, { fileName, slopesOf: networkSlopes }))
