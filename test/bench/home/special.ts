import {
  control,
  createLedger,
  type Database,
  dispatchBundles,
  openCells,
  settlePendingUpdates,
  spendBudget,
  submitSweep,
} from '@driftfarm/database'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { compute, specText, sweepOf } from '@driftfarm/testing/ledger'
import { spendRound } from '../../../packages/coordinator/src/rounds.ts'
import { settleContrasts } from '../../../packages/coordinator/src/settleSweep.ts'
import { type Farm, settle, timed, worker } from './rounds.ts'

/** Cells of a round of the sweep with contrasts, cells of the sweep with a budget, and trials of each cell. */
const cellsOfRound = 4
const cellsOfBudget = 10
const trials = 20
/** Of so many finished cells there is one finished sweep that asks for all cells of the sweep with shared cells. */
const cellsOfSharing = 1_000

/** A sweep whose cells are compared with one another: statements that others do without. */
export async function compareCells(farm: Farm, seed: number): Promise<void> {
  const { database, epoch, watch } = farm
  const id = await submit(database, {
    name: `compared ${seed}`,
    seed,
    trials,
    streams: 'common',
    sweep: {
      'update.eta': { from: 0.05, to: 0.2, count: (cellsOfRound * (timed + 1)) / 2, scale: 'linear' },
      'update.drift.sigma': [1, 1.5],
    },
    contrasts: [{ of: 'escape', between: { 'update.drift.sigma': [1, 1.5] } }],
  })
  for (let round = 0; round <= timed; round++) {
    if (round === timed) await watch.listen()
    await computeCells(farm, id, { from: round * cellsOfRound, to: (round + 1) * cellsOfRound }, ', contrasts')
  }
  await watch.listenNoMore()
  for (let round = 0; round <= timed; round++) {
    await database.pool.query('delete from farm.contrast where sweep_id = $1', [id])
    if (round === timed) await watch.listen()
    await watch.time('settleContrasts', () => settleContrasts(database, epoch, id))
  }
  await watch.listenNoMore()
  await control(database, id, 'cancel')
}

/** A sweep whose cells share a budget and all wait at their first check point. */
export async function shareBudget(farm: Farm, seed: number): Promise<void> {
  const { database, epoch, watch } = farm
  const id = await submit(database, {
    name: `budget ${seed}`,
    seed,
    until: { estimate: 'escape', relative: 0.01, min: trials, max: 1_000_000 },
    budget: 1_000_000,
    sweep: { 'update.drift.sigma': { from: 1, to: 3, count: cellsOfBudget, scale: 'linear' } },
  })
  await computeCells(farm, id, { from: 0, to: cellsOfBudget }, null)
  for (let round = 0; round <= timed; round++) {
    // As if no round had been.
    await database.pool.query('update farm.request set target = trials where sweep_id = $1', [id])
    if (round === timed) await watch.listen()
    const { changes } = await watch.time('spendBudget', () => spendBudget(database, epoch, id, spendRound))
    if (changes === 0) throw new Error('no cell of the budget goes on')
  }
  await watch.listenNoMore()
  await control(database, id, 'cancel')
}

/** A sweep for whose cells many finished sweeps ask too. */
export async function shareCells(farm: Farm, seed: number, finished: number): Promise<void> {
  const sharing = { number: Math.ceil(finished / cellsOfSharing), state: 'complete', demands: true }
  await computeBeside(farm, seed, sharing, 'shared cells')
}

/** A sweep beside a thousand others that are worked on, too. */
export async function beManyLive(farm: Farm, seed: number): Promise<void> {
  await computeBeside(farm, seed, { number: 1_000, state: 'running', demands: false }, 'many live')
}

/** Computes a sweep beside others that were made of it. */
async function computeBeside(
  farm: Farm,
  seed: number,
  others: { readonly number: number; readonly state: string; readonly demands: boolean },
  name: string,
): Promise<void> {
  const { database, watch } = farm
  const cells = cellsOfRound * (timed + 1)
  const id = await submit(database, {
    name: `${name} ${seed}`,
    seed,
    trials,
    sweep: { 'update.drift.sigma': { from: 1, to: 3, count: cells, scale: 'linear' } },
  })
  const copies = (table: string, own: string, change: string) =>
    database.pool.query(
      `insert into farm.${table}
       select r.* from farm.${table} p
        cross join generate_series(1, $2::int) i
        cross join lateral jsonb_populate_record(p, jsonb_build_object('${own}', md5(p.${own} || i), ${change})) r
        where p.${own} = $1`,
      [id, others.number],
    )
  await copies('sweep', 'id', `'state', '${others.state}', 'open', 0, 'name', p.name || i`)
  if (others.demands) await copies('request', 'sweep_id', `'state', 'done'`)
  for (let round = 0; round <= timed; round++) {
    if (round === timed) await watch.listen()
    await computeCells(farm, id, { from: round * cellsOfRound, to: (round + 1) * cellsOfRound }, `, ${name}`)
  }
  await watch.listenNoMore()
  await control(database, id, 'cancel')
  await database.pool.query(`update farm.sweep set state = 'complete' where starts_with(name, $1)`, [`${name} ${seed}`])
}

async function submit(database: Database, change: Record<string, unknown>): Promise<string> {
  const text = specText(change)
  const { id } = await submitSweep(database, sweepOf(text), text, { runner: null })
  return id
}

/** Computes some cells of a sweep, all in one bundle; the calls are timed under names with this suffix. */
async function computeCells(
  { database, epoch, watch }: Farm,
  sweep: string,
  { from, to }: { readonly from: number; readonly to: number },
  suffix: string | null,
): Promise<void> {
  const ledger = createLedger(database)
  const time = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    suffix === null ? work() : watch.time(`${name}${suffix}`, work)
  await ledger.register(worker('w'))
  await time('openCells', () => openCells(database, sweep, { from, to }))
  const { rows } = await database.pool.query<{ cell: string; first: number; count: number }>(
    `select cell_id as cell, 0 as first, ${trials} as count from farm.request
      where sweep_id = $1 and index >= $2 and index < $3`,
    [sweep, from, to],
  )
  const bundle = { sweep, kernel: KERNEL_VERSION, seconds: null, isLong: false, urgent: false, batches: rows }
  await dispatchBundles(database, epoch, sweep, [bundle])
  const { rows: jobs } = await database.pool.query<{ bundle: number }>('select id as bundle from farm.bundle')
  const { batches } = await time('ledger.lease', () => ledger.lease(jobs[0]!, 'w'))
  const results = batches.map((lease) => ({ lease, result: compute(lease) }))
  await time('ledger.commit', () => ledger.commit('w', results))
  await time('settlePendingUpdates', () => settlePendingUpdates(database, epoch, settle))
}
