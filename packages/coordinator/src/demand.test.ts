import { recheckEstimates } from '@driftfarm/answers'
import { extendSweep, invariants } from '@driftfarm/database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Coordinator } from './coordinator.ts'
import { Farm } from './farm.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
let farm: Farm
let leader: Coordinator
beforeEach(async () => {
  farm = await Farm.open()
  await farm.work()
  leader = await farm.coordinate({ batch: 64 })
})
afterEach(() => farm.close())

const ledger = () =>
  farm.query('select cell_id, first, count, worker_id, finished_at, digest, xmin::text from farm.batch order by 1, 2')

async function cellsOf(change: Record<string, unknown>) {
  const { id } = await farm.submit(change)
  expect((await farm.ends(id)).state).toBe('complete')
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  expect(await recheckEstimates(farm.database, id)).toEqual([])
  return { id, cells: (await farm.source.results(id)).data.cells }
}

async function rows(id: string): Promise<number> {
  let count = 0
  const { records } = await farm.source.rows(id)
  for await (const _ of records) count++
  return count
}

test('submitted again unchanged: no work and no row changed', async () => {
  const { id } = await cellsOf({ trials: 300 })
  const state = async () => [
    await ledger(),
    await farm.query('select *, xmin::text from farm.sweep'),
    await farm.query('select *, xmin::text from farm.request'),
  ]
  const before = await state()
  expect(await farm.submit({ trials: 300 })).toMatchObject({ id, created: false, changed: false, state: 'complete' })
  await farm.ends(id)
  expect(await state()).toEqual(before)
})

if (full)
  test('a burn-in recomputes batches with the same digests; key order and infinities are preserved', async () => {
    const trial = { steps: 100, escape: 'x >= 0', marks: { far: 'x > 90' } }
    const { cells: before } = await cellsOf({ trials: 150, trial })
    const { id, cells } = await cellsOf({
      trials: 150,
      trial,
      rate: { after: 50 },
      estimates: ['escapeRate', 'cost:far', 'joint', 'escape'],
    })
    expect(cells.map(({ digest }) => digest)).toEqual(before.map(({ digest }) => digest))
    const { escapeRate, ...rest } = cells[0]!.estimates
    expect(Object.keys(cells[0]!.estimates).slice(0, 3)).toEqual(['escape', 'escapeRate', 'cost:far'])
    expect(Object.keys(rest).filter((name) => name.startsWith('joint:')).length).toBeGreaterThan(1)
    expect(escapeRate!.after).toBe(50)
    expect(Number(escapeRate!.atRisk)).toBeLessThan(Number(before[0]!.estimates.escapeRate!.atRisk))
    expect(rest['cost:far']).toMatchObject({
      value: Number.POSITIVE_INFINITY,
      gradients: { high: Number.POSITIVE_INFINITY },
    })
    const { data, warnings } = await farm.source.curves(id)
    expect(warnings).toEqual([])
    const { points } = data.cells[0]!
    expect(points.at(-1)).toMatchObject({
      step: 100,
      value: rest.escape!.value,
      low: expect.closeTo(rest.escape!.low, 12),
    })
  })

test('more trials add only the missing; fewer show exactly the prefix, whatever was computed', async () => {
  const { cells: first } = await cellsOf({ trials: 300 })
  expect(first[0]!.estimates.escape?.method).toBe('clopper-pearson')
  const before = await ledger()
  const { cells: more } = await cellsOf({ trials: 500 })
  expect(more[0]).toMatchObject({ trials: 500, estimates: { escape: { method: 'beta-binomial' } } })
  expect(await ledger()).toEqual(expect.arrayContaining(before))
  const { id, cells: fewer } = await cellsOf({ trials: 217 })
  expect(fewer[0]!.trials).toBe(217)
  expect(await rows(id)).toBe(217)
  // The straddling batch was cut; what it held beyond is kept.
  const kept = await farm.query<{ trials: number }>('select sum(count)::int as trials from farm.batch')
  expect(kept).toEqual([{ trials: 500 }])
  const { cells: again } = await cellsOf({ trials: 300 })
  expect(again[0]!.digest).toBe(first[0]!.digest)
  expect(again[0]!.counts).toEqual(first[0]!.counts)
})

test('extend requests more trials, and refuses fewer', async () => {
  const { id } = await cellsOf({ trials: 100 })
  await extendSweep(farm.database, id, 150)
  expect(await farm.ends(id)).toMatchObject({ state: 'complete', trials: { done: '150', requested: '150' } })
  await expect(extendSweep(farm.database, id, 120)).rejects.toMatchObject({ code: 'SWEEP_STATE', exit: 6 })
})

if (full)
  test('without a coordinator, an extended sweep shows the stored trials and later continues from there', async () => {
    const { id, cells } = await cellsOf({ trials: 100 })
    await leader.stop()
    await extendSweep(farm.database, id, 150)
    const { data } = await farm.source.results(id)
    expect(data.sweep).toMatchObject({ state: 'planned', trials: 100 })
    expect(data.cells[0]).toMatchObject({
      trials: 100,
      counts: cells[0]!.counts,
      digest: cells[0]!.digest,
      stopped: null,
      estimates: { escape: { value: cells[0]!.estimates.escape!.value, method: 'beta-binomial' } },
    })
    expect(await farm.query('select max_trials::int as most from farm.sweep')).toEqual([{ most: 150 }])
    // More again, and by a spec; then fewer than are merged: those alone are shown, once they are merged anew.
    await farm.submit({ trials: 200 })
    expect((await farm.source.results(id)).data.cells[0]).toMatchObject({ trials: 100 })
    await farm.submit({ trials: 99 })
    expect((await farm.source.results(id)).data.cells[0]).toMatchObject({ trials: 0 })
    await farm.submit({ trials: 200 })
    await farm.coordinate({ batch: 64 })
    expect(await farm.ends(id)).toMatchObject({ state: 'complete', trials: { done: '200', requested: '200' } })
    expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
    expect(await recheckEstimates(farm.database, id)).toEqual([])
  })

test('a prefix that lacks requested data is merged again', async () => {
  const { id } = await cellsOf({ trials: 100 })
  await leader.stop()
  await farm.submit({ trials: 150, horizons: [5] })
  expect((await farm.source.results(id)).data.cells[0]).toMatchObject({ trials: 0 })
})

test('with a coordinator, the views show the stored trials of an extended sweep before more are computed', async () => {
  const { id } = await cellsOf({ trials: 100 })
  await leader.stop()
  await farm.query(`update farm.cell set kernel = 99`)
  await extendSweep(farm.database, id, 150)
  await farm.coordinate({ batch: 64 })
  await farm.watch.until('(select count(*) from public.cell where trials = 100 and escape is not null) = 1')
  const told = await farm.query('select trials::int, escape from public.cell')
  expect(told).toEqual([{ trials: 100, escape: expect.any(Number) }])
})

if (full)
  test('a stopping rule set after trials checks each check point again; later trials go on from its end', async () => {
    const until = { estimate: 'escape', relative: 0.3, min: 40, max: 2000 }
    const { id } = await cellsOf({ trials: 300 })
    const { cells: ruled } = await cellsOf({ until })
    expect(ruled[0]).toMatchObject({ stopped: { rule: 'relative' } })
    await leader.stop()
    await farm.submit({ trials: 2000 })
    expect((await farm.source.results(id)).data.cells[0]).toMatchObject({ trials: ruled[0]!.trials, stopped: null })
    await farm.submit({ until })
    expect((await farm.source.results(id)).data.cells[0]).toMatchObject({ trials: 0 })
    await farm.coordinate({ batch: 64 })
    expect((await farm.ends(id)).state).toBe('complete')
    const { estimates: _, ...again } = (await farm.source.results(id)).data.cells[0]!
    expect(again).toMatchObject({ trials: ruled[0]!.trials, digest: ruled[0]!.digest, stopped: ruled[0]!.stopped })
  })

if (full)
  test('a rule that is met by stored trials ends the cell, and finds its event among them', async () => {
    const until = { estimate: 'escape', relative: 0.3, min: 40, max: 2000 }
    const sweep = { 'update.drift.sigma': [2, 2.5, 3] }
    const { cells: fresh } = await cellsOf({ until: { ...until, method: 'gbas' }, sweep, seed: 2 })
    expect(fresh.map(({ stopped }) => stopped!.rule)).toEqual(['gbas', 'gbas', 'gbas'])
    await cellsOf({ until: { ...until, relative: 0.1 }, sweep, seed: 3 })
    const before = await ledger()
    const { cells } = await cellsOf({ until: { ...until, method: 'gbas' }, sweep, seed: 3 })
    expect(cells.map(({ stopped }) => stopped!.rule)).toEqual(['gbas', 'gbas', 'gbas'])
    expect((await ledger()).length - before.length).toBeLessThanOrEqual(cells.length)
    // A budget is spent in rounds, and each round reuses the trials that are stored.
    const { cells: shared } = await cellsOf({ until: { ...until, relative: 0.1 }, budget: 900, sweep, seed: 3 })
    expect(shared.reduce((sum, { trials }) => sum + Number(trials), 0)).toBeGreaterThan(3 * until.min)
  })

if (full)
  test('richer rows and horizons are recomputed with the same digests', async () => {
    const { id, cells: bare } = await cellsOf({ trials: 200, record: 'none' })
    expect(await rows(id)).toBe(0)
    const { cells: events } = await cellsOf({ trials: 200, record: 'events' })
    expect(events[0]!.digest).toBe(bare[0]!.digest)
    expect(await rows(id)).toBe(events[0]!.counts.escaped)
    const { cells: all } = await cellsOf({ trials: 200, record: 'all', horizons: [5, 10] })
    expect(await rows(id)).toBe(200)
    expect(all[0]!.estimates['escape@5']!.events).toBeLessThan(all[0]!.estimates['escape@10']!.events)
    // Less asked for again: nothing is lost, only what is asked for is shown.
    await cellsOf({ trials: 200, record: { sample: 0.25 } })
    const sample = await rows(id)
    expect(sample).toBeGreaterThan(20)
    expect(sample).toBeLessThan(90)
    const attempts = await farm.query<{ most: number }>('select max(attempts) as most from farm.batch')
    expect(attempts).toEqual([{ most: 3 }])
  })

if (full)
  test('observed values are computed by the same trials; sweeps with other names share them', async () => {
    const value = { value: 'x', at: ['horizon'] }
    const { id, cells: bare } = await cellsOf({ trials: 200 })
    const { cells } = await cellsOf({ trials: 200, observe: { place: value, when: { value: 'step', every: 10 } } })
    expect(cells[0]!.digest).toBe(bare[0]!.digest)
    const { mean, ...rest } = (await farm.source.observed({ sweep: id })).data.cells[0]!.values[0]!
    expect(rest).toMatchObject({ observation: 'place', time: 'horizon', notFinite: 0 })
    expect(mean).toEqual(cells[0]!.estimates['observe:place'])
    const trials = Number(cells[0]!.trials)
    const { ends } = cells[0]!.counts
    expect(mean!.events).toBeLessThanOrEqual(trials - ends.diverged)
    // Nothing is computed for another name, and an observation that is no longer requested is not shown.
    const before = await ledger()
    const { cells: renamed } = await cellsOf({ trials: 200, observe: { elsewhere: value } })
    expect(renamed[0]!.estimates['observe:elsewhere']).toEqual(mean)
    expect(renamed[0]!.estimates['observe:place']).toBeUndefined()
    expect(await ledger()).toEqual(before)
    // A recomputation for another request keeps the values that are stored.
    await cellsOf({ trials: 200, horizons: [5] })
    const { cells: again } = await cellsOf({ trials: 200, observe: { elsewhere: value } })
    expect(again[0]!.estimates['observe:elsewhere']).toEqual(mean)
    expect(await farm.query('select max(attempts) as most from farm.batch')).toEqual([{ most: 3 }])
    // More trials: the prefix grows, and the mean with it.
    const { cells: more } = await cellsOf({ trials: 300, observe: { elsewhere: value } })
    expect(more[0]!.estimates['observe:elsewhere']!.events).toBeGreaterThan(mean!.events)
  })

if (full)
  test('the mean of one value has no limits', async () => {
    const { cells } = await cellsOf({ trials: 1, observe: { place: { value: 'x', at: ['start'] } } })
    const limits = { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY }
    expect(cells[0]!.estimates['observe:place']).toMatchObject({ events: 1, ...limits })
  })

if (full)
  test('sweeps that contain the same cell share its trials', async () => {
    const one = await cellsOf({ name: 'one', trials: 200, sweep: { 'update.drift.sigma': [2, 3] } })
    const before = await ledger()
    const two = await cellsOf({ name: 'two', trials: 200, sweep: { 'update.drift.sigma': [3, 4] } })
    expect(two.cells[0]!.id).toBe(one.cells[1]!.id)
    expect(two.cells[0]!.digest).toBe(one.cells[1]!.digest)
    expect(await ledger()).toEqual(expect.arrayContaining(before))
    expect(two.id).not.toBe(one.id)
  })

if (full)
  test('axes in another order renumber the same cells', async () => {
    const one = await cellsOf({ trials: 70, sweep: { 'update.drift.sigma': [2, 3] } })
    const two = await cellsOf({ trials: 70, sweep: { 'update.drift.sigma': [3, 2] } })
    expect(two.id).toBe(one.id)
    expect(two.cells.map(({ id }) => id)).toEqual(one.cells.map(({ id }) => id).reverse())
  })

const escaping = { steps: 20, escape: 'x >= 0' }

if (full)
  test('rows are those of plain trials: records of replicas and weighted trials have other fields', async () => {
    const { id } = await cellsOf({
      trials: 20,
      trial: escaping,
      sweep: { method: ['direct', { splitting: { particles: 16, replicas: 4 } }, { tilt: { shift: '-g' } }] },
    })
    expect(await rows(id)).toBe(20)
    const { data, warnings } = await farm.source.curves(id)
    expect([data.cells.map(({ index }) => index), warnings]).toEqual([
      [0],
      [expect.stringMatching(/^no curve for 2 of 3 cells/)],
    ])
  })

if (full)
  test('intervals after more replicas are valid at any time, and stay so', async () => {
    const asked = (replicas: number) => ({
      trials: 20,
      trial: escaping,
      sweep: { method: ['direct', { splitting: { particles: 16, replicas } }] },
    })
    const methodOf = async (replicas: number) => (await cellsOf(asked(replicas))).cells[1]!.estimates.escape!.method
    expect(await methodOf(30)).toBe('replicas')
    expect(await methodOf(40)).toBe('asymptotic-sequence')
    expect(await methodOf(40)).toBe('asymptotic-sequence')
  })

if (full)
  test('more trials of direct cells leave replicas as they are, and the other way round', async () => {
    const asked = (trials: number, replicas: number) => ({
      trials,
      trial: escaping,
      sweep: { method: ['direct', { splitting: { particles: 16, replicas } }] },
    })
    const methods = (cells: Awaited<ReturnType<typeof cellsOf>>['cells']) =>
      cells.map(({ trials, estimates }) => [trials, estimates.escape!.method])
    const { id, cells } = await cellsOf(asked(20, 30))
    await extendSweep(farm.database, id, 40)
    const [, untouched] = await farm.query<{ state: string }>('select state from farm.request order by index')
    expect(untouched!.state).toBe('done')
    expect(await farm.ends(id)).toMatchObject({ state: 'complete', trials: { done: '70', requested: '70' } })
    const { data } = await farm.source.results(id)
    expect(methods(data.cells)).toEqual([
      [40, 'beta-binomial'],
      [30, 'replicas'],
    ])
    expect(data.cells[1]!.estimates).toEqual(cells[1]!.estimates)
    expect(methods((await cellsOf(asked(20, 40))).cells)).toEqual([
      [20, 'beta-binomial'], // fewer than were seen: 20 were chosen after a look, too
      [40, 'asymptotic-sequence'],
    ])
  })

if (full)
  test('a tilt without an escape has the upper limit of its original share, while it runs and afterwards', async () => {
    const asked = (trials: number, original: number) => ({
      trials,
      trial: { steps: 5, escape: 'x >= 1000' },
      method: { tilt: { shift: '1', original } },
    })
    const escapeOf = async (id: string) => (await farm.source.results(id)).data.cells[0]!.estimates.escape
    const { id } = await cellsOf(asked(100, 0.5))
    const high = (1 - 0.05 ** (1 / 100)) / 0.5
    expect(await escapeOf(id)).toMatchObject({ method: 'original-noise', high: expect.closeTo(high, 12) })
    await leader.stop()
    await extendSweep(farm.database, id, 150)
    expect(await escapeOf(id)).toMatchObject({ method: 'original-noise', high: expect.closeTo(high, 12) })
    await farm.coordinate({ batch: 64 })
    const { cells } = await cellsOf(asked(100, 0))
    expect(cells[0]!.estimates.escape).toMatchObject({ method: 'no-weight', high: 1 })
  })
