import { freshDatabase } from '@driftfarm/testing/database'
import { describeQueues, servedRedis } from '@driftfarm/testing/redis'
import { threadFile } from '@driftfarm/testing/thread'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createCoordinator } from '../../packages/coordinator/src/index.ts'
import {
  createLedger,
  createLogin,
  type Database,
  grantQueue,
  invariants,
  listLogins,
  loginName,
  openDatabase,
  revokeLogin,
  submitSweep,
  sweepStatus,
} from '../../packages/database/src/index.ts'
import { createQueueFactory } from '../../packages/queue/src/index.ts'
import { KERNEL_VERSION, parseSweep } from '../../packages/spec/src/index.ts'
import { createWorker, type WorkerOptions } from '../../packages/worker/src/index.ts'

// A worker with the login of an access file does all that a worker does, and can do nothing else.
const redis = servedRedis()
let fresh: Awaited<ReturnType<typeof freshDatabase>>
let operator: Database
let url: string
let name: string
beforeAll(async () => {
  fresh = await freshDatabase()
  operator = await openDatabase({ url: fresh.url, max: 4 })
  // As `db migrate` does.
  const queue = createQueueFactory({ databaseUrl: fresh.url, kernelVersion: KERNEL_VERSION })
  await queue.migrate()
  await queue.close()
  await grantQueue(fresh.url)
  // A login belongs to the whole server, which other tests use.
  name = `t${process.pid}`
  const { password } = await createLogin(operator, name)
  const own = new URL(fresh.url)
  own.username = loginName(name)
  own.password = password
  url = own.href
})
afterAll(async () => {
  if ((await listLogins(operator)).includes(name)) await revokeLogin(operator, name)
  await operator.close()
  await fresh.drop()
})

const spec = (change: object): string =>
  JSON.stringify({
    version: 1,
    name: 'login',
    seed: 3,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 50, escape: 'x >= 0' },
    sweep: { 'update.drift.sigma': [0.8, 1.2] },
    trials: 200,
    record: 'all',
    ...change,
  })

async function farm(redisUrl: string | undefined, options: Partial<WorkerOptions> = {}) {
  const lead = createQueueFactory({ databaseUrl: fresh.url, redisUrl, kernelVersion: KERNEL_VERSION })
  const ledger = createLedger(operator)
  const coordinator = createCoordinator({ database: operator, ledger, queue: lead, holder: 'c', kind: 'up', batch: 50 })
  await coordinator.start()
  const database = await openDatabase({ url, max: 1 })
  const queue = createQueueFactory({ databaseUrl: url, redisUrl, kernelVersion: KERNEL_VERSION, connections: 2 })
  await queue.check()
  const troubles: string[] = []
  const onTrouble = (error: Error): void => void troubles.push(error.message)
  const given = { ledger: createLedger(database), queue, id: 'w', kind: 'worker', threads: 1, threadFile, onTrouble }
  const worker = createWorker({ ...given, ...options })
  await worker.start()
  onTestFinished(async () => {
    await worker.stop()
    await coordinator.stop()
    await Promise.all([queue.close(), lead.close()])
    await database.close()
  })
  return { troubles }
}

const ended = async (text: string) => {
  const { id } = await submitSweep(operator, parseSweep(text, { fileName: 'spec.json' }), text, { runner: null })
  await expect
    .poll(async () => (await sweepStatus(operator, id)).state, { timeout: 30_000 })
    .toMatch(/complete|stopped/)
  return sweepStatus(operator, id)
}

describeQueues('with the queue on', (kind) => {
  test('it computes, with rows, premises and event bits', async () => {
    const { troubles } = await farm(kind === 'redis' ? redis.url : undefined)
    const seed = kind === 'redis' ? 4 : 3
    const contrasts = [{ of: 'escape', between: { 'update.drift.sigma': [0.8, 1.2] } }]
    const status = await ended(spec({ name: kind, seed, contrasts }))
    expect(status.state).toBe('complete')
    expect(await invariants(operator, status.id)).toEqual({ I1: [], I2: [], I4: [] })
    expect(troubles).toEqual([])
  })
})

test('it reports failures, and bytes that differ, which stops the sweep', async () => {
  const { troubles } = await farm(undefined, { faults: { poison: { trial: 60, kind: 'throw' } } })
  expect((await ended(spec({ name: 'poisoned', seed: 5 }))).state).toBe('incomplete')
  expect(troubles).toEqual([])
})

test('it stops a sweep whose bytes it computes differently', async () => {
  const { troubles } = await farm(undefined)
  const { id } = await ended(spec({ name: 'other', seed: 6, record: 'none' }))
  await operator.pool.query(
    `update farm.batch set digest = 'mset128:00000000000000000000000000000001'
      where first = 50 and cell_id in (select cell_id from farm.request where sweep_id = $1)`,
    [id],
  )
  const { state, reason } = await ended(spec({ name: 'other', seed: 6, record: 'all' }))
  expect([state, reason]).toEqual(['stopped', expect.stringContaining('DETERMINISM_VIOLATION')])
  for (const trouble of troubles) expect(trouble).toMatch(/ the stored digest is mset128:0+1, but .* computed mset128:/)
  expect(troubles).not.toEqual([])
})

describe('what it may not do', () => {
  test.each([
    ['hand in or change sweeps', `insert into farm.sweep (id) values ('x')`],
    ['remove sweeps', 'delete from farm.sweep'],
    ['change what a sweep asks for', `update farm.sweep set demand = '{}'`],
    ['hand out', `insert into farm.pending (cell_id, first, count) values ('c', 0, 1)`],
    ['lead', `insert into farm.leader (id, holder, kind, epoch, until) values (1, 'x', 'up', 1, now())`],
    ['read outcomes', 'select ends from farm.outcome'],
    ['make tokens', 'select * from farm.token'],
    ['read uploads', 'select * from farm.upload'],
    ['make tables', 'create table public.mine (x int)'],
    ['change what others have computed', `update farm.batch set digest = ''`],
  ])('%s', async (_, sql) => {
    const database = await openDatabase({ url, max: 1 })
    onTestFinished(() => database.close())
    await expect(database.pool.query(sql)).rejects.toMatchObject({ code: '42501' })
  })

  test('anything, once it is revoked', async () => {
    const database = await openDatabase({ url, max: 1 })
    onTestFinished(() => database.close())
    expect(await listLogins(operator)).toContain(name)
    await expect(createLogin(operator, name)).rejects.toMatchObject({ code: 'LOGIN_REFUSED' })
    await revokeLogin(operator, name)
    await expect(openDatabase({ url, max: 1 })).rejects.toMatchObject({ code: 'UNREACHABLE' })
    await expect.poll(() => database.pool.query('select 1').then(() => 'works', String)).not.toBe('works')
    await expect(revokeLogin(operator, name)).rejects.toMatchObject({ code: 'LOGIN_NOT_FOUND' })
  })
})

test('an operator who is no superuser revokes a login whose worker is connected', async () => {
  const owner = `o${process.pid}`
  const database = new URL(fresh.url).pathname.slice(1)
  for (const sql of [
    `create role ${owner} login createrole password 'own'`,
    `grant driftfarm_worker to ${owner} with admin option`,
    `grant connect on database ${database} to ${owner} with grant option`,
  ])
    await operator.pool.query(sql)
  const own = new URL(fresh.url)
  own.username = owner
  own.password = 'own'
  const plain = await openDatabase({ url: own.href, max: 1 })
  onTestFinished(async () => {
    await plain.close()
    await operator.pool.query(`drop owned by ${owner} cascade`)
    await operator.pool.query(`drop role ${owner}`)
  })
  const given = `p${process.pid}`
  const { password } = await createLogin(plain, given)
  const theirs = new URL(fresh.url)
  theirs.username = loginName(given)
  theirs.password = password
  const worker = await openDatabase({ url: theirs.href, max: 1 })
  onTestFinished(() => worker.close())
  await revokeLogin(plain, given)
  expect(await listLogins(operator)).not.toContain(given)
  await expect.poll(() => worker.pool.query('select 1').then(() => 'works', String)).not.toBe('works')
})
