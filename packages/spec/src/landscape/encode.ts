import { elementary } from '@driftfarm/formula'
import { dataMistake, overLimit } from '../errors.ts'
import type { Frame } from '../field/frame.ts'
import type { RawColumn, RawNumbers } from '../files/column.ts'
import type { RawTable } from '../files/header.ts'
import { limits } from '../limits.ts'

/** `encodersOf` defines the scalings. */
export const scalings = ['none', 'standard', 'range'] as const
export type Scaling = (typeof scalings)[number] | { readonly divide: number }

/** How a column becomes one or more columns of numbers, which have the names. */
export type Encoder = NumberEncoder | ClassEncoder
export interface NumberEncoder {
  readonly kind: 'number'
  readonly names: readonly [string]
  /** Replaces missing values. Null if no value is missing. */
  readonly fill: number | null
  /** Number of values of the training set that are missing. */
  readonly filled: number
  /** A value becomes (value - center) / scale. */
  readonly center: number
  readonly scale: number
  readonly isConstant: boolean
}
/** One-hot encoding: one column for each class, with 1 in the rows of the class and 0 in all others. */
interface ClassEncoder {
  readonly kind: 'classes'
  readonly names: readonly string[]
  readonly classes: ReadonlyMap<string | number, number>
}

export interface Encoding {
  /** Number of columns that are inputs. The others are targets. */
  readonly inputs: number
  readonly scaling: Scaling
  /** Whether a single target column of integers has class labels. */
  readonly isClassifier: boolean
}

/**
 * Decides from the training set how its columns, and those of the test set, become numbers. Missing numbers become the
 * mean of the others. Words are sorted by UTF-16 code units, class labels by value, and none is left out. The inputs
 * are scaled last: `standard` to mean 0 and population variance 1, `range` to 0 .. 1; both turn a column of equal
 * values into zeros. Values are summed from the first to the last.
 */
export function encodersOf(
  training: RawTable,
  test: RawTable | null,
  encoding: Encoding,
  frame: Frame,
): readonly Encoder[] {
  const { inputs, isClassifier } = encoding
  const makers = training.columns.map((column, i): (() => Encoder) => {
    if (column.kind === 'words') return classEncoder(column, training)
    if (isClassifier && i >= inputs && training.columns.length === inputs + 1) return labelEncoder(column, training)
    const hasGaps = test?.columns[i]?.kind === 'numbers' && test.columns[i].gaps.length > 0
    return () => numberEncoder(column, training, i < inputs ? encoding.scaling : 'none', hasGaps, frame)
  })
  return makers.map((make) => make())
}

export const rowCount = ({ kept, rows }: RawTable): number => kept?.length ?? rows

export const valueOf = ({ values, offset, stride }: RawNumbers, row: number): number => values[offset + stride * row]!

/** What is one class: a word or a number. */
export function* classesIn(column: RawColumn, { kept, rows }: RawTable): Generator<string | number> {
  const count = kept?.length ?? rows
  for (let i = 0; i < count; i++) {
    const row = kept === null ? i : kept[i]!
    yield column.kind === 'words' ? column.words[row]! : valueOf(column, row)
  }
}

function classEncoder(column: RawColumn, table: RawTable): () => Encoder {
  const words = new Set(classesIn(column, table))
  if (words.size > limits.labels) {
    const value = `${words.size} different words in column ${column.name}`
    throw overLimit('DATA_TOO_LARGE', column.path, value, `${limits.labels} different words per column`)
  }
  return () => encoderOfClasses(column.name, [...words].sort())
}

const encoderOfClasses = (name: string, sorted: readonly (string | number)[]): ClassEncoder => ({
  kind: 'classes',
  names: sorted.map((word) => `${name}=${word}`),
  classes: new Map(sorted.map((word, k) => [word, k])),
})

/** The different values of a column of whole numbers; null if there are others, or too many for classes. */
export function labelsIn(column: RawColumn, table: RawTable): ReadonlySet<number> | null {
  const labels = new Set<number>()
  for (const value of classesIn(column, table)) {
    if (!Number.isInteger(value) || labels.size > limits.labels) return null
    labels.add(Number(value))
  }
  return labels.size > limits.labels ? null : labels
}

function labelEncoder(column: RawNumbers, table: RawTable): () => Encoder {
  const { name, path, fault } = column
  const labels = labelsIn(column, table)
  if (labels !== null)
    return () =>
      encoderOfClasses(
        name,
        [...labels].sort((a, b) => a - b),
      )
  const rows = table.kept ?? Uint32Array.from({ length: table.rows }, (_, i) => i)
  const wrong = rows.find((row) => !Number.isInteger(valueOf(column, row)))
  if (wrong === undefined) {
    const value = `more than ${limits.labels} different class labels in column ${name}`
    throw overLimit('DATA_TOO_LARGE', path, value, `${limits.labels} classes`)
  }
  throw fault(
    wrong,
    `is ${valueOf(column, wrong)}, but a single target of \`output: softmax\` has class labels, which are integers`,
    'use `output: identity` or `output: sigmoid` to learn a quantity, or name one target for each output',
  )
}

function numberEncoder(
  column: RawNumbers,
  table: RawTable,
  scaling: Scaling,
  testHasGaps: boolean,
  frame: Frame,
): NumberEncoder {
  const { name, gaps } = column
  const none = { kind: 'number', names: [name], fill: null, filled: 0, center: 0, scale: 1, isConstant: false } as const
  const isWhole = gaps.length === 0 && !testHasGaps
  if (scaling === 'none' && isWhole) return none
  if (typeof scaling !== 'string' && isWhole) return { ...none, scale: scaling.divide }
  const values = Float64Array.from({ length: rowCount(table) }, (_, i) =>
    valueOf(column, table.kept === null ? i : table.kept[i]!),
  )
  const filled = gaps.length === 0 ? 0 : values.reduce((count, value) => count + (Number.isNaN(value) ? 1 : 0), 0)
  const fill = isWhole ? null : meanOf(values, filled)
  if (fill !== null && !Number.isFinite(fill))
    throw column.fault(
      gaps[0] ?? 0,
      'is missing, and the mean of the other values is not finite',
      'use `missing: drop`',
    )
  if (filled > 0) for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) values[i] = fill!
  const base = { ...none, fill, filled }
  if (typeof scaling !== 'string') return { ...base, scale: scaling.divide }
  if (scaling === 'none') return base
  const spread = spreadOf(values, scaling)
  if (Number.isFinite(spread.center) && Number.isFinite(spread.scale) && spread.scale > 0)
    return { ...base, ...spread, isConstant: values.every((value) => value === values[0]) }
  const what = scaling === 'standard' ? 'mean or standard deviation' : 'range'
  throw dataMistake(
    frame.at('scale'),
    `the ${what} of column ${name} is too large or too small for a double`,
    'write the values of the column in another unit, or remove the column',
    scaling,
  )
}

function meanOf(values: Float64Array, missing: number): number {
  let sum = 0
  for (const value of values) if (!Number.isNaN(value)) sum += value
  return sum / (values.length - missing)
}

function spreadOf(values: Float64Array, scaling: 'standard' | 'range'): Pick<NumberEncoder, 'center' | 'scale'> {
  let [low, high] = [values[0]!, values[0]!]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  // The computed mean of equal values may differ from these values in its last bit, and scaling would enlarge this
  // difference to noise.
  if (low === high) return { center: low, scale: 1 }
  if (scaling === 'range') return { center: low, scale: high - low }
  const center = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - center) * (value - center), 0)
  return { center, scale: elementary.sqrt(squares / values.length) }
}
