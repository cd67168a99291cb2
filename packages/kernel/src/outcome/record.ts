import { type End, ends, type RecordLayout } from './outcome.ts'
import { recordFields, wholeAt } from './recordFields.ts'

/** How a value is stored. The type of its column in a table of rows is null for words and mappings. */
interface Meaning<Value> {
  readonly column: 'INT64' | 'DOUBLE' | null
  read(words: DataView, at: number, layout: RecordLayout): Value
  write(words: DataView, at: number, value: Value, layout: RecordLayout): void
}

const meaning = <Value>(of: Meaning<Value>): Meaning<Value> => of

/** A code that stands for a name of the list: 0 for none, k for the k-th name, 0xffff for none of the names. */
function oneOf(list: 'minima' | 'classes'): Meaning<string | null> {
  return {
    column: null,
    read(words, at, layout) {
      const code = words.getUint16(at, true)
      if (code === 0) return null
      return code === other ? 'other' : layout[list][code - 1]!
    },
    write(words, at, name, layout) {
      const index = name === null ? -1 : layout[list].indexOf(name)
      words.setUint16(at, name === null ? 0 : index < 0 ? other : index + 1, true)
    },
  }
}

const other = 0xffff

/** One number for each mark of the layout. */
function byMark<Value>({ read, write }: Meaning<Value>): Meaning<Readonly<Record<string, Value>>> {
  return {
    column: null,
    read: (words, at, layout) =>
      Object.fromEntries(layout.marks.map((name, mark) => [name, read(words, at + 8 * mark, layout)])),
    write: (words, at, values, layout) =>
      layout.marks.forEach((name, mark) => {
        write(words, at + 8 * mark, values[name]!, layout)
      }),
  }
}

const count = meaning<number>({
  column: 'INT64',
  read: wholeAt,
  write: (words, at, value) => words.setBigInt64(at, BigInt(value), true),
})
/** A step from 1 on; 0 is stored for null. */
const step = meaning<number | null>({
  column: 'INT64',
  read: (words, at, layout) => count.read(words, at, layout) || null,
  write: (words, at, value, layout) => count.write(words, at, value ?? 0, layout),
})
const end = meaning<End>({
  column: null,
  read: (words, at) => ends[words.getUint8(at)]!,
  write: (words, at, value) => words.setUint8(at, ends.indexOf(value)),
})
/** 0 for none, k for the k-th exit. */
const exit = meaning<string | null>({
  column: null,
  read: (words, at, { exits }) => exits[words.getUint8(at) - 1] ?? null,
  write: (words, at, name, { exits }) => words.setUint8(at, name === null ? 0 : exits.indexOf(name) + 1),
})
/** NaN is canonical (0x7ff8000000000000), and -0 is stored as 0. */
const number = meaning<number>({
  column: 'DOUBLE',
  read: (words, at) => words.getFloat64(at, true),
  write(words, at, value) {
    if (Number.isNaN(value)) words.setBigUint64(at, 0x7ff8000000000000n, true)
    else words.setFloat64(at, value + 0, true)
  },
})
const flag = meaning<true | undefined>({
  column: null,
  read: (words, at) => (words.getUint16(at, true) === 0 ? undefined : true),
  write: (words, at, value) => words.setUint16(at, value === true ? 1 : 0, true),
})

interface Field<Value> {
  /** Name of the place in a record (`recordFields.ts`). */
  readonly at: keyof typeof recordFields
  readonly as: Meaning<Value>
  /** Whether rows leave the field out. */
  readonly hidden?: true
}

const field = <Value>(at: keyof typeof recordFields, as: Meaning<Value>): Field<Value> => ({ at, as })
const hidden = <Value>(at: keyof typeof recordFields, as: Meaning<Value>): Field<Value> => ({ at, as, hidden: true })

/** For each kind of record, its fields in the order of the columns of a row. */
const fields = {
  /** The outcome of a direct trial. */
  trial: {
    end: field('end', end),
    exit: field('exit', exit),
    settled: field('settled', oneOf('minima')),
    class: field('class', oneOf('classes')),
    escapedAt: field('escapedAt', step),
    convergedAt: field('convergedAt', step),
    steps: field('steps', count),
    loss: field('loss', number),
    distance: field('distance', number),
    /** For each mark, by name, the first step at which it was true; null if it never was. */
    marks: field('marks', byMark(step)),
    unreached: hidden('unreached', flag),
  },
  /** A trial of a tilt. */
  weighted: {
    /**
     * If the trial escaped: the density of the noise under the original distribution, divided by the density of the
     * noise under the mixture of original and tilted distribution. Otherwise 0.
     */
    value: field('loss', number),
    /**
     * Logarithm of the density of the noise under the tilt, minus the logarithm of the density under the original
     * distribution.
     */
    logRatio: field('distance', number),
    exit: field('exit', exit),
    escapedAt: field('escapedAt', step),
    steps: field('steps', count),
    end: hidden('end', end),
    settled: hidden('settled', oneOf('minima')),
    convergedAt: hidden('convergedAt', step),
    unreached: hidden('unreached', flag),
  },
  /** A replica: one independent run of splitting. */
  replica: {
    estimate: field('loss', number),
    weight: field('distance', number),
    levels: field('escapedAt', count),
    /** Number of particles that escaped in the end, and number of particles that took each named exit. */
    escaped: field('convergedAt', count),
    /** Steps of all particles. */
    steps: field('steps', count),
    exits: field('marks', byMark(count)),
  },
}

type Kind = keyof typeof fields
type Values<K extends Kind> = {
  readonly [Name in keyof (typeof fields)[K]]: (typeof fields)[K][Name] extends Field<infer Value> ? Value : never
}
type RecordOf<K extends Kind> = Omit<Values<K>, 'unreached'> & {
  readonly kind: K
  /**
   * True if a descent used all its steps; otherwise absent. If true, either the end point of the quench is unknown, or
   * it is unknown whether the trial left the basin of theta_0.
   */
  readonly unreached?: true
}

/** What a record says, decoded. */
export type OutcomeRecord = { readonly [K in Kind]: RecordOf<K> }[Kind]
export type Outcome = Omit<RecordOf<'trial'>, 'kind'>
export type ReplicaRecord = RecordOf<'replica'>

/** A field of a record; its type in the table of fields is narrower. */
type AnyField = Field<unknown> & { readonly name: string }

const listed = Object.fromEntries(
  Object.entries(fields).map(([kind, of]) => [kind, Object.entries(of).map(([name, field]) => ({ name, ...field }))]),
) as unknown as Readonly<Record<Kind, readonly AnyField[]>>

/**
 * The columns of a row for a kind of record, in order: the field of the record, the name of the column, and its type if
 * it holds numbers.
 */
export function recordColumns(kind: Kind) {
  return listed[kind]
    .filter(({ hidden }) => !hidden)
    .map(({ name, as }) => {
      const column = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
      return { field: name, name: column, type: as.column }
    })
}

const kindOf = ({ valued }: RecordLayout): Kind =>
  valued === 'replicas' ? 'replica' : valued === 'weights' ? 'weighted' : 'trial'

/**
 * Decodes record `index` of a sequence of records of direct trials. Steps up to 2^53 are exact. Throws if the record is
 * of another kind.
 */
export function decodeOutcome(records: Uint8Array, layout: RecordLayout, index: number): Outcome {
  const { kind, ...outcome } = decodeRecord(records, layout, index)
  if (kind !== 'trial') throw new TypeError(`a ${kind} record is not the outcome of a direct trial`)
  return outcome as Outcome
}

/** Decodes record `index` of a sequence of records. The layout determines the kind of the record. */
export function decodeRecord(records: Uint8Array, layout: RecordLayout, index: number): OutcomeRecord {
  const words = new DataView(records.buffer, records.byteOffset + index * layout.bytes, layout.bytes)
  const kind = kindOf(layout)
  const record: Record<string, unknown> = { kind }
  for (const { name, at, as } of listed[kind]) {
    const value = as.read(words, recordFields[at].offset, layout)
    if (value !== undefined) record[name] = value
  }
  return record as unknown as OutcomeRecord
}

/** The inverse of `decodeRecord`. */
export function encodeRecord(record: OutcomeRecord, layout: RecordLayout): Uint8Array {
  const bytes = new Uint8Array(layout.bytes)
  const words = new DataView(bytes.buffer)
  const values = record as unknown as Readonly<Record<string, unknown>>
  for (const { name, at, as } of listed[record.kind]) as.write(words, recordFields[at].offset, values[name], layout)
  end.write(words, recordFields.end.offset, endOf(record), layout)
  return bytes
}

/** The end of a trial. A replica counts as escaped if its estimate is above 0. */
export function endOf(record: OutcomeRecord): End {
  if (record.kind !== 'replica') return record.end
  return record.estimate > 0 ? 'escaped' : 'undecided'
}

/** Whether a record contains an event. The setting `record: events` stores only records with an event. */
export function hasEvent(record: OutcomeRecord): boolean {
  if (endOf(record) !== 'undecided') return true
  if (record.kind === 'replica') return record.levels > 0 || record.escaped > 0
  return record.escapedAt !== null || record.convergedAt !== null
}
