import type { Lease } from '@driftfarm/database'
import { runReference } from '@driftfarm/kernel'
import { dataTable } from '@driftfarm/spec'
import { premisesVersion } from '@driftfarm/statistics'
import { modulesFolder } from '@driftfarm/testing/modules'
import { threadFile } from '@driftfarm/testing/thread'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cell, leaseOf } from './cells.fixture.ts'
import { ledgerDouble, queueDouble } from './doubles.fixture.ts'
import { type BatchEvent, createWorker, type WorkerOptions } from './index.ts'

const cacheFolder = modulesFolder() ?? undefined

/** Stopped after the test, or by who says that nobody is to. */
async function started(options: Partial<WorkerOptions> = {}, stopped: typeof onTestFinished | null = onTestFinished) {
  const { ledger, double } = ledgerDouble()
  const { queue, log, deliver: deliverJob } = queueDouble()
  let bundles = 0
  /** Delivers a bundle of these batches. */
  const deliverBundle = (batches: (bundle: number) => readonly Lease[]): Promise<string> => {
    const bundle = ++bundles
    double.bundles.set(bundle, batches(bundle))
    return deliverJob(bundle)
  }
  /** Delivers a bundle of one batch. */
  const deliver = (first: number, count = 100, more: Partial<Lease> = {}): Promise<string> =>
    deliverBundle((bundle) => [leaseOf({ first, count }, { bundle, ...more })])
  const events: BatchEvent[] = []
  const trouble: string[] = []
  const worker = createWorker({
    ledger,
    queue,
    id: 'w1',
    kind: 'worker',
    threads: 1,
    cacheFolder,
    threadFile,
    // On a busy machine a bundle takes longer than a second, and would be committed in parts.
    limits: { heartbeatMs: 50, commitMs: 60_000, watchMs: 20, graceMs: 500 },
    onBatch: (event) => events.push(event),
    onTrouble: (error) => trouble.push(error.message),
    ...options,
  })
  stopped?.(() => worker.stop())
  await worker.start()
  return { worker, ledger, double, queue, log, deliver, deliverBundle, events, trouble }
}
/** One turn of the loop of events. */
const turn = () => new Promise((resolve) => setImmediate(resolve))
const long = 10 ** 6
const table = dataTable(3, 2, [1, 2, 3, 4, 5, 6])
const another = dataTable(3, 2, [6, 5, 4, 3, 2, 1])

test('registers, computes, commits, and leaves', async () => {
  const { worker, double, log, deliver, events } = await started()
  expect(worker.state).toMatch(/^worker w1 running; 0 of 1 threads computing; batches: 0 committed/)
  expect(await Promise.all([deliver(0), deliver(100)])).toEqual(['done', 'done'])
  const { digest } = runReference(cell, 100, 100, { horizons: [] })
  expect(double.committed.find(({ first }) => first === 100)).toEqual({ first: 100, digest, premises: null })
  expect(events).toMatchObject([{ ending: 'committed', lease: { attempt: 1 } }, { ending: 'committed' }])
  await worker.drain({ timeoutMs: 1_000 })
  await worker.stop()
  expect(double.calls[0]).toBe('register w1 1')
  expect(double.calls.at(-1)).toBe('deregister w1')
  expect(double.calls).toContain('heartbeat draining')
  expect(log).toEqual(['consumer of 2', 'pause', 'close'])
  expect(worker.state).toMatch(/stopped; .* batches: 2 committed, 0 failed/)
  await expect(worker.start()).rejects.toMatchObject({ code: 'WORKER_STATE' })
})

describe('one worker, batch after batch', () => {
  let begun: Awaited<ReturnType<typeof started>>
  beforeAll(async () => {
    begun = await started({}, null)
  })
  afterAll(() => begun?.worker.stop())

  /** Nothing is left of the tests before but the worker itself. */
  const freshWorker = () => {
    const { double, events, trouble } = begun
    const { calls, committed, tables, withdrawn, unequal } = double
    for (const list of [calls, committed, tables, withdrawn, unequal, events, trouble]) list.length = 0
    double.errors.clear()
    return begun
  }

  test('the job of an ended bundle is acknowledged, and nothing is computed', async () => {
    const { double, deliverBundle, events } = freshWorker()
    expect(await deliverBundle(() => [])).toBe('done')
    expect(events).toEqual([])
    expect(double.calls.filter((call) => call !== 'heartbeat alive')).toEqual(['lease '])
  })

  test('the batches of a bundle are committed together, each with its own bytes', async () => {
    const { double, deliverBundle, events } = freshWorker()
    const firsts = Array.from({ length: 250 }, (_, place) => 20 * place)
    const bundle = (id: number) => firsts.map((first) => leaseOf({ first, count: 20 }, { bundle: id, cost: 1e-6 }))
    expect(await deliverBundle(bundle)).toBe('done')
    expect(double.calls.filter((call) => call.startsWith('commit'))).toEqual([`commit ${firsts.join(' ')}`])
    expect(events.map(({ ending, lease }) => [ending, lease.first])).toEqual(
      firsts.map((first) => ['committed', first]),
    )
    const { digest } = runReference(cell, 4_000, 20, { horizons: [] })
    expect(double.committed.find(({ first }) => first === 4_000)?.digest).toBe(digest)
  })

  test('if one batch of a bundle cannot be stored, the others are stored', async () => {
    const { double, deliverBundle, events, trouble } = freshWorker()
    double.errors.set('commit', [new Error('overlaps'), ...Array(2).fill(undefined), new Error('overlaps')])
    const bundle = (id: number) => [0, 20, 40, 60].map((first) => leaseOf({ first, count: 20 }, { bundle: id }))
    expect(await deliverBundle(bundle)).toBe('done')
    expect(double.committed.map(({ first }) => first)).toEqual([0, 20, 60])
    expect(events.map(({ ending }) => ending)).toEqual(['committed', 'committed', 'failed', 'committed'])
    expect(double.calls).toContain('fail 40 throw')
    expect(trouble).toEqual(['overlaps'])
  })

  test('the data of a lease are read once for all batches, and awaited while the database is unreachable', async () => {
    const { double, deliver, events } = freshWorker()
    double.tables.push(table)
    const data = { tables: [table.hash] }
    double.errors.set('data', [Object.assign(new Error('Connection terminated unexpectedly'))])
    expect(await Promise.all([deliver(0, 100, data), deliver(100, 100, data)])).toEqual(['done', 'done'])
    expect(await deliver(200, 100, data)).toBe('done')
    expect(events.map(({ ending }) => ending)).toEqual(['committed', 'committed', 'committed'])
    const read = `data ${table.hash}`
    expect(double.calls.filter((call) => call.startsWith('data'))).toEqual([read, read])
  })

  test('if data cannot be loaded, the batch fails with the reason', async () => {
    const { double, deliver, events } = freshWorker()
    const data = { tables: [another.hash] }
    expect(await deliver(0, 100, data)).toBe('done')
    expect(events).toEqual([
      expect.objectContaining({ ending: 'failed', failure: { kind: 'throw', message: `no data set ${another.hash}` } }),
    ])
    expect(double.calls).toContain('fail 0 throw')
    expect(double.calls).not.toContain('commit 0')
    // The failure is not kept.
    double.tables.push(another)
    expect(await deliver(0, 100, data)).toBe('done')
    expect(double.calls).toContain('commit 0')
  })

  test('an unreachable database is awaited; nothing is computed twice', async () => {
    const { double, deliver } = freshWorker()
    const away = () => Object.assign(new Error('Connection terminated unexpectedly'))
    double.errors.set('lease', [away()])
    double.errors.set('commit', [away(), away()])
    expect(await deliver(0)).toBe('done')
    expect(double.calls.filter((call) => call !== 'heartbeat alive')).toEqual([
      'lease 0',
      'lease 0',
      'commit 0',
      'commit 0',
      'commit 0',
    ])
  })

  test('a commit that cannot be stored is a failure of the batch; the ledger handles unequal bytes', async () => {
    const { double, deliver, events, trouble } = freshWorker()
    double.errors.set('commit', [new Error('no such column')])
    double.unequal.push(100)
    expect([await deliver(0), await deliver(100)]).toEqual(['done', 'done'])
    expect(double.calls.filter((call) => call.startsWith('fail'))).toEqual(['fail 0 throw'])
    expect(events.map(({ ending }) => ending)).toEqual(['failed', 'failed'])
    expect(trouble).toEqual(['no such column', 'unequal digests'])
  })

  test('the premises of a cell are committed with the batch whose lease requests them', async () => {
    const { double, deliver } = freshWorker()
    await Promise.all([deliver(0, 100, { premises: { trials: 200, cells: 1, above: null } }), deliver(100)])
    const kept = new Map(double.committed.map(({ first, premises }) => [first, premises]))
    expect(kept.get(0)).toMatchObject({ version: premisesVersion, control: { escaped: 0 } })
    expect(kept.get(100)).toBeNull()
  })
})

test('a failure is reported to the ledger, with its kind', async () => {
  const { double, deliver, events } = await started({ faults: { poison: { trial: 5, kind: 'throw' } } })
  expect(await Promise.all([deliver(0), deliver(100)])).toEqual(['done', 'done'])
  expect(double.calls).toContain('fail 0 throw')
  expect(events.map(({ ending }) => ending).sort()).toEqual(['committed', 'failed'])
})

test('a drain lets running batches end, and returns those that had not started', async () => {
  const { worker, double, deliver, events } = await started()
  const first = deliver(0, 200_000)
  while (!worker.state.includes('1 of 1')) await turn()
  const queued = deliver(200_000, 100)
  while (!double.calls.includes('lease 200000')) await turn()
  await turn()
  const drained = worker.drain({ timeoutMs: 60_000 })
  expect(await queued).toBe('done')
  expect(double.calls).toContain('release 200000')
  expect(await deliver(5, 1)).toBe('back')
  await drained
  expect(await first).toBe('done')
  expect(events.map(({ ending }) => ending)).toEqual(['released', 'committed'])
})

test('batches that a drain does not finish in time are released uncounted; a stop waits for nothing', async () => {
  for (const end of ['drain', 'stop'] as const) {
    const { worker, double, deliver } = await started()
    const running = deliver(0, long)
    while (!worker.state.includes('1 of 1')) await turn()
    await (end === 'stop' ? worker.stop() : worker.drain({ timeoutMs: 200 }))
    expect(await running).toBe('done')
    expect(double.calls.filter((call) => /^(release|fail|commit)/.test(call))).toEqual(['release 0'])
  }
})

test('a stop cuts a drain short', async () => {
  const { worker, deliver } = await started()
  const running = deliver(0, long)
  while (!worker.state.includes('1 of 1')) await turn()
  const drained = worker.drain({ timeoutMs: 600_000 })
  await turn()
  await worker.stop()
  await drained
  expect(await running).toBe('done')
})

test('a batch that no sweep needs any more is stopped at the next heartbeat', async () => {
  const { worker, double, deliver, events } = await started()
  const running = deliver(0, 10 ** 7)
  while (!worker.state.includes('1 of 1')) await turn()
  double.withdrawn = [0]
  expect(await running).toBe('done')
  expect(events).toMatchObject([{ ending: 'withdrawn' }])
  expect(double.calls.filter((call) => /^(release|fail|commit)/.test(call))).toEqual([])
})

test('a bundle with a batch on its last attempts is computed as the only one', async () => {
  const { worker, double, deliver, events } = await started({ threads: 2 })
  double.alone.add(2)
  let most = 0
  const all = [deliver(0, 300_000), deliver(1_000_000, 100), deliver(2_000_000, 100)]
  while (events.length < 3) {
    most = Math.max(most, Number(/(\d) of 2/.exec(worker.state)?.[1]))
    await turn()
  }
  await Promise.all(all)
  expect(events.map(({ lease }) => lease.first)).toEqual([0, 1_000_000, 2_000_000])
  expect(most).toBe(1)
})

test('cells that are withdrawn leave their bundle; the batch that runs ends, and the others are computed', async () => {
  const { worker, double, deliverBundle, events } = await started()
  const running = deliverBundle((bundle) =>
    [0, 10 ** 7, 2 * 10 ** 7, 3 * 10 ** 7].map((first) =>
      leaseOf({ first, count: first === 0 ? 10 ** 6 : 100 }, { bundle, cost: 1 }),
    ),
  )
  while (!worker.state.includes('1 of 1')) await turn()
  double.withdrawn = [10 ** 7, 3 * 10 ** 7]
  expect(await running).toBe('done')
  expect(new Map(events.map(({ lease, ending }) => [lease.first, ending]))).toEqual(
    new Map([
      [0, 'committed'],
      [10 ** 7, 'withdrawn'],
      [2 * 10 ** 7, 'committed'],
      [3 * 10 ** 7, 'withdrawn'],
    ]),
  )
})

test('a drain in the middle of a bundle commits its finished batches, and returns the rest', async () => {
  const { worker, double, deliverBundle } = await started()
  const running = deliverBundle((bundle) =>
    [0, 100, 10 ** 6, 2 * 10 ** 6].map((first) =>
      leaseOf({ first, count: first === 100 ? 200_000 : 100 }, { bundle, cost: 1 }),
    ),
  )
  // The second of them runs.
  while (!worker.state.includes('1 of 1')) await turn()
  await new Promise((resolve) => setTimeout(resolve, 20))
  await worker.drain({ timeoutMs: 60_000 })
  expect(await running).toBe('done')
  // The one that was stopped and those that had not begun may be given back one after the other.
  const released = double.calls
    .filter((call) => call.startsWith('release'))
    .flatMap((call) => call.split(' ').slice(1).map(Number))
  expect(released).toContain(2 * 10 ** 6)
  expect(double.committed[0]?.first).toBe(0)
  const ended = [...double.committed.map(({ first }) => first), ...released]
  expect(ended.sort((a, b) => a - b)).toEqual([0, 100, 10 ** 6, 2 * 10 ** 6])
})

test('a fault is thrown at the requested stage, at every nth batch', async () => {
  const faulty = await started({ faults: { at: 'ran', every: 2, action: 'throw' } })
  expect([await faulty.deliver(0), await faulty.deliver(100)]).toEqual(['done', 'threw fault at ran'])
  const written = await started({ faults: { at: 'written', action: 'throw' } })
  expect(await written.deliver(0)).toBe('threw fault at written')
  expect(written.double.committed).toHaveLength(1)
})

test('threads that cannot load their file are a failure of the worker, not of a batch', async () => {
  const { ledger, double } = ledgerDouble()
  const { queue, log } = queueDouble()
  const threadFile = new URL('./no-such-thread.js', import.meta.url)
  const worker = createWorker({ ledger, queue, id: 'w3', kind: 'run', threads: 2, threadFile })
  await expect(worker.start()).rejects.toThrow()
  expect(log).toEqual([])
  expect(double.calls).toEqual(['register w3 2', 'deregister w3'])
})

test('a worker that cannot connect reports it and exits', async () => {
  const { ledger, double } = ledgerDouble()
  const { queue } = queueDouble()
  const unreachable = new Error('no queue')
  const broken = {
    ...queue,
    consumer: (...given: Parameters<typeof queue.consumer>) => ({
      ...queue.consumer(...given),
      run: () => Promise.reject(unreachable),
    }),
  }
  const worker = createWorker({ ledger, queue: broken, id: 'w2', kind: 'run', threads: 1, threadFile })
  await expect(worker.start()).rejects.toBe(unreachable)
  await worker.stop()
  expect(double.calls).toEqual(['register w2 1', 'deregister w2'])
})
