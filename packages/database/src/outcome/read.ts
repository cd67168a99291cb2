import { recordBytes, recordFields, storedFields } from '@driftfarm/kernel'
import type pg from 'pg'

/** Recorded outcomes of one batch, or of a part of a large one, as records of the kernel. */
export interface OutcomeChunk {
  /** First trial of the batch, or of the part. */
  readonly first: number
  /** For each record, the index of its trial minus `first`, ascending; null if the trials are consecutive. */
  readonly offsets: Int32Array | null
  readonly count: number
  /** Bytes of a record. */
  readonly bytes: number
  /** The records as the kernel wrote them; their total size is `count` times `bytes`. */
  readonly records: Uint8Array
  /** By key (`observedKeys`), the stored observed value of each record; null where the trial has none. */
  readonly observed: ReadonlyMap<string, readonly (number | null)[]>
}

/** The observed values of record i by column (`observedColumns`); null where none is stored. */
export const observedAt = (
  { observed }: OutcomeChunk,
  i: number,
  columns: ReadonlyMap<string, string>,
): Readonly<Record<string, number | null>> =>
  Object.fromEntries([...columns].map(([column, key]) => [column, observed.get(key)?.[i] ?? null]))

/** The trial index of record i. */
export const trialAt = (chunk: OutcomeChunk, i: number): number =>
  chunk.first + (chunk.offsets === null ? i : (chunk.offsets[i] ?? 0))

/**
 * Approximate maximum number of outcomes that one statement reads. It reads at most `pageLimit` rows of farm.outcome:
 * many if batches are small, and one if they are large.
 */
const pageOutcomes = 200_000
const pageLimit = 500

/**
 * Batches with more outcomes are read in parts. The largest batch has 4,194,304 outcomes, which would take a gigabyte
 * in the text form in which pg receives them.
 */
export const rowsAtOnce = 131_072

const columns = ['offsets', ...storedFields.map(({ column }) => column), 'observed']
/**
 * SQL: at most `rowsAtOnce` elements of the array `d.<name>`, starting after its first `s.at` elements. An array with a
 * single element, which applies to all outcomes, is returned unchanged.
 */
function partOf(name: string): string {
  const part = `d.${name}[s.at + 1 : s.at + ${rowsAtOnce}]`
  if (name === 'offsets') return `case when o.offsets is not null then ${part} end`
  if (name === 'marks' || name === 'observed')
    return `case when k.kept > ${rowsAtOnce} then ${part}[:] else d.${name} end`
  return `case when k.kept > ${rowsAtOnce} and cardinality(d.${name}) > 1 then ${part} else d.${name} end`
}

// array_send gives the binary form as bytea. pg itself would read binary results as text and damage them.
const sent = (array: (name: string) => string): string =>
  columns.map((name) => `array_send(${array(name)}) as ${name}`).join(', ')
// `|| '{}'` decompresses an array once for all its uses. Without the volatile column `fence`, a plan could decompress
// the array again for each use.
const statement = `select int8send(case when o.offsets is null then o.first + s.at else o.first end) as first,
    int8send(least(k.kept - s.at, ${rowsAtOnce})) as count, o.first as batch,
    k.kept > s.at + ${rowsAtOnce} as more, o.observed_keys as keys, ${sent(partOf)}
  from farm.outcome o join farm.batch b using (cell_id, first)
  cross join lateral (select coalesce(cardinality(o.offsets), b.count)::bigint as kept) k
  cross join lateral (select case when o.first = $4 then $5::bigint else 0 end as at) s
  cross join lateral (
    select ${columns.map((name) => `o.${name} || '{}' as ${name}`).join(', ')}, random() as fence offset 0) d
  where o.cell_id = $1 and b.first + b.count > $2 and b.first < $3 and b.first >= $4
  order by o.first limit $6`
const statementOfMany = `select w.place, int8send(o.first) as first, int8send(b.count) as count,
    o.observed_keys as keys, ${sent((name) => `o.${name}`)}
  from unnest($1::text[], $2::bigint[]) with ordinality w (cell_id, trials, place)
  cross join lateral (select * from farm.outcome o where o.cell_id = w.cell_id and o.first < w.trials offset 0) o
  cross join lateral (select b.count from farm.batch b where b.cell_id = o.cell_id and b.first = o.first limit 1) b
  order by w.place, o.first`

/**
 * Maximum total size of the records if one statement reads several cells. In transit, the records take two or three
 * times as many bytes.
 */
const pageBytes = 4_000_000

/** A cell, and the number of its first trials whose outcomes are requested. */
export interface OutcomesOf {
  readonly id: string
  readonly trials: number
  readonly layout: { /** Bytes of a record. */ readonly bytes: number }
}

/**
 * The recorded outcomes of trials `from` to `to - 1` of a cell, ordered by index. Each finished batch gives one chunk,
 * or several if it is large. While the caller processes some chunks, the next ones are already being read.
 */
export async function* readOutcomes(
  db: { readonly pool: pg.Pool },
  cellId: string,
  from: number,
  to: number,
): AsyncGenerator<OutcomeChunk> {
  const read = (batch: number, at: number, limit: number) => {
    const page = db.pool.query<Sent & Keyed & { readonly batch: number; readonly more: boolean }>({
      text: statement,
      values: [cellId, from, to, batch, at, limit],
    })
    page.catch(() => undefined) // if the caller stops reading, nothing awaits `page`
    return page
  }
  for (let batch = 0, at = 0, next = read(0, 0, 1); ; ) {
    const page = (await next).rows
    if (page.length === 0) return
    // If a chunk is only a part of a batch, the chunks after it wait until the other parts are read.
    const partial = page.findIndex(({ more }) => more)
    const rows = partial < 0 ? page : page.slice(0, partial + 1)
    const last = rows.at(-1)!
    const begun = last.batch === batch ? at : 0
    ;[batch, at] = last.more ? [last.batch, begun + rowsAtOnce] : [last.batch + 1, 0]
    const count = Math.max(1, Number(last.count!.readBigInt64BE(0)))
    next = read(batch, at, Math.min(pageLimit, Math.max(1, Math.floor(pageOutcomes / count))))
    for (const { batch: _, more: __, ...row } of rows) {
      const part = within(decode(row), from, to)
      if (part.count > 0) yield part
    }
  }
}

/**
 * For each cell, in order, the recorded outcomes of its first trials. One statement reads many small cells, so that the
 * time depends on the number of outcomes and not on the number of cells.
 */
export async function* readOutcomesOf<Cell extends OutcomesOf>(
  db: { readonly pool: pg.Pool },
  cells: readonly Cell[],
): AsyncGenerator<readonly [cell: Cell, chunk: OutcomeChunk]> {
  for (let at = 0; at < cells.length; ) {
    const page: Cell[] = []
    for (let bytes = 0; at < cells.length && bytes < pageBytes; at++) {
      const cell = cells[at]!
      bytes += cell.trials * cell.layout.bytes
      if (bytes > pageBytes && page.length > 0) break
      page.push(cell)
    }
    const [first] = page
    if (page.length === 1)
      for await (const chunk of readOutcomes(db, first!.id, 0, first!.trials)) yield [first!, chunk]
    else yield* readPage(db, page)
  }
}

async function* readPage<Cell extends OutcomesOf>(
  { pool }: { readonly pool: pg.Pool },
  cells: readonly Cell[],
): AsyncGenerator<readonly [cell: Cell, chunk: OutcomeChunk]> {
  const { rows } = await pool.query<Sent & Keyed & { readonly place: number }>(statementOfMany, [
    cells.map(({ id }) => id),
    cells.map(({ trials }) => trials),
  ])
  for (const { place, ...row } of rows) {
    const cell = cells[place - 1]!
    const part = within(decode(row), 0, cell.trials)
    if (part.count > 0) yield [cell, part]
  }
}

type Sent = Readonly<Record<string, Buffer | null>>
interface Keyed {
  readonly keys: readonly string[] | null
}

function decode({ keys, ...row }: Sent & Keyed): OutcomeChunk {
  const column = (name: string): Buffer => {
    const value = row[name]
    if (!value) throw new TypeError(`farm.outcome.${name} is null`)
    return value
  }
  const offsets = offsetsOf(row.offsets ?? null)
  const count = offsets?.length ?? Number(column('count').readBigInt64BE(0))
  const marks = column('marks').readInt32BE(0) === 0 ? 0 : column('marks').readInt32BE(20)
  const bytes = recordBytes(marks)
  const records = new Uint8Array(count * bytes)
  const out = new DataView(records.buffer)
  const small = (name: string, width: number, write: (at: number, value: number) => void): void => {
    const source = column(name)
    // If an array has only one element, that element is the value for all records.
    const next = source.readInt32BE(12) === 1 ? 0 : 4 + width
    for (let i = 0, from = 20 + 4; i < count; i++, from += next) {
      write(i * bytes, width === 2 ? source.readInt16BE(from) : source.readInt32BE(from))
    }
  }
  const longs = (name: string, field: number, head: number, each: number): void => {
    const source = column(name)
    const next = name !== 'marks' && source.readInt32BE(12) === 1 ? 0 : 12 * each
    for (let i = 0, at = head + 4; i < count; i++, at += next) {
      for (let k = 0, from = at; k < each; k++, from += 12) {
        out.setUint32(i * bytes + field + 8 * k, source.readUInt32BE(from + 4), true)
        out.setUint32(i * bytes + field + 8 * k + 4, source.readUInt32BE(from), true)
      }
    }
  }
  const { end, unreached } = recordFields
  for (const { type, offset, column: name } of storedFields) {
    if (name === 'ends')
      small(name, 2, (at, value) => {
        out.setUint8(at + end.offset, value & 255)
        out.setUint8(at + unreached.offset, value >> 8)
      })
    else if (type === 'u8') small(name, 2, (at, value) => out.setUint8(at + offset, value))
    else if (type === 'u16') small(name, 4, (at, value) => out.setUint16(at + offset, value, true))
    else longs(name, offset, name === 'marks' ? 28 : 20, name === 'marks' ? marks : 1)
  }
  const first = Number(column('first').readBigInt64BE(0))
  return { first, offsets, count, bytes, records, observed: observedOf(row.observed ?? null, keys ?? [], count) }
}

function observedOf(source: Buffer | null, keys: readonly string[], count: number): OutcomeChunk['observed'] {
  const columns = keys.map((key) => [key, [] as (number | null)[]] as const)
  for (let i = 0, at = 28; source !== null && i < count; i++)
    for (const [, values] of columns) {
      const isNull = source.readInt32BE(at) < 0
      values.push(isNull ? null : source.readDoubleBE(at + 4))
      at += isNull ? 4 : 12
    }
  return new Map(columns)
}

function offsetsOf(source: Buffer | null): Int32Array | null {
  if (source === null) return null
  const offsets = new Int32Array(source.readInt32BE(12))
  for (let i = 0; i < offsets.length; i++) offsets[i] = source.readInt32BE(24 + 8 * i)
  return offsets
}

/** `to` is exclusive. */
function within(chunk: OutcomeChunk, from: number, to: number): OutcomeChunk {
  let begin = 0
  let end = chunk.count
  while (begin < end && trialAt(chunk, begin) < from) begin++
  while (end > begin && trialAt(chunk, end - 1) >= to) end--
  if (begin === 0 && end === chunk.count) return chunk
  const offsets = chunk.offsets ?? Int32Array.from({ length: chunk.count }, (_, i) => i)
  const records = chunk.records.subarray(begin * chunk.bytes, end * chunk.bytes)
  const observed = new Map([...chunk.observed].map(([key, values]) => [key, values.slice(begin, end)]))
  return { ...chunk, offsets: offsets.subarray(begin, end), count: end - begin, records, observed }
}
