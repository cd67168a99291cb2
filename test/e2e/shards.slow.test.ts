import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { digests, runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

const home = servedHome()
const fileOf = (index: number, name = 'shard') => join(home, `${name}-${index}.driftfarm`)
const spec = writeSpec(home, 'well', doubleWell({ name: 'well', trials: 901, record: 'all', horizons: [50] }))

/** Computes shards of a spec, each in a home of its own, which stays without a database. */
async function compute(path: string, of: number, name: string, threads = '1') {
  for (let index = 1; index <= of; index++) {
    const own = join(home, 'alone')
    mkdirSync(own, { recursive: true })
    const { code, stderr } = await driftfarm(
      ['run', path, '--shard', `${index}/${of}`, '-o', fileOf(index, name), '--threads', threads],
      { home: own },
    )
    expect([code, stderr]).toEqual([0, ''])
    expect(readdirSync(own).filter((entry) => entry !== 'cache')).toEqual([])
  }
}
interface Imported {
  readonly sweep: { readonly state: string }
  readonly imported: number
  readonly audited: number
  readonly leftOut: number
  readonly missing: { readonly trials: number; readonly shards: readonly number[] }
}
async function imported(...files: readonly string[]): Promise<Imported> {
  const { code, stdout, stderr } = await driftfarm(['db', 'import', ...files, '--json'], { home })
  if (code !== 0) throw new Error(stderr)
  return (JSON.parse(stdout) as { data: Imported }).data
}

test('shards of machines without a network, merged, are what one farm computes', async () => {
  await compute(spec, 3, 'shard')
  const first = await imported(fileOf(1), fileOf(3))
  expect(first).toMatchObject({ sweep: { state: 'interrupted' }, audited: 0, leftOut: 0, missing: { shards: [2] } })
  expect(first.imported + first.missing.trials).toBe(1802)
  const table = await driftfarm(['db', 'import', fileOf(1)], { home })
  expect(table.stdout).toContain('missing shards: 2 of 3')
  expect(table.stderr).toContain('run `driftfarm run SPEC` to compute the rest')
  // What no file brings, a run computes.
  const run = await runToResults(spec, home, ['--threads', '1'])
  expect(run.sweep.state).toBe('complete')
  expect(await imported(fileOf(2), fileOf(3))).toMatchObject({ imported: 0, leftOut: 0, missing: { trials: 0 } })
  // And a farm that has computed all of it has the same digests.
  await driftfarm(['rm', 'well'], { home })
  const all = await imported(fileOf(2), fileOf(1), fileOf(3))
  expect(all).toMatchObject({ sweep: { state: 'complete' }, imported: 1802 })
  const merged = await runToResults(spec, home)
  expect(digests(merged)).toEqual(digests(run))
  expect(merged.cells.map(({ estimates }) => estimates)).toEqual(run.cells.map(({ estimates }) => estimates))
})

test('a shard of a sweep that the farm computes', async () => {
  // The farm computes for hours, and one shard takes a moment.
  const long = writeSpec(home, 'long', doubleWell({ name: 'long', trials: 1e9, record: 'none' }))
  const shard = ['--shard', '1/100000', '-o', fileOf(1, 'long')]
  expect(await driftfarm(['run', long, ...shard], { home: join(home, 'alone') })).toMatchObject({ code: 0 })
  await driftfarm(['run', long, '--detach'], { home })
  const { stderr } = await driftfarm(['db', 'import', fileOf(1, 'long')], { home })
  expect(stderr).toContain('the farm computes the missing trials unless you import them first; `driftfarm watch long')
  await driftfarm(['rm', 'long', '--force'], { home })
})

test('what is refused, and why', async () => {
  const refused = async (...given: string[]) => {
    const { code, stderr, stdout } = await driftfarm(given, { home })
    expect(stdout).toBe('')
    return `${code} ${stderr}`
  }
  const shard = ['--shard', '1/3', '-o', fileOf(9)]
  const rule = writeSpec(home, 'rule', doubleWell({ trials: undefined, until: { estimate: 'escape', relative: 0.1 } }))
  expect(await refused('run', rule, ...shard)).toMatch(/^2 error: a stopping rule \(until\) needs all trials/)
  expect(await refused('run', spec, '--shard', '4/3', '-o', 'x')).toMatch(/^2 .*'4\/3' is not K\/N/)
  expect(await refused('run', spec, '--shard', '1/3')).toMatch(
    /^2 .*--shard needs a file to write to\n.*-o shard-1-of-3.driftfarm/,
  )
  expect(await refused('run', spec, '-o', 'x')).toMatch(/^2 .*-o names the file of a shard, so it needs --shard K\/N/)
  expect(await refused('run', spec, '--detach', ...shard)).toMatch(/^2 .*--detach cannot be combined with --shard/)
  expect(await refused('run', spec, '--shard', '1/3', '-o', spec)).toMatch(/^6 .*is not shard 1\/3 of well/)
  expect(await refused('run', spec, '--shard', '1/3', '-o', join(home, 'none', 'x'))).toMatch(/^2 .*cannot write/)
  expect(await refused('db', 'import', spec)).toMatch(/^2 .*is not a shard file/)
  expect(existsSync(fileOf(9))).toBe(false)
})

test.each<[string, Record<string, unknown>]>([
  ['splitting', { method: { splitting: { score: 'x', target: 0, particles: 20, replicas: 24 } }, trials: undefined }],
  ['tilt', { method: { tilt: { shift: '-2 * max(g, 0) / 0.7', original: 0.1 } } }],
  ['without-rows', { record: 'none', trials: 20_000 }],
  ['single', { trials: 1 }],
  [
    'contrasts',
    {
      streams: 'common',
      record: 'none',
      sweep: { 'update.rule': ['gradient', 'adam'], 'update.drift.sigma': [1, 1.2] },
      contrasts: [{ of: 'escape', between: { 'update.rule': ['adam', 'gradient'] } }],
    },
  ],
])('%s: merged as computed', async (name, change) => {
  const file = writeSpec(home, name, doubleWell({ name, seed: name.length + 10, trials: 2000, ...change }))
  await compute(file, 4, name, '2')
  expect(await imported(...[3, 1, 4, 2].map((index) => fileOf(index, name)))).toMatchObject({
    sweep: { state: 'complete' },
    missing: { trials: 0 },
  })
  const merged = await runToResults(file, home)
  const verified = await driftfarm(['verify', '--full', name], { home })
  expect(verified.code, `${name}: ${verified.stdout}${verified.stderr}`).toBe(0)
  await driftfarm(['rm', name], { home })
  const alone = await runToResults(file, home)
  expect(digests(merged)).toEqual(digests(alone))
  const { contrasts } = merged as unknown as { contrasts: unknown }
  expect(contrasts).toEqual((alone as unknown as { contrasts: unknown }).contrasts)
})
