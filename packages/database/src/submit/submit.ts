import type { ComputedData, ReusedData } from '@driftfarm/report'
import { type Demand, isEnded, type Sweep, type SweepState, sweepMoves } from '@driftfarm/spec'
import type pg from 'pg'
import { type Actor, noteAction, requireMayChange } from '../access/actions.ts'
import type { Database } from '../connection/database.ts'
import { type CellsColumn, columnsOfStored, storeColumns } from '../ledger/cellsColumns.ts'
import { hasLiveOwner, newest } from '../ledger/conditions.ts'
import { deleteLostPremises } from '../ledger/premises.ts'
import type { Columns } from '../ledger/rows.ts'
import { serialiseSubmissions } from './control.ts'
import { type PlanCellsOptions, planCells } from './planCells.ts'
import { replanKeepingChoices, resetRequests } from './resetRequests.ts'

export interface Submitted {
  readonly id: string
  readonly created: boolean
  /** False if the same sweep existed already and no row was written. */
  readonly changed: boolean
  readonly state: SweepState
  /**
   * The part of a new sweep that need not be computed because other sweeps contain the same cells; null if there is
   * none.
   */
  readonly reused: ReusedData | null
  /** What is left to compute of a new sweep; null if the sweep is not new. */
  readonly computed: ComputedData | null
}

interface Known
  extends Columns<
    'Sweep',
    'name' | 'owner' | 'state' | 'runner' | 'plan' | 'columns' | 'demand',
    { state: SweepState; demand: Demand; columns: readonly CellsColumn[] }
  > {
  readonly attended: boolean
  readonly newest: boolean
  readonly same_demand: boolean
  readonly same_axes: boolean
  readonly same_labels: boolean
}

/**
 * Stores a sweep with its cells and requests in one transaction. Submitting the same spec several times, even
 * concurrently, gives a single sweep. `runner` is the worker id of the process that is responsible for the sweep; null
 * for the farm. Throws SWEEP_OF_ANOTHER if the submission would change a sweep that `by` may not change.
 */
export function submitSweep(
  database: Database,
  sweep: Sweep,
  text: string,
  options: PlanCellsOptions & { readonly runner: string | null; readonly by?: Actor | undefined },
): Promise<Submitted> {
  const id = sweep.id()
  options.signal?.throwIfAborted()
  return database.transaction(
    async (client) => {
      await serialiseSubmissions(client)
      const submitted = await store(client, sweep, text, options)
      await deleteLostPremises(client, id)
      if (submitted.changed) await noteAction(client, options.by, { verb: 'submit', sweep: { id, name: sweep.name } })
      return submitted
    },
    { retry: true },
  )
}

async function store(
  client: pg.PoolClient,
  sweep: Sweep,
  text: string,
  { runner, by, ...planning }: Parameters<typeof submitSweep>[3],
): Promise<Submitted> {
  const { id, plan } = sweep.identity()
  const known = await find(client, id, sweep)
  if (known === undefined) {
    await insert(client, sweep, text, [runner, by?.token ?? null])
    const { reused, computed } = await replanSweep(client, id, sweep, planning)
    if (reused !== null) await client.query('update farm.sweep set reused = $2 where id = $1', [id, reused])
    return { id, created: true, changed: true, state: 'planned', reused, computed }
  }
  const replan = !known.same_axes || known.plan !== plan
  const state = stateAfter(known, !known.same_demand || replan)
  const differs = replan || !known.same_demand || !known.same_labels || state !== known.state
  if (differs) requireMayChange(by, known)
  const changed = differs || !known.newest
  if (changed) await update(client, id, sweep, text, state)
  // The process that submitted last becomes responsible for the sweep. The previous process may have been killed a
  // moment ago, and still count as alive.
  const attends = isEnded(state) ? known.runner : runner
  if (attends !== known.runner) await client.query('update farm.sweep set runner = $2 where id = $1', [id, attends])
  if (replan) {
    await replanKeepingChoices(client, id, [known.demand, sweep.demand], async () => {
      await client.query('delete from farm.contrast where sweep_id = $1', [id])
      await client.query('delete from farm.request where sweep_id = $1', [id])
      await client.query('update farm.sweep set plan = $2 where id = $1', [id, plan])
      await replanSweep(client, id, sweep, planning)
    })
  } else {
    if (!known.same_demand) await resetRequests(client, id, known.demand, sweep.demand)
    if (!sameNames(known.demand, sweep.demand))
      await storeColumns(client, id, await columnsOfStored(client, id, sweep.demand, known.columns))
  }
  return { id, created: false, changed, state, reused: null, computed: null }
}

async function replanSweep(client: pg.PoolClient, id: string, sweep: Sweep, planning: PlanCellsOptions) {
  const { kernel, columns, layout, ranges, ...found } = await planCells(client, id, sweep, planning)
  await client.query(
    `update farm.sweep
        set kernel = $2, open = $3, done = 0, failed = 0, trials = 0, batches = 0, events = 0, steps = 0,
            cpu_seconds = 0, unmet = 0, worst = null, layout = $4, measured = 0, precise = 0, widest = null,
            landscape = $5, ranges = $6
      where id = $1`,
    [id, kernel, sweep.cellCount, layout, sweep.landscape, JSON.stringify(ranges)],
  )
  await storeColumns(client, id, columns)
  return found
}

const sameNames = (a: Demand, b: Demand): boolean =>
  JSON.stringify([a.estimates, a.horizons, a.observe]) === JSON.stringify([b.estimates, b.horizons, b.observe])

async function find(client: pg.PoolClient, id: string, sweep: Sweep): Promise<Known | undefined> {
  const { rows } = await client.query<Known>(
    `select s.name, s.owner, s.state, s.runner, s.demand,
            s.demand = $2::jsonb as same_demand,
            s.axes = $3::jsonb as same_axes,
            (s.tags = $4::jsonb and s.priority = $5) as same_labels,
            s.plan, s.columns, ${newest('s')} as newest,
            ${hasLiveOwner('s')} as attended
       from farm.sweep s where s.id = $1 for no key update of s`,
    [id, ...requestValues(sweep)],
  )
  return rows[0]
}

/**
 * The state after a submission. A stopped, cancelled or interrupted sweep continues. A pause is lifted only if the
 * `run` process that was responsible for the sweep has ended.
 */
function stateAfter({ state, attended }: Known, changed: boolean): SweepState {
  const next = (changed ? sweepMoves.submitOther : sweepMoves.submitAgain).to[state]
  return next ?? (attended ? state : (sweepMoves.submitUnattended.to[state] ?? state))
}

const requestValues = ({ demand, axes, tags, priority }: Sweep) => [
  ...[demand, axes, tags].map((value) => JSON.stringify(value)),
  priority,
]

const values = (id: string, sweep: Sweep, text: string) =>
  [id, ...requestValues(sweep), text, sweep.cellCount, String(sweep.maxTrials)] as const

/** SQL: a time later than all submissions of this name so far, even if the clock was set back. */
const nextSubmissionTime = (name: string): string => `greatest(clock_timestamp(), (
  select max(o.submitted_at) + interval '1 microsecond' from farm.sweep o where o.name = ${name}))`

async function insert(
  client: pg.PoolClient,
  sweep: Sweep,
  text: string,
  [runner, owner]: readonly [runner: string | null, owner: string | null],
) {
  const { id, plan } = sweep.identity()
  await client.query(
    `insert into farm.sweep (id, demand, axes, tags, priority, spec, cells, max_trials, name, seed, state, runner,
                             owner, plan, submitted_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'planned', $11, $12, $13, ${nextSubmissionTime('$9')})`,
    [...values(id, sweep, text), sweep.name, sweep.seed, runner, owner, plan],
  )
}

async function update(client: pg.PoolClient, id: string, sweep: Sweep, text: string, state: SweepState) {
  await client.query(
    `update farm.sweep s
        set demand = $2, axes = $3, tags = $4, priority = $5, spec = $6, cells = $7, max_trials = $8,
            reason = case when state = $9 then reason end,
            finished_at = case when state = $9 then finished_at end,
            state = $9, submission = submission + 1, submitted_at = ${nextSubmissionTime('s.name')}
      where id = $1`,
    [...values(id, sweep, text), state],
  )
}
