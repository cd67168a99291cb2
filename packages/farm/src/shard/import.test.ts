import {
  type Database,
  dispatchBundles,
  invariants,
  openCells,
  removeSweep,
  submitSweep,
  sweepHead,
  sweepStatus,
} from '@driftfarm/database'
import { formatDigest, parseDigest, runReference } from '@driftfarm/kernel'
import type { ResolvedSpec } from '@driftfarm/report'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { bundlesOf, compute, onlyBatchOf, openLed } from '@driftfarm/testing/ledger'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { shardLease } from './compute.ts'
import type { FrameWithBytes, ShardFile } from './frame.ts'
import { checkShards, type ImportResult, importShards } from './import.ts'
import { framesOf, never, resolvedSpec, Shards } from './shard.fixture.ts'

let farm: Awaited<ReturnType<typeof openLed>>
let database: Database
const folder = temporaryFolder()
const shards = new Shards(folder.path)
let seed = 0
beforeAll(async () => {
  farm = await openLed(['a'])
  database = farm.database
  await database.pool.query(`update farm.leader set until = now() + interval '1 hour'`)
})
afterAll(async () => {
  await farm.drop()
  folder.remove()
})

const sweepWith = (change: Record<string, unknown> = {}): ResolvedSpec =>
  resolvedSpec({ seed: ++seed, trials: 30, ...change })
const imported = async (files: readonly ShardFile[]): Promise<ImportResult> =>
  importShards(database, await checkShards(files, never), never)
const stateOf = async ({ sweep }: ResolvedSpec) => (await sweepHead(database, sweep.id())).state
const sums = ({ files }: ImportResult) =>
  files.map(({ imported: stored, audited, leftOut }) => [stored, audited, leftOut].map(Number))

async function rowsOf<Row extends object>(statement: string, { sweep }: ResolvedSpec): Promise<Row[]> {
  const { rows } = await database.pool.query<Row>(statement, [sweep.id()])
  return rows
}
const batches = (spec: ResolvedSpec) =>
  rowsOf<{ index: number; first: number; count: number; state: string; xmin: string }>(
    `select d.index, b.first, b.count, 'done' as state, b.xmin::text from farm.request d
       join farm.batch b on b.cell_id = d.cell_id where d.sweep_id = $1
     union all
     select d.index, p.first, p.count, p.state, '' from farm.request d
       join farm.pending p on p.cell_id = d.cell_id where d.sweep_id = $1 order by 1, 2`,
    spec,
  )
const ranges = async (spec: ResolvedSpec) =>
  (await batches(spec)).map(({ first, count, state }) => [first, count, state])

/** The digests of all trials, computed by the reference. */
const digests = ({ sweep }: ResolvedSpec) =>
  [...sweep.cells()].map(({ cell }) =>
    formatDigest(runReference(cell, 0, sweep.demand.trials!, { horizons: [] }).digest),
  )

test('two of three shards leave gaps; the third completes the sweep as if one farm had computed it', async () => {
  const spec = sweepWith({ sweep: { 'update.eta': [0.1, 0.15] }, horizons: [50] })
  const [one, two, three] = (await shards.of(spec, 3, [1, 2, 3])) as [ShardFile, ShardFile, ShardFile]
  const first = await imported([three, one])
  expect(first.missing.trials).toBe(20)
  expect(first.missing.shards).toEqual([2])
  expect(first.missing.gaps.map(({ cell, shard }) => [cell, shard])).toEqual([
    [0, 2],
    [1, 2],
  ])
  expect(await stateOf(spec)).toBe('interrupted')
  expect((await sweepStatus(database, spec.sweep.id())).reason).toContain('20 trials are missing')
  const { I2, I4 } = await invariants(database, spec.sweep.id())
  expect([I2, I4]).toEqual([[], []])
  const second = await imported([two, one])
  expect(sums(second)).toEqual([
    [20, 0, 0],
    [0, 20, 0],
  ])
  expect(second.missing.trials).toBe(0)
  expect(await stateOf(spec)).toBe('complete')
  expect(await invariants(database, spec.sweep.id())).toEqual({ I1: [], I2: [], I4: [] })
  const demands = await rowsOf<{ digest: string; trials: number }>(
    'select digest, trials from farm.request where sweep_id = $1 order by index',
    spec,
  )
  expect(demands.map(({ digest }) => digest)).toEqual(digests(spec))
  const kept = await rowsOf<{ n: number }>(
    `select count(*)::int as n from trial t join farm.request d on d.cell_id = t.cell where d.sweep_id = $1`,
    spec,
  )
  expect(kept).toEqual([{ n: 60 }])
})

test('importing again writes nothing, in any order', async () => {
  const spec = sweepWith({ record: 'none', trials: 32 })
  const files = await shards.of(spec, 4, [4, 2, 1, 3])
  await imported(files)
  expect(await stateOf(spec)).toBe('complete')
  const before = await batches(spec)
  const again = await imported(files)
  expect(sums(again)).toEqual(files.map(() => [0, 8, 0]))
  expect(await batches(spec)).toEqual(before)
})

test('an interrupted import leaves a valid ledger and can be continued', async () => {
  const spec = sweepWith({ sweep: { 'update.eta': [0.1, 0.15] } })
  const files = await shards.of(spec, 3, [3, 2, 1])
  const checked = await checkShards(files, never)
  const stop = new AbortController()
  const begun = importShards(database, checked, { signal: stop.signal, onProgress: () => stop.abort() })
  await expect(begun).rejects.toThrow()
  expect(await stateOf(spec)).toBe('interrupted')
  const { I2, I4 } = await invariants(database, spec.sweep.id())
  expect([I2, I4]).toEqual([[], []])
  await imported(files)
  expect(await stateOf(spec)).toBe('complete')
})

test('two imports at once', async () => {
  const spec = sweepWith({ sweep: { 'update.eta': [0.1, 0.15, 0.2] } })
  const [a, b, c] = (await shards.of(spec, 3, [1, 2, 3])) as [ShardFile, ShardFile, ShardFile]
  const both = await Promise.all([imported([a, b]), imported([c, b])])
  const total = both.flatMap(sums).reduce(([x = 0, y = 0, z = 0], [p = 0, q = 0, r = 0]) => [x + p, y + q, z + r], [])
  expect(total).toEqual([90, 30, 0])
  expect(await stateOf(spec)).toBe('complete')
  expect(await invariants(database, spec.sweep.id())).toEqual({ I1: [], I2: [], I4: [] })
})

describe('beside a farm', () => {
  test('batches with other borders stay, and are compared between common borders', async () => {
    const spec = sweepWith()
    const { id: cell } = spec.sweep.cell(0)
    const id = spec.sweep.id()
    await submitSweep(database, spec.sweep, spec.text, { runner: null })
    await dispatchBundles(database, farm.epoch, id, bundlesOf(id, cell, [10, 5]))
    const bundles = await rowsOf<{ bundle: number }>(
      `select p.bundle from farm.request d join farm.pending p on p.cell_id = d.cell_id
        where d.sweep_id = $1 order by p.first`,
      spec,
    )
    const [whole, part] = (await Promise.all(
      bundles.map(async ({ bundle }) => onlyBatchOf(await farm.ledger.lease({ bundle }, 'a'))),
    )) as [ReturnType<typeof onlyBatchOf>, ReturnType<typeof onlyBatchOf>]
    await farm.ledger.commit('a', [{ lease: whole, result: compute(whole) }])
    const files = await shards.of(spec, 3, [1, 2, 3])
    const first = await imported(files)
    expect(sums(first).sort()).toEqual([
      [0, 0, 10],
      [0, 10, 0],
      [10, 0, 0],
    ])
    expect(await ranges(spec)).toEqual([
      [0, 10, 'done'],
      [10, 5, 'ready'],
      [15, 5, 'ready'],
      [20, 10, 'done'],
    ])
    // The worker that has them continues, and the leading coordinator bundles the rest.
    expect(await farm.ledger.commit('a', [{ lease: part, result: compute(part) }])).toEqual([{ ending: 'committed' }])
    const rest = onlyBatchOf(await farm.ledger.lease({ bundle: await farm.rebundled(cell) }, 'a'))
    expect([rest.first, rest.count]).toEqual([15, 5])
    await farm.ledger.commit('a', [{ lease: rest, result: compute(rest) }])
    const second = await imported(files)
    expect(sums(second)).toEqual(files.map(() => [0, 10, 0]))
    expect(await stateOf(spec)).toBe('complete')
    expect((await rowsOf<{ digest: string }>('select digest from farm.request where sweep_id = $1', spec))[0]).toEqual({
      digest: digests(spec)[0],
    })
  })

  test('trials leased by a worker: the first commit counts, the other is compared', async () => {
    const spec = sweepWith()
    const { sweep, bundles } = await farm.submitted(spec.text, [10, 10, 10])
    const lease = onlyBatchOf(await farm.ledger.lease({ bundle: bundles[0]! }, 'a'))
    await imported(await shards.of(spec, 3, [1, 2, 3]))
    expect(await stateOf(spec)).toBe('complete')
    expect(await farm.ledger.commit('a', [{ lease, result: compute(lease) }])).toEqual([{ ending: 'duplicate' }])
    expect(await invariants(database, sweep)).toEqual({ I1: [], I2: [], I4: [] })
  })

  test('a leading coordinator about to dispatch the same trials dispatches none of them', async () => {
    const spec = sweepWith()
    const id = spec.sweep.id()
    await submitSweep(database, spec.sweep, spec.text, { runner: null })
    const [seen] = await openCells(database, id, { from: 0, to: 1 })
    expect(seen).toMatchObject({ next: 0 })
    const before = await rowsOf<{ submission: number }>('select submission from farm.sweep where id = $1', spec)
    const [one] = await shards.of(spec, 3, [1])
    await imported([one!])
    const there = await ranges(spec)
    // Some batches of the last two begin only where the imported ones end.
    for (const counts of [[5, 5], [30], Array(30).fill(1), [7, 6, 5, 12]])
      expect(await dispatchBundles(database, farm.epoch, id, bundlesOf(id, seen!.cell, counts))).toBe(0)
    expect(await ranges(spec)).toEqual(there)
    const after = await rowsOf<{ submission: number }>('select submission from farm.sweep where id = $1', spec)
    expect(after[0]!.submission).toBeGreaterThan(before[0]!.submission)
    const [now] = await openCells(database, id, { from: 0, to: 1 })
    const next = there.at(-1)!
    expect(now!.next).toBe(Number(next[0]) + Number(next[1]))
  })

  test('a stored sweep with a larger request keeps it', async () => {
    const spec = sweepWith()
    const more = resolvedSpec({ seed, trials: 50 })
    expect(more.sweep.id()).toBe(spec.sweep.id())
    await submitSweep(database, more.sweep, more.text, { runner: 'nobody' })
    const { missing } = await imported(await shards.of(spec, 2, [1, 2]))
    expect(missing).toEqual({ trials: 20, of: 2, shards: [], gaps: [{ cell: 0, first: 30, last: 49, shard: null }] })
    expect(await stateOf(spec)).toBe('interrupted')
  })

  test('a sweep removed between reading and storing is stored again', async () => {
    const spec = sweepWith()
    const checked = await checkShards(await shards.of(spec, 2, [1, 2]), never)
    await importShards(database, checked, never)
    await removeSweep(database, spec.sweep.id())
    await importShards(database, checked, never)
    expect(await stateOf(spec)).toBe('complete')
  })
})

describe('other bytes', () => {
  const altered = (frames: Iterable<FrameWithBytes>): FrameWithBytes[] =>
    [...frames].map(({ frame, bytes }) => {
      if (frame.is !== 'batch') return { frame, bytes }
      return { frame: { ...frame, digest: formatDigest(parseDigest(frame.digest)! + 1n) }, bytes }
    })
  test.each([
    ['in the same ranges', 3],
    ['in other ranges', 1],
  ])('%s stop the sweep and are reported', async (_, of) => {
    const spec = sweepWith()
    await imported(await shards.of(spec, 3, [1, 2, 3]))
    const wrong = await shards.write(`wrong-${of}`, altered(framesOf(spec, { index: 1, of })))
    await expect(imported([wrong])).rejects.toMatchObject({ code: 'DETERMINISM_VIOLATION' })
    expect(await stateOf(spec)).toBe('stopped')
    const failures = await rowsOf<{ message: string }>(
      `select f.message from farm.failure f join farm.request d on d.cell_id = f.cell_id
        where d.sweep_id = $1 and f.kind = 'determinism'`,
      spec,
    )
    expect(failures[0]!.message).toContain(`shard-1-of-${of}`)
  })
})

test.each<[string, Record<string, unknown>]>([
  ['rows of all', { record: 'all' }],
  ['rows of events, a horizon', { record: 'events', horizons: [5, 10] }],
  ['a sample of rows, a rate', { record: { sample: 0.1 }, estimates: ['escape', 'escapeRate'], rate: { after: 7 } }],
  [
    'contrasts under common noise, of some cells',
    {
      streams: 'common',
      record: 'none',
      sweep: { 'update.eta': [0.05, 0.1, 0.2], 'update.drift.sigma': [1, 2] },
      contrasts: [{ of: 'escape', between: { 'update.eta': [0.1, 0.05] } }],
    },
  ],
  [
    'contrasts of independent noise',
    { sweep: { 'update.eta': [0.1, 0.15] }, contrasts: [{ of: 'escape', between: { 'update.eta': [0.1, 0.15] } }] },
  ],
])('a shard has what a worker would have: %s', async (_, change) => {
  const spec = sweepWith({ trials: 10, ...change })
  const id = spec.sweep.id()
  await submitSweep(database, spec.sweep, spec.text, { runner: null })
  for (const cell of spec.sweep.cells()) {
    await dispatchBundles(database, farm.epoch, id, bundlesOf(id, cell.id, [10]))
    const { rows } = await database.pool.query<{ bundle: number }>(
      'select bundle from farm.pending where cell_id = $1',
      [cell.id],
    )
    const lease = onlyBatchOf(await farm.ledger.lease({ bundle: rows[0]!.bundle }, 'a'))
    const { bundle: _bundle, form: _form, ...owed } = shardLease(cell, { first: 0, count: 10 }, spec.sweep)
    expect(lease).toMatchObject(owed)
  }
})
