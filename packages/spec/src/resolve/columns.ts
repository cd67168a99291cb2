import type { DataTable } from '../data.ts'
import type { Path } from '../document/path.ts'
import { Mistake } from '../errors.ts'
import { CsvFile } from '../files/csvColumns.ts'
import { ranges } from '../schema/range.ts'
import { tableOfColumns } from './data.ts'
import type { Frame } from './frame.ts'
import { refuseOthers } from './keys.ts'
import type { Scope } from './scope.ts'

/** Columns of a table that a formula may use, before it is known which ones it does use. */
export interface FormulaColumns {
  readonly names: readonly string[]
  /** Where errors about column names are placed. */
  readonly path: Path
  /** A table of the samples' values in these columns, in this order. */
  table(used: readonly string[]): DataTable
}

/** Reads data written as `{csv}`, `{csv, columns: [names]}` or `{columns: {name: [..]}}`. */
export function formulaColumns(scope: Scope, frame: Frame): FormulaColumns {
  const hint = 'data of a formula are {csv: FILE}, {csv: FILE, columns: [names]} or {columns: {name: [..]}}'
  refuseOthers(frame, ['csv', 'columns'], hint)
  return frame.get('csv') === undefined ? inline(scope, frame) : ofFile(scope, frame)
}

function ofFile(scope: Scope, frame: Frame): FormulaColumns {
  const file = String(frame.get('csv'))
  const csv = new CsvFile(scope.library.files.text(file, frame.at('csv')), file, frame.path())
  const chosen = frame.get('columns')
  if (chosen !== undefined && !Array.isArray(chosen)) {
    throw new Mistake('WRONG_TYPE', frame.at('columns'), { value: chosen, expected: 'a list of names of columns' })
  }
  const places = new Map<string, Path>()
  for (const [i, name] of (chosen ?? csv.header).entries()) {
    places.set(String(name), chosen === undefined ? frame.at('csv') : [...frame.at('columns'), i])
  }
  if (chosen !== undefined) for (const [name, path] of places) csv.indexOf(name, path)
  return {
    names: [...places.keys()],
    path: frame.at(chosen === undefined ? 'csv' : 'columns'),
    table: (used) =>
      scope.library.tables.remembered(['columns', file, used], () => {
        const wanted = used.map((name) => ({ index: csv.indexOf(name, places.get(name)!), words: false }))
        return tableOfColumns(
          scope,
          csv.columns(wanted).map(({ values }) => values as readonly number[]),
          frame,
        )
      }),
  }
}

function inline(scope: Scope, frame: Frame): FormulaColumns {
  const columns = frame.inner('columns')
  const names = Object.keys(columns.object)
  if (frame.get('columns') === undefined || Array.isArray(columns.object) || names.length === 0) {
    throw new Mistake('MISSING', frame.at('columns'), { expected: 'columns by name, {name: [..]}, or a csv file' })
  }
  const values = new Map(
    names.map((name) => {
      const list = columns.inner(name)
      return [name, (list.object as readonly unknown[]).map((_, i) => scope.number(list, i, ranges.any))]
    }),
  )
  const rows = values.get(names[0]!)!.length
  for (const [name, column] of values) {
    if (column.length === rows && rows > 0) continue
    const reason = rows === 0 ? 'there are no numbers' : `${column.length} numbers, ${rows} in column ${names[0]}`
    throw new Mistake('DATA', columns.at(name), { reason, hint: 'write one number a sample in each column' })
  }
  return {
    names,
    path: columns.path(),
    table: (used) =>
      tableOfColumns(
        scope,
        used.map((name) => values.get(name)!),
        frame,
      ),
  }
}
