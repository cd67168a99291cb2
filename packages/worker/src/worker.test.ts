import { runReference } from '@driftfarm/kernel'
import { dataTable } from '@driftfarm/spec'
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
  const { queue, log, deliver } = queueDouble()
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
    limits: { heartbeatMs: 50, watchMs: 20, graceMs: 500, retryDelayMs: 20 },
    onBatch: (event) => events.push(event),
    onTrouble: (error) => trouble.push(error.message),
    ...options,
  })
  stopped?.(() => worker.stop())
  await worker.start()
  return { worker, ledger, double, queue, log, deliver, events, trouble }
}
/** One turn of the loop of events. */
const turn = () => new Promise((resolve) => setImmediate(resolve))
const long = 10 ** 6
const table = dataTable(3, 2, [1, 2, 3, 4, 5, 6])
const another = dataTable(3, 2, [6, 5, 4, 3, 2, 1])

test('registers, computes, commits, and leaves', async () => {
  const { worker, double, log, deliver, events } = await started()
  expect(worker.state).toMatch(/^worker w1 running; 0 of 1 threads compute; 0 batches/)
  expect(await Promise.all([deliver(0), deliver(100)])).toEqual(['done', 'done'])
  const { digest } = runReference(cell, 100, 100, { horizons: [] })
  expect(double.committed.find(({ first }) => first === 100)).toEqual({ first: 100, digest, premises: null })
  expect(events).toMatchObject([{ ending: 'committed', attempt: 1 }, { ending: 'committed' }])
  await worker.drain({ timeoutMs: 1_000 })
  await worker.stop()
  expect(double.calls[0]).toBe('register w1 1')
  expect(double.calls.at(-1)).toBe('leave w1')
  expect(double.calls).toContain('heartbeat draining')
  expect(log).toEqual(['consumer of 2', 'pause', 'close'])
  expect(worker.state).toMatch(/stopped; .* 2 batches committed, 0 failed/)
  await expect(worker.start()).rejects.toMatchObject({ code: 'WORKER_STATE' })
})

describe('one worker, batch after batch', () => {
  let begun: Awaited<ReturnType<typeof started>>
  beforeAll(async () => {
    begun = await started({}, null)
  })
  afterAll(() => begun?.worker.stop())

  /** Nothing is left of the tests before but the worker itself. */
  const anew = () => {
    const { double, events, trouble } = begun
    for (const list of [double.calls, double.committed, double.tables, double.withdrawn, events, trouble])
      list.length = 0
    double.errors.clear()
    double.lease = (job) => leaseOf(job, { job })
    return begun
  }

  test('what the ledger refuses is acknowledged and not computed', async () => {
    const { double, deliver, events } = anew()
    double.lease = () => ({ refused: 'superseded' })
    expect(await deliver(0)).toBe('done')
    expect(events).toEqual([expect.objectContaining({ ending: 'refused', refused: 'superseded' })])
    expect(double.calls).not.toContain('commit 0')
  })

  test('the data of a lease are read once for all batches, and waited for while the database is away', async () => {
    const { double, deliver, events } = anew()
    double.tables.push(table)
    double.lease = (job) => leaseOf(job, { job, data: table.hash })
    double.errors.set('data', [Object.assign(new Error('Connection terminated unexpectedly'))])
    expect(await Promise.all([deliver(0), deliver(100)])).toEqual(['done', 'done'])
    expect(await deliver(200)).toBe('done')
    expect(events.map(({ ending }) => ending)).toEqual(['committed', 'committed', 'committed'])
    const data = `data ${table.hash}`
    expect(double.calls.filter((call) => call.startsWith('data'))).toEqual([data, data])
  })

  test('data that are not to be had are a failure of the batch with their reason', async () => {
    const { double, deliver, events } = anew()
    double.lease = (job) => leaseOf(job, { job, data: another.hash })
    expect(await deliver(0)).toBe('done')
    expect(events).toEqual([
      expect.objectContaining({ ending: 'failed', failure: { kind: 'throw', message: `no data set ${another.hash}` } }),
    ])
    expect(double.calls).toContain('fail 0 throw')
    expect(double.calls).not.toContain('commit 0')
    // The failure is not kept.
    double.tables.push(another)
    expect(await deliver(0)).toBe('done')
    expect(double.calls).toContain('commit 0')
  })

  test('a database that is away is waited for; nothing is computed twice', async () => {
    const { double, deliver } = anew()
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

  test('a commit that cannot be stored counts against the batch; unequal bytes are the ledger’s affair', async () => {
    const { double, deliver, events, trouble } = anew()
    const unequal = Object.assign(new Error('unequal digests'), { name: 'DeterminismViolation' })
    double.errors.set('commit', [new Error('no such column'), unequal])
    expect([await deliver(0), await deliver(100)]).toEqual(['done', 'done'])
    expect(double.calls.filter((call) => call.startsWith('fail'))).toEqual(['fail 0 throw'])
    expect(events.map(({ ending }) => ending)).toEqual(['failed', 'failed'])
    expect(trouble).toEqual(['no such column', 'unequal digests'])
  })

  test('what the cell rests on is committed with the batch whose lease asks for it', async () => {
    const { double, deliver } = anew()
    double.lease = (job) => leaseOf(job, { job, premises: job.first === 0 })
    await Promise.all([deliver(0), deliver(100)])
    const kept = new Map(double.committed.map(({ first, premises }) => [first, premises]))
    expect(kept.get(0)).toMatchObject({ version: 1, control: { escaped: 0 } })
    expect(kept.get(100)).toBeNull()
  })
})

test('a failure is reported to the ledger, with its kind', async () => {
  const { double, deliver, events } = await started({ faults: { poison: { trial: 5, kind: 'throw' } } })
  expect(await Promise.all([deliver(0), deliver(100)])).toEqual(['done', 'done'])
  expect(double.calls).toContain('fail 0 throw')
  expect(events.map(({ ending }) => ending).sort()).toEqual(['committed', 'failed'])
})

test('a drain lets the running end, and gives back what had not begun', async () => {
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

test('what a drain does not finish in time is released, uncounted; a stop waits for nothing', async () => {
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

test('what nobody wants any more is stopped at the next heartbeat', async () => {
  const { worker, double, deliver, events } = await started()
  const running = deliver(0, 10 ** 7)
  while (!worker.state.includes('1 of 1')) await turn()
  double.withdrawn = [0]
  expect(await running).toBe('done')
  expect(events).toMatchObject([{ ending: 'withdrawn' }])
  expect(double.calls.filter((call) => /^(release|fail|commit)/.test(call))).toEqual([])
})

test('a batch on its last attempts is computed alone', async () => {
  const { worker, double, deliver, events } = await started({ threads: 2 })
  double.lease = (job) => leaseOf(job, { job, alone: job.first === 1_000_000 })
  let most = 0
  const all = [deliver(0, 300_000), deliver(1_000_000, 100), deliver(2_000_000, 100)]
  while (events.length < 3) {
    most = Math.max(most, Number(/(\d) of 2/.exec(worker.state)?.[1]))
    await turn()
  }
  await Promise.all(all)
  expect(events.map(({ job }) => job.first)).toEqual([0, 1_000_000, 2_000_000])
  expect(most).toBe(1)
})

test('a fault is thrown where it is asked for, at every nth batch', async () => {
  const faulty = await started({ faults: { at: 'ran', every: 2, action: 'throw' } })
  expect([await faulty.deliver(0), await faulty.deliver(100)]).toEqual(['done', 'threw fault at ran'])
  const written = await started({ faults: { at: 'written', action: 'throw' } })
  expect(await written.deliver(0)).toBe('threw fault at written')
  expect(written.double.committed).toHaveLength(1)
})

test('threads that cannot load their file are the worker’s fault, not a batch’s', async () => {
  const { ledger, double } = ledgerDouble()
  const { queue, log } = queueDouble()
  const threadFile = new URL('./no-such-thread.js', import.meta.url)
  const worker = createWorker({ ledger, queue, id: 'w3', kind: 'run', threads: 2, threadFile })
  await expect(worker.start()).rejects.toThrow()
  expect(log).toEqual([])
  expect(double.calls).toEqual(['register w3 2', 'leave w3'])
})

test('a worker that cannot connect says so and leaves', async () => {
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
  expect(double.calls).toEqual(['register w2 1', 'leave w2'])
})
