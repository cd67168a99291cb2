import { type ImportOutcome, importBatches, invariants, type Lease } from '@driftfarm/database'
import { formatDigest, runReference } from '@driftfarm/kernel'
import { talliedHorizons } from '@driftfarm/spec'
import { compute } from '@driftfarm/testing/ledger'
import { seeded } from '@driftfarm/testing/withFaults'
import { afterEach, expect, test } from 'vitest'
import { Farm, specText, sweepOf } from './farm.fixture.ts'
import { settleImported } from './settleSweep.ts'
import { batchAt, batchOf } from './shardAssignment.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let farm: Farm
afterEach(() => farm?.close())

const trials = 1000
const spec = { trials, sweep: { 'update.drift.sigma': [2, 3] } }
const sweep = sweepOf(specText(spec))
const cells = [...sweep.cells()]
/** As many as none of the farm's batches has. */
const division = { trials, batches: 13 }

const leaseOf = (cell: (typeof cells)[number], batch: number): Lease => ({
  cell: cell.id,
  bundle: 0,
  ...batchAt(division, batch),
  generation: 1,
  again: false,
  attempt: 1,
  canonical: cell.canonical,
  form: 0,
  tables: [],
  record: sweep.demand.record,
  horizons: talliedHorizons(sweep.demand),
  observe: [],
  bits: [],
  secondsPerTrial: null,
  cost: 1e-6,
  cut: null,
  premises: null,
})

const outcomeOf = (lease: Lease) => ({
  lease,
  result: compute(lease),
  *before(from: number) {
    for (let at = from; at < lease.first; ) {
      const { first, count } = batchAt(division, batchOf(division, at))
      const until = Math.min(lease.first, first + count)
      yield { first: at, count: until - at }
      at = until
    }
  },
})

/** Batches of both cells in a random order. */
function shuffled(seed: number) {
  const random = seeded(seed)
  const all = cells.flatMap((cell) => Array.from({ length: division.batches }, (_, batch) => leaseOf(cell, batch)))
  return all
    .map((lease) => ({ lease, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ lease }) => outcomeOf(lease))
}

async function checked(id: string): Promise<void> {
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  const rows = await farm.query<{ digest: string }>(
    'select digest from farm.request where sweep_id = $1 order by index',
    [id],
  )
  const want = cells.map(({ cell }) => formatDigest(runReference(cell, 0, trials, { horizons: [] }).digest))
  expect(rows.map(({ digest }) => digest)).toEqual(want)
  const kept = await farm.query<{ n: number }>('select count(*)::int as n from trial')
  expect(kept).toEqual([{ n: 2 * trials }])
}

test.each(full ? [1, 2] : [1])(
  'shards that are imported while a farm computes the sweep: all is there once (%i)',
  async (seed) => {
    farm = await Farm.open()
    await farm.coordinate({ batch: 60, bundle: 2 })
    const { id } = await farm.submit(spec)
    await farm.until(id, () => farm.queue.waiting.size > 0)
    const batches = shuffled(seed)
    const endings: ImportOutcome[] = []
    const importing = async () => {
      for (let at = 0; at < batches.length; at += 3)
        endings.push(...(await importBatches(farm.database, id, 'shard', batches.slice(at, at + 3))))
    }
    await Promise.all([importing(), farm.work()])
    expect(await farm.ends(id)).toMatchObject({ state: 'complete' })
    const kinds = new Set(endings.map(({ ending }) => ending))
    expect(kinds.has('violation')).toBe(false)
    await checked(id)
    expect(farm.troubles).toEqual([])
  },
)

test('a sweep without workers is complete from its shards only, settled next to a leading coordinator', async () => {
  farm = await Farm.open()
  await farm.coordinate()
  const { id } = await farm.submit(spec, 'nobody')
  for (const batch of shuffled(3))
    expect(await importBatches(farm.database, id, 'shard', [batch])).toEqual([{ ending: 'committed' }])
  await farm.query(`update farm.sweep set runner = null, state = 'planned' where id = $1`, [id])
  await settleImported(farm.database, { id, cells: 2 })
  expect(await farm.ends(id)).toMatchObject({ state: 'complete' })
  await checked(id)
})
