import {
  acquireLeadership,
  type BundleLease,
  type CommitPart,
  type CommitResult,
  createLedger,
  type Database,
  dispatchBundles,
  encodeOutcomeRow,
  type Lease,
  looseBatches,
  type NewBundle,
  openDatabase,
  rebundle,
  submitSweep,
} from '@driftfarm/database'
import { decodeOutcome, layoutOf, observedPlan, runReference } from '@driftfarm/kernel'
import { type Cell, KERNEL_VERSION, parseSweep, type Sweep } from '@driftfarm/spec'
import { eventAt, eventBits } from '@driftfarm/statistics'
import { freshDatabase } from './database.ts'
import { gaussian, oneWell } from './spec.ts'

export async function openFresh(max = 8): Promise<{ database: Database; readerUrl: string; drop(): Promise<void> }> {
  const fresh = await freshDatabase()
  const database = await openDatabase({ url: fresh.url, max })
  return {
    database,
    readerUrl: fresh.readerUrl,
    async drop() {
      await database.close()
      await fresh.drop()
    },
  }
}

/**
 * Registers the workers, and makes the caller the leading coordinator, with the epoch `epoch`. `submitted` extends the
 * term of the leader, so that the term does not end during the test.
 */
export async function openLed(workers: readonly string[], opened: ReturnType<typeof openFresh> = openFresh()) {
  const fresh = await opened
  const { database } = fresh
  const ledger = createLedger(database)
  const epoch = (await acquireLeadership(database, { holder: 'test', kind: 'up', kernel: KERNEL_VERSION }))!
  for (const id of workers) await ledger.register({ id, kind: 'worker', host: 'here', pid: 1, threads: 1, kernel: 1 })
  /** Submits a sweep of one cell and dispatches its trials, each batch in its own bundle. */
  async function submitted(
    text: string,
    counts: readonly number[],
  ): Promise<{ sweep: string; cell: string; bundles: readonly number[] }> {
    const spec = sweepOf(text)
    const { id: sweep } = await submitSweep(database, spec, text, { runner: null })
    const cell = spec.cell(0).id
    await database.pool.query(`update farm.leader set until = now() + interval '1 hour'`)
    await dispatchBundles(database, epoch, sweep, bundlesOf(sweep, cell, counts))
    const { rows } = await database.pool.query<{ bundle: number }>(
      'select bundle from farm.pending where cell_id = $1 order by first',
      [cell],
    )
    return { sweep, cell, bundles: rows.map(({ bundle }) => bundle) }
  }
  /** Puts the batches of a cell that are in no bundle into a new bundle, and returns the number of the bundle. */
  async function rebundled(cell: string): Promise<number> {
    const loose = (await looseBatches(database, KERNEL_VERSION, 100)).filter((batch) => batch.cell === cell)
    const { sweep, kernel } = loose[0]!
    await rebundle(
      database,
      epoch,
      [{ sweep: sweep!, kernel, seconds: null, isLong: false, urgent: false, batches: loose }],
      [],
    )
    const { rows } = await database.pool.query<{ bundle: number }>(
      'select max(bundle)::int as bundle from farm.pending where cell_id = $1',
      [cell],
    )
    return rows[0]!.bundle
  }
  return { ...fresh, ledger, epoch, submitted, rebundled }
}

/**
 * Each bundle has one batch. The first batch starts at trial `from`, and each later batch starts where the previous one
 * ends. `counts` has the number of trials of each batch.
 */
export function bundlesOf(sweep: string, cell: string, counts: readonly number[], from = 0): NewBundle[] {
  let first = from
  return counts.map((count) => {
    const batches = [{ cell, first, count }]
    first += count
    return { sweep, kernel: KERNEL_VERSION, seconds: null, isLong: false, urgent: false, batches }
  })
}

/** About a fifth of the trials escape. */
export function specText(change: Record<string, unknown> = {}): string {
  const trials = change.until === undefined ? { trials: 100 } : {}
  const trial = { steps: 20, escape: 'x >= 0' }
  return JSON.stringify(oneWell({ name: 'test', update: gaussian(2), trial, ...trials, ...change }))
}

export const sweepOf = (text: string): Sweep => parseSweep(text, { fileName: 'spec.json' })

/** Stores a finished batch without outcomes and tally, for tests that only check whether it exists. */
export async function storeBatch({ pool }: Database, cell: string, first: number, count: number): Promise<void> {
  await pool.query(
    `insert into farm.batch (cell_id, first, count, generation, attempts, failures, vanished, cpu_seconds, digest,
                             tally, record)
     values ($1, $2, $3, 1, 1, 0, 0, 0, 'mset128:00', '{}', '{"kind": "none"}')`,
    [cell, first, count],
  )
}

export function onlyBatchOf({ batches }: BundleLease): Lease {
  const [batch, ...more] = batches
  if (batch === undefined || more.length > 0) throw new Error(`the lease has ${batches.length} batches instead of 1`)
  return batch
}

/** What a worker would commit for a lease, computed with the slow reference implementation. */
export function compute(lease: Lease): CommitResult {
  const { first, count, cut } = lease
  const cell = JSON.parse(lease.canonical) as Cell
  const cost = { cpuSeconds: count * 1e-4, seconds: count * 1e-4, premises: null }
  if (cut === null) return { parts: [partOf(lease, cell, first, count)], ...cost }
  const head = ('at' in cut ? cut.at : endOfEvent(cell, first, count, cut)) - first
  const parts = [partOf(lease, cell, first, head)]
  if (head < count) parts.push(partOf(lease, cell, first + head, count - head))
  return { parts, ...cost }
}

function partOf(
  { cell: id, record, horizons, observe, bits }: Lease,
  cell: Cell,
  first: number,
  count: number,
): CommitPart {
  const { records, tally, digest, values } = runReference(cell, first, count, { horizons, observe, values: true })
  const layout = layoutOf(cell)
  const plan = observedPlan(cell, observe)
  const observed = plan.singles === 0 ? null : { plan, values: values! }
  const outcome = encodeOutcomeRow(id, first, records, layout, record, observed)
  const had = bits.map((estimate) => ({ estimate, bytes: eventBits(estimate, records, layout) }))
  return { first, count, tally, digest, outcome, bits: had }
}

function endOfEvent(cell: Cell, first: number, count: number, cut: { event: string; nth: number }): number {
  const { records } = runReference(cell, first, count, { horizons: [] })
  const layout = layoutOf(cell)
  let seen = 0
  for (let i = 0; i < count; i++)
    if (eventAt(cut.event, decodeOutcome(records, layout, i)) && ++seen === cut.nth) return first + i + 1
  throw new Error(`the batch has fewer than ${cut.nth} trials with ${cut.event}`)
}
