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
  const { inputs, isClassifier, scaling } = encoding
  return training.columns.map((column, i): Encoder => {
    if (column.kind === 'words') return classEncoder(column, training)
    if (isClassifier && i >= inputs && training.columns.length === inputs + 1) return labelEncoder(column, training)
    const other = test?.columns[i]
    const hasGaps = column.gaps.length > 0 || (other?.kind === 'numbers' && other.gaps.length > 0)
    return numberEncoder(column, training, i < inputs ? scaling : 'none', hasGaps, frame)
  })
}

export const valueOf = ({ values, offset, stride }: RawNumbers, row: number): number => values[offset + stride * row]!

/** A word, or the number of a class. */
export const classOf = (column: RawColumn, row: number): string | number =>
  column.kind === 'words' ? column.words[row]! : valueOf(column, row)

function classEncoder(column: RawColumn, { rows }: RawTable): Encoder {
  const words = new Set<string | number>()
  for (const row of rows) words.add(classOf(column, row))
  if (words.size > limits.labels) {
    const value = `${words.size} different words in column ${column.name}`
    throw overLimit('DATA_TOO_LARGE', column.path, value, `${limits.labels} different words per column`)
  }
  return encoderOfClasses(column.name, [...words].sort())
}

const encoderOfClasses = (name: string, sorted: readonly (string | number)[]): ClassEncoder => ({
  kind: 'classes',
  names: sorted.map((word) => `${name}=${word}`),
  classes: new Map(sorted.map((word, k) => [word, k])),
})

/** The different values of a column of whole numbers; null if there are others, or too many for classes. */
export function labelsIn(column: RawColumn, { rows }: RawTable): ReadonlySet<number> | null {
  const labels = new Set<number>()
  for (const row of rows) {
    const value = classOf(column, row)
    if (!Number.isInteger(value) || labels.size > limits.labels) return null
    labels.add(Number(value))
  }
  return labels.size > limits.labels ? null : labels
}

function labelEncoder(column: RawNumbers, table: RawTable): Encoder {
  const { name, path, fault } = column
  const labels = labelsIn(column, table)
  if (labels !== null) {
    const sorted = [...labels].sort((a, b) => a - b)
    return encoderOfClasses(name, sorted)
  }
  const wrong = table.rows.find((row) => !Number.isInteger(valueOf(column, row)))
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

/** `hasGaps`: whether a value of the training set or of the test set is missing. */
function numberEncoder(
  column: RawNumbers,
  { rows }: RawTable,
  scaling: Scaling,
  hasGaps: boolean,
  frame: Frame,
): NumberEncoder {
  const { name, gaps } = column
  const scale = typeof scaling === 'string' ? 1 : scaling.divide
  const plain = { kind: 'number', names: [name], fill: null, center: 0, scale, isConstant: false } as const
  const isSpread = scaling === 'standard' || scaling === 'range'
  if (!hasGaps && !isSpread) return plain
  const values = Float64Array.from(rows, (row) => valueOf(column, row))
  const known = values.filter((value) => !Number.isNaN(value))
  const fill = hasGaps ? meanOf(known) : null
  if (fill !== null && !Number.isFinite(fill))
    throw column.fault(
      gaps[0] ?? 0,
      'is missing, and the mean of the other values is not finite',
      'use `missing: drop`',
    )
  if (!isSpread) return { ...plain, fill }
  const spread = spreadOf(fill === null ? values : values.map((value) => (Number.isNaN(value) ? fill : value)), scaling)
  if (Number.isFinite(spread.center) && Number.isFinite(spread.scale) && spread.scale > 0)
    return { ...plain, fill, ...spread }
  const what = scaling === 'standard' ? 'mean or standard deviation' : 'range'
  throw dataMistake(
    frame.at('scale'),
    `the ${what} of column ${name} is too large or too small for a double`,
    'write the values of the column in another unit, or remove the column',
    scaling,
  )
}

const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length

type Spread = Pick<NumberEncoder, 'center' | 'scale' | 'isConstant'>

function spreadOf(values: Float64Array, scaling: 'standard' | 'range'): Spread {
  let [low, high] = [values[0]!, values[0]!]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  // The computed mean of equal values may differ from these values in its last bit, and scaling would enlarge this
  // difference to noise.
  if (low === high) return { center: low, scale: 1, isConstant: true }
  if (scaling === 'range') return { center: low, scale: high - low, isConstant: false }
  const center = meanOf(values)
  const squares = values.reduce((sum, value) => sum + (value - center) * (value - center), 0)
  return { center, scale: elementary.sqrt(squares / values.length), isConstant: false }
}
