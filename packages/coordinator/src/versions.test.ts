import { invariants } from '@driftfarm/database'
import { KERNEL_VERSION } from '@driftfarm/spec'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Farm, MemoryQueue } from './farm.fixture.ts'
import { Queues } from './queues.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// A farm while it is being updated: leaders, workers and sweeps of two kernel versions.
const older = KERNEL_VERSION
const newer = KERNEL_VERSION + 1

describe('the queue of a bundle', () => {
  const bundles = (kernel: number, count: number) =>
    Array.from({ length: count }, (_, place) => ({ bundle: place + 1, kernel, urgent: false }))
  const queues = { [older]: new MemoryQueue(), [newer]: new MemoryQueue() }
  const farm = new Queues(newer, (kernel) => queues[kernel]!)
  const sizes = () => [older, newer].map((kernel) => queues[kernel]!.waiting.size)
  afterEach(() => {
    for (const queue of Object.values(queues)) queue.loseAllJobs()
  })

  test('older cells go to all that can compute them, in proportion to their threads', async () => {
    farm.setKernels([
      { kernel: older, threads: 3 },
      { kernel: newer, threads: 1 },
    ])
    await farm.add(bundles(older, 40))
    expect(sizes()).toEqual([30, 10])
    expect((await farm.keys()).waiting).toHaveLength(40)
  })

  test('new ones go only to new workers, and to the queue of the leading coordinator if there is none', async () => {
    farm.setKernels([{ kernel: older, threads: 3 }])
    await farm.add(bundles(newer, 4))
    expect(sizes()).toEqual([0, 4])
    farm.setKernels([])
    await farm.add(bundles(older, 8))
    expect(sizes()).toEqual([0, 8])
  })

  test('workers that are newer than the leading coordinator get nothing from it', async () => {
    const behind = new Queues(older, (kernel) => queues[kernel]!)
    behind.setKernels([
      { kernel: older, threads: 1 },
      { kernel: newer, threads: 9 },
    ])
    await behind.add(bundles(older, 10))
    expect(sizes()).toEqual([10, 0])
  })
})

describe('a leader of the older version', () => {
  let farm: Farm
  const queues = new Map<number, MemoryQueue>()
  beforeEach(async () => {
    farm = await Farm.open()
    for (const kernel of [older, newer]) queues.set(kernel, new MemoryQueue())
  })
  afterEach(() => farm.close())
  const coordinate = (kernel: number, holder: string) =>
    farm.coordinate({
      kernel,
      holder,
      kind: 'coordinator',
      batch: 25,
      queue: { producer: (version = kernel) => queues.get(version)! },
      limits: { yieldMs: 200, renewMs: 100, lostAfterMs: 100, deadAfterMs: 1e6, quietAfterMs: 1e6, goneAfterMs: 1e6 },
    })
  const ofNewer = async (id: string): Promise<void> => {
    await farm.query('update farm.sweep set kernel = $2 where id = $1', [id, newer])
    await farm.query(
      'update farm.cell set kernel = $2 where id in (select cell_id from farm.request where sweep_id = $1)',
      [id, newer],
    )
  }

  if (full)
    test('steps down for a newer standby when a sweep waits for it; then all workers have work', async () => {
      const old = await coordinate(older, 'old')
      const { id: before } = await farm.submit({ trials: 400 })
      await farm.until(before, ({ batches }) => batches.ready > 0)
      const standby = await coordinate(newer, 'new')
      const { id: waits } = await farm.submit({ trials: 400, seed: 2, start: [-0.9] })
      await ofNewer(waits)
      await expect.poll(() => [old.leading, standby.leading], { timeout: 20_000 }).toEqual([false, true])
      await farm.work({ id: 'old-worker', kernel: older, threads: 1, queue: queues.get(older)! })
      await farm.work({ id: 'new-worker', kernel: newer, threads: 1, queue: queues.get(newer)! })
      for (const id of [before, waits]) {
        expect((await farm.ends(id)).state).toBe('complete')
        expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
      }
      const workers = await farm.query('select id, batches > 0 as works from farm.worker where kind = $1 order by id', [
        'worker',
      ])
      expect(workers).toEqual([
        { id: 'new-worker', works: true },
        { id: 'old-worker', works: true },
      ])
      expect(old.leading).toBe(false)
    })

  test('continues to lead if nothing waits for the newer one', async () => {
    const old = await coordinate(older, 'old')
    await expect.poll(() => old.leading, { timeout: 20_000 }).toBe(true)
    const standby = await coordinate(newer, 'new')
    await farm.work({ kernel: older, queue: queues.get(older)! })
    const { id } = await farm.submit({ trials: 200 })
    expect((await farm.ends(id)).state).toBe('complete')
    expect([old.leading, standby.leading, old.counters.terms]).toEqual([true, false, 1])
  })

  test('continues to lead if a newer sweep waits but no newer coordinator exists', async () => {
    const old = await coordinate(older, 'old')
    await farm.work({ kernel: older, queue: queues.get(older)! })
    const { id: waits } = await farm.submit({ trials: 200, seed: 2, start: [-0.9] })
    await ofNewer(waits)
    const { id } = await farm.submit({ trials: 200 })
    expect((await farm.ends(id)).state).toBe('complete')
    expect([old.leading, old.counters.terms]).toEqual([true, 1])
  })
})
