import { ends, type Outcome, type OutcomeRecord, type RecordLayout } from './outcome.ts'

const other = 0xffff

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
  const at = index * layout.bytes
  const words = new DataView(records.buffer, records.byteOffset + at, layout.bytes)
  const whole = (offset: number) => Number(words.getBigInt64(offset, true))
  const noted = (offset: number) => (whole(offset) === 0 ? null : whole(offset))
  const byMark = <T>(read: (offset: number) => T) =>
    Object.fromEntries(layout.marks.map((name, mark) => [name, read(48 + 8 * mark)]))
  const [first, second] = [words.getFloat64(32, true), words.getFloat64(40, true)]
  if (layout.valued === 'replicas')
    return {
      kind: 'replica',
      estimate: first,
      weight: second,
      levels: whole(8),
      escaped: whole(16),
      exits: byMark(whole),
      steps: whole(24),
    }
  const exit = words.getUint8(1)
  const ended = { end: ends[words.getUint8(0)]!, exit: exit === 0 ? null : layout.exits[exit - 1]! }
  const settled = nameOf(words.getUint16(2, true), layout.minima)
  const events = { escapedAt: noted(8), convergedAt: noted(16), steps: whole(24) }
  const unreached = words.getUint16(6, true) === 0 ? {} : { unreached: true as const }
  if (layout.valued === 'weights')
    return { kind: 'weighted', ...ended, settled, ...events, value: first, logRatio: second, ...unreached }
  return {
    kind: 'trial',
    ...ended,
    settled,
    class: nameOf(words.getUint16(4, true), layout.classes),
    ...events,
    loss: first,
    distance: second,
    marks: byMark(noted),
    ...unreached,
  }
}

/** The inverse of `decodeOutcome`. */
export function encodeOutcome(outcome: Outcome, layout: RecordLayout): Uint8Array {
  return encodeRecord({ kind: 'trial', ...outcome }, layout)
}

/** The inverse of `decodeRecord`. */
export function encodeRecord(record: OutcomeRecord, layout: RecordLayout): Uint8Array {
  const bytes = new Uint8Array(layout.bytes)
  const words = new DataView(bytes.buffer)
  const writeWhole = (offset: number, value: number | null) => words.setBigInt64(offset, BigInt(value ?? 0), true)
  const writeMarks = (values: Readonly<Record<string, number | null>>) =>
    layout.marks.forEach((name, mark) => {
      writeWhole(48 + 8 * mark, values[name] ?? null)
    })
  writeWhole(24, record.steps)
  if (record.kind === 'replica') {
    words.setUint8(0, ends.indexOf(endOf(record)))
    writeWhole(8, record.levels)
    writeWhole(16, record.escaped)
    writeNumber(words, 32, record.estimate)
    writeNumber(words, 40, record.weight)
    writeMarks(record.exits)
    return bytes
  }
  words.setUint8(0, ends.indexOf(record.end))
  words.setUint8(1, record.exit === null ? 0 : layout.exits.indexOf(record.exit) + 1)
  words.setUint16(2, numberOf(record.settled, layout.minima), true)
  words.setUint16(6, record.unreached ? 1 : 0, true)
  writeWhole(8, record.escapedAt)
  writeWhole(16, record.convergedAt)
  const isWeighted = record.kind === 'weighted'
  writeNumber(words, 32, isWeighted ? record.value : record.loss)
  writeNumber(words, 40, isWeighted ? record.logRatio : record.distance)
  if (record.kind === 'trial') {
    words.setUint16(4, numberOf(record.class, layout.classes), true)
    writeMarks(record.marks)
  }
  return bytes
}

export function endOf(record: OutcomeRecord): Outcome['end'] {
  if (record.kind !== 'replica') return record.end
  return record.estimate > 0 ? 'escaped' : 'undecided'
}

/** Whether a record contains an event. The setting `record: events` stores only records with an event. */
export function hasEvent(record: OutcomeRecord): boolean {
  if (endOf(record) !== 'undecided') return true
  if (record.kind === 'replica') return record.levels > 0 || record.escaped > 0
  return record.escapedAt !== null || record.convergedAt !== null
}

/** Writes a double, with NaN in canonical form and -0 as 0. */
function writeNumber(words: DataView, offset: number, value: number): void {
  if (Number.isNaN(value)) words.setBigUint64(offset, 0x7ff8000000000000n, true)
  else words.setFloat64(offset, value + 0, true)
}

function nameOf(code: number, names: readonly string[]): string | null {
  if (code === 0) return null
  return code === other ? 'other' : names[code - 1]!
}

function numberOf(name: string | null, names: readonly string[]): number {
  if (name === null) return 0
  const index = names.indexOf(name)
  return index < 0 ? other : index + 1
}
