import { compute, onlyBatchOf, openLed, specText, sweepOf } from '@driftfarm/testing/ledger'
import { startPostgres } from '@driftfarm/testing/postgres'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../connection/database.ts'
import { dispatchBundles, openCells } from '../feed/dispatch.ts'
import type { BundleJob, Lease } from '../ledger/workLedger.ts'
import { migrate } from '../schema/migrate.ts'
import { control, removeSweep } from '../submit/control.ts'
import { submitSweep } from '../submit/submit.ts'
import type { WorkLedger } from './ledger.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let farm: Awaited<ReturnType<typeof openLed>>
let database: Database
let ledger: WorkLedger
let job: BundleJob
let sweep: string
let cell: string
let seed = 0
beforeAll(async () => {
  farm = await openLed(['a', 'b'])
  ;({ database, ledger } = farm)
})
afterAll(() => farm.drop())
beforeEach(async () => {
  const submitted = await farm.submitted(specText({ seed: ++seed, trials: 40, horizons: [10] }), [40])
  ;({ sweep, cell } = submitted)
  job = { bundle: submitted.bundles[0]! }
})

const batch = async () => {
  const { rows } = await database.pool.query(
    'select state, count, generation, attempts, failures, worker, digest from batch where cell = $1 order by first',
    [cell],
  )
  return rows
}
const commit = async (lease: Lease, workerId: string, result = compute(lease)) =>
  (await ledger.commit(workerId, [{ lease, result }]))[0]!.ending
/** Which of the leases no longer belong to the worker. */
const withdrawn = (leases: readonly Lease[], workerId: string) =>
  ledger.heartbeat(workerId, { state: 'alive', trouble: null, queue: { lostForMs: 0, server: null }, leases })
const nothing = { batches: [], parked: 0, alone: false, seconds: null }
/** Begins the work while another connection holds what the statement has changed; it commits once the work waits. */
async function waitingFor<T>([sql, values]: [string, string[]], work: () => Promise<T>): Promise<T> {
  const other = await database.pool.connect()
  try {
    await other.query('begin')
    await other.query(sql, values)
    const working = work()
    const waits = `select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`
    await expect.poll(async () => (await database.pool.query(waits)).rowCount).toBe(1)
    await other.query('commit')
    return await working
  } finally {
    other.release()
  }
}

if (full)
  test('a crash of the server loses a lease: the batch computed under it still has an attempt', async () => {
    // Leases do not wait for the disk, and nothing else writes them there before the crash.
    const server = await startPostgres({ settings: { wal_writer_delay: '10s' } })
    try {
      await migrate(server.url())
      const open = await openDatabase({ url: server.url(), max: 2 })
      const led = await openLed(['a'], Promise.resolve({ database: open, readerUrl: '', drop: () => open.close() }))
      const { cell, bundles } = await led.submitted(specText({ trials: 40, horizons: [10] }), [40])
      const attempts = async () => {
        const { rows } = await open.pool.query('select state, attempts from batch where cell = $1', [cell])
        return rows
      }
      const lease = onlyBatchOf(await led.ledger.lease({ bundle: bundles[0]! }, 'a'))
      expect(await attempts()).toEqual([{ state: 'leased', attempts: 1 }])
      await server.crash()
      await server.start()
      await expect.poll(attempts).toEqual([{ state: 'ready', attempts: 0 }])
      const [committed] = await led.ledger.commit('a', [{ lease, result: compute(lease) }])
      expect(committed?.ending).toBe('committed')
      expect(await attempts()).toEqual([{ state: 'done', attempts: 1 }])
      await led.drop()
    } finally {
      await server.close()
    }
  })

test('the first of two commits wins, the second writes nothing', async () => {
  const one = onlyBatchOf(await ledger.lease(job, 'a'))
  const two = onlyBatchOf(await ledger.lease(job, 'b'))
  expect(one).toMatchObject({
    record: { kind: 'all' },
    horizons: [10],
    attempt: 1,
    cut: null,
    secondsPerTrial: null,
    cost: 20 * 150e-9,
  })
  expect(await commit(two, 'b')).toBe('committed')
  expect(await commit(one, 'a')).toBe('duplicate')
  expect(await batch()).toMatchObject([{ state: 'done', attempts: 2, worker: 'b' }])
  expect(await ledger.lease(job, 'a')).toEqual({ ...job, ...nothing })
  const { rows } = await database.pool.query('select count(*)::int as kept from trial where cell = $1', [cell])
  expect(rows).toEqual([{ kept: 40 }])
  // What it has cost sizes the next batches of the cell.
  const [open] = await openCells(database, sweep, { indices: [0] })
  expect(open).toMatchObject({ next: 40, out: 0, due: true, secondsPerTrial: expect.closeTo(1e-4) })
})

test('a sweep that is removed during a write to its batch leaves no batch behind', async () => {
  const lease = onlyBatchOf(await ledger.lease(job, 'a'))
  const removing = await waitingFor(['update farm.pending set finished_at = now() where cell_id = $1', [cell]], () =>
    removeSweep(database, sweep),
  )
  expect(removing).toEqual({ cells: 1 })
  const { rows } = await database.pool.query('select first from farm.pending where cell_id = $1', [cell])
  expect(rows).toEqual([])
  expect(await commit(lease, 'a')).toBe('gone')
})

test('different bytes are refused and named', async () => {
  const lease = onlyBatchOf(await ledger.lease(job, 'a'))
  const result = compute(lease)
  await commit(lease, 'a', result)
  const [part] = result.parts
  const other = { ...result, parts: [{ ...part!, digest: part!.digest + 1n }] }
  expect(await commit(lease, 'a', other)).toBe('violation')
  const { rows } = await database.pool.query('select state, reason from farm.sweep where id = $1', [sweep])
  expect(rows[0]).toMatchObject({ state: 'stopped', reason: expect.stringContaining('DETERMINISM_VIOLATION') })
})

test('parts that are not contiguous are refused before anything is written', async () => {
  const lease = onlyBatchOf(await ledger.lease(job, 'a'))
  const { parts } = compute({ ...lease, count: 39 })
  const result = { parts, cpuSeconds: 1, seconds: 1, premises: null }
  await expect(commit(lease, 'a', result)).rejects.toBeInstanceOf(RangeError)
  expect(await batch()).toMatchObject([{ state: 'leased' }])
})

test('a released batch is ready under a new generation; a late release changes nothing', async () => {
  const lease = onlyBatchOf(await ledger.lease(job, 'a'))
  await ledger.release([lease])
  expect(await batch()).toMatchObject([{ state: 'ready', generation: 2, failures: 0, attempts: 1 }])
  const again = onlyBatchOf(await ledger.lease({ bundle: await farm.rebundled(cell) }, 'b'))
  await ledger.release([lease])
  expect(await batch()).toMatchObject([{ state: 'leased', worker: 'b', generation: 2, attempts: 2 }])
  expect(await withdrawn([lease, again], 'b')).toEqual([lease])
  expect(await commit(lease, 'a')).toBe('committed')
  expect(await commit(again, 'b')).toBe('duplicate')
})

test('a failure counts once, however often reported; the third gives the batch up; a late commit counts', async () => {
  const first = onlyBatchOf(await ledger.lease(job, 'a'))
  let bundle = job
  for (let turn = 0; turn < 3; turn++) {
    const leased = await ledger.lease(bundle, 'a')
    expect(leased).toMatchObject({ batches: [{ attempt: turn + 1 }], alone: turn === 2 })
    for (let told = 0; told < 2; told++) await ledger.fail(onlyBatchOf(leased), 'a', { kind: 'throw', message: 'no' })
    if (turn < 2) bundle = { bundle: await farm.rebundled(cell) }
  }
  expect(await batch()).toMatchObject([{ state: 'failed', failures: 3 }])
  expect(await ledger.lease(bundle, 'a')).toEqual({ ...bundle, ...nothing })
  expect(await commit(first, 'a')).toBe('committed')
  expect(await batch()).toMatchObject([{ state: 'done' }])
})

/** As the leader has a batch computed again. */
const again = (cut: string | null) =>
  database.pool.query(
    `insert into farm.pending (cell_id, first, count, again, generation, cut) values ($1, 0, 40, true, 2, $2)`,
    [cell, cut],
  )

test('a cut replaces a batch by head and tail at once, and sums must agree', async () => {
  const lease = onlyBatchOf(await ledger.lease(job, 'a'))
  await commit(lease, 'a')
  await again('{"at": 13}')
  expect(await batch()).toMatchObject([{ state: 'ready', digest: expect.any(String) }])
  const cut = onlyBatchOf(await ledger.lease({ bundle: await farm.rebundled(cell) }, 'b'))
  expect(cut.cut).toEqual({ at: 13 })
  // A lease from before the cut has the same trials but not the parts.
  expect(await commit(lease, 'a')).toBe('duplicate')
  expect(await commit(cut, 'b')).toBe('committed')
  expect(await batch()).toMatchObject([
    { state: 'done', count: 13 },
    { state: 'done', count: 27 },
  ])
  expect(await commit(cut, 'b')).toBe('duplicate')
})

describe('event bits', () => {
  const common = { streams: 'common', sweep: { 'update.eta': [0.1, 0.2] } }
  const contrasts = [{ of: 'escape', between: { 'update.eta': [0.1, 0.2] } }]
  beforeEach(async () => {
    const submitted = await farm.submitted(specText({ seed: ++seed, trials: 40, ...common, contrasts }), [40])
    ;({ sweep, cell } = submitted)
    job = { bundle: submitted.bundles[0]! }
  })
  const bits = async () => {
    const { rows } = await database.pool.query<{ first: number; count: number; bits: Buffer }>(
      'select first, count, bits from farm.event_bits where cell_id = $1 order by first',
      [cell],
    )
    return rows
  }
  const asText = (rows: readonly { count: number; bits: Buffer }[]) =>
    rows.flatMap(({ count, bits }) => Array.from({ length: count }, (_, i) => (bits[i >> 3]! >> (i & 7)) & 1)).join('')

  test('are written with the batch, cut with it, and removed with the cell', async () => {
    const lease = onlyBatchOf(await ledger.lease(job, 'a'))
    expect(lease.bits).toEqual(['escape'])
    expect(await commit(lease, 'a')).toBe('committed')
    const whole = await bits()
    expect(whole).toMatchObject([{ first: 0, count: 40 }])
    const { rows } = await database.pool.query<{ escaped: number }>('select escaped::int from batch where cell = $1', [
      cell,
    ])
    expect(asText(whole).replaceAll('0', '')).toHaveLength(rows[0]!.escaped)
    await again('{"at": 13}')
    const cut = onlyBatchOf(await ledger.lease({ bundle: await farm.rebundled(cell) }, 'b'))
    expect(cut.bits).toEqual(['escape'])
    expect(await commit(cut, 'b')).toBe('committed')
    const parts = await bits()
    expect(parts).toMatchObject([
      { first: 0, count: 13 },
      { first: 13, count: 27 },
    ])
    expect(asText(parts)).toBe(asText(whole))
    await removeSweep(database, sweep)
    expect(await bits()).toEqual([])
  })

  test('that disagree with the tally, or are missing, are refused before anything is written', async () => {
    const lease = onlyBatchOf(await ledger.lease(job, 'a'))
    const result = compute(lease)
    const [part] = result.parts
    const wrong = part!.bits.map(({ estimate, bytes }) => ({ estimate, bytes: bytes.map((byte) => byte ^ 1) }))
    for (const had of [wrong, []])
      await expect(commit(lease, 'a', { ...result, parts: [{ ...part!, bits: had }] })).rejects.toThrow(/event bits/)
    expect(await batch()).toMatchObject([{ state: 'leased' }])
  })

  test('that are stored are not replaced by an earlier lease', async () => {
    const old = { ...onlyBatchOf(await ledger.lease(job, 'a')), bits: [] }
    const lease = onlyBatchOf(await ledger.lease(job, 'b'))
    expect(await commit(lease, 'b')).toBe('committed')
    await again(null)
    expect(await commit(old, 'a')).toBe('duplicate')
    expect(await bits()).toHaveLength(1)
  })
})

test('a batch that no sweep needs leaves its bundle, and waits until one does', async () => {
  await database.pool.query(`update farm.sweep set state = 'stopped' where id = $1`, [sweep])
  expect(await ledger.lease(job, 'a')).toEqual({ ...job, ...nothing, parked: 1 })
  expect(await batch()).toMatchObject([{ state: 'parked', generation: 2 }])
  expect(await ledger.lease(job, 'a')).toEqual({ ...job, ...nothing })
  expect(await ledger.lease({ bundle: 10 ** 9 }, 'a')).toEqual({ bundle: 10 ** 9, ...nothing })
})

test('a batch whose sweep is resumed during its lease is not parked: it would never be released', async () => {
  await database.pool.query(`update farm.sweep set state = 'paused' where id = $1`, [sweep])
  const resumed = `update farm.sweep set state = 'running' where id = $1`
  const { batches, parked } = await waitingFor([resumed, [sweep]], () => ledger.lease(job, 'a'))
  expect([batches.map((lease) => lease.cell), parked]).toEqual([[cell], 0])
  expect(await batch()).toMatchObject([{ state: 'leased' }])
})

describe('a bundle', () => {
  const cells = 20
  let ids: readonly string[]
  beforeEach(async () => {
    const text = specText({
      name: `bundle ${++seed}`,
      seed,
      trials: 10,
      sweep: { 'update.drift.sigma': { from: 1, to: 3, count: cells, scale: 'linear' } },
    })
    const spec = sweepOf(text)
    ids = [...spec.cells()].map(({ id }) => id)
    ;({ id: sweep } = await submitSweep(database, spec, text, { runner: null }))
    const batches = ids.map((id) => ({ cell: id, first: 0, count: 10 }))
    const bundle = { sweep, kernel: 3, seconds: null, isLong: false, urgent: false, batches }
    expect(await dispatchBundles(database, farm.epoch, sweep, [bundle])).toBe(cells)
    const { rows } = await database.pool.query<BundleJob>('select max(id) as bundle from farm.bundle')
    job = rows[0]!
  })
  const leased = async (workerId: string) => (await ledger.lease(job, workerId)).batches
  const results = (leases: readonly Lease[]) => leases.map((lease) => ({ lease, result: compute(lease) }))
  const endings = async (workerId: string, leases: readonly Lease[]) =>
    (await ledger.commit(workerId, results(leases))).map(({ ending }) => ending)
  const states = async () => {
    const { rows } = await database.pool.query<{ state: string; count: number }>(
      'select state, count(*)::int from batch where cell = any($1) group by state order by state',
      [ids],
    )
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]))
  }
  const left = async () => {
    const { rows } = await database.pool.query('select from farm.bundle where id = $1', [job.bundle])
    return rows.length
  }

  test('is leased and committed as a whole, then deleted; its cells become pending updates once', async () => {
    const leases = await leased('a')
    expect(leases.map(({ cell: id }) => id).sort()).toEqual([...ids].sort())
    expect(await states()).toEqual({ leased: cells })
    await database.pool.query('delete from farm.pending_update')
    expect(await endings('a', leases)).toEqual(leases.map(() => 'committed'))
    expect([await states(), await left()]).toEqual([{ done: cells }, 0])
    const { rows } = await database.pool.query('select sweep_id, cells, batches, expected from farm.pending_update')
    expect(rows).toEqual([
      {
        sweep_id: sweep,
        cells: leases.map(({ cell: id }) => id),
        batches: cells,
        expected: expect.closeTo(cells * 10 * 20 * 150e-9),
      },
    ])
    const { rows: trials } = await database.pool.query('select count(*)::int from trial where cell = any($1)', [ids])
    expect(trials).toEqual([{ count: 10 * cells }])
  })

  test('that is half committed continues from there, with any worker', async () => {
    const leases = await leased('a')
    expect(await endings('a', leases.slice(0, 8))).toEqual(Array(8).fill('committed'))
    const rest = await leased('b')
    expect(rest.map(({ cell: id }) => id)).toEqual(leases.slice(8).map(({ cell: id }) => id))
    expect(await withdrawn(leases, 'a')).toEqual(leases)
    expect(await withdrawn(rest, 'b')).toEqual([])
    // The first worker was only slow: what it commits late is compared, and counts where it is the first.
    expect(await endings('b', rest.slice(0, 5))).toEqual(Array(5).fill('committed'))
    expect(await endings('a', leases)).toEqual([...Array(13).fill('duplicate'), ...Array(7).fill('committed')])
    expect([await states(), await left()]).toEqual([{ done: cells }, 0])
  })

  test('with a batch that gives different bytes: the others count', async () => {
    const leases = await leased('a')
    expect(await endings('a', leases.slice(0, 1))).toEqual(['committed'])
    const [wrong, ...sound] = results(leases)
    const [part] = wrong!.result.parts
    const other = { ...wrong!.result, parts: [{ ...part!, digest: part!.digest + 1n }] }
    const answers = await ledger.commit('b', [{ lease: wrong!.lease, result: other }, ...sound])
    expect(answers.map(({ ending }) => ending)).toEqual(['violation', ...sound.map(() => 'committed')])
    expect(await states()).toEqual({ done: cells })
  })

  test('with a batch that fails: it leaves, its neighbours count', async () => {
    const leases = await leased('a')
    await ledger.fail(leases[3]!, 'a', { kind: 'throw', message: 'poison' })
    expect(await states()).toEqual({ leased: cells - 1, ready: 1 })
    expect(await endings('a', leases.toSpliced(3, 1))).toEqual(Array(cells - 1).fill('committed'))
    expect([await states(), await left()]).toEqual([{ done: cells - 1, ready: 1 }, 0])
  })

  test('of a cancelled sweep loses the cells that no other sweep needs', async () => {
    const other = specText({
      name: `other ${seed}`,
      seed,
      trials: 10,
      sweep: { 'update.drift.sigma': [1, 3] },
    })
    await submitSweep(database, sweepOf(other), other, { runner: null })
    const leases = await leased('a')
    await control(database, sweep, 'cancel')
    const shared = new Set([...sweepOf(other).cells()].map(({ id }) => id))
    const gone = await withdrawn(leases, 'a')
    expect(gone).toEqual(leases.filter(({ cell: id }) => !shared.has(id)))
    expect(await states()).toEqual({ leased: 2, parked: cells - 2 })
    // What was computed all the same is kept.
    expect(await endings('a', leases)).toEqual(Array(cells).fill('committed'))
    expect([await states(), await left()]).toEqual([{ done: cells }, 0])
  })

  test('beside another with trials of the same cells', async () => {
    const batches = ids.map((id) => ({ cell: id, first: 10, count: 5 }))
    const bundle = { sweep, kernel: 3, seconds: null, isLong: false, urgent: false, batches }
    await database.pool.query('update farm.request set target = 15 where sweep_id = $1', [sweep])
    expect(await dispatchBundles(database, farm.epoch, sweep, [bundle])).toBe(cells)
    const { rows } = await database.pool.query<BundleJob>('select max(id) as bundle from farm.bundle')
    const [one, two] = [await leased('a'), (await ledger.lease(rows[0]!, 'b')).batches]
    // In opposite orders: whoever waits for the other's rows gets them.
    const both = await Promise.all([endings('a', one), endings('b', two.toReversed()), endings('b', one.toReversed())])
    expect(both[1]).toEqual(Array(cells).fill('committed'))
    expect(both[0].filter((ending, place) => ending !== both[2].toReversed()[place])).toHaveLength(cells)
    expect(await states()).toEqual({ done: 2 * cells })
  })
})
