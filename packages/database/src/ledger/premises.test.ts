import { type Premises, premisesNotFound, premisesVersion } from '@driftfarm/statistics'
import { compute, onlyBatchOf, openLed, specText } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Database } from '../connection/database.ts'
import type { WorkLedger } from '../lease/ledger.ts'
import { lightPages, type Prefix, sweepHead } from '../read/prefixes.ts'
import { removeSweep } from '../submit/control.ts'
import { indicesWithoutPremises, premisesOfCell, storeFoundPremises } from './premises.ts'
import type { CommitOutcome, Lease } from './workLedger.ts'

const found: Premises = { ...premisesNotFound(''), failed: [], stability: { eta: 0.1, curvature: 2, limit: 2 } }

/** A request for this number of trials of one cell. */
const wanted = { trials: 40, cells: 1, above: null }

let farm: Awaited<ReturnType<typeof openLed>>
let database: Database
let ledger: WorkLedger
let sweep: string
let cell: string
let bundles: readonly number[]
let seed = 0
beforeAll(async () => {
  farm = await openLed(['a'])
  ;({ database, ledger } = farm)
})
afterAll(() => farm.drop())
beforeEach(async () => {
  ;({ sweep, cell, bundles } = await farm.submitted(specText({ seed: ++seed, trials: 40 }), [20, 20]))
})

const leased = async (first: 0 | 20): Promise<Lease> =>
  onlyBatchOf(await ledger.lease({ bundle: bundles[first / 20]! }, 'a'))
const commit = async (lease: Lease, premises: Premises | null) => {
  const [{ ending }] = (await ledger.commit('a', [{ lease, result: { ...compute(lease), premises } }])) as [
    CommitOutcome,
  ]
  return ending
}
const failures = async () => {
  const { rows } = await database.pool.query('select kind from farm.failure where cell_id = $1', [cell])
  return rows.map(({ kind }) => kind)
}

test('the first batch of a cell must compute them, and no other while it runs or after they are stored', async () => {
  const [first, second] = [await leased(0), await leased(20)]
  expect([first.premises, second.premises]).toEqual([wanted, null])
  expect(await premisesOfCell(database, cell)).toBeNull()
  expect(await commit(first, found)).toBe('committed')
  expect(await premisesOfCell(database, cell)).toEqual(found)
  expect((await leased(20)).premises).toBe(null)
})

/** The second batch is asked for them, and what it finds is kept. */
async function asksTheSecond(): Promise<void> {
  const second = await leased(20)
  expect(second.premises).toEqual(wanted)
  await commit(second, found)
  expect(await premisesOfCell(database, cell)).toEqual(found)
}

test('a later batch must, if the first ended without them', async () => {
  await commit(await leased(0), null)
  await asksTheSecond()
})

test('those of an older version are recomputed', async () => {
  await commit(await leased(0), found)
  await database.pool.query(`update farm.premises set version = $2, document = '{}' where cell_id = $1`, [
    cell,
    premisesVersion - 1,
  ])
  expect(await premisesOfCell(database, cell)).toBeNull()
  await asksTheSecond()
})

test('the first are kept; different ones of their version are recorded as failures, and stop nothing', async () => {
  await commit(await leased(0), found)
  const second = await leased(20)
  expect(await commit(second, { ...found, stability: { eta: 0.1, curvature: 2.0000000000000004, limit: 2 } })).toBe(
    'committed',
  )
  expect(await premisesOfCell(database, cell)).toEqual(found)
  expect(await failures()).toEqual(['premises'])
  const { rows } = await database.pool.query('select state from batch where cell = $1', [cell])
  expect(rows.map(({ state }) => state)).toEqual(['done', 'done'])
})

test('those of a higher level replace them without a contradiction; those of a lower level do not', async () => {
  await commit(await leased(0), { ...found, level: 3 })
  for (const level of [4, 2, 4] as const) {
    const second = { ...found, level, resolution: { noise: level, step: null, radius: null } }
    await storeFoundPremises(database, cell, second)
    expect((await premisesOfCell(database, cell))!.level).toBe(4)
  }
  await commit(await leased(20), { ...found, level: 5 })
  await storeFoundPremises(database, cell, premisesNotFound('', { lost: true }))
  expect([await failures(), (await premisesOfCell(database, cell))!.level]).toEqual([[], 5])
})

test('of later batches, the one with trial 1000, 10^4, .. must compute a higher level', async () => {
  ;({ cell, bundles } = await farm.submitted(specText({ seed: ++seed, trials: 20_000 }), [900, 900, 9100, 9100]))
  const requested = async () =>
    Promise.all(bundles.map(async (bundle) => onlyBatchOf(await ledger.lease({ bundle }, 'a')).premises))
  const raised = { trials: 20_000, cells: 1, above: 3 }
  expect(await requested()).toEqual([{ ...raised, above: null }, null, null, null])
  await storeFoundPremises(database, cell, { ...found, level: 3 })
  expect((await requested()).slice(1)).toEqual([raised, raised, null])
  await storeFoundPremises(database, cell, { ...found, level: 8 })
  expect((await requested()).slice(1)).toEqual([null, null, null])
})

test('equal ones, or ones that a machine had no time for, are not a failure', async () => {
  await commit(await leased(0), found)
  await commit(await leased(20), premisesNotFound('no end in 60 s'))
  expect([await failures(), await premisesOfCell(database, cell)]).toEqual([[], found])
})

test('those lost by a machine are computed again by the next run, and not with every batch', async () => {
  const lost = premisesNotFound('no end after 60 s of computing', { lost: true })
  await commit(await leased(0), lost)
  expect((await leased(20)).premises).toBe(null)
  await farm.submitted(specText({ seed, trials: 40 }), [])
  expect(await premisesOfCell(database, cell)).toBeNull()
  await asksTheSecond()
})

test('found ones replace lost ones, by a batch or by verify, but not vice versa', async () => {
  const lost = premisesNotFound('no end after 60 s of computing', { lost: true })
  await commit(await leased(0), lost)
  await commit(await leased(20), found)
  expect(await premisesOfCell(database, cell)).toEqual(found)
  await storeFoundPremises(database, cell, premisesNotFound('x'))
  expect([await failures(), await premisesOfCell(database, cell)]).toEqual([[], found])
})

test('absent, older and lost ones count as missing; only these are replaced', async () => {
  const missing = () => indicesWithoutPremises(database, sweep, null)
  const older = 'update farm.premises set version = version - 1 where cell_id = $1'
  // No trial rests on anything yet.
  expect(await missing()).toEqual([])
  await commit(await leased(0), null)
  await database.pool.query('update farm.request set trials = 20 where sweep_id = $1', [sweep])
  expect(await missing()).toEqual([{ index: 0, trials: 20 }])
  const other = { ...found, stability: { eta: 0.2, curvature: 2, limit: 2 } }
  for (const leave of [null, older, 'lost'] as const) {
    if (leave === older) await database.pool.query(older, [cell])
    if (leave === 'lost')
      await database.pool.query('update farm.premises set document = $2 where cell_id = $1', [
        cell,
        JSON.stringify(premisesNotFound('', { lost: true })),
      ])
    expect(await missing()).toEqual([{ index: 0, trials: 20 }])
    await storeFoundPremises(database, cell, found)
    expect([await missing(), await premisesOfCell(database, cell)]).toEqual([[], found])
    await storeFoundPremises(database, cell, other)
    expect(await premisesOfCell(database, cell)).toEqual(found)
  }
  await storeFoundPremises(database, 'no such cell', found)
  expect(await premisesOfCell(database, 'no such cell')).toBeNull()
})

test('cells of a sweep are read with theirs, and with their escape event if they are control runs', async () => {
  const lookUp = async () => {
    const page = await lightPages(database, await sweepHead(database, sweep)).next()
    return page.value.map(({ premises, ownEscape }: Prefix) => [premises, ownEscape])
  }
  expect(await lookUp()).toEqual([[null, null]])
  await commit(await leased(0), found)
  expect(await lookUp()).toEqual([[found, null]])
  const control = { own: true, trials: 1, steps: 20, horizon: 20, escaped: 0, converged: 0, diverged: 0, unreached: 0 }
  const own = { ...found, control: { ...control, exits: {}, settled: {}, classes: {}, marks: {}, digest: '' } }
  await database.pool.query('update farm.premises set document = $2 where cell_id = $1', [cell, JSON.stringify(own)])
  expect(await lookUp()).toEqual([[own, 'exits']])
})

test('are removed with their cell', async () => {
  await commit(await leased(0), found)
  await removeSweep(database, sweep)
  expect((await database.pool.query('select from farm.premises where cell_id = $1', [cell])).rows).toEqual([])
})
