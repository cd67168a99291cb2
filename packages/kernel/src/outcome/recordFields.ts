/** A place in the bytes of a record: little-endian, and an integer unless the type is `f64`. */
export interface RecordField {
  readonly type: 'u8' | 'u16' | 'i64' | 'f64'
  readonly offset: number
  /** The column of the table `farm.outcome` that stores this place of all records of a batch, as an array. */
  readonly column: string | null
}

/**
 * The bytes of one outcome record. The names are those of direct trials; `record.ts` says what each place means in the
 * record of a replica of splitting or of a weighted trial. The column `ends` stores `end` plus 256 times `unreached`.
 */
export const recordFields = {
  end: { type: 'u8', offset: 0, column: 'ends' },
  exit: { type: 'u8', offset: 1, column: 'exits' },
  settled: { type: 'u16', offset: 2, column: 'settled' },
  class: { type: 'u16', offset: 4, column: 'classes' },
  unreached: { type: 'u16', offset: 6, column: null },
  escapedAt: { type: 'i64', offset: 8, column: 'escaped_at' },
  convergedAt: { type: 'i64', offset: 16, column: 'converged_at' },
  steps: { type: 'i64', offset: 24, column: 'steps' },
  loss: { type: 'f64', offset: 32, column: 'loss' },
  distance: { type: 'f64', offset: 40, column: 'distance' },
  /** The first of the marks, which have 8 bytes each. */
  marks: { type: 'i64', offset: 48, column: 'marks' },
} as const satisfies Readonly<Record<string, RecordField>>

/** The places with a column of their own, in order. */
export const storedFields = Object.values<RecordField>(recordFields).flatMap(({ column, ...field }) =>
  column === null ? [] : [{ ...field, column }],
)

/** Reads an integer of 64 bits. Exact up to 2^53, and faster than a bigint. */
export function wholeAt(words: DataView, at: number): number {
  return words.getInt32(at + 4, true) * 2 ** 32 + words.getUint32(at, true)
}

export function recordBytes(marks: number): number {
  return recordFields.marks.offset + 8 * marks
}
