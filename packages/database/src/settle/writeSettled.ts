import { finiteJson } from '@driftfarm/formula'
import { type Check, type CheckedCell, checksOf, type Premises, tallyFromJson } from '@driftfarm/statistics'
import type pg from 'pg'
import { arrayOf } from '../connection/copy.ts'
import type { Database } from '../connection/database.ts'
import { prepared, runDeferred } from '../connection/prepared.ts'
import { fieldsOf } from '../connection/values.ts'
import { type CellsColumn, numbersText } from '../ledger/cellsColumns.ts'
import { addToCounters } from '../ledger/counters.ts'
import type { Settled } from '../ledger/settlement.ts'
import { checkedCell, lightPages, sweepHead } from '../read/prefixes.ts'

/**
 * Returns the checks of a settled cell whose verdict is not good, except comparisons with other cells (agreement).
 * Returns null if the cell has no estimates or no tally. Returns `true`, which makes the statement keep the stored
 * checks, if the cell is still open and its estimates have not changed.
 */
function settledChecks({ demand, settlement }: Settled): readonly Check[] | true | null {
  const { estimates, tally, stopped, state } = settlement
  if (estimates === null || tally === null) return null
  if (estimates === demand.estimates && state === 'open') return true
  const premises = demand.premises === null ? null : (JSON.parse(demand.premises) as Premises)
  return notGood({
    tally: tallyFromJson(tally, demand.layout),
    estimates,
    ended: state === 'done' ? ((stopped?.rule as string | undefined) ?? null) : null,
    horizon: demand.layout.horizon,
    premises,
    escape: premises?.control?.own === true ? (demand.trial.escape?.kind ?? null) : null,
    isSplitToo: demand.demand.replicas !== undefined,
  })
}

const notGood = (cell: CheckedCell): readonly Check[] => checksOf(cell).filter(({ verdict }) => verdict !== 'good')

/** Updates the stored checks of these cells in all sweeps that contain them, after new premises were stored. */
export async function renewChecks(database: Database, cells: readonly string[]): Promise<void> {
  const { rows } = await database.pool.query<{ sweep: string; indices: readonly number[] }>(
    `select d.sweep_id as sweep, array_agg(d.index order by d.index) as indices
       from farm.request d where d.cell_id = any($1) and d.trials > 0 group by d.sweep_id`,
    [cells],
  )
  for (const { sweep, indices } of rows) {
    const head = await sweepHead(database, sweep)
    for await (const page of lightPages(database, head, { among: indices })) {
      const renewed = page.flatMap((prefix) => {
        const { index, trials, estimates } = prefix
        return estimates === null
          ? []
          : [{ index, trials, checks: finiteJson(notGood(checkedCell(prefix, estimates, head.demand))) }]
      })
      // If the number of trials has changed in the meantime, the checks were updated when the new trials arrived.
      await database.pool.query(
        `update farm.request d set checks = u.checks::json
           from unnest($2::int[], $3::bigint[], $4::text[]) u (index, trials, checks)
          where d.sweep_id = $1 and d.index = u.index and d.trials = u.trials`,
        [sweep, ...fieldsOf(renewed, 'index', 'trials', 'checks')],
      )
    }
  }
}

/**
 * Writes settlements and adds them to the counters of their sweeps, whose rows must be locked. The statements are sent
 * together with the next statement of the transaction, which may be the commit. `columnsOf` returns the columns of a
 * sweep, which determine where each estimate is in the list `numbers`.
 */
export function writeSettled(
  client: pg.PoolClient,
  settled: readonly Settled[],
  columnsOf: (sweepId: string) => readonly CellsColumn[],
): void {
  if (settled.length === 0) return
  const texts = (of: (each: Settled) => string | null) => arrayOf.text(settled.map(of))
  const int8s = (of: (each: Settled) => number) => arrayOf.int8(settled.map(of))
  const documents = (of: (each: Settled) => unknown) =>
    arrayOf.json(settled.map(of).map((value) => (value === null ? null : finiteJson(value))))
  runDeferred(client, settleStatement, [
    texts(({ demand }) => demand.sweep),
    arrayOf.int4(settled.map(({ demand }) => demand.index)),
    texts(({ settlement }) => settlement.state),
    int8s(({ settlement }) => settlement.target),
    int8s(({ settlement }) => settlement.trials),
    int8s(({ settlement }) => settlement.batches),
    texts(({ settlement }) => settlement.digest),
    arrayOf.float8(settled.map(({ settlement }) => settlement.cpuSeconds)),
    documents(({ settlement }) => settlement.tally),
    documents(({ settlement }) => settlement.estimates),
    documents(({ settlement }) => settlement.stopped),
    documents(settledChecks),
    texts(({ demand, settlement }) => numbersText(columnsOf(demand.sweep), settlement.estimates)),
  ])
  addToCounters(client, settled)
}

/**
 * All rows exist, so this statement only updates them. It is an insert with `on conflict` because such an insert always
 * finds the rows by their unique index. For an `update`, the planner might choose a slower way because of its
 * statistics.
 */
const settleStatement = prepared(`
  insert into farm.request as d (sweep_id, index, cell_id, params, state, target, trials, batches, digest, cpu_seconds,
                                tally, estimates, stopped, checks, numbers)
  select u.sweep, u.index, '', 'null', u.state, u.target, u.trials, u.batches, u.digest, u.cpu_seconds,
         u.tally, u.estimates, u.stopped, u.checks, u.numbers::float8[]
    from unnest($1::text[], $2::int[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::text[], $8::float8[],
                $9::json[], $10::json[], $11::json[], $12::json[], $13::text[])
      u (sweep, index, state, target, trials, batches, digest, cpu_seconds, tally, estimates, stopped, checks, numbers)
  on conflict (sweep_id, index) do update
     set state = excluded.state, target = excluded.target, trials = excluded.trials, batches = excluded.batches,
         digest = excluded.digest, cpu_seconds = excluded.cpu_seconds, tally = excluded.tally,
         estimates = excluded.estimates, stopped = excluded.stopped,
         checks = case when excluded.checks::text = 'true' then d.checks else excluded.checks end,
         numbers = excluded.numbers`)
