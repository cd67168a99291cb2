import type { FarmState } from '@driftfarm/database'
import { farmMessage } from '@driftfarm/farm'
import type { FarmData } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { createFarmMonitor } from './farmMonitor.ts'

const farm = { mode: 'farm', redis: true } as const
const standing = (state: FarmState): FarmData => ({ state: state.state, words: farmMessage(state, farm) })
const works = standing({ state: 'works' })
const leaderless = standing({ state: 'leaderless', seconds: 30, standbySeconds: null, restarted: false })
const workerless = standing({ state: 'workerless', seconds: 7, ending: false, restarted: false })

/** A lookout with a manual clock. */
function watched() {
  const said: string[] = []
  let due: (() => void) | null = null
  const lookout = createFarmMonitor({
    say: (line) => said.push(line),
    later: (call) => {
      due = call
      return () => {
        due = null
      }
    },
  })
  const pass = () => {
    due?.()
    due = null
  }
  return { lookout, said, pass }
}

test('a lasting problem is reported once when it begins and once when it ends', () => {
  const { lookout, said, pass } = watched()
  for (const seen of [works, leaderless, leaderless]) lookout.update(seen)
  expect(said).toEqual([])
  pass()
  for (const seen of [leaderless, leaderless]) lookout.update(seen)
  pass()
  expect(said).toEqual([
    'no coordinator has reported for 30 s; if none is running, ' +
      'start `driftfarm coordinator` with the same DATABASE_URL and REDIS_URL',
  ])
  lookout.update(works)
  pass()
  expect(said.slice(1)).toEqual(['a coordinator is running now'])
})

test('nothing is reported while the sweep does not wait for the farm', () => {
  const { lookout, said, pass } = watched()
  for (const seen of [workerless, null, workerless]) {
    lookout.update(seen)
    pass()
  }
  expect(said).toEqual(['no worker has reported for 7 s', 'no worker has reported for 7 s'])
})

test('a longer duration is not reported again', () => {
  const { lookout, said, pass } = watched()
  for (const seconds of [7, 8, 9, 10]) {
    lookout.update(standing({ state: 'workerless', seconds, ending: false, restarted: false }))
    pass()
  }
  expect(said).toEqual(['no worker has reported for 7 s'])
})

test('a short problem is not reported', () => {
  const { lookout, said, pass } = watched()
  lookout.update(leaderless)
  lookout.update(works)
  pass()
  lookout.update(workerless)
  lookout.stop()
  pass()
  expect(said).toEqual([])
})

test('of two problems in a row, the second is reported, and its end', () => {
  const { lookout, said, pass } = watched()
  for (const seen of [leaderless, workerless, works]) {
    lookout.update(seen)
    pass()
  }
  expect(said.map((line) => line.split(/[:;]/)[0])).toEqual([
    'no coordinator has reported for 30 s',
    'no worker has reported for 7 s',
    'a worker is running now',
  ])
})

test('every state says what is wrong and for how long, with a command only if it helps', () => {
  const old = { seconds: 30, standbySeconds: null, restarted: false } as const
  const since = new Date(Date.now() - 12_000).toISOString()
  const lacks: readonly (readonly [FarmState, RegExp])[] = [
    [
      { state: 'leaderless', ...old },
      /^no coordinator has reported for 30 s; if none is running, start `driftfarm coordinator`.*DATABASE_URL/,
    ],
    [{ state: 'leaderless', ...old, seconds: null }, /^no coordinator is running: start `driftfarm coordinator`/],
    [{ state: 'leaderless', ...old, seconds: 6 }, /^no coordinator has reported for 6 s$/],
    [
      { state: 'leaderless', ...old, seconds: 6, standbySeconds: 4 },
      /^the leading coordinator has not reported for 6 s; a coordinator takes over within 5 s$/,
    ],
    [
      { state: 'leaderless', ...old, restarted: true },
      /^the database has just started: no coordinator has reported yet$/,
    ],
    [
      { state: 'workerless', seconds: 30, ending: false, restarted: false },
      /^no worker has reported for 30 s; if none is running, start `driftfarm worker` with .*DATABASE_URL and/,
    ],
    [
      { state: 'workerless', seconds: null, ending: false, restarted: false },
      /^no worker is running: start `driftfarm worker`/,
    ],
    [{ state: 'workerless', seconds: 7, ending: false, restarted: false }, /^no worker has reported for 7 s$/],
    [
      { state: 'workerless', seconds: 3_600, ending: false, restarted: false },
      /^no worker has reported for 60 min; if none is running, start `driftfarm worker` with the same DATABASE_URL/,
    ],
    [
      { state: 'workerless', seconds: null, ending: true, restarted: false },
      /^all workers are about to end: start `driftfarm worker`/,
    ],
    [
      { state: 'workerless', seconds: 7, ending: false, restarted: true },
      /^the database has just started: no worker has reported yet$/,
    ],
    [
      { state: 'queue', place: 'redis://a:6379/0', from: 'coordinators', seconds: 10 },
      /^the queue at redis:\/\/a:6379\/0 has not answered the coordinators for 10 s/,
    ],
    [
      { state: 'queue', place: 'postgres', from: 'workers', seconds: 10 },
      /^the queue on PostgreSQL has not answered the workers for 10 s/,
    ],
    [{ state: 'queue', place: null, from: 'workers', seconds: 10 }, /^the queue has not answered the workers for 10 s/],
    [{ state: 'unreachable', reason: null, since }, /^the database has not answered for 10 s$/],
    [
      { state: 'unreachable', reason: 'it shuts down', since },
      /^the database has not answered for 10 s \(it shuts down\)$/,
    ],
    [
      { state: 'kernel', wanted: 3, leader: 2, workers: [2] },
      /versions differ: the sweep needs kernel 3, the coordinator has 2, the workers have 2; .*same version/,
    ],
    [{ state: 'kernel', wanted: 2, leader: null, workers: [0, 1] }, /needs kernel 2, the workers have 0 and 1;/],
    [
      { state: 'elsewhere', leader: 'redis://a:6379/0', workers: ['postgres', 'redis://b:6379/0'] },
      /jobs wait in redis:\/\/a:6379\/0.*the queue on PostgreSQL and redis:\/\/b:6379\/0.*REDIS_URL/,
    ],
  ]
  for (const [state, says] of lacks) expect(farmMessage(state, farm)).toMatch(says)
  const gone = { seconds: null, restarted: false } as const
  const leaderless = { state: 'leaderless', standbySeconds: null, ...gone } as const
  expect(farmMessage(leaderless, { mode: 'embedded', redis: false })).toContain('driftfarm up')
  expect(farmMessage({ state: 'workerless', ending: false, ...gone }, { mode: 'farm', redis: false })).not.toContain(
    'REDIS_URL',
  )
})
