import { batchesOfShard } from '@driftfarm/coordinator'
import { formatDigest, runReference } from '@driftfarm/kernel'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, expect, test } from 'vitest'
import { computeShard, type ShardCounts } from './compute.ts'
import type { FrameWithBytes } from './frame.ts'
import { checkShards } from './import.ts'
import { never, resolvedSpec, Shards } from './shard.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const folder = temporaryFolder()
afterAll(() => folder.remove())
const shards = new Shards(folder.path)
const table = new TextEncoder().encode('x,y\n1,2\n2,3.5\n-1,0\n')
const spec = resolvedSpec(
  {
    landscape: { formula: { variables: ['a', 'b'], expression: '(a*x + b - y)^2' }, data: { csv: 'line.csv' } },
    start: [0, 0],
    trial: { steps: 500, escape: 'a >= 3' },
    horizons: [50],
    sweep: { 'update.drift.sigma': [2, 3] },
    trials: 600,
  },
  new Map([['line.csv', table]]),
)
const given = { spec, version: '0.0.0', threads: 1, engine: 'reference' as const, signal: new AbortController().signal }

async function computed(more: Partial<Parameters<typeof computeShard>[0]> = {}, index = 1, of = 2) {
  const frames: FrameWithBytes[] = []
  let counts: Readonly<ShardCounts> | null = null
  const onCounts = (now: Readonly<ShardCounts>) => {
    counts = now
  }
  for await (const frame of computeShard({ ...given, shard: { index, of }, onCounts, ...more })) frames.push(frame)
  return { frames, counts: counts as Readonly<ShardCounts> | null }
}

test('threads compute the same as the reference, and a failed piece is reported', async () => {
  const [id] = spec.sweep.ids()
  const faults = { poison: { trial: 0, kind: 'throw', cell: id! }, premises: 'throw' } as const
  const place = [1, 2, 3]
    .map((index) => [...batchesOfShard(spec.sweep, { index, of: 3 })])
    .findIndex((own) => own.some(({ cell, first }) => cell.index === 0 && first === 0))
  const { frames, counts } = await computed({ faults }, place + 1, 3)
  const batches = frames.flatMap(({ frame }) => (frame.is === 'batch' ? [frame] : []))
  expect(batches).toHaveLength(1)
  for (const { cell: index, first, count, digest, premises } of batches) {
    const { cell, tables } = spec.sweep.cell(index)
    expect(formatDigest(runReference(cell, first, count, { horizons: [50], tables }).digest)).toBe(digest)
    expect(premises !== null).toBe(first === 0)
  }
  const failed = frames.flatMap(({ frame }) => (frame.is === 'failed' ? [frame] : []))
  expect(failed).toEqual([{ is: 'failed', ...counts!.failed[0] }])
  expect(failed[0]).toMatchObject({ cell: 0, first: 0 })
  expect(counts).toMatchObject({ pieces: batches.length, trials: batches.reduce((sum, { count }) => sum + count, 0) })
  expect(counts!.trials + failed[0]!.count).toBe(400)
  // The file alone is enough to restore the sweep, since it contains the samples.
  const { sweep, checked } = await checkShards([await shards.write('data', frames)], never)
  expect(sweep.cell(1).tables[0]?.hash).toBe(spec.sweep.cell(1).tables[0]!.hash)
  expect(checked[0]!.failed).toEqual(counts!.failed)
  const without = await shards.write(
    'without',
    frames.filter(({ frame }) => frame.is !== 'file'),
  )
  await expect(checkShards([without], never)).rejects.toThrow('line.csv')
})

test('a signal ends it, and the file is not complete', async () => {
  const stop = new AbortController()
  const aborted = computeShard({ ...given, shard: { index: 1, of: 2 }, signal: stop.signal, onCounts: () => undefined })
  expect((await aborted.next()).value?.frame.is).toBe('head')
  stop.abort(new Error('enough'))
  await aborted.next() // the file of the spec
  await expect(aborted.next()).rejects.toThrow('enough')
})

if (full)
  test('a signal ends it while threads compute', async () => {
    const stop = new AbortController()
    const faults = { premises: 'throw' } as const
    const onCounts = () => stop.abort(new Error('enough'))
    await expect(computed({ faults, signal: stop.signal, onCounts })).rejects.toThrow('enough')
  })
