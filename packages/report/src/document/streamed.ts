import type { SettingValue } from '@driftfarm/spec'
import { documentJson, joined } from '../format/json.ts'
import type { Pieces, View } from './define.ts'
import type { CellNumbers, CellResult, ResultsData } from './results.ts'

/** Data whose cells are not held in memory. The cells can be read several times and are the same each time. */
export interface Streamed<Head, Cell, Tail> {
  /** The fields before the cells. */
  readonly head: Head
  readonly warnings: readonly string[]
  cells(): AsyncIterable<Cell>
  /** The fields after the cells. These fields depend on all cells, so `tail` first reads the cells not read yet. */
  tail(): Promise<Tail>
}

/** How streamed data is printed, in each format. */
export interface StreamedView<Data> extends Required<View<Data>> {
  /** The keys of `more` come first, before `schemaVersion` and `kind`. */
  readonly json: (data: Data, more?: object) => Pieces
}

/** Yields the text of `documentJson` in pieces, as the cells arrive. */
export async function* streamedJson<Head extends object, Cell, Tail extends object>(
  kind: string,
  { head, cells, tail, warnings }: Streamed<Head, Cell, Tail>,
  more: object = {},
): AsyncGenerator<string> {
  const [envelope, before] = [{ ...more, schemaVersion: 1, kind }, head].map((each) => documentJson(each).slice(0, -1))
  yield `${envelope},"data":${before},"cells":[`
  yield* joined(cells(), documentJson)
  const after = documentJson(await tail()).slice(1, -1)
  yield `]${after === '' ? '' : `,${after}`}},"warnings":${JSON.stringify(warnings)}}\n`
}

/** Reads all cells into memory, for callers that need all of them at once. */
export async function collectAll<Head extends object, Cell, Tail extends object>(
  { head, cells, tail }: Streamed<Head, Cell, Tail>,
  onCells: (done: number) => void = () => undefined,
): Promise<Head & { readonly cells: readonly Cell[] } & Tail> {
  const all: Cell[] = []
  for await (const cell of cells()) onCells(all.push(cell))
  return { ...head, cells: all, ...(await tail()) }
}

/** The Results document, whose cells are read one at a time, because a sweep may have a million cells. */
export interface StreamedResults
  extends Streamed<Pick<ResultsData, 'sweep'>, CellResult, Pick<ResultsData, 'contrasts' | 'crossings' | 'findings'>> {
  /** The cells without their checks. Reading them takes half as long as reading `cells()`. */
  numbers(): AsyncIterable<CellNumbers>
  /** All settings, swept or not, of each cell's resolved spec, by path. The cells are in the order of `cells()`. */
  settings(): AsyncIterable<ReadonlyMap<string, SettingValue>>
}
