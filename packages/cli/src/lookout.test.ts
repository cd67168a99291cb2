import type { FarmState } from '@driftfarm/database'
import { farmWords } from '@driftfarm/farm'
import type { FarmData } from '@driftfarm/report'
import { expect, test } from 'vitest'
import { createLookout } from './lookout.ts'

const farm = { mode: 'farm', redis: true } as const
const standing = (state: FarmState): FarmData => ({ state: state.state, words: farmWords(state, farm) })
const works = standing({ state: 'works' })
const leaderless = standing({ state: 'leaderless' })
const workerless = standing({ state: 'workerless' })

/** A lookout whose time passes on demand. */
function watched() {
  const said: string[] = []
  let due: (() => void) | null = null
  const lookout = createLookout({
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

test('what lasts is said once when it begins and once when it is over', () => {
  const { lookout, said, pass } = watched()
  for (const seen of [works, leaderless, leaderless]) lookout.see(seen)
  expect(said).toEqual([])
  pass()
  for (const seen of [leaderless, leaderless]) lookout.see(seen)
  pass()
  expect(said).toEqual(['nobody leads: start `driftfarm coordinator` with the same DATABASE_URL and REDIS_URL'])
  lookout.see(works)
  pass()
  expect(said.slice(1)).toEqual(['somebody leads now'])
})

test('what passes is not', () => {
  const { lookout, said, pass } = watched()
  lookout.see(leaderless)
  lookout.see(works)
  pass()
  lookout.see(workerless)
  lookout.end()
  pass()
  expect(said).toEqual([])
})

test('one lack after the other: the new one is said, and its end', () => {
  const { lookout, said, pass } = watched()
  for (const seen of [leaderless, workerless, null]) {
    lookout.see(seen)
    pass()
  }
  expect(said.map((line) => line.split(':')[0])).toEqual(['nobody leads', 'nobody works', 'somebody works now'])
})

test('every lack names what is wrong and what mends it', () => {
  const lacks: readonly (readonly [FarmState, RegExp])[] = [
    [{ state: 'leaderless' }, /nobody leads.*driftfarm coordinator.*DATABASE_URL/],
    [{ state: 'workerless' }, /nobody works.*driftfarm worker.*DATABASE_URL and REDIS_URL/],
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
  for (const [state, says] of lacks) expect(farmWords(state, farm)).toMatch(says)
  expect(farmWords({ state: 'leaderless' }, { mode: 'embedded', redis: false })).toContain('driftfarm up')
  expect(farmWords({ state: 'workerless' }, { mode: 'farm', redis: false })).not.toContain('REDIS_URL')
})
