import { KERNEL_VERSION } from '@driftfarm/spec'
import { openFresh } from '@driftfarm/testing/ledger'
import { expect, onTestFinished, test } from 'vitest'
import { acquireLeadership, asLeader, renewLeadership } from './leadership.ts'

test('a write that takes long keeps others from leading, and not the leader from renewing its term', async () => {
  const { database, drop } = await openFresh()
  onTestFinished(drop)
  const candidate = (holder: string) => ({ holder, kind: 'coordinator', kernel: KERNEL_VERSION }) as const
  const epoch = (await acquireLeadership(database, candidate('leads')))!
  const waiting = `select from pg_stat_activity
    where wait_event_type = 'Lock' and datname = current_database() and query like 'with ended%'`
  const { answer } = await asLeader(database, epoch, async () => {
    expect(await renewLeadership(database, epoch)).toBe(true)
    expect(await acquireLeadership(database, candidate('asks'))).toBeNull()
    await database.pool.query(`update farm.leader set until = now() - interval '1 second'`)
    const requested = acquireLeadership(database, candidate('asks'))
    await expect.poll(async () => (await database.pool.query(waiting)).rowCount).toBe(1)
    return { answer: requested }
  })
  expect(await answer).toBe(epoch + 1)
  await expect(asLeader(database, epoch, async () => 1)).rejects.toMatchObject({ code: 'LEADERSHIP_LOST' })
})
