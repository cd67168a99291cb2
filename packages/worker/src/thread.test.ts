import { fileURLToPath } from 'node:url'
import type { PreparedCell } from '@driftfarm/kernel'
import { type Cell, dataTable } from '@driftfarm/spec'
import { threadFile } from '@driftfarm/testing/thread'
import { Piscina } from 'piscina'
import { afterAll, expect, test } from 'vitest'
import { leaseOf } from './cells.fixture.ts'
import { Control } from './control.ts'
import { sourceArguments } from './sourceArguments.ts'
import type { SliceAnswer, SliceTask } from './task.ts'

const thread = new Piscina({
  filename: fileURLToPath(threadFile),
  name: 'run',
  maxThreads: 1,
  // Sources run by way of tsx; what is built needs nothing, and loads in a tenth of the time.
  execArgv: threadFile.pathname.endsWith('.ts') ? sourceArguments() : [],
  workerData: { faults: undefined, minDeadlineMs: 60_000, premisesLimitMs: 60_000 },
})
afterAll(() => thread.destroy())

async function prepared({ canonical, ...change }: Partial<SliceTask> & { readonly canonical?: string }) {
  const lease = leaseOf({ first: 0, count: 10 })
  const task: SliceTask = {
    batches: [{ ...lease, canonical: canonical ?? lease.canonical }],
    tables: [],
    engine: 'wasm',
    control: new Control().buffer,
    prepared: null,
    modules: [],
    natives: [],
    folder: null,
    training: 'ask',
    ...change,
  }
  const { ended } = (await thread.run(task)) as SliceAnswer
  if (ended === null || ended === 'stopped' || !('shape' in ended)) throw new Error(`${ended} without a module`)
  return ended
}

test('data in shared memory reach the thread without a copy', async () => {
  const shared = new Float64Array(new SharedArrayBuffer(8 * 6))
  shared.set([1, -2.5, Number.MIN_VALUE, Number.MAX_VALUE, 0, 1e-300])
  const table = { ...dataTable(3, 2, shared), values: shared }
  const lease = JSON.parse(leaseOf({ first: 0, count: 10 }).canonical) as Cell
  const reference = { hash: table.hash, rows: 3, columns: ['a', 'b'] }
  const landscape = { ...lease.landscape, expression: '(x^2 - 1)^2/4 + a*b*x', data: reference }
  const cell = await prepared({ tables: [table], canonical: JSON.stringify({ ...lease, landscape }) })
  expect(cell.data).toEqual(table.values)
  shared[4] = 42
  expect((cell.data as Float64Array)[4]).toBe(42)
  expect((await prepared({})).data).toBeNull()
})

test('a cell prepared by one thread need not be prepared again by another', async () => {
  const marked: PreparedCell = { ...(await prepared({})), shape: 'marked' }
  expect((await prepared({ prepared: marked })).shape).toBe('marked')
})
