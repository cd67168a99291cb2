import { compute, held, openLed, specText } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Database } from '../database.ts'
import { DeterminismViolation } from './errors.ts'
import type { BatchJob, WorkLedger } from './workLedger.ts'

let farm: Awaited<ReturnType<typeof openLed>>
let database: Database
let ledger: WorkLedger
let job: BatchJob
let seed = 0
beforeAll(async () => {
  farm = await openLed(['a', 'b'])
  ;({ database, ledger } = farm)
})
afterAll(() => farm.drop())
beforeEach(async () => {
  const { cell } = await farm.submitted(specText({ seed: ++seed, trials: 40, horizons: [10] }), [40])
  job = { cell, first: 0, count: 40, generation: 1 }
})

const batch = async () => {
  const { rows } = await database.pool.query(
    'select state, count, generation, attempts, failures, worker_id, digest from farm.batch where cell_id = $1 ' +
      'order by first',
    [job.cell],
  )
  return rows
}

test('the first of two commits wins, the second writes nothing', async () => {
  const one = held(await ledger.lease(job, 'a'))
  const two = held(await ledger.lease(job, 'b'))
  expect(one).toMatchObject({
    record: { kind: 'all' },
    horizons: [10],
    attempt: 1,
    alone: false,
    cut: null,
    secondsPerTrial: null,
  })
  expect(await ledger.commit(two, 'b', compute(two))).toBe('committed')
  expect(await ledger.commit(one, 'a', compute(one))).toBe('duplicate')
  expect(await batch()).toMatchObject([{ state: 'done', attempts: 2, worker_id: 'b' }])
  expect(await ledger.lease(job, 'a')).toEqual({ refused: 'done' })
  const { rows } = await database.pool.query('select cardinality(ends) as kept from farm.outcome where cell_id = $1', [
    job.cell,
  ])
  expect(rows).toEqual([{ kept: 40 }])
  const { rows: cells } = await database.pool.query('select seconds_per_trial from farm.cell where id = $1', [job.cell])
  expect(cells[0]!.seconds_per_trial).toBeCloseTo(1e-4)
})

test('other bytes are refused and named', async () => {
  const lease = held(await ledger.lease(job, 'a'))
  const result = compute(lease)
  await ledger.commit(lease, 'a', result)
  const [part] = result.parts
  const other = { ...result, parts: [{ ...part!, digest: part!.digest + 1n }] }
  await expect(ledger.commit(lease, 'a', other)).rejects.toBeInstanceOf(DeterminismViolation)
  const { rows } = await database.pool.query(
    `select state, reason from farm.sweep where id in (select sweep_id from farm.demand where cell_id = $1)`,
    [job.cell],
  )
  expect(rows[0]).toMatchObject({ state: 'stopped', reason: expect.stringContaining('DETERMINISM_VIOLATION') })
})

test('parts that do not join are refused before anything is written', async () => {
  const lease = held(await ledger.lease(job, 'a'))
  const { parts } = compute({ ...lease, count: 39 })
  await expect(ledger.commit(lease, 'a', { parts, cpuSeconds: 1, premises: null })).rejects.toBeInstanceOf(RangeError)
  expect(await batch()).toMatchObject([{ state: 'leased' }])
})

test('a released batch is ready under a new generation; a release that comes late takes nothing away', async () => {
  const one = held(await ledger.lease(job, 'a'))
  const two = held(await ledger.lease(job, 'b'))
  await ledger.release(one, 'a')
  expect(await batch()).toMatchObject([{ state: 'leased', worker_id: 'b', generation: 1 }])
  await ledger.release(two, 'b')
  expect(await batch()).toMatchObject([{ state: 'ready', generation: 2, failures: 0 }])
  expect(await ledger.commit(one, 'a', compute(one))).toBe('committed')
})

test('a failure counts once, however often told; the third gives the batch up; a late commit counts', async () => {
  const first = held(await ledger.lease(job, 'a'))
  for (let turn = 0; turn < 3; turn++) {
    const lease = held(await ledger.lease(job, 'a'))
    expect(lease).toMatchObject({ attempt: turn + 1, alone: turn === 2 })
    for (let told = 0; told < 2; told++) await ledger.fail(lease, 'a', { kind: 'throw', message: 'no' })
  }
  expect(await batch()).toMatchObject([{ state: 'failed', failures: 3 }])
  expect(await ledger.lease(job, 'a')).toEqual({ refused: 'done' })
  expect(await ledger.commit(first, 'a', compute(first))).toBe('committed')
  expect(await batch()).toMatchObject([{ state: 'done' }])
})

test('a cut replaces a batch by head and tail at once, and sums must agree', async () => {
  const lease = held(await ledger.lease(job, 'a'))
  await ledger.commit(lease, 'a', compute(lease))
  await database.pool.query(
    `update farm.batch set state = 'ready', generation = 2, cut = '{"at": 13}' where cell_id = $1`,
    [job.cell],
  )
  const again = held(await ledger.lease({ ...job, generation: 2 }, 'b'))
  expect(again.cut).toEqual({ at: 13 })
  // A job from before the cut has the same trials but not the parts.
  expect(await ledger.commit(lease, 'a', compute(lease))).toBe('duplicate')
  expect(await ledger.commit(again, 'b', compute(again))).toBe('committed')
  expect(await batch()).toMatchObject([
    { state: 'done', count: 13 },
    { state: 'done', count: 27 },
  ])
  expect(await ledger.commit(again, 'b', compute(again))).toBe('duplicate')
  expect(await ledger.lease(job, 'a')).toEqual({ refused: 'done' })
})

describe('bits of events', () => {
  const asked = () =>
    database.pool.query(
      `update farm.batch set bits = '{escape}' where cell_id = $1
        and digest is null`, // as a batch that had them before
      [job.cell],
    )
  const bits = async () => {
    const { rows } = await database.pool.query<{ first: number; count: number; bits: Buffer }>(
      'select first, count, bits from farm.event_bits where cell_id = $1 order by first',
      [job.cell],
    )
    return rows
  }
  const asText = (rows: readonly { count: number; bits: Buffer }[]) =>
    rows.flatMap(({ count, bits }) => Array.from({ length: count }, (_, i) => (bits[i >> 3]! >> (i & 7)) & 1)).join('')

  test('are written with the batch, cut with it, and go with the cell', async () => {
    await asked()
    const lease = held(await ledger.lease(job, 'a'))
    expect(lease.bits).toEqual(['escape'])
    expect(await ledger.commit(lease, 'a', compute(lease))).toBe('committed')
    const whole = await bits()
    expect(whole).toMatchObject([{ first: 0, count: 40 }])
    const { rows } = await database.pool.query<{ escaped: number }>(
      `select (tally ->> 'escaped')::int as escaped from farm.batch where cell_id = $1`,
      [job.cell],
    )
    expect(asText(whole).replaceAll('0', '')).toHaveLength(rows[0]!.escaped)
    await database.pool.query(
      `update farm.batch set state = 'ready', generation = 2, cut = '{"at": 13}' where cell_id = $1`,
      [job.cell],
    )
    const again = held(await ledger.lease({ ...job, generation: 2 }, 'b'))
    expect(again.bits).toEqual(['escape'])
    expect(await ledger.commit(again, 'b', compute(again))).toBe('committed')
    const parts = await bits()
    expect(parts).toMatchObject([
      { first: 0, count: 13 },
      { first: 13, count: 27 },
    ])
    expect(asText(parts)).toBe(asText(whole))
    await database.pool.query('delete from farm.demand where cell_id = $1', [job.cell])
    await database.pool.query('delete from farm.cell where id = $1', [job.cell])
    expect(await bits()).toEqual([])
  })

  test('that disagree with the tally, or are missing, are refused before anything is written', async () => {
    await asked()
    const lease = held(await ledger.lease(job, 'a'))
    const result = compute(lease)
    const [part] = result.parts
    const wrong = part!.bits.map(({ estimate, bytes }) => ({ estimate, bytes: bytes.map((byte) => byte ^ 1) }))
    for (const had of [wrong, []])
      await expect(ledger.commit(lease, 'a', { ...result, parts: [{ ...part!, bits: had }] })).rejects.toThrow(
        /bits of/,
      )
    expect(await batch()).toMatchObject([{ state: 'leased' }])
  })

  test('that are there are not given up for a commit of a job from before', async () => {
    const old = held(await ledger.lease(job, 'a'))
    await asked()
    const lease = held(await ledger.lease(job, 'b'))
    expect(await ledger.commit(old, 'a', compute(old))).toBe('duplicate')
    expect(await ledger.commit(lease, 'b', compute(lease))).toBe('committed')
    expect(await bits()).toHaveLength(1)
  })
})

test('a batch that nobody wants is refused and loses its job', async () => {
  await database.pool.query(
    `update farm.sweep set state = 'stopped' where id in (select sweep_id from farm.demand where cell_id = $1)`,
    [job.cell],
  )
  expect(await ledger.lease(job, 'a')).toEqual({ refused: 'gone' })
  expect(await batch()).toMatchObject([{ state: 'ready', generation: 2 }])
  expect(await ledger.lease({ ...job, first: 40 }, 'a')).toEqual({ refused: 'gone' })
})
