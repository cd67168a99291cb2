import { compiledModule, Kernel, prepare, runReference } from '@driftfarm/kernel'
import { type Cell, canonicalJson, cellId, type DataTable, dataTable, type Tables } from '@driftfarm/spec'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { resolve, spec } from '../cells.fixture.ts'
import { settings } from '../settings.ts'
import type { Runner } from './runners.ts'
import { Runners, type RunnerTask } from './runners.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const well = resolve(spec('runners', 100)).cell(0).cell
const withEta = (value: number): Cell => ({ ...well, update: { ...well.update, eta: { kind: 'constant', value } } })
const withData = (cell: Cell, { hash, rows }: DataTable): Cell => {
  if (cell.landscape.kind !== 'formula') throw new TypeError('the well is a formula')
  return {
    ...cell,
    landscape: { ...cell.landscape, expression: '(x^2 - 1)^2/4 + a*x', data: { hash, rows, columns: ['a'] } },
  }
}

const taskOf = (cell: Cell, tables: Tables = [], more: Partial<RunnerTask> = {}): RunnerTask => ({
  engine: 'wasm',
  cell: cellId(cell),
  canonical: canonicalJson(cell),
  observe: [],
  tables,
  prepared: null,
  ...more,
})

const options = { keep: true, horizons: [50], stop: new Int32Array(new SharedArrayBuffer(4)) }

/** The runner of a cell whose shape is compiled. */
async function runnerIn(runners: Runners, task: RunnerTask): Promise<Runner> {
  const cell = JSON.parse(task.canonical) as Cell
  const module = await compiledModule(prepare(cell, task.tables))
  const found = runners.find(task, () => module)
  if (!('runner' in found)) throw new Error('a module was given')
  expect(found.cell).toEqual(cell)
  return found.runner
}

function expectReference(runner: Runner, cell: Cell, tables: Tables = []): void {
  const { records, digest, tally } = runner.run(3, 40, options)
  const expected = runReference(cell, 3, 40, { horizons: [50], tables })
  expect(records).toEqual(expected.records)
  expect(digest).toBe(expected.digest)
  expect(tally).toEqual(expected.tally)
}

afterEach(() => vi.restoreAllMocks())

describe('the runners of a thread', () => {
  test('cells of a shape take turns in one instance', async () => {
    const create = vi.spyOn(Kernel, 'create')
    const runners = new Runners()
    const cells = [0.1, 0.05, 0.2].map(withEta)
    const made = await Promise.all(cells.map((cell) => runnerIn(runners, taskOf(cell))))
    for (const at of [0, 1, 1, 2, 0, 2]) expectReference(made[at]!, cells[at]!)
    expect(await runnerIn(runners, taskOf(cells[1]!))).toBe(made[1])
    expect(create).toHaveBeenCalledTimes(1)
  })

  test('a shape without a module is reported, and a cell prepared by another thread is not prepared again', () => {
    const runners = new Runners()
    expect(runners.find(taskOf(well), () => undefined)).toEqual(prepare(well))
    const marked = { ...prepare(well), shape: 'marked' }
    const shapes: string[] = []
    expect(
      runners.find(taskOf(well, [], { prepared: marked }), (shape) => {
        shapes.push(shape)
        return undefined
      }),
    ).toBe(marked)
    expect(shapes).toEqual(['marked'])
  })

  test('cells of other data have instances of their own', async () => {
    const create = vi.spyOn(Kernel, 'create')
    const runners = new Runners()
    const tables = [dataTable(2, 1, [0.1, -0.2]), dataTable(3, 1, [0.3, 0, 0.1])]
    const given = [0.1, 0.2].flatMap((eta) => tables.map((data) => ({ data, cell: withData(withEta(eta), data) })))
    const made = await Promise.all(given.map(({ cell, data }) => runnerIn(runners, taskOf(cell, [data]))))
    for (const at of [0, 1, 2, 3, 0, 2, 1]) expectReference(made[at]!, given[at]!.cell, [given[at]!.data])
    expect(create).toHaveBeenCalledTimes(2)
  })

  test('an instance in which an error was thrown is not reused', async () => {
    const create = vi.spyOn(Kernel, 'create')
    const runners = new Runners()
    const runner = await runnerIn(runners, taskOf(well))
    expectReference(runner, well)
    expect(() => runner.run(-1, 1, options)).toThrow(/outside the limits/)
    expectReference(runner, well)
    expect(create).toHaveBeenCalledTimes(2)
  })

  test('a run that was stopped leaves the next cell as it is', async () => {
    const runners = new Runners()
    const long = { ...well, trial: { ...well.trial, steps: 10 ** 9, escape: null } }
    const [stopped, whole] = [await runnerIn(runners, taskOf(long)), await runnerIn(runners, taskOf(withEta(0.03)))]
    const stop = new Int32Array(new SharedArrayBuffer(4)).fill(1)
    expect(stopped.run(0, 5, { ...options, stop }).completed).toBe(false)
    expectReference(whole, withEta(0.03))
  })

  if (full)
    test('more cells than the cache holds are evicted in turn', async () => {
      const runners = new Runners()
      const cells = Array.from({ length: settings.kernels + 5 }, (_, i) => withEta(0.01 + i / 1_000))
      for (const cell of [...cells, cells[0]!]) expectReference(await runnerIn(runners, taskOf(cell)), cell)
    })

  test('the reference needs no module', () => {
    const found = new Runners().find(taskOf(well, [], { engine: 'reference' }), () => undefined)
    if (!('runner' in found)) throw new Error('the reference has a runner')
    expectReference(found.runner, well)
  })
})
