import { type DataTable, dataTable } from '../data.ts'
import { dataPresets } from '../datasets/index.ts'
import { Mistake } from '../errors.ts'
import { type CsvColumn, CsvFile } from '../files/csvColumns.ts'
import { limits } from '../limits.ts'
import { consequence } from '../mistakes.ts'
import { ranges } from '../schema/range.ts'
import type { Frame } from './frame.ts'
import { refuseOthers } from './keys.ts'
import type { Scope } from './scope.ts'
import { resolveSeed } from './seed.ts'

/** Samples of a network: in each row of the table, `inputs` columns of inputs, then `targets` columns of targets. */
export interface NetworkData {
  readonly table: DataTable
  readonly inputs: number
  readonly targets: number
}

/** Reads data written as `{preset}`, `{csv, inputs, targets}` or `{inputs, targets}`. */
export function networkData(scope: Scope, frame: Frame): NetworkData {
  if (frame.get('preset') !== undefined) return ofPreset(scope, frame)
  if (frame.get('csv') !== undefined) return ofCsv(scope, frame)
  refuseOthers(
    frame,
    ['inputs', 'targets'],
    'data of a network are {preset}, {csv, inputs, targets} or {inputs, targets}',
  )
  const inputs = rowsOf(scope, frame, 'inputs')
  const targets = rowsOf(scope, frame, 'targets')
  if (targets.length !== inputs.length) {
    const reason = `${targets.length} rows of targets for ${inputs.length} of inputs`
    throw new Mistake('DATA', frame.at('targets'), { reason, hint: 'write one row of each for every sample' })
  }
  const samples = inputs.map((row, i) => [...row, ...targets[i]!])
  return { table: tableOf(scope, samples), inputs: inputs[0]!.length, targets: targets[0]!.length }
}

function ofPreset(scope: Scope, frame: Frame): NetworkData {
  const name = String(frame.get('preset'))
  const preset = dataPresets.find((known) => known.name === name)
  if (preset === undefined) {
    const known = dataPresets.map(({ name }) => name)
    const bare = name.replace(/^(make|load)_/, '')
    const hint = known.includes(bare) ? { hint: `did you mean ${bare}?` } : {}
    throw new Mistake('UNKNOWN_PRESET', frame.at('preset'), { value: name, known, ...hint })
  }
  const known = preset.made ? ['preset', 'samples', 'noise', 'seed'] : ['preset']
  refuseOthers(frame, known, preset.made ? `${name} takes samples, noise and seed` : `${name} is as it is`)
  const samples = scope.number(frame, 'samples', ranges.samples, 100)
  const noise = scope.number(frame, 'noise', ranges.nonNegative, 0)
  const seed = resolveSeed(frame.get('seed'), frame.at('seed'))
  const table = scope.library.tables.remembered(['preset', name, samples, noise, seed], () =>
    tableOf(scope, preset.samples({ samples, noise, seed: BigInt(seed) })),
  )
  return { table, inputs: preset.inputs, targets: preset.targets }
}

function ofCsv(scope: Scope, frame: Frame): NetworkData {
  refuseOthers(frame, ['csv', 'inputs', 'targets'], 'write {csv: FILE, inputs: [names], targets: [names]}')
  const file = String(frame.get('csv'))
  const text = scope.library.files.text(file, frame.at('csv'))
  const inputs = namesOf(frame, 'inputs')
  const targets = namesOf(frame, 'targets')
  return scope.library.tables.remembered(['csv', file, inputs, targets], () => {
    const csv = new CsvFile(text, file, frame.path())
    const wanted = [
      ...inputs.map((name, i) => ({ index: csv.indexOf(name, [...frame.at('inputs'), i]), words: false })),
      ...targets.map((name, i) => ({ index: csv.indexOf(name, [...frame.at('targets'), i]), words: true })),
    ]
    const columns = csv.columns(wanted).flatMap((column) => numeric(column, frame))
    const table = tableOfColumns(scope, columns, frame)
    return { table, inputs: inputs.length, targets: columns.length - inputs.length }
  })
}

/**
 * One-hot encoding: a column of words becomes one column for each word, sorted, with 1 where the word occurs and 0
 * elsewhere.
 */
function numeric(column: CsvColumn, frame: Frame): readonly (readonly number[])[] {
  if (column.kind === 'numbers') return [column.values]
  const words = [...new Set(column.values)].sort()
  if (words.length > limits.labels) {
    const value = `${words.length} words of a column`
    throw new Mistake('DATA_TOO_LARGE', frame.at('targets'), { value, limit: `${limits.labels} words of a column` })
  }
  return words.map((word) => column.values.map((value) => (value === word ? 1 : 0)))
}

function namesOf(frame: Frame, key: 'inputs' | 'targets'): readonly string[] {
  const names = frame.get(key)
  const isNames = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string')
  if (isNames) return names
  const expected = 'a list of names of columns'
  throw names === undefined
    ? new Mistake('MISSING', frame.at(key), { expected })
    : new Mistake('WRONG_TYPE', frame.at(key), { value: names, expected })
}

function rowsOf(scope: Scope, frame: Frame, key: 'inputs' | 'targets'): readonly (readonly number[])[] {
  const list = frame.inner(key)
  const written = frame.get(key)
  if (written === undefined)
    throw new Mistake('MISSING', frame.at(key), { expected: 'a list with one row [..] a sample' })
  const isWrong = frame.hasBroken
  const rows = (list.object as readonly unknown[]).map((row, i) => {
    if (!Array.isArray(row)) {
      // These are column names, and the file belonging to them stands under a key that was reported as wrong.
      if (isWrong) throw consequence()
      const hint = 'names of columns need a file: {csv: FILE, inputs: [names], targets: [names]}'
      throw new Mistake('WRONG_TYPE', list.at(i), { value: row, expected: 'a row [..] of numbers', hint })
    }
    const inner = list.inner(i)
    return row.map((_, j) => scope.number(inner, j, ranges.any))
  })
  const width = rows[0]?.length ?? 0
  if (width === 0)
    throw new Mistake('DATA', list.path(), { reason: 'there are no numbers', hint: 'write one row a sample' })
  const uneven = rows.findIndex((row) => row.length !== width)
  if (uneven >= 0) {
    const reason = `${rows[uneven]!.length} numbers in a row, ${width} in the first`
    throw new Mistake('DATA', list.at(uneven), { reason, hint: 'write equally many numbers in each row' })
  }
  return rows
}

function tableOf(scope: Scope, samples: readonly (readonly number[])[]): DataTable {
  return scope.library.tables.shared(dataTable(samples.length, samples[0]!.length, samples.flat()))
}

export function tableOfColumns(scope: Scope, columns: readonly (readonly number[])[], frame: Frame): DataTable {
  const rows = columns[0]!.length
  const size = rows * columns.length
  if (size > limits.dataValues)
    throw new Mistake('DATA_TOO_LARGE', frame.path(), {
      value: `${size} numbers`,
      limit: `${limits.dataValues} numbers a data set`,
    })
  const values = new Float64Array(size)
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < rows; i++) values[i * columns.length + j] = column[i]!
  }
  return scope.library.tables.shared(dataTable(rows, columns.length, values))
}
