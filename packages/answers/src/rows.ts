import {
  countedPages,
  type Database,
  type OutcomeChunk,
  observedAt,
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
import { type Method, observedColumns, type RecordRule } from '@driftfarm/spec'

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
  const observed = observedColumns(kind === 'direct' ? head.demand.observe : [])
  const columns = [...rowColumns[kind], ...observed.keys()]
  const records = { columns, records: recordsOf(database, head, { kind, observed }), warnings }
  if (kind !== 'direct') return records
  return { ...records, groups: (rows: number) => trialGroups(wantedChunks(database, head), rows, observed) }
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

async function* recordsOf(
  database: Database,
  head: SweepHead,
  { kind, observed }: { readonly kind: Kind; readonly observed: ReadonlyMap<string, string> },
): AsyncGenerator<RowRecord> {
  const rule = head.demand.record
  if (rule.kind === 'none') return
  for await (const page of countedPages(database, head, kind))
    for await (const [{ index, layout }, chunk] of readOutcomesOf(database, page))
      for (let place = 0; place < chunk.count; place++) {
        const record = decodeRecord(chunk.records, layout, place)
        const trial = trialAt(chunk, place)
        if (isRecorded(rule, trial, () => record))
          yield rowRecord(index, trial, record, observedAt(chunk, place, observed))
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
  observed: ReadonlyMap<string, string> = new Map(),
): AsyncGenerator<readonly ParquetValues[]> {
  let group = new Group(rows, observed)
  for await (const { index, layout, chunk, wanted } of chunks) {
    const names = new Names(layout)
    const view = new DataView(chunk.records.buffer, chunk.records.byteOffset, chunk.records.byteLength)
    for (let place = 0; place < chunk.count; place++) {
      if (wanted !== null && !wanted(place)) continue
      group.add(index, trialAt(chunk, place), view, place * layout.bytes, names)
      group.observe(chunk, place)
      if (group.count < rows) continue
      yield group.columns()
      group = new Group(rows, observed)
    }
  }
  yield group.columns()
}

/** The names that the codes in a record stand for. */
class Names {
  readonly exits: readonly (string | null)[]
  readonly minima: readonly (string | null)[]
  readonly classes: readonly (string | null)[]
  readonly #marks: readonly string[]

  constructor({ exits, minima, classes, marks }: RecordLayout) {
    // If the escape is a single condition, its exit has an empty name.
    this.exits = [null, ...exits.map((name) => name || null)]
    this.minima = [null, ...minima]
    this.classes = [null, ...classes]
    this.#marks = marks.map((name) => JSON.stringify(name))
  }

  marks(view: DataView, at: number): string {
    const pairs = this.#marks.map((name, mark) => {
      const step = view.getBigInt64(at + 48 + 8 * mark, true)
      return `${name}:${step === 0n ? 'null' : JSON.stringify(integer(step))}`
    })
    return `{${pairs.join(',')}}`
  }
}

const named = (code: number, names: readonly (string | null)[]): string | null =>
  code < names.length ? names[code]! : 'other'

/** In the order of `rowColumns`. */
const emptyColumns = (rows: number) => ({
  cell: new Int32Array(rows),
  trial: new BigInt64Array(rows),
  end: [] as string[],
  exit: [] as (string | null)[],
  settled: [] as (string | null)[],
  class: [] as (string | null)[],
  escapedAt: [] as (bigint | null)[],
  convergedAt: [] as (bigint | null)[],
  steps: new BigInt64Array(rows),
  loss: new Float64Array(rows),
  distance: new Float64Array(rows),
  marks: [] as string[],
})

class Group {
  count = 0
  readonly #columns: ReturnType<typeof emptyColumns>

  readonly #observed: readonly { readonly key: string; readonly values: (number | null)[] }[]

  constructor(rows: number, observed: ReadonlyMap<string, string>) {
    this.#columns = emptyColumns(rows)
    this.#observed = [...observed.values()].map((key) => ({ key, values: [] }))
  }

  observe({ observed }: OutcomeChunk, place: number): void {
    for (const { key, values } of this.#observed) values.push(observed.get(key)?.[place] ?? null)
  }

  /** `at` is the byte offset of the record in `view`. */
  add(cell: number, trial: number, view: DataView, at: number, names: Names): void {
    const n = this.count++
    const columns = this.#columns
    columns.cell[n] = cell
    columns.trial[n] = BigInt(trial)
    columns.steps[n] = view.getBigInt64(at + 24, true)
    columns.loss[n] = view.getFloat64(at + 32, true)
    columns.distance[n] = view.getFloat64(at + 40, true)
    columns.end.push(ends[view.getUint8(at)]!)
    columns.exit.push(names.exits[view.getUint8(at + 1)]!)
    columns.settled.push(named(view.getUint16(at + 2, true), names.minima))
    columns.class.push(named(view.getUint16(at + 4, true), names.classes))
    columns.escapedAt.push(readNumber(view, at + 8))
    columns.convergedAt.push(readNumber(view, at + 16))
    columns.marks.push(names.marks(view, at))
  }

  columns(): readonly ParquetValues[] {
    const columns = Object.values(this.#columns).map((values) =>
      Array.isArray(values) ? values : values.subarray(0, this.count),
    )
    return [...columns, ...this.#observed.map(({ values }) => values)]
  }
}

function readNumber(view: DataView, at: number): bigint | null {
  if (view.getUint32(at, true) === 0 && view.getUint32(at + 4, true) === 0) return null
  return view.getBigInt64(at, true)
}
