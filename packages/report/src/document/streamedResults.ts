import type { SettingValue } from '@driftfarm/spec'
import type { CellNumbers, CellResult, ResultsData } from './results.ts'
import type { Streamed } from './streamed.ts'

/** The Results document, whose cells are read one at a time, because a sweep may have a million cells. */
export interface StreamedResults
  extends Streamed<Pick<ResultsData, 'sweep'>, CellResult, Pick<ResultsData, 'contrasts' | 'crossings' | 'findings'>> {
  /** The cells without their checks. Reading them takes half as long as reading `cells()`. */
  numbers(): AsyncIterable<CellNumbers>
  /** All settings, swept or not, of each cell's resolved spec, by path. The cells are in the order of `cells()`. */
  settings(): AsyncIterable<ReadonlyMap<string, SettingValue>>
  /**
   * Returns a store in which the caller can keep data of the cells for later. Reading the cells a second time would
   * take as long as the first time.
   */
  keep<Row>(): SortedRows<Row>
}

/** Rows of JSON values, in the order in which they were added. */
export interface SortedRows<Row> extends Iterable<Row> {
  add(row: Row): void
}
