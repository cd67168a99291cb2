import { countText } from '@driftfarm/formula'
import type { DataReference, PreparedData } from '../cell.ts'
import { type ByteScale, type DataTable, referenceTo, tableOfValues } from '../data.ts'
import { overLimit, tooMuchData } from '../errors.ts'
import type { Frame } from '../field/frame.ts'
import type { RawColumn } from '../files/column.ts'
import type { RawTable } from '../files/header.ts'
import { limits } from '../limits.ts'
import { classOf, type Encoder, type Encoding, encodersOf, labelsIn, type NumberEncoder, valueOf } from './encode.ts'

export type NetworkData = ReturnType<typeof prepareSamples>

/** The reference to the test samples in a landscape. */
export function testOf(data: NetworkData | null): { readonly test?: DataReference } {
  return data === null || data.test === null ? {} : { test: referenceTo({ ...data.test, prepared: null }) }
}

interface SampleSets {
  readonly training: RawTable
  readonly test: RawTable | null
}

/**
 * Makes tables from columns of numbers and words. The test set is prepared like the training set. Each row of a table
 * contains `inputs` inputs, followed by `targets` targets.
 */
export function prepareSamples(frame: Frame, { training, test }: SampleSets, encoding: Encoding) {
  const encoders = encodersOf(training, test, encoding, frame)
  const [own, rest] = [encoders.slice(0, encoding.inputs), encoders.slice(encoding.inputs)]
  const names = own.flatMap((encoder) => encoder.names)
  const filled = filledIn(training, own)
  const scaled = scaledOf(own, encoding)
  const { dropped } = training
  const isAsItIs = scaled === null && dropped === 0 && filled.length === 0 && own.every(isNumber)
  const prepared = { inputs: names, dropped, filled, scaled }
  const long = isAsItIs ? undefined : names.find((name) => name.length > limits.inputName)
  if (long !== undefined) {
    const value = `the input name ${long.slice(0, 24)}.. has ${long.length} characters`
    throw overLimit('DATA_TOO_LARGE', frame.at('inputs'), value, `${limits.inputName} characters per input name`)
  }
  const { tables } = frame.scope.library
  const bytes = byteScaleOf(training, encoders, encoding)
  const made = (raw: RawTable) => tables.shared(tableOf(raw, encoders, bytes, frame))
  return {
    table: made(training),
    /** Samples that training does not use; null if there are none. */
    test: test && {
      table: made(test),
      prepared: { inputs: names, dropped: test.dropped, filled: filledIn(test, own), scaled: null },
    },
    prepared: isAsItIs ? null : prepared,
    /** What a plan says of the training samples. Samples that were used unchanged are listed beside a test set. */
    listed: isAsItIs && test === null ? null : prepared,
    inputs: names.length,
    targets: widthOf(rest),
    /**
     * Texts such as ` (age, 2 words of colour)`, which explain the number of inputs and targets in messages. A text is
     * empty if all columns that it describes are numeric.
     */
    made: {
      inputs: explained(training.columns, own),
      targets: explained(training.columns.slice(encoding.inputs), rest),
    },
    /** Number of different values of a single target of whole numbers; null if there are other targets. */
    targetLabels: () => {
      const labels = rest.length === 1 ? labelsIn(training.columns[encoding.inputs]!, training) : null
      return labels === null || labels.size < 2 ? null : labels.size
    },
  }
}

/** How many missing values each column has, and what replaces them. */
function filledIn({ columns, rows }: RawTable, encoders: readonly Encoder[]): PreparedData['filled'] {
  return encoders.flatMap((encoder, i) => {
    const column = columns[i]!
    if (!isNumber(encoder) || encoder.fill === null || column.kind !== 'numbers') return []
    const count = rows.reduce((sum, row) => sum + (Number.isNaN(valueOf(column, row)) ? 1 : 0), 0)
    return count === 0 ? [] : [[encoder.names[0], { count, value: encoder.fill }] as const]
  })
}

const isNumber = (encoder: Encoder): encoder is NumberEncoder => encoder.kind === 'number'

function scaledOf(encoders: readonly Encoder[], { scaling }: Encoding): PreparedData['scaled'] {
  if (scaling === 'none' || !encoders.some(isNumber)) return null
  const each = <T>(of: (encoder: NumberEncoder) => T, word: T): T[] =>
    encoders.flatMap((encoder) => encoder.names.map(() => (isNumber(encoder) ? of(encoder) : word)))
  return {
    kind: typeof scaling === 'string' ? scaling : 'divide',
    center: each(({ center }) => center, 0),
    scale: each(({ scale }) => scale, 1),
    constant: encoders.filter(isNumber).flatMap(({ isConstant, names }) => (isConstant ? names : [])),
  }
}

/** Returns a text such as ` (age, 2 words of colour)`, or '' if all columns are numeric. */
function explained(columns: readonly RawColumn[], encoders: readonly Encoder[]): string {
  if (encoders.every(isNumber)) return ''
  const parts = encoders.map((encoder, i) => {
    const { kind, name } = columns[i]!
    if (isNumber(encoder)) return name
    const count = encoder.names.length
    const classes = `${count} ${count === 1 ? 'class' : 'classes'}`
    return `${kind === 'words' ? countText(count, 'word') : classes} of ${name}`
  })
  const listed = parts.length > maxListed ? [...parts.slice(0, maxListed), '..'] : parts
  return ` (${listed.join(', ')})`
}

const maxListed = 12

/** The rows are written in blocks that fit into the caches of a processor. */
const blockRows = 256

/** How bytes stand for the numbers of a large table, if all of them are to be bytes or quotients of bytes. */
function byteScaleOf(
  training: RawTable,
  encoders: readonly Encoder[],
  { inputs, scaling }: Encoding,
): ByteScale | null {
  if (training.rows.length * widthOf(encoders) < limits.byteTable) return null
  if (scaling === 'none') return { divide: 1, scaled: 0 }
  const areNumbers = typeof scaling !== 'string' && encoders.slice(0, inputs).every(isNumber)
  return areNumbers ? { divide: scaling.divide, scaled: inputs } : null
}

/** Whether a column has only integers from 0 to 255, or becomes zeros and ones. */
function hasBytes({ columns, rows }: RawTable, encoder: Encoder, j: number): boolean {
  const column = columns[j]!
  if (encoder.kind === 'classes' || column.kind === 'words' || column.values instanceof Uint8Array) return true
  return rows.every((row) => valueOf(column, row) === (valueOf(column, row) & 255))
}

const widthOf = (encoders: readonly Encoder[]): number => encoders.reduce((sum, { names }) => sum + names.length, 0)

function tableOf(raw: RawTable, encoders: readonly Encoder[], bytes: ByteScale | null, frame: Frame): DataTable {
  const rows = raw.rows.length
  const columns = widthOf(encoders)
  if (rows * columns > limits.dataValues) throw tooMuchData(frame.path(), rows * columns)
  const areBytes = bytes !== null && encoders.every((encoder, j) => hasBytes(raw, encoder, j))
  const values = areBytes ? new Uint8Array(rows * columns) : new Float64Array(rows * columns)
  for (let first = 0; first < rows; first += blockRows) {
    const block = raw.rows.subarray(first, first + blockRows)
    let place = first * columns
    for (const [j, encoder] of encoders.entries()) {
      writeColumn(values, place, columns, { column: raw.columns[j]!, encoder, rows: block })
      place += encoder.names.length
    }
  }
  const { newHasher } = frame.scope.library.tables
  const stored = values instanceof Uint8Array ? { ...bytes!, bytes: values } : values
  return tableOfValues(rows, columns, stored, newHasher)
}

interface Part {
  readonly column: RawColumn
  readonly encoder: Encoder
  readonly rows: Uint32Array
}

function writeColumn(
  into: Float64Array | Uint8Array,
  place: number,
  width: number,
  { column, encoder, rows }: Part,
): void {
  let at = place
  for (const row of rows) {
    if (encoder.kind === 'classes') {
      const k = encoder.classes.get(classOf(column, row))
      if (k === undefined)
        throw column.fault(
          row,
          'is a class that the training set does not have',
          `the training set has ${[...encoder.classes.keys()].slice(0, 24).join(', ')}: correct or remove the row`,
        )
      into[at + k] = 1
    } else {
      if (column.kind === 'words') throw column.fault(row, 'is not a number', 'the training set has numbers here')
      const value = valueOf(column, row)
      const known = encoder.fill !== null && Number.isNaN(value) ? encoder.fill : value
      // Zero is added because -0 is not a value of a table.
      into[at] = into instanceof Uint8Array ? known : (known - encoder.center) / encoder.scale + 0
    }
    at += width
  }
}
