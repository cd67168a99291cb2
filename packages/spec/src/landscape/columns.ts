import type { Path } from '../document/value.ts'
import { dataMistake, misplacedKey, missing, wrongType } from '../errors.ts'
import { type Frame, refuseUnknownKeys } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import type { DataSource } from '../files/dataFile.ts'
import { columnIndex } from '../files/header.ts'
import { preparedData, rawOfNumbers, samplesIn } from './data.ts'
import { dataFields, fileKeyOf } from './fields.ts'
import type { NetworkData } from './prepare.ts'

/** The columns of the data of a formula, before it is known which of them the formula uses. */
export interface FormulaColumns {
  readonly names: readonly string[]
  /** The path at which errors about column names are reported. */
  readonly path: Path
  /** The columns of the tables have the order of `used`. */
  table(used: readonly string[]): NetworkData
}

export function formulaColumns(frame: Frame): FormulaColumns {
  const hint = 'the data of a formula are {csv: FILE}, {csv: FILE, columns: [names]} or {columns: {name: [..]}}'
  const key = fileKeyOf(frame)
  refuseScale(frame)
  refuseStratify(frame)
  const keys = ['columns', 'targets', 'scale', 'test']
  refuseUnknownKeys(frame, key === null ? ['csv', ...keys] : [key, 'missing', ...keys], hint)
  return key === null ? inline(frame) : ofFile(frame, key)
}

/** A formula does not say which of its columns are targets, and scaling a target would change the loss. */
function refuseScale(frame: Frame): void {
  if (frame.peek('scale') === undefined || frame.get('scale') === 'none') return
  const own = 'in a formula, write the scaling yourself, such as a*(x - 5.8)/0.83'
  throw misplacedKey(frame.at('scale'), `\`scale\` applies only to the inputs of networks; ${own}`)
}

/** A formula does not say which of its columns have classes. */
function refuseStratify(frame: Frame): void {
  const test = frame.inner('test')
  if (test.get('stratify') !== true) return
  throw misplacedKey(test.at('stratify'), '`stratify` applies only to networks: a formula has no classes; remove it')
}

function ofFile(frame: Frame, key: string): FormulaColumns {
  const source = frame.get(key) as DataSource
  const file = frame.scope.library.files.data(source, frame.at(key))
  const chosen = frame.get('columns')
  const missing = dataFields.missing.read(frame, 'missing')
  if (chosen !== undefined && !Array.isArray(chosen)) {
    throw wrongType(frame.at('columns'), chosen, 'a list of column names')
  }
  const places = new Map<string, Path>()
  for (const [i, name] of (chosen ?? file.header).entries()) {
    places.set(String(name), chosen === undefined ? frame.at(key) : [...frame.at('columns'), i])
  }
  if (chosen !== undefined) for (const [name, path] of places) columnIndex(file, name, path)
  return {
    names: [...places.keys()],
    path: frame.at(chosen === undefined ? key : 'columns'),
    table: (used) =>
      preparedData(frame, false, ['columns', source, used, missing], () => {
        const wanted = used.map((name) => ({ name, path: places.get(name)!, words: false, fills: true }))
        return samplesIn(file, wanted, used.length, missing)
      }),
  }
}

function inline(frame: Frame): FormulaColumns {
  const columns = frame.inner('columns')
  const names = Object.keys(columns.object)
  if (frame.get('columns') === undefined || Array.isArray(columns.object) || names.length === 0) {
    throw missing(frame.at('columns'), 'columns by name, {name: [..]}, or a CSV file')
  }
  const values = new Map(
    names.map((name) => {
      const list = columns.inner(name)
      return [name, (list.object as readonly unknown[]).map((_, i) => list.number(i, ranges.any))]
    }),
  )
  const rows = values.get(names[0]!)!.length
  for (const [name, column] of values) {
    if (column.length === rows && rows > 0) continue
    const reason =
      rows === 0
        ? 'this column has no numbers'
        : `this column has length ${column.length}, but column ${names[0]} has length ${rows}`
    throw dataMistake(columns.at(name), reason, 'write one number per sample in each column')
  }
  return {
    names,
    path: columns.path(),
    table: (used) => {
      const columns = used.map((name) => ({ name, values: Float64Array.from(values.get(name)!), offset: 0, stride: 1 }))
      const choice = used.map((name) => [name, values.get(name)])
      return preparedData(frame, false, choice, () => ({
        training: rawOfNumbers(frame, columns, rows),
        inputs: used.length,
      }))
    },
  }
}
