import { invariants } from '@driftfarm/database'
import type { ContrastResult } from '@driftfarm/report'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Farm } from '../../coordinator/src/farm.fixture.ts'
import { recheckEstimates } from './recheck.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
let farm: Farm
beforeEach(async () => {
  farm = await Farm.running({ batch: 64 })
})
afterEach(() => farm.close())

const trials = 160

/** Noise of equal trial indices is shared, so the larger eta mostly escapes where the smaller one does. */
const common = {
  streams: 'common',
  record: 'none',
  trials,
  sweep: { 'update.eta': [0.1, 0.12], 'update.drift.sigma': [2, 3] },
  contrasts: [
    { of: 'escape', between: { 'update.eta': [0.12, 0.1] } },
    { of: 'escape', kind: 'ratio', between: { 'update.eta': [0.12, 0.1] } },
  ],
}

async function resultsAfter(change: Record<string, unknown>) {
  const { id } = await farm.submit(change)
  expect((await farm.ends(id)).state).toBe('complete')
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  expect(await recheckEstimates(farm.database, id)).toEqual([])
  const { data } = await farm.source.results(id)
  return { id, ...data }
}

/** Pairs from the kept rows, trial by trial. */
async function pairsOfRows(id: string, [first, second]: ContrastResult['cells']) {
  const had = new Map<number, boolean[]>()
  const { records } = await farm.source.rows(id)
  for await (const record of records) {
    const { cell, trial, escaped_at } = record as { cell: number; trial: number; escaped_at: number | null }
    const trials = had.get(cell) ?? []
    trials[trial] = escaped_at !== null
    had.set(cell, trials)
  }
  const [a, b] = [had.get(first)!, had.get(second)!]
  const count = (one: boolean, other: boolean) => a.filter((each, i) => each === one && b[i] === other).length
  return {
    both: count(true, true),
    first: count(true, false),
    second: count(false, true),
    neither: count(false, false),
  }
}

test('pairs kept without rows are those of the rows', async () => {
  const { id, contrasts } = await resultsAfter(common)
  expect(contrasts.map(({ kind, cells, params, method }) => [kind, cells, params, method])).toEqual([
    ['difference', [1, 0], { 'update.drift.sigma': 2 }, 'tango'],
    ['difference', [3, 2], { 'update.drift.sigma': 3 }, 'tango'],
    ['ratio', [1, 0], { 'update.drift.sigma': 2 }, 'tang'],
    ['ratio', [3, 2], { 'update.drift.sigma': 3 }, 'tang'],
  ])
  const [rows] = await farm.query<{ kept: string }>('select count(*) as kept from farm.outcome')
  expect(Number(rows!.kept)).toBe(0)
  // Rows asked for afterwards are recomputed, and so are the contrasts from them.
  const { contrasts: again } = await resultsAfter({ ...common, record: 'all' })
  expect(again).toEqual(contrasts)
  for (const { cells, paired, value, kind } of contrasts) {
    const pairs = await pairsOfRows(id, cells)
    expect(paired).toEqual(pairs)
    expect(pairs.both).toBeGreaterThan(pairs.first + pairs.second)
    if (kind === 'difference') expect(value).toBeCloseTo((pairs.first - pairs.second) / trials, 12)
  }
  // What outside clients see.
  const seen = await farm.query('select * from contrast order by index, first_index')
  expect(seen).toHaveLength(4)
  expect(seen[0]).toMatchObject({
    of: 'escape',
    kind: 'difference',
    path: 'update.eta',
    first_index: 1,
    second_index: 0,
    value: contrasts[0]!.value,
    both_had: contrasts[0]!.paired!.both,
    p_value: contrasts[0]!.pValue,
  })
})

if (full)
  test('missing bits are computed once, without a new digest; fewer and more trials have their own pairs', async () => {
    const { contrasts: _, ...plain } = common
    const before = await resultsAfter(plain)
    expect(before.contrasts).toEqual([])
    const [none] = await farm.query<{ kept: string }>('select count(*) as kept from farm.event_bits')
    expect(Number(none!.kept)).toBe(0)
    const after = await resultsAfter(common)
    expect(after.cells.map(({ digest }) => digest)).toEqual(before.cells.map(({ digest }) => digest))
    expect(await farm.query('select max(attempts) as most from farm.batch')).toEqual([{ most: 2 }])
    // A cut within a batch: head and tail have their own bits.
    const fewer = await resultsAfter({ ...common, trials: 107 })
    const full = await resultsAfter({ ...common, trials: 107, record: 'all' })
    for (const { cells, paired } of fewer.contrasts) expect(paired).toEqual(await pairsOfRows(full.id, cells))
    const more = await resultsAfter({ ...common, trials: 200 })
    expect(more.contrasts[0]).toMatchObject({ method: 'bonferroni:beta-binomial', pValue: null })
    const { both, first, second, neither } = more.contrasts[0]!.paired!
    expect(both + first + second + neither).toBe(200)
  })

if (full)
  test('batches of the two cells need not end at the same trials', async () => {
    const wide = { ...common, contrasts: [], trials: 100 }
    await resultsAfter({ ...wide, name: 'other', sweep: { 'update.eta': [0.1], 'update.drift.sigma': [2] } })
    const { id, contrasts } = await resultsAfter({ ...common, record: 'all' })
    const ends = await farm.query<{ ends: number[] }>(
      `select array_agg((first + count)::int order by first) as ends from farm.batch group by cell_id order by 1`,
    )
    expect(new Set(ends.map(({ ends }) => String(ends))).size).toBe(2)
    for (const { cells, paired } of contrasts) expect(paired).toEqual(await pairsOfRows(id, cells))
  })

if (full)
  test('independent streams need no bits; a stopping rule makes the interval rest on those of the cells', async () => {
    const { contrasts, cells } = await resultsAfter({ ...common, streams: 'independent' })
    expect(contrasts[0]).toMatchObject({ method: 'miettinen-nurminen', paired: null, pValue: null })
    expect(contrasts[0]!.value).toBeCloseTo(cells[1]!.estimates.escape!.value - cells[0]!.estimates.escape!.value, 12)
    const [none] = await farm.query<{ kept: string }>('select count(*) as kept from farm.event_bits')
    expect(Number(none!.kept)).toBe(0)
    const { trials: _, ...open } = common
    const until = { estimate: 'escape', events: 20, min: 20, max: 1000 }
    const stopped = await resultsAfter({ ...open, until })
    expect(stopped.contrasts[0]).toMatchObject({ method: 'bonferroni:inverse-binomial', pValue: null })
    const { both, first, second, neither } = stopped.contrasts[0]!.paired!
    expect(both + first + second + neither).toBe(
      Math.min(Number(stopped.cells[0]!.trials), Number(stopped.cells[1]!.trials)),
    )
  })

if (full)
  test('simultaneous: alpha is shared by all contrasts; contrasts that are asked no more are gone', async () => {
    const { contrasts: own } = await resultsAfter(common)
    const { contrasts: shared } = await resultsAfter({ ...common, simultaneous: true })
    expect(shared[0]).toMatchObject({ simultaneous: 4, confidence: 0.95, paired: own[0]!.paired })
    expect(Number(shared[0]!.low)).toBeLessThan(Number(own[0]!.low))
    const { contrasts: fewer } = await resultsAfter({ ...common, contrasts: common.contrasts.slice(1) })
    expect(fewer).toEqual(own.slice(2))
    expect(await farm.query('select distinct index from contrast')).toEqual([{ index: 0 }])
  })

if (full)
  test('a look before the end has contrasts of what there is, guarded', async () => {
    const { id } = await resultsAfter(common)
    await farm.query(`update farm.request set state = 'open' where sweep_id = $1`, [id])
    await farm.query('update farm.sweep set open = done, done = 0 where id = $1', [id])
    await farm.query('delete from farm.contrast where sweep_id = $1', [id])
    const { data } = await farm.source.results(id)
    expect(data.contrasts).toHaveLength(4)
    expect(data.contrasts[0]).toMatchObject({ method: 'bonferroni:beta-binomial', pValue: null })
  })

if (full)
  test('any event can be compared, also at a horizon', async () => {
    const between = { 'update.eta': [0.12, 0.1] }
    const trial = {
      steps: 20,
      escape: 'x >= 0',
      afterEscape: 'continue',
      converge: { within: 0.5, of: 'any', hold: 2 },
    }
    const events = ['escape@10', 'converge', 'settle:right', 'mark:low']
    const { contrasts, cells } = await resultsAfter({
      ...common,
      trial: { ...trial, marks: { low: 'loss < 0.01' } },
      horizons: [10],
      contrasts: events.map((of) => ({ of, between })),
    })
    expect(contrasts).toHaveLength(8)
    for (const { of, cells: pair, paired, value } of contrasts) {
      const [a, b] = pair.map((index) => cells[index]!.estimates[of]!.events!) as [number, number]
      expect([paired!.both + paired!.first, paired!.both + paired!.second]).toEqual([a, b])
      expect(value).toBeCloseTo((a - b) / trials, 12)
      expect(a).toBeGreaterThan(0)
    }
  })

test('damaged bits and a changed contrast are found', async () => {
  const { id } = await resultsAfter(common)
  await farm.query(`update farm.event_bits set bits = set_bit(bits, 3, 1 - get_bit(bits, 3)) where first = 64`)
  const found = await recheckEstimates(farm.database, id)
  expect(
    found.filter((each) =>
      each.includes('event bits of escape differ from the tally of the batch that starts at trial 64'),
    ),
  ).toHaveLength(4)
  expect(found.filter((each) => each.includes('differs from the recomputed one')).length).toBeGreaterThan(0)
})
