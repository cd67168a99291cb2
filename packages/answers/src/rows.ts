import {
  countedPages,
  type Database,
  observedAt,
  outlineOf,
  readOutcomesOf,
  type SweepHead,
  sampled,
  sweepHead,
  trialAt,
} from '@driftfarm/database'
import { decodeRecord, hasEvent, rowColumns, rowOf } from '@driftfarm/kernel'
import { countText, type RowRecord, type Rows } from '@driftfarm/report'
import { type Method, observedColumns } from '@driftfarm/spec'

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
export async function rowsOf(database: Database, sweepId: string): Promise<Required<Rows>> {
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
  return { columns, records: recordsOf(database, head, { kind, observed }), warnings }
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
        const isRecorded = rule.kind === 'sample' ? sampled(trial, rule.share) : rule.kind === 'all' || hasEvent(record)
        if (isRecorded) yield { ...rowOf(index, trial, record), ...observedAt(chunk, place, observed) }
      }
}
