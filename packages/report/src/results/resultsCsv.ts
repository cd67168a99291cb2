import type { StreamedResults } from '../document/streamed.ts'
import { csvLine } from '../format/csv.ts'
import { chunked } from '../format/json.ts'
import { cellColumns, fieldsOfAll } from './cellFields.ts'

/** The columns depend on all cells, so the cells are read twice. */
export async function* streamCsv({ numbers }: Pick<StreamedResults, 'numbers'>): AsyncGenerator<string> {
  const columns = await cellColumns(fieldsOfAll({ numbers }))
  yield csvLine(columns.map(({ name }) => name))
  yield* chunked(fieldsOfAll({ numbers }), (fields) => csvLine(columns.map(({ group, name }) => fields[group][name])))
}
