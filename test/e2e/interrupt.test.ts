import { driftfarm, start } from '@driftfarm/testing/command'
import { serverPid, temporaryFolder } from '@driftfarm/testing/folder'
import { shareModules } from '@driftfarm/testing/modules'
import { digests, runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { afterAll, expect, test } from 'vitest'

const folders = [temporaryFolder(), temporaryFolder(), temporaryFolder(), temporaryFolder()] as const
for (const { path } of folders) shareModules(path)
afterAll(() => {
  for (const folder of folders) folder.remove()
})

/** About three seconds on one thread, in sixteen batches. */
const long = doubleWell({
  name: 'long',
  seed: 9,
  trials: 160_000,
  record: 'none',
  trial: { steps: 1000, escape: 'x >= 1e6' },
})
const arguments_ = ['--threads', '1', '--batch', '10000'] as const

async function finishedBatches(home: string): Promise<number> {
  const { code, stdout } = await driftfarm(
    ['sql', "select count(*) as done from batch where state = 'done'", '--format', 'json'],
    { home },
  )
  return code === 0 ? Number((JSON.parse(stdout) as { data: { rows: { done: number }[] } }).data.rows[0]?.done ?? 0) : 0
}

async function untilSomeBatches(home: string, least: number): Promise<number> {
  for (;;) {
    const done = await finishedBatches(home)
    if (done >= least) return done
  }
}

test('Ctrl-C keeps finished batches, and the next run goes on where it was', async () => {
  const [{ path: home }, , { path: fresh }] = folders
  const file = writeSpec(home, 'long', long)
  const running = start(['run', file, ...arguments_], { home })
  const before = await untilSomeBatches(home, 3)
  running.child.kill('SIGINT')
  const { code, stdout, stderr } = await running.finished
  expect(code, stderr).toBe(130)
  expect(stdout).toBe('')
  expect(stderr).toContain('run it again to go on')
  const kept = await finishedBatches(home)
  expect(kept).toBeGreaterThanOrEqual(before)
  expect(kept).toBeLessThan(16)
  const status = await driftfarm(['status', 'long', '--json'], { home })
  expect((JSON.parse(status.stdout) as { data: { state: string } }).data.state).toBe('interrupted')

  const rest = await runToResults(file, home, [...arguments_])
  expect(rest.sweep.state).toBe('complete')
  const whole = await runToResults(writeSpec(fresh, 'long', long), fresh, ['--threads', '2'])
  expect(digests(whole)).toEqual(digests(rest))
})

test('SIGKILL of everything costs running batches, nothing else', async () => {
  const [, { path: home }, { path: fresh }] = folders
  const file = writeSpec(home, 'long', long)
  const running = start(['run', file, ...arguments_], { home })
  const before = await untilSomeBatches(home, 3)
  running.child.kill('SIGKILL')
  await running.finished
  // The embedded server too, as in a power cut.
  process.kill(serverPid(home), 'SIGKILL')
  const after = await runToResults(file, home, [...arguments_])
  expect(after.sweep.state).toBe('complete')
  const batches = await driftfarm(
    ['sql', 'select sum(attempts) as attempts, count(*) as batches from batch', '--format', 'json'],
    { home },
  )
  const [{ attempts, batches: count }] = (
    JSON.parse(batches.stdout) as { data: { rows: [{ attempts: number; batches: number }] } }
  ).data.rows
  // What was done before stays done: at most the two batches that were running or fed are computed twice.
  expect(Number(attempts) - Number(count)).toBeLessThanOrEqual(3)
  expect(before).toBeGreaterThanOrEqual(3)
  const whole = await runToResults(writeSpec(fresh, 'long', long), fresh, ['--threads', '2'])
  expect(digests(whole)).toEqual(digests(after))
  expect((await driftfarm(['verify', 'long'], { home })).code).toBe(0)
})

test('a sweep that is removed while it runs ends its run and its watcher, and says so', async () => {
  const { path: home } = folders[3]
  const running = start(['run', writeSpec(home, 'long', long), ...arguments_, '--json'], { home })
  await untilSomeBatches(home, 1)
  const watching = start(['watch', 'long'], { home })
  await watching.says('running')
  expect(await driftfarm(['rm', 'long'], { home })).toMatchObject({ code: 0 })
  const [run, watch] = await Promise.all([running.finished, watching.finished])
  expect([run.code, run.stdout]).toEqual([9, ''])
  expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(JSON.parse(run.stderr)).toMatchObject({
    error: { code: 'SWEEP_REMOVED', message: 'long was removed, with all its trials', retryable: false },
  })
  expect(watch.code).toBe(9)
  expect(watch.stderr).toContain('error: long was removed, with all its trials')
})
