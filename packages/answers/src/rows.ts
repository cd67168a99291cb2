import {
  countedPages,
  type Database,
  type OutcomeChunk,
  outlineOf,
  readOutcomesOf,
  type SweepHead,
  sampled,
  sweepHead,
  trialAt,
} from '@driftfarm/database'
import { decodeRecord, ends, hasEvent, type OutcomeRecord, type RecordLayout, rowColumns } from '@driftfarm/kernel'
import {
  countText,
  integer,
  type ParquetValues,
  type RowRecord,
  type Rows,
  rowRecord,
  type WithWarnings,
} from '@driftfarm/report'
import type { Method, RecordRule } from '@driftfarm/spec'

type Kind = Method['kind']

/** The database views with the rows of each method. */
const elsewhere: Readonly<Record<Kind, string>> = {
  direct: 'trial',
  splitting: 'replica',
  tilt: 'weighted',
}

/**
 * The recorded rows of the trials that the sweep requests, ordered by cell. Rows that are requested only by other
 * sweeps are left out. All rows come from cells of one method: `direct` if any cell is direct, otherwise the method of
 * the first cell. A warning names the methods that are left out. Cells are read page by page, so trials may be
 * added between two pages of a running sweep. This does no harm, because a row never changes, and each cell has all its
 * rows up to some trial.
 */
export async function rowsOf(
  database: Database,
  sweepId: string,
): Promise<Rows & Pick<WithWarnings<unknown>, 'warnings'>> {
  const head = await sweepHead(database, sweepId)
  const outline = await outlineOf(database, sweepId)
  const kind = outline.some(({ method }) => method === 'direct') ? 'direct' : (outline[0]?.method ?? 'direct')
  const warnings = outline
    .filter(({ method }) => method !== kind)
    .map(
      ({ method, cells }) =>
        `rows of ${countText(cells, 'cell')} with method ${method} are left out; get them ` +
        `with \`driftfarm sql "select * from ${elsewhere[method]} where cell = .."\``,
    )
  if (head.demand.record.kind === 'none')
    warnings.push(
      `${head.name} stores no rows (\`record: none\`); to store them, run its spec again with \`record: all\``,
    )
  const records = { columns: rowColumns[kind], records: recordsOf(database, head, kind), warnings }
  if (kind !== 'direct') return records
  return { ...records, groups: (rows: number) => trialGroups(wantedChunks(database, head), rows) }
}

async function* wantedChunks(database: Database, head: SweepHead): AsyncGenerator<SelectedChunk> {
  const rule = head.demand.record
  if (rule.kind === 'none') return
  for await (const page of countedPages(database, head, 'direct'))
    for await (const [{ index, layout }, chunk] of readOutcomesOf(database, page)) {
      const wanted = (place: number) =>
        isRecorded(rule, trialAt(chunk, place), () => decodeRecord(chunk.records, layout, place))
      yield { index, layout, chunk, wanted: rule.kind === 'all' ? null : wanted }
    }
}

async function* recordsOf(database: Database, head: SweepHead, kind: Kind): AsyncGenerator<RowRecord> {
  const rule = head.demand.record
  if (rule.kind === 'none') return
  for await (const page of countedPages(database, head, kind))
    for await (const [{ index, layout }, chunk] of readOutcomesOf(database, page))
      for (let place = 0; place < chunk.count; place++) {
        const record = decodeRecord(chunk.records, layout, place)
        const trial = trialAt(chunk, place)
        if (isRecorded(rule, trial, () => record)) yield rowRecord(index, trial, record)
      }
}

function isRecorded(rule: RecordRule, trial: number, record: () => OutcomeRecord): boolean {
  return rule.kind === 'sample' ? sampled(trial, rule.share) : rule.kind === 'all' || hasEvent(record())
}

/** `wanted` selects records by their place in the chunk; null selects all. */
export interface SelectedChunk {
  /** Index of the cell in its sweep. */
  readonly index: number
  readonly layout: RecordLayout
  readonly chunk: OutcomeChunk
  readonly wanted: ((place: number) => boolean) | null
}

/**
 * Yields trials as columns in the order of `rowColumns`, in groups of `rows` trials. The values are the same as in
 * `rowJson`, but rows are not made into objects, because at 10^7 rows making the objects would take most of the time.
 */
export async function* trialGroups(
  chunks: AsyncIterable<SelectedChunk>,
  rows: number,
): AsyncGenerator<readonly ParquetValues[]> {
  let group = new Group(rows)
  for await (const { index, layout, chunk, wanted } of chunks) {
    const names = new Names(layout)
    const view = new DataView(chunk.records.buffer, chunk.records.byteOffset, chunk.records.byteLength)
    for (let place = 0; place < chunk.count; place++) {
      if (wanted !== null && !wanted(place)) continue
      group.add(index, trialAt(chunk, place), view, place * layout.bytes, names)
      if (group.count < rows) continue
      yield group.columns()
      group = new Group(rows)
    }
  }
  yield group.columns()
}

class Names {
  readonly exits: readonly (string | null)[]
  readonly #minima: readonly string[]
  readonly #classes: readonly string[]
  readonly #marks: readonly string[]

  constructor({ exits, minima, classes, marks }: RecordLayout) {
    // If the escape is a single condition, its exit has an empty name.
    this.exits = [null, ...exits.map((name) => name || null)]
    this.#minima = minima
    this.#classes = classes
    this.#marks = marks.map((name) => JSON.stringify(name))
  }

  settled = (code: number): string | null => named(code, this.#minima)
  class = (code: number): string | null => named(code, this.#classes)

  marks(view: DataView, at: number): string {
    if (this.#marks.length === 0) return '{}'
    const pairs = this.#marks.map((name, mark) => {
      const step = view.getBigInt64(at + 48 + 8 * mark, true)
      return `${name}:${step === 0n ? 'null' : JSON.stringify(integer(step))}`
    })
    return `{${pairs.join(',')}}`
  }
}

const named = (code: number, names: readonly string[]): string | null =>
  code === 0 ? null : (names[code - 1] ?? 'other')

class Group {
  count = 0
  readonly #cell: Int32Array
  readonly #trial: BigInt64Array
  readonly #steps: BigInt64Array
  readonly #loss: Float64Array
  readonly #distance: Float64Array
  readonly #end: string[] = []
  readonly #exit: (string | null)[] = []
  readonly #settled: (string | null)[] = []
  readonly #class: (string | null)[] = []
  readonly #escapedAt: (bigint | null)[] = []
  readonly #convergedAt: (bigint | null)[] = []
  readonly #marks: string[] = []

  constructor(rows: number) {
    this.#cell = new Int32Array(rows)
    this.#trial = new BigInt64Array(rows)
    this.#steps = new BigInt64Array(rows)
    this.#loss = new Float64Array(rows)
    this.#distance = new Float64Array(rows)
  }

  /** `at` is the byte offset of the record in `view`. */
  add(cell: number, trial: number, view: DataView, at: number, names: Names): void {
    const n = this.count++
    this.#cell[n] = cell
    this.#trial[n] = BigInt(trial)
    this.#steps[n] = view.getBigInt64(at + 24, true)
    this.#loss[n] = view.getFloat64(at + 32, true)
    this.#distance[n] = view.getFloat64(at + 40, true)
    this.#end.push(ends[view.getUint8(at)]!)
    this.#exit.push(names.exits[view.getUint8(at + 1)]!)
    this.#settled.push(names.settled(view.getUint16(at + 2, true)))
    this.#class.push(names.class(view.getUint16(at + 4, true)))
    this.#escapedAt.push(readNumber(view, at + 8))
    this.#convergedAt.push(readNumber(view, at + 16))
    this.#marks.push(names.marks(view, at))
  }

  columns(): readonly ParquetValues[] {
    const part = <T extends Int32Array | BigInt64Array | Float64Array>(values: T) => values.subarray(0, this.count) as T
    return [
      part(this.#cell),
      part(this.#trial),
      this.#end,
      this.#exit,
      this.#settled,
      this.#class,
      this.#escapedAt,
      this.#convergedAt,
      part(this.#steps),
      part(this.#loss),
      part(this.#distance),
      this.#marks,
    ]
  }
}

function readNumber(view: DataView, at: number): bigint | null {
  if (view.getUint32(at, true) === 0 && view.getUint32(at + 4, true) === 0) return null
  return view.getBigInt64(at, true)
}
