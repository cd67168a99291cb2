import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { recheckEstimates, waitFor } from '@driftfarm/answers'
import { farmIsServed, invariants } from '@driftfarm/database'
import { afterEach, expect, test } from 'vitest'
import { Farm } from './farm.fixture.ts'

let farm: Farm
afterEach(() => farm?.close())

const none = { I1: [], I2: [], I4: [] }

test('a sweep runs to completion, and its results match its trials', async () => {
  farm = await Farm.open()
  await farm.work()
  await farm.coordinate()
  const { id, changed, state } = await farm.submit({ trials: 500, sweep: { 'update.drift.sigma': [2, 3] } })
  expect({ changed, state }).toEqual({ changed: true, state: 'planned' })
  const status = await farm.ends(id)
  expect(status).toMatchObject({
    state: 'complete',
    cells: { done: 2, open: 0 },
    trials: { done: '1000', requested: '1000' },
  })
  expect(await invariants(farm.database, id)).toEqual(none)
  expect(await recheckEstimates(farm.database, id)).toEqual([])
  const { data, warnings } = await farm.source.results(id)
  // Without a burn-in the first steps, from the bottom of the well, bring fewer escapes.
  expect(warnings).toEqual([])
  const rate = data.findings.find(({ name }) => name === 'horizon')
  expect(rate?.text).toContain('the hazard rate changes over time')
  expect(data.cells.map(({ trials, stopped }) => ({ trials, stopped }))).toEqual(
    Array(2).fill({ trials: 500, stopped: { rule: 'trials' } }),
  )
  let escaped = 0
  let rows = 0
  const { records, warnings: leftOut } = await farm.source.rows(id)
  expect(leftOut).toEqual([])
  for await (const row of records) {
    rows++
    if (row.escaped_at !== null) escaped++
  }
  expect(rows).toBe(1000)
  expect(escaped).toBe(data.cells.reduce((sum, { counts }) => sum + counts.escaped, 0))
  expect(data.cells[0]?.estimates.escape?.method).toBe('clopper-pearson')
})

test('a plan of a million batches costs a window of them', async () => {
  farm = await Farm.open()
  const coordinator = await farm.coordinate({ batch: 1000 })
  const { id } = await farm.submit({ trials: 1e9, record: 'none' })
  await farm.until(id, () => farm.queue.waiting.size === 8)
  const { passes } = coordinator.counters
  // Committed by hand: what comes next is handed out, and no more than that.
  await farm.query(
    `with committed as (delete from farm.pending where first < 4000 returning *),
          ended as (delete from farm.bundle where id in (select bundle from committed)),
          told as (
            insert into farm.pending_update (cells, batches, expected, trials_seconds, seconds)
            select array_agg(distinct cell_id), 0, 0, 0, 0 from committed)
     insert into farm.batch (cell_id, first, count, generation, attempts, failures, vanished, digest, record,
                             cpu_seconds, tally)
     select cell_id, first, count, 1, 1, 0, 0, 'mset128:00000000000000000000000000000001', '{"kind": "none"}', 1,
            '{"trials": 1000, "ends": [0, 0, 0, 1000], "escaped": 0, "exits": [0], "settled": [0, 0, 0],
              "classes": [], "marks": [], "steps": "1", "escapeSteps": "1", "escapeStepsSquared": "1",
              "escapeHistogram": [], "convergeHistogram": [], "horizons": [], "atRisk": "1",
              "joint": [[12, 1000]], "markSteps": []}'
       from committed`,
  )
  farm.queue.loseAllJobs()
  await farm.until(id, ({ trials }) => trials.done === '4000')
  await farm.until(id, () => farm.queue.waiting.size >= 4 && coordinator.counters.passes > passes)
  const [counted] = await farm.query<{ batches: number; next: number }>(
    'select count(*)::int as batches, max(first + count)::int as next from batch',
  )
  const { batches, next } = counted!
  expect(next).toBe(1000 * batches)
  // Four were committed and eight are out; on a busy machine, a pass may end between the two statements.
  expect(batches).toBeGreaterThanOrEqual(12)
  expect(batches).toBeLessThan(16)
})

test('a coordinator is listed while it is running, and signs off when it ends', async () => {
  farm = await Farm.open()
  expect(await farmIsServed(farm.database)).toBe(false)
  const coordinator = await farm.coordinate({ kind: 'coordinator' })
  expect(await farmIsServed(farm.database)).toBe(true)
  await farm.until((await farm.submit()).id, () => coordinator.leading)
  expect(coordinator.state).toMatch(/^leading in epoch 1/)
  await coordinator.stop()
  expect(await farmIsServed(farm.database)).toBe(false)
  expect(coordinator.state).toMatch(/^stopped/)
  expect(await farm.query('select until <= now() as over from farm.leader')).toEqual([{ over: true }])
})

test('following a sweep reports each change, the last one being its end', async () => {
  farm = await Farm.open()
  await farm.work()
  await farm.coordinate({ batch: 50 })
  const { id } = await farm.submit({ trials: 200 })
  const states: string[] = []
  for await (const { state } of waitFor(farm.database, id, { signal: AbortSignal.timeout(30_000), everyMs: 10 }))
    states.push(state)
  expect(states.at(-1)).toBe('complete')
  expect(new Set(states.slice(0, -1))).not.toContain('complete')
})

test('a coordinator whose worker has stored trials does not finish its pause', async () => {
  farm = await Farm.open()
  const pauses: number[] = []
  const busyMs = 5
  const clock = {
    now: () => performance.now(),
    // Only short pauses end by themselves.
    sleep: async (ms: number, signal: AbortSignal) => {
      if (ms <= busyMs) return wait(ms, undefined, { signal }).catch(() => undefined)
      pauses.push(ms)
      if (!signal.aborted) await once(signal, 'abort')
    },
  }
  const leader = await farm.coordinate({ clock, limits: { busyMs } })
  await expect.poll(() => pauses.length).toBe(2) // that of the renewal of the leadership, and that between two passes
  const { id } = await farm.submit({ trials: 100 })
  expect(farm.queue.waiting.size).toBe(0)
  leader.wake()
  await farm.until(id, () => farm.queue.waiting.size > 0)
})
