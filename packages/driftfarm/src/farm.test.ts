import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openDatabase, startEmbedded } from '@driftfarm/database'
import { root } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { expect, test, vi } from 'vitest'
import type { DriftfarmError, Farm, RunEvent, Spec } from './index.ts'
import { DriftfarmError as OfKernel, simulate } from './kernel.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const built = join(root, 'packages/cli/dist/library.js')
// Threads load slowly from sources. This import also lets `--changed` find what a test depends on.
const library: typeof import('./index.ts') = existsSync(built)
  ? await import(/* @vite-ignore */ pathToFileURL(built).href)
  : await import('./index.ts')
const { farm, sweep } = library

const home = servedHome()
const open = (): Promise<Farm> => farm({ home, threads: 1 })

async function inFarm<T>(work: (here: Farm) => Promise<T>): Promise<T> {
  const here = await open()
  try {
    return await work(here)
  } finally {
    await here[Symbol.asyncDispose]()
  }
}

const well = (change: Partial<Spec> = {}): Spec =>
  sweep({
    version: 1,
    name: 'well',
    seed: 11,
    landscape: { preset: 'double-well' },
    start: { minimum: 'left' },
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 200, escape: 'x >= 0', marks: { half: 'x >= -0.5' } },
    sweep: { 'update.eta': [0.1, 0.2] },
    trials: 300,
    ...change,
  })

const endless = (name: string): Spec =>
  well({ name, sweep: {}, trial: { steps: 1_000_000, escape: 'x >= 1000' }, trials: 1_000_000_000 })

async function thrown(work: () => Promise<unknown>): Promise<DriftfarmError> {
  const error = await work().then(
    () => null,
    (reason: unknown) => reason,
  )
  expect([library.DriftfarmError, OfKernel].some((each) => error instanceof each)).toBe(true)
  return error as DriftfarmError
}

/** Every stored row that a client can see, with the times at which they were written. */
async function ledger(): Promise<string> {
  const server = await startEmbedded({ home })
  const database = await openDatabase({ url: server.url, max: 1 })
  try {
    const { rows } = await database.pool.query(
      'select (select json_agg(s) from sweep s) as sweeps, (select json_agg(b) from batch b) as batches, ' +
        '(select json_agg(w) from worker w) as workers',
    )
    return JSON.stringify(rows)
  } finally {
    await database.close()
    await server.close()
  }
}

test('a run has consistent events, results, rows and figures, and prints nothing', async () => {
  const written = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')]
  await inFarm(async (here) => {
    const run = await here.run(well())
    const events: RunEvent[] = []
    for await (const event of run.events()) events.push(event)
    const results = await run.results()
    expect(events.slice(0, -1).every(({ type }) => type === 'status')).toBe(true)
    expect(events.at(-1)).toEqual({ type: 'result', ...JSON.parse(JSON.stringify(results)) })
    expect(results).toMatchObject({ schemaVersion: 1, kind: 'Results', data: { sweep: { state: 'complete' } } })

    const cell = results.cell({ 'update.eta': 0.2 })
    expect(results.cell(1)).toEqual(cell)
    const { value, low, high, events: escapes } = cell.estimate('escape')
    expect(low).toBeLessThan(value as number)
    expect(high).toBeGreaterThan(value as number)
    let rows = 0
    let escaped = 0
    for await (const { count, columns } of run.rows()) {
      rows += count
      for (const [row, index] of columns.cell.entries())
        if (index === 1 && columns.escaped_at![row]! > 0 && columns['mark:half']![row]! > 0) escaped++
    }
    expect({ rows, escaped }).toEqual({ rows: 600, escaped: escapes })

    expect(await run.figure()).toMatch(/^<svg.*<title/s)
    expect(JSON.parse(await here.figure('well', { kind: 'line', format: 'json' }))).toMatchObject({ kind: 'Figure' })
    expect((await here.figure('well', { format: 'png' })).subarray(1, 4)).toEqual(Uint8Array.from(Buffer.from('PNG')))
  })
  for (const spy of written) {
    expect(spy).not.toHaveBeenCalled()
    spy.mockRestore()
  }
})

test('a farm and the kernel give the same trials with both engines', () =>
  inFarm(async (here) => {
    const { data } = await here.results('well')
    for (const engine of ['wasm', 'reference'] as const) {
      const { count, columns } = await simulate(well(), 1, 0, 300, { engine })
      const escaped = columns.escaped_at!.filter((step) => step > 0).length
      expect({ count, escaped }).toEqual({ count: 300, escaped: data.cells[1]!.counts.escaped })
    }
  }))

test('the kernel observes the same values with both engines', async () => {
  const observe = { loss: { value: 'loss', at: ['start', 'escape'] }, three: { value: '3', at: ['horizon'] } }
  const [wasm, reference] = await Promise.all(
    (['wasm', 'reference'] as const).map((engine) => simulate(well({ observe } as never), 0, 0, 50, { engine })),
  )
  expect(wasm).toEqual(reference)
  const { columns } = wasm!
  expect([...columns.observe_loss_start!]).toEqual(Array.from({ length: 50 }, () => columns.observe_loss_start![0]))
  expect([...columns.observe_loss_escape!].map(Number.isNaN)).toEqual([...columns.escaped_at!].map(Number.isNaN))
  expect([...columns.observe_three!].map(Number.isNaN)).toEqual([...columns.escaped_at!].map((step) => step >= 0))
})

test('running again, typed or as text, does no work and changes no row; two farms share a home', async () => {
  const before = await ledger()
  await inFarm(async (here) =>
    inFarm(async (there) => {
      const [one, two] = await Promise.all([here.run(well()), there.run(JSON.stringify(well()))])
      expect((await one.results()).data).toEqual((await two.results()).data)
      expect(one.id).toBe(two.id)
    }),
  )
  expect(await ledger()).toBe(before)
})

test('options change the spec like those of the command', () =>
  inFarm(async (here) => {
    const run = await here.run(well({ name: 'changed' }), { trials: 20, set: { 'update.drift.sigma': 0.5 } })
    const { cells } = await run.results()
    expect(cells.map(({ trials }) => trials)).toEqual([20, 20])
    expect((await here.sweeps()).map(({ name }) => name)).toEqual(['changed', 'well'])
    expect(await here.status('changed')).toMatchObject({ state: 'complete' })
  }))

if (full)
  test('a plan stores nothing and uses stored trials', () =>
    inFarm(async (here) => {
      const before = await ledger()
      const plan = await here.plan(well(), { trials: 400, pilot: false })
      expect(plan).toMatchObject({ cells: 2, trials: '800', done: { trials: '600', share: 0.75 }, cpuSeconds: null })
      const { id } = await here.status('well')
      const reused = { cells: 2, trials: '600', extended: 0, from: { count: 1, sweeps: [{ id, name: 'well' }] } }
      expect(plan).toMatchObject({ reused, computed: { cells: 2, trials: '200' } })
      expect(plan.warnings?.[0]).toMatch('more trials were requested after an interim look')
      expect(plan).not.toHaveProperty('seconds')
      const other = await here.plan(well({ name: 'other' }))
      expect(other).toMatchObject({ reused, computed: { cells: 0, trials: '0' }, seconds: { elapsed: 0 } })
      expect(other).not.toHaveProperty('warnings')
      const fresh = await here.plan(well({ seed: 12 }))
      expect(fresh).toMatchObject({ computed: { cells: 2, trials: '600' }, seconds: { of: 'machine', sweeps: 0 } })
      expect(fresh).not.toHaveProperty('reused')
      expect(fresh.cpuSeconds).toBeGreaterThan(0)
      expect(fresh.seconds!.elapsed).toBeGreaterThanOrEqual(fresh.cpuSeconds! / fresh.seconds!.threads)
      expect(await ledger()).toBe(before)
    }))

test('an aborted run is interrupted and can be continued; before the sweep is stored, nothing is', () =>
  inFarm(async (here) => {
    const abort = new AbortController()
    const run = await here.run(endless('aborted'), { signal: abort.signal })
    for await (const event of run.events()) if (event.type === 'status' && event.state === 'running') break
    abort.abort('enough')
    expect(await thrown(() => run.results())).toMatchObject({ code: 'INTERRUPTED', cause: 'enough' })
    expect(await here.status('aborted')).toMatchObject({ state: 'interrupted' })
    const never = await thrown(() => here.run(endless('never'), { signal: AbortSignal.abort() }))
    expect(never.code).toBe('INTERRUPTED')
    expect((await here.sweeps()).map(({ name }) => name)).not.toContain('never')
  }))

test('a cancelled run keeps its finished trials; a closed farm interrupts its runs and refuses others', async () => {
  const here = await open()
  const cancelled = await here.run(endless('cancelled'))
  await cancelled.cancel()
  expect((await cancelled.results()).data.sweep.state).toBe('cancelled')
  const left = await here.run(well({ ...endless('left'), seed: 12 }))
  const waiting = thrown(() => left.results())
  await here.close()
  expect(await waiting).toMatchObject({ code: 'INTERRUPTED' })
  expect(await thrown(() => here.run(well()))).toMatchObject({ code: 'CLOSED' })
  expect(await thrown(() => here.results('well'))).toMatchObject({ code: 'CLOSED' })
  await here.close()
  expect(await inFarm((again) => again.status('left'))).toMatchObject({ state: 'interrupted' })
})

test('errors have one class, with the code, hint and path of the command', () =>
  inFarm(async (here) => {
    const wrong = { ...well(), trials: 0, start: [1, 2] } as Spec
    const spec = await thrown(() => here.run(wrong))
    expect(spec).toMatchObject({ code: 'WRONG_DIMENSION', path: 'start', retryable: false, exit: 2 })
    expect((spec as DriftfarmError & { errors: unknown[] }).errors).toHaveLength(2)
    expect(await thrown(() => here.results('nothing'))).toMatchObject({ exit: 5, path: null })
    expect(await thrown(() => here.figure('well', { kind: 'map', fit: 'x' }))).toMatchObject({ code: 'USAGE' })
    const misspelt = { fromat: 'pdf' } as object
    expect(await thrown(() => here.figure('well', misspelt))).toMatchObject({ code: 'USAGE', message: /fromat/ })
    const results = await here.results('well')
    expect(() => results.cell({ 'update.eta': 0.3 })).toThrow(/no cell/)
    expect(() => results.cell({})).toThrow(/several cells/)
    expect(() => results.cell(2)).toThrow(/no cell 2/)
    expect(() => results.cell(0).estimate('exit:up')).toThrow(/no estimate exit:up/)
    expect(await thrown(() => simulate(well(), 2, 0, 1))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await thrown(() => simulate(well(), 0, -1, 1))).toMatchObject({ code: 'RANGE' })
  }))

test('an unreachable database is an error', async () => {
  const error = await thrown(() => farm({ home, databaseUrl: 'postgres://nobody@127.0.0.1:9/none' }))
  expect(error).toMatchObject({ exit: 7, retryable: true })
})

if (full)
  test('a run reports what it reuses from sweeps with other names', () =>
    inFarm(async (here) => {
      const first = await here.run(well({ name: 'reused-first', seed: 31 }))
      expect([first.reused, first.warnings, first.computed]).toEqual([null, [], { cells: 2, trials: '600' }])
      await first.results()
      const second = await here.run(well({ name: 'reused-second', seed: 31, trials: 500 }))
      expect(second.id).not.toBe(first.id)
      const from = { count: 1, sweeps: [{ id: first.id, name: 'reused-first' }] }
      expect(second.reused).toEqual({ cells: 2, trials: '600', extended: 2, from })
      expect(second.computed).toEqual({ cells: 2, trials: '400' })
      expect((await here.status(second.id)).reused).toEqual(second.reused)
      const { data } = await second.results()
      expect(data.cells.map(({ trials, estimates }) => [trials, estimates.escape!.method])).toEqual([
        [500, 'beta-binomial'],
        [500, 'beta-binomial'],
      ])
      const more = await here.run(well({ name: 'reused-second', seed: 31, trials: 700 }))
      expect(more.warnings[0]).toMatch('the number of trials was chosen after an interim look')
      expect([more.reused, more.computed]).toEqual([null, { cells: 2, trials: '400' }])
      await more.results()
      const again = await here.run(well({ name: 'reused-second', seed: 31, trials: 700 }))
      expect([again.reused, again.warnings, again.computed]).toEqual([null, [], { cells: 0, trials: '0' }])
    }))
