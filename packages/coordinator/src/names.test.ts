import { recheckEstimates } from '@driftfarm/answers'
import { control, extendSweep, findSweep, invariants, LedgerError, listSweeps, removeSweep } from '@driftfarm/database'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Farm, specText, sweepOf } from './farm.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// The same cells under several names: trials are shared, and nothing else is.

let farm: Farm
beforeEach(async () => {
  farm = await Farm.open()
})
afterEach(() => farm.close())

const begin = async () => {
  await farm.work()
  await farm.coordinate({ batch: 64 })
}
const sound = async (id: string) => {
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  expect(await recheckEstimates(farm.database, id)).toEqual([])
}
const cellsOf = async (id: string) => (await farm.source.results(id)).data.cells
const ended = async (name: string, change: Record<string, unknown>) => {
  const submitted = await farm.submit({ name, ...change })
  expect((await farm.ends(submitted.id)).state).toBe('complete')
  await sound(submitted.id)
  const cells = await cellsOf(submitted.id)
  return { ...submitted, cells, cell: cells[0]!, method: cells[0]!.estimates.escape!.method }
}

if (full)
  test('each keeps its own budget, tags and results, and trials are computed once', async () => {
    await begin()
    const one = await ended('one', { trials: 200, tags: { who: 'one' } })
    const two = await ended('two', { trials: 900, tags: { who: 'two' }, record: 'none', horizons: [5] })
    expect([one.cell.trials, two.cell.trials]).toEqual([200, 900])
    const [first] = await cellsOf(one.id)
    expect(first).toEqual(one.cell)
    expect(await farm.query('select sum(count)::int as trials from farm.batch')).toEqual([{ trials: 900 }])
    const listed = (await listSweeps(farm.database)).map(({ name, tags, trialsDone }) => [name, tags, trialsDone])
    expect(listed).toEqual([
      ['two', { who: 'two' }, '900'],
      ['one', { who: 'one' }, '200'],
    ])
  })

// What the same name would get: `beta-binomial` after a look, the interval of a fixed number or of a rule without one.
if (full)
  test('a new name does not give narrower intervals: more, fewer, or another rule after an interim look', async () => {
    await begin()
    const before = await ended('before', { trials: 300 })
    expect(before.method).toBe('clopper-pearson')
    const until = { estimate: 'escape', relative: 0.3, min: 40, max: 2000 }
    for (const [name, change] of Object.entries({
      more: { trials: 700 },
      fewer: { trials: 150 },
      wilson: { trials: 500, interval: 'wilson' },
      ruled: { until },
      gbas: { until: { ...until, method: 'gbas' } },
      events: { until: { estimate: 'escape', events: 20, min: 20, max: 2000 } },
      budgeted: { until, budget: 400 },
    }))
      expect([name, (await ended(name, change)).method]).toEqual([name, 'beta-binomial'])
    const more = (await cellsOf((await findSweep(farm.database, 'more')).id))[0]!.estimates.escape!
    const { id } = await farm.submit({ name: 'before', trials: 700 })
    await farm.ends(id)
    expect((await cellsOf(id))[0]!.estimates.escape).toEqual(more)
  })

if (full)
  test('without an interim look, intervals follow the choice: made in time, or equal to one made in time', async () => {
    // Nothing is computed yet.
    const until = { estimate: 'escape', relative: 0.3, min: 40, max: 2000 }
    for (const [name, change] of Object.entries({ few: { trials: 300 }, many: { trials: 700 }, ruled: { until } }))
      await farm.submit({ name, ...change })
    await begin()
    const methods = []
    for (const [name, change] of Object.entries({
      few: { trials: 300 },
      many: { trials: 700 },
      ruled: { until },
      'many too': { trials: 700 },
      'ruled too': { until },
    }))
      methods.push((await ended(name, change)).method)
    expect(methods).toEqual([
      'clopper-pearson',
      'clopper-pearson',
      expect.stringMatching(/^clopper-pearson\/\d+$/),
      'clopper-pearson',
      expect.stringMatching(/^clopper-pearson\/\d+$/),
    ])
  })

if (full)
  test('a rule chosen after an interim look is met by the reported interval', async () => {
    await begin()
    await ended('before', { trials: 100 })
    const until = { estimate: 'escape', relative: 0.3, min: 40, max: 5000 }
    const { cell } = await ended('after', { until })
    const { value, low, high } = cell.estimates.escape!
    expect(cell.stopped).toMatchObject({ rule: 'relative' })
    expect((high - low) / 2).toBeLessThanOrEqual(0.3 * value)
    // With streams of its own, and nothing to look at, fewer trials do.
    const fresh = await ended('fresh', { until, seed: 2 })
    expect(Number(fresh.cell.trials)).toBeLessThan(Number(cell.trials))
  })

test('cancel of one that shares its cells, while both run: the other completes with all its trials', async () => {
  await farm.coordinate({ batch: 20 })
  const [one, two] = [await farm.submit({ name: 'one', trials: 400 }), await farm.submit({ name: 'two', trials: 300 })]
  await farm.until(one.id, () => farm.queue.waiting.size > 4)
  await control(farm.database, one.id, 'cancel')
  await farm.work()
  expect(await farm.ends(two.id)).toMatchObject({ state: 'complete', trials: { done: '300', requested: '300' } })
  await sound(two.id)
  expect((await farm.ends(one.id)).state).toBe('cancelled')
  expect((await farm.submit({ name: 'one', trials: 400 })).id).toBe(one.id)
  expect(await farm.ends(one.id)).toMatchObject({ state: 'complete', trials: { done: '400', requested: '400' } })
  await sound(one.id)
})

if (full)
  test.each(['one', 'two'])('rm of %s leaves the other complete, running or ended', async (gone) => {
    await farm.coordinate({ batch: 20 })
    const ids = {
      one: (await farm.submit({ name: 'one', trials: 300 })).id,
      two: (await farm.submit({ name: 'two', trials: 300 })).id,
    }
    await farm.until(ids.one, () => farm.queue.waiting.size > 4)
    const [removed, kept] = gone === 'one' ? [ids.one, ids.two] : [ids.two, ids.one]
    expect(await removeSweep(farm.database, removed)).toEqual({ cells: 0 })
    await farm.work()
    expect((await farm.ends(kept)).state).toBe('complete')
    await sound(kept)
    const cells = await cellsOf(kept)
    const again = await ended(gone, { trials: 300 })
    expect(again.id).toBe(removed)
    expect(again.cell.digest).toBe(cells[0]!.digest)
    await removeSweep(farm.database, removed)
    expect(await cellsOf(kept)).toEqual(cells)
    expect(await removeSweep(farm.database, kept)).toEqual({ cells: 1 })
    expect(await farm.query('select from farm.batch')).toEqual([])
  })

if (full)
  test('the history of one is not that of the other: stopped, contrasts, priority', async () => {
    const sweep = { 'update.drift.sigma': [2, 3] }
    const contrasts = [{ of: 'escape', between: { 'update.drift.sigma': [3, 2] }, kind: 'difference' }]
    await begin()
    const one = await ended('one', { trials: 100, sweep, streams: 'common', contrasts })
    const two = await ended('two', { trials: 100, sweep, streams: 'common', priority: 7 })
    const rows = () => farm.query('select sweep_id, place from farm.contrast')
    expect(await rows()).toEqual([{ sweep_id: one.id, place: 0 }])
    await farm.submit({ name: 'two', trials: 100, sweep, streams: 'common' })
    await farm.ends(two.id)
    expect(await rows()).toEqual([{ sweep_id: one.id, place: 0 }])
    await extendSweep(farm.database, two.id, 200)
    await farm.ends(two.id)
    expect(
      await farm.query('select name, priority, state, max_trials::int as most from farm.sweep order by name'),
    ).toEqual([
      { name: 'one', priority: 0, state: 'complete', most: 200 },
      { name: 'two', priority: 0, state: 'complete', most: 400 },
    ])
  })

/** Numbers from 0 to n - 1, the same in every run. */
function chooser(seed: number): (n: number) => number {
  let state = seed
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
}

if (full)
  test('six clients submit, extend, cancel and remove at once, over the same cells', async () => {
    await farm.work()
    await farm.work()
    await farm.coordinate({ batch: 16 })
    const sigmas = [[2], [2, 3], [3], [2, 3, 4]]
    const changeOf = (client: number, trials: number) => ({
      name: `client-${client}`,
      trials,
      record: 'none',
      sweep: { 'update.drift.sigma': sigmas[client % sigmas.length]! },
    })
    /** Its sweep may be as it is, or gone: then there is nothing to do. */
    const unlessRefused = (work: Promise<unknown>) =>
      work.catch((error: unknown) => {
        if (!(error instanceof LedgerError && ['SWEEP_STATE', 'SWEEP_NOT_FOUND'].includes(error.code))) throw error
      })
    await Promise.all(
      Array.from({ length: 6 }, async (_, client) => {
        const choose = chooser(client + 1)
        for (let turn = 0; turn < 12; turn++) {
          const { id } = await farm.submit(changeOf(client, 20 + choose(200)))
          const what = choose(5)
          if (what === 0) await unlessRefused(extendSweep(farm.database, id, 250))
          if (what === 1) await unlessRefused(control(farm.database, id, 'cancel'))
          if (what === 2) await removeSweep(farm.database, id)
          if (what === 3) await farm.ends(id)
        }
      }),
    )
    const last = 120
    const ids = []
    for (let client = 0; client < 6; client++) ids.push((await farm.submit(changeOf(client, last + client))).id)
    expect(new Set(ids).size).toBe(6)
    for (const [client, id] of ids.entries()) {
      expect((await farm.ends(id)).state).toBe('complete')
      await sound(id)
      const cells = await cellsOf(id)
      expect(cells.map(({ trials }) => trials)).toEqual(cells.map(() => last + client))
      const alone = sweepOf(specText(changeOf(client, 1)))
      expect(cells.map((cell) => cell.id)).toEqual([...alone.cells()].map((cell) => cell.id))
    }
    // Of each cell every trial is stored once or waits, put aside when a sweep was cancelled.
    const holes = await farm.query(
      `select cell_id from (
       select cell_id, first, lag(first + count, 1, 0::bigint) over (partition by cell_id order by first) as before
         from (select cell_id, first, count from farm.batch
                union all select cell_id, first, count from farm.pending where not again) x) b where first <> before`,
    )
    expect(holes).toEqual([])
    expect(farm.troubles).toEqual([])
    for (const id of ids) await removeSweep(farm.database, id)
    for (const table of ['batch', 'pending', 'cell', 'request', 'sweep'])
      expect([table, await farm.query(`select from farm.${table}`)]).toEqual([table, []])
  })
