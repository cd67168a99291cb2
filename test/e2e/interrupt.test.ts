import { begin, driftfarm, start } from '@driftfarm/testing/command'
import { serverPid, temporaryFolder } from '@driftfarm/testing/folder'
import { servedHome } from '@driftfarm/testing/home'
import { shareModules } from '@driftfarm/testing/modules'
import { digests, runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { type Watch, watchHome } from '@driftfarm/testing/watch'
import { afterAll, beforeAll, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const served = servedHome()
const killed = temporaryFolder()
shareModules(killed.path)
afterAll(() => killed.remove())

/** Sixteen batches. */
const long = doubleWell({ name: 'long', seed: 9, trials: 400, record: 'none' })
const arguments_ = ['--threads', '1', '--batch', '50', '--bundle', '1'] as const

/** No more is committed until the test says so. */
const hold = (watch: Watch) => watch.hold('(select count(*) from farm.batch) >= 3')
const finished = '(select count(*) from farm.batch)'

async function finishedBatches(watch: Watch): Promise<number> {
  const [row] = await watch.rows<{ done: number }>(`select ${finished}::int as done`)
  return row!.done
}

let watch: Watch
let whole: string[]
beforeAll(async () => {
  watch = await watchHome(served)
  whole = digests(await runToResults(writeSpec(served, 'long', long), served, ['--threads', '2']))
  expect((await driftfarm(['rm', 'long'], { home: served })).code).toBe(0)
})
afterAll(() => watch?.close())

test('Ctrl-C keeps finished batches, and the next run goes on where it was', async () => {
  const home = served
  const file = writeSpec(home, 'long', long)
  await hold(watch)
  const running = start(['run', file, ...arguments_], { home })
  await watch.until(`${finished} >= 3`)
  const before = await finishedBatches(watch)
  running.child.kill('SIGINT')
  await watch.until("exists (select from farm.worker where state = 'draining')")
  await watch.release()
  const { code, stdout, stderr } = await running.finished
  expect(code, stderr).toBe(130)
  expect(stdout).toBe('')
  expect(stderr).toContain('run the spec again to continue')
  const kept = await finishedBatches(watch)
  expect(kept).toBeGreaterThanOrEqual(before)
  expect(kept).toBeLessThan(16)
  const status = await driftfarm(['status', 'long', '--json'], { home })
  expect((JSON.parse(status.stdout) as { data: { state: string } }).data.state).toBe('interrupted')

  const rest = await runToResults(file, home, [...arguments_])
  expect(rest.sweep.state).toBe('complete')
  expect(digests(rest)).toEqual(whole)
})

if (full)
  test('SIGKILL of everything costs running batches, nothing else', async () => {
    const { path: home } = killed
    const file = writeSpec(home, 'long', long)
    const watching = await watchHome(home)
    await hold(watching)
    const running = start(['run', file, ...arguments_], { home })
    await watching.until(`${finished} >= 3`)
    const before = await finishedBatches(watching)
    running.child.kill('SIGKILL')
    await running.finished
    // The embedded server too, as in a power cut.
    process.kill(serverPid(home), 'SIGKILL')
    await watching.close()
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
    expect(digests(after)).toEqual(whole)
    expect((await driftfarm(['verify', 'long'], { home })).code).toBe(0)
  })

test('a sweep that is removed while it runs ends its run and its watcher, and says so', async () => {
  const home = served
  const endless = { ...long, name: 'endless', trials: 1_000_000_000 }
  const running = begin(['run', writeSpec(home, 'endless', endless), ...arguments_, '--json'], { home })
  // Its cells are those of the other sweeps, so that batches of theirs say nothing of it.
  await watch.until("exists (select from farm.sweep where name = 'endless' and state = 'running')")
  const watching = begin(['watch', 'endless'], { home })
  await watching.says('running')
  expect(await driftfarm(['rm', 'endless', '--force'], { home })).toMatchObject({ code: 0 })
  const [run, seen] = await Promise.all([running.finished, watching.finished])
  expect([run.code, run.stdout]).toEqual([9, ''])
  expect(run.stderr.trimEnd().split('\n')).toHaveLength(1)
  expect(JSON.parse(run.stderr)).toMatchObject({
    error: { code: 'SWEEP_REMOVED', message: 'endless was removed, with all its trials', retryable: false },
  })
  expect(seen.code).toBe(9)
  expect(seen.stderr).toContain('error: endless was removed, with all its trials')
})
