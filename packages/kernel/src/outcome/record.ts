import { ends, type Outcome, type RecordLayout } from './outcome.ts'

/** "other" among settled minima and classes. */
const other = 0xffff

/** Outcome `index` of a run of records. Steps up to 2^53 are exact. */
export function decodeOutcome(records: Uint8Array, layout: RecordLayout, index: number): Outcome {
  const at = index * layout.bytes
  const words = new DataView(records.buffer, records.byteOffset + at, layout.bytes)
  const step = (offset: number) => Number(words.getBigInt64(offset, true))
  const noted = (offset: number) => (step(offset) === 0 ? null : step(offset))
  const exit = words.getUint8(1)
  return {
    end: ends[words.getUint8(0)]!,
    exit: exit === 0 ? null : layout.exits[exit - 1]!,
    settled: nameOf(words.getUint16(2, true), layout.minima),
    class: nameOf(words.getUint16(4, true), layout.classes),
    escapedAt: noted(8),
    convergedAt: noted(16),
    steps: step(24),
    loss: words.getFloat64(32, true),
    distance: words.getFloat64(40, true),
    marks: Object.fromEntries(layout.marks.map((name, mark) => [name, noted(48 + 8 * mark)])),
    ...(words.getUint16(6, true) === 0 ? {} : { unreached: true as const }),
  }
}

/** The record of an outcome: the inverse of `decodeOutcome`. */
export function encodeOutcome(outcome: Outcome, layout: RecordLayout): Uint8Array {
  const record = new Uint8Array(layout.bytes)
  const words = new DataView(record.buffer)
  const writeStep = (offset: number, step: number | null) => words.setBigInt64(offset, BigInt(step ?? 0), true)
  words.setUint8(0, ends.indexOf(outcome.end))
  words.setUint8(1, outcome.exit === null ? 0 : layout.exits.indexOf(outcome.exit) + 1)
  words.setUint16(2, numberOf(outcome.settled, layout.minima), true)
  words.setUint16(4, numberOf(outcome.class, layout.classes), true)
  words.setUint16(6, outcome.unreached ? 1 : 0, true)
  writeStep(8, outcome.escapedAt)
  writeStep(16, outcome.convergedAt)
  writeStep(24, outcome.steps)
  writeNumber(words, 32, outcome.loss)
  writeNumber(words, 40, outcome.distance)
  layout.marks.forEach((name, mark) => {
    writeStep(48 + 8 * mark, outcome.marks[name] ?? null)
  })
  return record
}

/** NaN canonical, -0 as 0. */
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
