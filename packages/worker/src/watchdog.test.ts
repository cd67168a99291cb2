import { expect, test } from 'vitest'
import { Watchdog } from './watchdog.ts'

const watch = (state: { waiting: number | Error; active: number }) => {
  const told: string[] = []
  const watchdog = new Watchdog({
    waiting: async () => {
      if (state.waiting instanceof Error) throw state.waiting
      return state.waiting
    },
    active: () => state.active,
    rebuild: async () => {
      told.push('rebuild')
    },
    onWedged: () => told.push('wedged'),
  })
  return { watchdog, told }
}

test('jobs wait and none arrives: the consumer is recreated three times, then the worker is wedged', async () => {
  const { watchdog, told } = watch({ waiting: 3, active: 0 })
  for (let look = 0; look < 4; look++) await watchdog.check()
  expect(told).toEqual(['rebuild', 'rebuild', 'rebuild', 'wedged'])
})

test('a delivery ends the suspicion', async () => {
  const { watchdog, told } = watch({ waiting: 3, active: 0 })
  await watchdog.check()
  watchdog.delivered()
  await watchdog.check()
  for (let look = 0; look < 3; look++) await watchdog.check()
  expect(told).toEqual(['rebuild', 'rebuild', 'rebuild', 'rebuild'])
})

test('an empty queue, a long batch and an unreachable queue are no reason', async () => {
  for (const state of [
    { waiting: 0, active: 0 },
    { waiting: 5, active: 1 },
    { waiting: new Error('away'), active: 0 },
  ]) {
    const { watchdog, told } = watch(state)
    for (let look = 0; look < 5; look++) await watchdog.check()
    expect(told).toEqual([])
  }
})
