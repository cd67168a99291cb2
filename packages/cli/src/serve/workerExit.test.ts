import { expect, test } from 'vitest'
import { type ExitConditions, exitOf, marginMs, parseSlurmTime, workerEndMs } from './workerExit.ts'

const atWork = { idleMs: 0, silentMs: 0, isOutOfTime: false }
const forever: ExitConditions = { endsMs: null, idleMs: null, onServerLost: null }
const words = (worker: Partial<typeof atWork>, stay: Partial<ExitConditions>, nowMs = 0) =>
  exitOf({ ...atWork, ...worker }, { ...forever, ...stay }, nowMs)

test('without conditions a worker never leaves', () => {
  expect(words({ idleMs: 1e9, silentMs: 1e9 }, {})).toBeNull()
})

test('it leaves some time before its limit, or once no batch would end in time', () => {
  expect(words({}, { endsMs: 1e6 }, 1e6 - marginMs - 1)).toBeNull()
  expect(words({}, { endsMs: 1e6 }, 1e6 - marginMs)).toEqual({ words: 'its time limit is reached', exit: 0 })
  expect(words({ isOutOfTime: true }, { endsMs: 1e6 })).toMatchObject({ exit: 0 })
})

test('it leaves after the given time without work', () => {
  expect(words({ idleMs: 299_999 }, { idleMs: 300_000 })).toBeNull()
  expect(words({ idleMs: 300_000 }, { idleMs: 300_000 })).toEqual({ words: 'no work for 300 s', exit: 0 })
})

test('without a database it stops at once or after its running work, but not for a short silence', () => {
  for (const onServerLost of ['stop', 'finish'] as const) {
    expect(words({ silentMs: 29_000, idleMs: 1 }, { onServerLost })).toBeNull()
    expect(words({ silentMs: 31_000, idleMs: 1 }, { onServerLost })).toMatchObject({ exit: 7 })
  }
  expect(words({ silentMs: 31_000 }, { onServerLost: 'stop' })).toMatchObject({ exit: 7 })
  expect(words({ silentMs: 31_000 }, { onServerLost: 'finish' })).toBeNull()
  expect(words({ silentMs: 301_000 }, { onServerLost: 'finish' })).toMatchObject({ exit: 7 })
})

test('its limit is given or that of its job, slightly earlier so that many do not leave together', async () => {
  const hour = 3_600_000
  expect(await workerEndMs(undefined, {}, 0)).toBeNull()
  for (let i = 0; i < 20; i++) {
    const end = (await workerEndMs(hour, {}, 1_000))!
    expect(end).toBeGreaterThanOrEqual(1_000 + 0.95 * hour)
    expect(end).toBeLessThanOrEqual(1_000 + hour)
    const ofJob = (await workerEndMs('auto', { SLURM_JOB_END_TIME: '3600' }, 0))!
    expect(ofJob).toBeGreaterThanOrEqual(0.95 * hour)
    expect(ofJob).toBeLessThanOrEqual(hour)
  }
  await expect(workerEndMs('auto', {}, 0)).rejects.toMatchObject({
    code: 'USAGE',
    hint: expect.stringContaining('55m'),
  })
  expect(parseSlurmTime('2026-11-27T18:00:00')).toBe(new Date(2026, 10, 27, 18).getTime())
  expect(parseSlurmTime('Unknown')).toBeNull()
})
