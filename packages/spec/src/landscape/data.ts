import { nearestWord } from '@driftfarm/formula'
import type { PreparedData } from '../cell.ts'
import { type DataTable, dataTable, type PreparedTable } from '../data.ts'
import { dataMistake, Mistake, missing, overLimit, wrongType } from '../errors.ts'
import { type Frame, refuseUnknownKeys } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { resolveSeed } from '../field/seed.ts'
import { CsvFile } from '../files/csv.ts'
import { limits } from '../limits.ts'
import { collectEach, consequentialMistake } from '../mistakes.ts'
import { dataPresets } from '../presets/dataSets.ts'
import { dataFields } from './fields.ts'
import { type Column, checkSize, explainColumns, oneHot, scaledColumns } from './prepare.ts'

/** Each row of the table contains `inputs` inputs, followed by `targets` targets. */
export interface NetworkData extends PreparedTable {
  readonly inputs: number
  readonly targets: number
  /**
   * Texts such as ` (age, 2 words of colour)`, which explain the number of inputs and targets in messages. A text is
   * empty if all columns that it describes are numeric.
   */
  readonly made: { readonly inputs: string; readonly targets: string }
}

export function networkData(frame: Frame): NetworkData {
  if (frame.get('preset') !== undefined) return ofPreset(frame)
  if (frame.get('csv') !== undefined) return ofCsv(frame)
  refuseUnknownKeys(
    frame,
    ['inputs', 'targets', 'scale'],
    'the data of a network are {preset}, {csv, inputs, targets} or {inputs, targets}, each with an optional scale',
  )
  const inputs = rowsOf(frame, 'inputs')
  const targets = rowsOf(frame, 'targets')
  if (targets.length !== inputs.length) {
    const reason = `\`targets\` has length ${targets.length}, but \`inputs\` has length ${inputs.length}`
    throw dataMistake(frame.at('targets'), reason, 'write one row of inputs and one row of targets for each sample')
  }
  return ofRows(
    frame,
    inputs.map((row, i) => [...row, ...targets[i]!]),
    inputs[0]!.length,
  )
}

/** The first `inputs` numbers of each row are inputs, the others are targets. */
function ofRows(frame: Frame, samples: readonly (readonly number[])[], inputs: number): NetworkData {
  const columns = samples[0]!.map(
    (_, j): Column => ({ name: `input ${j + 1}`, values: samples.map((row) => row[j]!), isWord: false }),
  )
  return ofColumns(frame, { inputs: columns.slice(0, inputs), targets: columns.slice(inputs) })
}

interface Columns {
  readonly inputs: readonly Column[]
  readonly targets: readonly Column[]
}

interface Made extends Pick<PreparedData, 'dropped' | 'filled'> {
  readonly made: NetworkData['made']
}

const asItIs: Made = { dropped: 0, filled: [], made: { inputs: '', targets: '' } }

function ofColumns(frame: Frame, { inputs, targets }: Columns, { dropped, filled, made }: Made = asItIs): NetworkData {
  const { columns, scaled } = scaledColumns(inputs, dataFields.scale.read(frame, 'scale'), frame.at('scale'))
  const values = [...columns, ...targets].map(({ values }) => values)
  const table = tableOfColumns(values, frame)
  const names = inputs.map(({ name }) => name)
  const isAsItIs = scaled === null && dropped === 0 && filled.length === 0 && inputs.every(({ isWord }) => !isWord)
  const long = isAsItIs ? undefined : names.find((name) => name.length > limits.inputName)
  if (long !== undefined) {
    const value = `the input name ${long.slice(0, 24)}.. has ${long.length} characters`
    throw overLimit('DATA_TOO_LARGE', frame.at('inputs'), value, `${limits.inputName} characters per input name`)
  }
  return {
    table,
    inputs: inputs.length,
    targets: targets.length,
    prepared: isAsItIs ? null : { inputs: names, dropped, filled, scaled },
    made,
  }
}

function ofPreset(frame: Frame): NetworkData {
  const name = String(frame.get('preset'))
  const preset = dataPresets.find((known) => known.name === name)
  if (preset === undefined) {
    const known = dataPresets.map(({ name }) => name)
    const bare = name.replace(/^(make|load)_/, '')
    const hint = known.includes(bare) ? { hint: `did you mean ${bare}?` } : {}
    throw new Mistake('UNKNOWN_PRESET', frame.at('preset'), { value: name, known, ...hint })
  }
  const known = preset.made ? ['preset', 'samples', 'noise', 'seed', 'scale'] : ['preset', 'scale']
  const takes = preset.made
    ? `${name} takes the keys samples, noise, seed and scale`
    : `${name} takes only the key \`scale\``
  refuseUnknownKeys(frame, known, takes)
  const samples = dataFields.samples.read(frame, 'samples')
  const noise = dataFields.noise.read(frame, 'noise')
  const seed = resolveSeed(frame.get('seed'), frame.at('seed'))
  return frame.scope.library.tables.remembered(
    ['preset', name, samples, noise, seed, dataFields.scale.read(frame, 'scale')],
    () => ofRows(frame, preset.samples({ samples, noise, seed: BigInt(seed) }), preset.inputs),
  )
}

const csvKeys = ['csv', 'inputs', 'targets', 'categorical', 'missing', 'scale']

function ofCsv(frame: Frame): NetworkData {
  refuseUnknownKeys(frame, csvKeys, 'write {csv: FILE, inputs: [names], targets: [names]}')
  const file = String(frame.get('csv'))
  const text = frame.scope.library.files.text(file, frame.at('csv'))
  const inputs = namesOf(frame, 'inputs')
  const targets = namesOf(frame, 'targets')
  const categorical = categoricalOf(frame, [...inputs, ...targets])
  const missing = dataFields.missing.read(frame, 'missing')
  const choice = ['csv', file, inputs, targets, categorical, missing, dataFields.scale.read(frame, 'scale')]
  return frame.scope.library.tables.remembered(choice, () => {
    const csv = new CsvFile(text, file, frame.path())
    const wanted = [
      ...inputs.map((name, i) => ({ name, path: [...frame.at('inputs'), i], fills: true })),
      ...targets.map((name, i) => ({ name, path: [...frame.at('targets'), i], fills: false })),
    ].map((each) => ({ ...each, words: true, categorical: categorical.includes(each.name) }))
    const { columns, dropped, filled } = csv.table(wanted, missing)
    const expanded = oneHot(columns, frame.path())
    const [ofInputs, ofTargets] = [expanded.slice(0, inputs.length), expanded.slice(inputs.length)]
    return ofColumns(
      frame,
      { inputs: ofInputs.flat(), targets: ofTargets.flat() },
      {
        dropped,
        filled,
        made: {
          inputs: explainColumns(columns.slice(0, inputs.length), ofInputs),
          targets: explainColumns(columns.slice(inputs.length), ofTargets),
        },
      },
    )
  })
}

function categoricalOf(frame: Frame, known: readonly string[]): readonly string[] {
  const names = (frame.get('categorical') ?? []) as readonly string[]
  collectEach(names, (word, i) => {
    if (known.includes(word)) return
    const hint =
      nearestWord(word, known) === undefined ? { hint: '`categorical` may list only inputs and targets' } : {}
    throw new Mistake('UNKNOWN_COLUMN', [...frame.at('categorical'), i], { word, known, ...hint })
  })
  return names
}

function namesOf(frame: Frame, key: 'inputs' | 'targets'): readonly string[] {
  const names = frame.get(key)
  const isNames = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string')
  if (isNames) return names
  const expected = 'a list of column names'
  throw names === undefined ? missing(frame.at(key), expected) : wrongType(frame.at(key), names, expected)
}

function rowsOf(frame: Frame, key: 'inputs' | 'targets'): readonly (readonly number[])[] {
  const list = frame.inner(key)
  const written = frame.get(key)
  if (written === undefined) throw missing(frame.at(key), 'a list with one row [..] per sample')
  const isWrong = frame.hasBroken
  const rows = (list.object as readonly unknown[]).map((row, i) => {
    if (!Array.isArray(row)) {
      // If the mapping has a wrong key, this key has already been reported. It is probably a misspelled `csv`, and the
      // list then contains column names.
      if (isWrong) throw consequentialMistake()
      const hint = 'column names need a file: {csv: FILE, inputs: [names], targets: [names]}'
      throw wrongType(list.at(i), row, 'a row [..] of numbers', hint)
    }
    const inner = list.inner(i)
    return row.map((_, j) => inner.number(j, ranges.any))
  })
  const width = rows[0]?.length ?? 0
  if (width === 0) throw dataMistake(list.path(), `\`${key}\` contains no numbers`, 'write one row per sample')
  const uneven = rows.findIndex((row) => row.length !== width)
  if (uneven >= 0) {
    const reason = `this row has length ${rows[uneven]!.length}, but the first row has length ${width}`
    throw dataMistake(list.at(uneven), reason, 'write the same number of values in each row')
  }
  return rows
}

export function tableOfColumns(columns: readonly (readonly number[])[], frame: Frame): DataTable {
  const rows = columns[0]!.length
  const size = rows * columns.length
  checkSize(size, frame.path())
  const values = new Float64Array(size)
  for (const [j, column] of columns.entries()) {
    for (let i = 0; i < rows; i++) values[i * columns.length + j] = column[i]!
  }
  return frame.scope.library.tables.shared(dataTable(rows, columns.length, values))
}
