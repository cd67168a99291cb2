import { driftfarm } from '@driftfarm/testing/command'
import { runToResults } from '@driftfarm/testing/results'
import { servedFarm } from '@driftfarm/testing/served'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// The same cells under several names, through every door by which sweeps come in.

const farm = servedFarm()
const { home } = farm

const spec = (name: string, change: Record<string, unknown> = {}) =>
  doubleWell({ name, seed: 21, trials: 400, ...change })
const write = (name: string, change: Record<string, unknown> = {}) => writeSpec(home, name, spec(name, change))
const here = async (...arguments_: string[]) => {
  const { code, stdout, stderr } = await driftfarm(arguments_, { home })
  expect(code, stderr).toBe(0)
  return { stdout, stderr }
}
const methodsOf = async (name: string) =>
  (JSON.parse((await here('results', name, '--json')).stdout) as Awaited<{ data: { cells: Cell[] } }>).data.cells.map(
    ({ trials, estimates }) => [trials, estimates.escape.method],
  )
interface Cell {
  readonly trials: number
  readonly estimates: { readonly escape: { readonly method: string } }
}

const stored = (trials: number) =>
  `other sweeps have already stored ${trials} of the requested trials, in 2 cells; these trials are reused`
const wider =
  'the results of 2 cells may already have been seen, so their intervals are wider: they hold at any number of trials'

test('each name shows what it asked for; runs and plans say what is reused', async () => {
  const first = await runToResults(write('first', { tags: { who: 'first' } }), home)
  const plan = await here('plan', write('second'), '--trials', '1000', '--no-pilot')
  expect(plan.stdout).toContain('already done  800 trials, 40.0 %, in 2 cells, from first')
  expect(plan.stdout).toContain('to compute    1200 trials in 2 cells')
  expect(plan.stdout.replace(/\s+/g, ' ')).toContain(wider)
  const { stderr } = await here('run', write('second'), '--trials', '1000')
  expect(stderr).toContain(`${stored(800)}, from first`)
  expect(stderr).toContain('left to compute: 1200 trials in 2 cells')
  expect(stderr).toContain(wider)
  expect(await methodsOf('first')).toEqual([
    [400, 'clopper-pearson'],
    [400, 'clopper-pearson'],
  ])
  expect(await methodsOf('second')).toEqual([
    [1000, 'beta-binomial'],
    [1000, 'beta-binomial'],
  ])
  const same = await here('run', write('same'))
  expect(same.stderr).toContain(stored(800))
  expect(same.stderr).not.toContain('may already have been seen')
  expect((await runToResults(write('same'), home)).cells).toEqual(first.cells)
  const again = await here('run', write('same'))
  expect(again.stderr).not.toContain('reused')
})

if (full)
  test('so do detached runs, submissions over HTTP, and commands that are clients of it', async () => {
    const fresh = { seed: 22 }
    await runToResults(write('one', fresh), home)
    const reused = { cells: 2, trials: '800', extended: 2 }
    const detached = await here('run', write('two', { ...fresh, trials: 500 }), '--detach', '--json')
    expect(JSON.parse(detached.stdout).data).toMatchObject({
      sweep: { name: 'two' },
      reused: { ...reused, from: { count: 1, sweeps: [{ name: 'one' }] } },
      computed: { cells: 2, trials: '200' },
    })
    // Waits for the results. Only then is a request for more trials a request after a look at them.
    await here('run', write('two', { ...fresh, trials: 500 }))
    const longer = await here('run', write('two', { ...fresh, trials: 600 }), '--detach', '--json')
    expect(JSON.parse(longer.stdout).warnings[0]).toMatch('chosen after an interim look')
    const post = (name: string, trials: number) =>
      fetch(`${farm.url}/api/v1/sweeps`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(spec(name, { ...fresh, trials })),
      })
    const given = await post('three', 400)
    expect([given.status, (await given.json()).data]).toMatchObject([201, { reused: { ...reused, extended: 0 } }])
    const known = await post('three', 400)
    expect([known.status, (await known.json()).data]).toEqual([
      200,
      {
        sweep: { id: expect.any(String), name: 'three', state: expect.any(String) },
        computed: { cells: 0, trials: '0' },
      },
    ])
    const client = await driftfarm(['run', write('four', { ...fresh, trials: 300 }), '--detach'], {
      home,
      env: { ...farm.env },
    })
    expect(client.code, client.stderr).toBe(0)
    expect(client.stderr).toContain(stored(600))
    expect(client.stderr).toContain(wider)
  })

test('a name is removed alone, and is the same sweep when it is run again', async () => {
  const fresh = { seed: 23 }
  const one = await runToResults(write('left', fresh), home)
  const two = await runToResults(write('gone', { ...fresh, trials: 600 }), home)
  const { stderr, stdout } = await here('rm', 'gone', '--force')
  expect(`${stdout}${stderr}`).toContain('0 cells')
  expect((await runToResults(write('left', fresh), home)).cells).toEqual(one.cells)
  const again = await runToResults(write('gone', { ...fresh, trials: 600 }), home)
  expect(again.sweep.id).toBe(two.sweep.id)
  expect(again.cells.map(({ digest }) => digest)).toEqual(two.cells.map(({ digest }) => digest))
})

test('a title and notes are stored, kept apart, and removed; bad ones are refused', async () => {
  await here('run', write('described'), '--trials', '10')
  await here('describe', 'described', '--title', 'The title', '--notes', 'to remember')
  await here('describe', 'described', '--notes', '')
  const { data } = JSON.parse((await here('status', 'described', '--json')).stdout)
  expect([data.title, data.notes]).toEqual(['The title', undefined])
  for (const [options, message] of [
    [[], /neither --title nor --notes/],
    [['--title', 'x'.repeat(201)], /--title: .*200/],
    [['--title', 'a\u0007'], /--title: /],
  ] as const) {
    const { code, stderr } = await driftfarm(['describe', 'described', ...options], { home })
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)])
  }
})
