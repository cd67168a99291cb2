import { nearestWord } from '@driftfarm/formula'
import type { Path } from '../document/value.ts'
import { dataMistake, Mistake, missing, wrongType } from '../errors.ts'
import { type Frame, refuseUnknownKeys } from '../field/frame.ts'
import { ranges } from '../field/range.ts'
import { resolveSeed } from '../field/seed.ts'
import { checkedColumn, type Fault, type MissingWay, type Wanted } from '../files/column.ts'
import type { DataSource } from '../files/dataFile.ts'
import { type DataFile, firstRows, type RawTable } from '../files/header.ts'
import type { Strided } from '../files/numbers.ts'
import { collectEach, consequentialMistake } from '../mistakes.ts'
import { dataPresets } from '../presets/dataSets.ts'
import { type NamedColumn, namedColumns } from './columnNames.ts'
import { dataFields, fileKeyOf } from './fields.ts'
import { type NetworkData, prepareSamples } from './prepare.ts'
import { divided, splitOf, splitShape } from './split.ts'

/** What is read of a data set before it becomes tables. */
interface Samples {
  readonly training: RawTable
  /** The number of columns that are inputs: the first ones. */
  readonly inputs: number
  /** Reads the same columns of a file of test samples. Absent: the samples are not in a file. */
  readonly testIn?: (file: DataFile, path: Path) => RawTable
}

/**
 * `isClassifier`: whether a single target of integers has class labels. The samples depend on `choice`. The test set is
 * a share of them, or in a file.
 */
export function preparedData(
  frame: Frame,
  isClassifier: boolean,
  choice: readonly unknown[],
  read: () => Samples,
): NetworkData {
  const { files, tables } = frame.scope.library
  const given = frame.inner('test')
  if (given.hasBroken) throw consequentialMistake()
  const split = Object.keys(splitShape).some((key) => key in given.object) ? splitOf(given) : null
  const key = fileKeyOf(given)
  if (key !== null) refuseUnknownKeys(given, [key], 'the test set has the same columns as the training set')
  const test = key === null ? frame.get('test') : given.get(key)
  const scaling = dataFields.scale.read(frame, 'scale')
  return tables.remembered([choice, scaling, split ?? test, isClassifier], () => {
    const { training, inputs, testIn } = read()
    const encoding = { inputs, isClassifier, scaling }
    if (split !== null) return prepareSamples(frame, divided(training, inputs, split), encoding)
    if (test === undefined) return prepareSamples(frame, { training, test: null }, encoding)
    const path = frame.at('test')
    if (testIn === undefined)
      throw wrongType(path, test, '{fraction: 0.2, seed: 1}', 'a test file needs a file of training samples')
    return prepareSamples(frame, { training, test: testIn(files.data(test as DataSource, path), path) }, encoding)
  })
}

/** A column of the test set has words exactly if the column of the training set has words. */
export function samplesIn(file: DataFile, wanted: readonly Wanted[], inputs: number, missing: MissingWay): Samples {
  const training = file.table(wanted, missing)
  const areWords = training.columns.map(({ kind }) => kind === 'words')
  const testIn = (other: DataFile, path: Path) => {
    const absent = wanted.find(({ name }) => !other.header.includes(name))
    if (absent !== undefined)
      throw dataMistake(
        path,
        `column ${absent.name} of ${file.file} is missing in ${other.file}`,
        other.headerHint ?? 'the test set needs the same inputs and targets as the training set',
      )
    const own = wanted.map((each, i) => ({ ...each, path, words: areWords[i]!, categorical: areWords[i]! }))
    return other.table(own, missing)
  }
  return { training, inputs, testIn }
}

export function networkData(frame: Frame, isClassifier: boolean): NetworkData {
  if (frame.get('preset') !== undefined) return ofPreset(frame, isClassifier)
  if (fileKeyOf(frame) !== null) return ofFile(frame, isClassifier)
  refuseUnknownKeys(
    frame,
    ['inputs', 'targets', 'scale', 'test'],
    'the data of a network are {preset}, {csv, inputs, targets} or {inputs, targets}, each with an optional scale',
  )
  const inputs = rowsOf(frame, 'inputs')
  const targets = rowsOf(frame, 'targets')
  if (targets.length !== inputs.length) {
    const reason = `\`targets\` has length ${targets.length}, but \`inputs\` has length ${inputs.length}`
    throw dataMistake(frame.at('targets'), reason, 'write one row of inputs and one row of targets for each sample')
  }
  const rows = inputs.map((row, i) => [...row, ...targets[i]!])
  return preparedData(frame, isClassifier, [inputs, targets], () => samplesOf(frame, rows, inputs[0]!.length))
}

/** The first `inputs` numbers of each row are inputs. With names, the last column has class labels. */
function samplesOf(
  frame: Frame,
  rows: readonly (readonly number[])[],
  inputs: number,
  names?: readonly string[],
): Samples {
  const width = rows[0]!.length
  const values = Float64Array.from(rows.flat())
  const columns = rows[0]!.map((_, j) => {
    const name = names?.[j] ?? (j < inputs ? `input ${j + 1}` : `target ${j - inputs + 1}`)
    return { name, categorical: names !== undefined && j === width - 1, values, offset: j, stride: width }
  })
  return { training: rawOfNumbers(frame, columns, rows.length), inputs }
}

/** Columns of numbers that are written in the spec. */
export function rawOfNumbers(
  frame: Frame,
  columns: readonly (Strided & Pick<Wanted, 'name' | 'categorical'>)[],
  count: number,
): RawTable {
  const path = frame.path()
  const rows = firstRows(count)
  const made = columns.map((column) => {
    const fault: Fault = (row, what, hint) => dataMistake(path, `${column.name} of sample ${row + 1} ${what}`, hint)
    return checkedColumn({ ...column, path, words: true }, column, { rows, way: 'refuse' }, fault)
  })
  return { columns: made, rows, dropped: 0 }
}

function ofPreset(frame: Frame, isClassifier: boolean): NetworkData {
  const name = String(frame.get('preset'))
  const preset = dataPresets.find((known) => known.name === name)
  if (preset === undefined) {
    const known = dataPresets.map(({ name }) => name)
    const bare = name.replace(/^(make|load)_/, '')
    const hint = known.includes(bare) ? { hint: `did you mean ${bare}?`, fix: bare } : {}
    throw new Mistake('UNKNOWN_PRESET', frame.at('preset'), { value: name, known, ...hint })
  }
  const known = preset.made ? ['preset', 'samples', 'noise', 'seed', 'scale', 'test'] : ['preset', 'scale', 'test']
  const takes = preset.made
    ? `${name} takes the keys samples, noise, seed, scale and test`
    : `${name} takes only the keys \`scale\` and \`test\``
  refuseUnknownKeys(frame, known, takes)
  const samples = dataFields.samples.read(frame, 'samples')
  const noise = dataFields.noise.read(frame, 'noise')
  const seed = resolveSeed(frame.get('seed'), frame.at('seed'))
  return preparedData(frame, isClassifier, ['preset', name, samples, noise, seed], () => {
    const rows = preset.samples({ samples, noise, seed: BigInt(seed) })
    return samplesOf(frame, rows, preset.inputs, preset.names)
  })
}

const fileHint = 'write {csv: FILE, inputs: [names], targets: [names]}'

function ofFile(frame: Frame, isClassifier: boolean): NetworkData {
  const key = fileKeyOf(frame)!
  refuseUnknownKeys(frame, [key, 'inputs', 'targets', 'categorical', 'missing', 'scale', 'test'], fileHint)
  const source = frame.get(key) as DataSource
  const file = frame.scope.library.files.data(source, frame.at(key))
  const missing = dataFields.missing.read(frame, 'missing')
  const written = [frame.get('inputs'), frame.get('targets'), frame.get('categorical') ?? []]
  return preparedData(frame, isClassifier, ['file', source, written, missing], () => {
    const inputs = namedColumns(frame, 'inputs', file)
    const targets = namedColumns(frame, 'targets', file)
    refuseTargetsAmong(inputs, targets)
    const categorical = categoricalOf(frame, [...inputs, ...targets])
    const wanted = [...inputs, ...targets].map(
      ({ name, path }, i): Wanted => ({
        name,
        path,
        fills: i < inputs.length,
        words: true,
        categorical: categorical.includes(name),
      }),
    )
    return samplesIn(file, wanted, inputs.length, missing)
  })
}

function refuseTargetsAmong(inputs: readonly NamedColumn[], targets: readonly NamedColumn[]): void {
  const both = inputs.find(({ name, isMatched }) => isMatched && targets.some((target) => target.name === name))
  if (both === undefined) return
  const hint = 'a network would read its answer: write a pattern that leaves this column out, such as "p*"'
  throw dataMistake(both.path, `the pattern includes column ${both.name}, which is also a target`, hint)
}

function categoricalOf(frame: Frame, columns: readonly NamedColumn[]): readonly string[] {
  const known = columns.map(({ name }) => name)
  const names = (frame.get('categorical') ?? []) as readonly string[]
  collectEach(names, (word, i) => {
    if (known.includes(word)) return
    const hint =
      nearestWord(word, known) === undefined ? { hint: '`categorical` may list only inputs and targets' } : {}
    throw new Mistake('UNKNOWN_COLUMN', [...frame.at('categorical'), i], { word, known, ...hint })
  })
  return names
}

function rowsOf(frame: Frame, key: 'inputs' | 'targets'): readonly (readonly number[])[] {
  const list = frame.inner(key)
  const written = frame.get(key)
  if (written === undefined) throw missing(frame.at(key), 'a list with one row [..] per sample')
  const isWrong = frame.hasBroken
  const noRow = (path: Path, value: unknown): Error => {
    // If the mapping has a wrong key, this key has already been reported. It is probably a misspelled `csv`, and the
    // list then contains column names.
    if (isWrong) return consequentialMistake()
    const hint = 'column names need a file: {csv: FILE, inputs: [names], targets: [names]}'
    return wrongType(path, value, 'a row [..] of numbers', hint)
  }
  if (typeof written === 'string') throw noRow(frame.at(key), written)
  const rows = (list.object as readonly unknown[]).map((row, i) => {
    if (!Array.isArray(row)) throw noRow(list.at(i), row)
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
