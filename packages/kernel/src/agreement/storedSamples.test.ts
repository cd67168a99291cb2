import { type DataTable, dataTable, type Tables, tableOfValues, widened } from '@driftfarm/spec'
import { describe, expect, it, test } from 'vitest'
import { Kernel, kernelOf, prepare } from '../index.ts'
import { compiledModule } from '../run/kernelOf.ts'
import { agree } from './agree.fixture.ts'
import { cellOf, constant, drift } from './cells.fixture.ts'
import { batches, network, randomStart, uniforms } from './networks.fixture.ts'

/** Images of `inputs` bytes that are divided by 255, and one of three classes as bytes. */
function images(rows: number, inputs: number, seed: number, divide = 255): DataTable {
  const next = uniforms(seed)
  const bytes = Array.from({ length: rows }, () => {
    const label = Math.floor(3 * next())
    return [...Array.from({ length: inputs }, () => Math.floor(256 * next())), ...[0, 1, 2].map((k) => +(k === label))]
  })
  return tableOfValues(rows, inputs + 3, { bytes: Uint8Array.from(bytes.flat()), divide, scaled: inputs })
}

const asDoubles = (table: DataTable): DataTable => dataTable(table.rows, table.columns, widened(table))

function cellOn(data: DataTable, tests: DataTable | null, hidden: readonly number[], batch: number) {
  const landscape = network([data.columns - 3, ...hidden, 3], data, {
    output: 'softmax',
    loss: 'cross-entropy',
    batch: batches(7)[batch]!,
    ...(tests !== null && { test: { hash: tests.hash, rows: tests.rows } }),
  })
  return cellOf({
    landscape,
    start: randomStart(landscape.dimension, 0.5, 3),
    update: { eta: constant(0.1), drift: [drift('gaussian', 'sigma', 0.1)] },
    trial: { steps: 12, marks: [['low', 'loss < 1.05']], converge: { kind: 'gradient', tolerance: 0.2, hold: 1 } },
  })
}

const digestOf = async (cell: ReturnType<typeof cellOn>, tables: Tables) =>
  (await kernelOf(cell, tables)).run(5, 9, { keep: false, horizons: [] }).digest

describe('samples stored as bytes', () => {
  const data = images(69, 5, 1)
  const tests = images(21, 5, 2)
  const cases = [0, 1, 2].flatMap((batch) =>
    [[6], [3]].flatMap((hidden) => [null, tests].map((test) => [batch, hidden, test] as const)),
  )
  const full = process.env.DRIFTFARM_TEST_TIER === 'full'
  it.each(cases.filter((_, i) => full || i % 3 === 0 || i === 11))(
    'batches %i, layers %j: bits of the reference and of doubles',
    async (batch, hidden, test) => {
      const cell = cellOn(data, test, hidden, batch)
      const bytes = test === null ? [data] : [data, test]
      const prepared = prepare(cell, bytes)
      expect(prepared.asBytes).toBe(true)
      expect(prepared.shape).not.toBe(prepare(cell, bytes.map(asDoubles)).shape)
      await agree(cell, bytes)
      const digest = await digestOf(cell, bytes)
      expect(await digestOf(cell, bytes.map(asDoubles))).toBe(digest)
      // The negative control: another divisor gives other trials.
      const others = images(69, 5, 1, 128)
      expect(await digestOf(cellOn(others, test, hidden, batch), [others, ...bytes.slice(1)])).not.toBe(digest)
    },
  )

  test('beside doubles they are doubles too', async () => {
    const cell = cellOn(data, tests, [6], 2)
    expect(prepare(cell, [data, asDoubles(tests)]).asBytes).toBe(false)
    expect(await digestOf(cell, [data, asDoubles(tests)])).toBe(await digestOf(cell, [data, tests]))
  })

  test('an instance changes its samples', async () => {
    const one = cellOn(data, tests, [6], 2)
    const instance = await kernelOf(one, [data, tests])
    const module = await compiledModule(prepare(one, [data, tests]))
    const others = images(40, 5, 9)
    const same = prepare(cellOn(others, tests, [6], 2), [others, tests])
    instance.load(same)
    const expected = Kernel.create(module, same).run(0, 5, { keep: true, horizons: [] })
    expect(instance.run(0, 5, { keep: true, horizons: [] })).toEqual(expected)
  })
})

test('the memory holds the test samples behind the training samples', async () => {
  const [data, tests] = [images(11, 2, 3), images(4, 2, 5)]
  for (const tables of [[data, tests], [data, tests].map(asDoubles)]) {
    const cell = prepare(cellOn(data, tests, [2], 0), tables)
    const stored = cell.asBytes ? 1 : 8
    expect(cell.ordersAt - cell.dataAt).toBe(8 * Math.ceil((stored * 15 * 5) / 8))
  }
})
