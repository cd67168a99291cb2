import { type ObservedPlan, type RecordLayout, reachedPoints, recordFields, storedFields } from '@driftfarm/kernel'
import type { RecordRule } from '@driftfarm/spec'
import { BinaryRows } from '../connection/binaryRows.ts'

/**
 * Whether a trial is in the sample, which contains the fraction `share` of all trials. The answer depends only on a
 * fixed hash of the trial's index, so the same trials are recorded, whatever the sizes of the batches. The hash is the
 * 64-bit finaliser of murmur3; its upper 32 bits are compared with share * 2^32.
 */
export function sampled(index: number, share: number): boolean {
  return upperHash(index) < share * 4294967296
}

// The hash is computed in two 32-bit halves: bigint would be a hundred times slower.
function upperHash(index: number): number {
  let high = Math.floor(index / 4294967296)
  let low = index >>> 0
  low ^= high >>> 1 // x ^= x >>> 33
  for (const [factorHigh, factorLow] of factors) {
    const product = Math.imul(high, factorLow) + Math.imul(low, factorHigh) + upperProduct(low >>> 0, factorLow)
    low = Math.imul(low, factorLow)
    high = product | 0
    low ^= high >>> 1
  }
  return high >>> 0
}

// 0xff51afd7ed558ccd and 0xc4ceb9fe1a85ec53
const factors = [
  [0xff51afd7, 0xed558ccd],
  [0xc4ceb9fe, 0x1a85ec53],
] as const

/** The upper 32 bits of the product of two unsigned 32-bit integers. Partial products below 2^53 are exact. */
const upperProduct = (a: number, b: number): number =>
  ((a * (b >>> 16) + (((a * (b & 0xffff)) / 65536) >>> 0)) / 65536) >>> 0

// Neither this module nor its imports load pg or Prisma, because it runs in the computing threads.

/**
 * Largest number of outcomes that can be stored for one batch. More would come close to PostgreSQL's limit of 1 GB for
 * a value.
 */
export const largestRow = 4_194_304

const { end, escapedAt, convergedAt, unreached } = recordFields
/** Besides the places of a record, a row has the id of its cell, its first trial and the offsets. */
const fields = 3 + storedFields.length
/** A row with observed values has their keys and the values in addition. */
const observingFields = fields + 2
/** In bytes. Rows are encoded one after the other, so small ones share a buffer. */
const small = 65_536
const buffer = new BinaryRows(small)

/** The observed values of all trials of a batch, without series. */
export interface ObservedRows {
  readonly plan: ObservedPlan
  /** `plan.singles` values for each trial. */
  readonly values: Float64Array
}

/**
 * Encodes the recorded outcomes of one batch as one row of farm.outcome in COPY BINARY, without the header and trailer
 * of the file. Returns null if no outcome is recorded. `records` contains the kernel's records of consecutive trials,
 * starting with trial `first`. A column (except the marks) whose values are all equal, bit for bit, is an array of one
 * element. This saves space, because trials of a short batch mostly have the same outcome, and PostgreSQL does not
 * compress small rows. Throws a RangeError if the batch has more than `largestRow` trials.
 */
export function encodeOutcomeRow(
  cellId: string,
  first: number,
  records: Uint8Array,
  layout: Pick<RecordLayout, 'bytes' | 'marks'>,
  record: RecordRule,
  observed: ObservedRows | null = null,
): Uint8Array | null {
  const count = records.length / layout.bytes
  if (count > largestRow) throw new RangeError(`${count} outcomes in a batch; at most ${largestRow} can be stored`)
  const source = new DataView(records.buffer, records.byteOffset, records.byteLength)
  const offsets = recordedOffsets(first, count, source, layout.bytes, record)
  const kept = offsets === null ? count : offsets.length
  if (kept === 0) return null
  // A row takes at most about twice the bytes of its records.
  const room = 512 + 2 * layout.bytes * kept
  const row = room > small ? new BinaryRows(room) : buffer
  row.clear()
  row
    .row(observed === null ? fields : observingFields)
    .text(cellId)
    .int8(first)
  if (offsets === null) row.text(null)
  else row.numbers(offsets, 'int4')
  const columns = new ColumnWriter(row, source, layout.bytes, offsets, kept)
  for (const { type, offset, column } of storedFields) {
    if (column === 'ends') columns.ends()
    else if (column === 'marks') columns.marks(offset, layout.marks.length)
    else if (type === 'u8') columns.integers('int2', (at) => source.getUint8(at + offset))
    else if (type === 'u16') columns.integers('int4', (at) => source.getUint16(at + offset, true))
    else columns.longs(type === 'i64' ? 'int8' : 'float8', offset)
  }
  if (observed !== null) {
    row.texts(observed.plan.watches.slice(0, observed.plan.singles).map(({ key }) => key))
    columns.observed(observed)
  }
  return new Uint8Array(row.bytes)
}

/** Whether imported bytes start like an encoded row of these trials. PostgreSQL's COPY checks the rest. */
export function startsOutcomeRow(row: Uint8Array, cellId: string, first: number): boolean {
  const head = 2 + 4 + cellId.length + 12
  if (row.length < head) return false
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength)
  if (![fields, observingFields].includes(view.getInt16(0)) || view.getInt32(2) !== cellId.length) return false
  if (new TextDecoder().decode(row.subarray(6, 6 + cellId.length)) !== cellId) return false
  return view.getInt32(head - 12) === 8 && view.getBigInt64(head - 8) === BigInt(first)
}

/** Offsets of the trials that the rule records; null if it records all trials. */
function recordedOffsets(
  first: number,
  count: number,
  source: DataView,
  bytes: number,
  rule: RecordRule,
): Int32Array | null {
  if (rule.kind === 'all') return null
  const kept = new Int32Array(rule.kind === 'none' ? 0 : count)
  let n = 0
  if (rule.kind === 'events') for (let i = 0; i < count; i++) if (isEvent(source, i * bytes)) kept[n++] = i
  if (rule.kind === 'sample') for (let i = 0; i < count; i++) if (sampled(first + i, rule.share)) kept[n++] = i
  return n === count ? null : kept.subarray(0, n)
}

const undecided = 3

// Whether the trial escaped, converged or diverged. A trial may continue after escaping or converging.
function isEvent(source: DataView, at: number): boolean {
  return (
    source.getUint8(at + end.offset) !== undecided ||
    [escapedAt, convergedAt].some(
      ({ offset }) => (source.getInt32(at + offset) | source.getInt32(at + offset + 4)) !== 0,
    )
  )
}

class ColumnWriter {
  constructor(
    private readonly row: BinaryRows,
    private readonly source: DataView,
    private readonly bytes: number,
    private readonly offsets: Int32Array | null,
    private readonly kept: number,
  ) {}

  /** Writes the outcome of each record as int2, plus 256 if the descent of the trial ran out of steps. */
  ends(): void {
    const { source } = this
    this.integers('int2', (at) => source.getUint8(at + end.offset) + 256 * source.getUint8(at + unreached.offset))
  }

  integers(type: 'int2' | 'int4', value: (record: number) => number): void {
    const elements = this.#elements((first, record) => value(first) === value(record))
    const width = type === 'int2' ? 2 : 4
    const write = (out: DataView, start: number): void => {
      for (let i = 0, at = start; i < elements; i++, at += 4 + width) {
        const number = value(this.#record(i))
        out.setInt32(at, width)
        if (width === 2) out.setInt16(at + 4, number)
        else out.setInt32(at + 4, number)
      }
    }
    this.row.array(type, [elements], () => this.row.fill((4 + width) * elements, write))
  }

  /** Writes eight bytes of each record in big-endian order, copied as integers, so that a double keeps every bit. */
  longs(type: 'int8' | 'float8', field: number): void {
    const { source } = this
    const elements = this.#elements(
      (first, record) =>
        source.getUint32(first + field) === source.getUint32(record + field) &&
        source.getUint32(first + field + 4) === source.getUint32(record + field + 4),
    )
    this.#copyLongs(type, field, [elements])
  }

  /** Writes the marks as a two-dimensional array with one row per record. */
  marks(field: number, marks: number): void {
    this.#copyLongs('int8', field, marks === 0 ? [] : [this.kept, marks])
  }

  /** Writes the observed values with one row per record; null where the trial has no value. */
  observed({ plan: { watches, singles }, values }: ObservedRows): void {
    this.row.array('float8', [this.kept, singles], () => {
      for (let i = 0; i < this.kept; i++) {
        const record = this.#record(i)
        for (const watch of watches.slice(0, singles))
          if (reachedPoints(watch, this.source, record) === 0) this.row.text(null)
          else this.row.float8(values[(record / this.bytes) * singles + watch.at]!)
      }
    })
  }

  #copyLongs(type: 'int8' | 'float8', field: number, sizes: readonly number[]): void {
    const { source } = this
    const [elements = 0, each = 1] = sizes
    const write = (out: DataView, start: number): void => {
      let at = start
      for (let i = 0; i < elements; i++) {
        let from = this.#record(i) + field
        for (let k = 0; k < each; k++) {
          out.setInt32(at, 8)
          out.setUint32(at + 4, source.getUint32(from + 4, true))
          out.setUint32(at + 8, source.getUint32(from, true))
          at += 12
          from += 8
        }
      }
    }
    this.row.array(type, sizes, () => this.row.fill(12 * elements * each, write))
  }

  // Returns 1 if the field has the same value in all recorded rows, otherwise the number of recorded rows.
  #elements(same: (first: number, record: number) => boolean): number {
    const first = this.#record(0)
    for (let i = 1; i < this.kept; i++) if (!same(first, this.#record(i))) return this.kept
    return 1
  }

  #record(i: number): number {
    return (this.offsets === null ? i : this.offsets[i]!) * this.bytes
  }
}
