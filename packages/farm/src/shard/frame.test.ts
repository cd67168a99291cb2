import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { afterAll, describe, expect, test } from 'vitest'
import { requireShards } from './compute.ts'
import type { FrameWithBytes, ShardFile } from './frame.ts'
import { checkShards } from './import.ts'
import type { BatchFrame, Head } from './shape.ts'
import { framesOf, never, resolvedSpec, Shards } from './shard.fixture.ts'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const shards = new Shards(folder.path)
const spec = resolvedSpec({ trials: 60, horizons: [50] })
const shard = { index: 1, of: 2 }
const frames = [...framesOf(spec, shard)]
const check = (...files: ShardFile[]) => checkShards(files, never)
const refusal = (files: readonly ShardFile[]) =>
  checkShards(files, never).then(
    () => 'taken',
    (error: Error & { code?: string }) => `${error.code}: ${error.message}`,
  )

/** The file as another program would write it. */
const changed = (
  name: string,
  change: (frame: BatchFrame) => object,
  head: (frame: Head) => object = (frame) => frame,
) =>
  shards.write(
    name,
    frames.map(({ frame, bytes }): FrameWithBytes => {
      if (frame.is === 'batch') return { frame: change(frame) as BatchFrame, bytes }
      return { frame: (frame.is === 'head' ? head(frame) : frame) as Head, bytes }
    }),
  )

test('a written shard is read back', async () => {
  const { sweep, checked } = await check(...(await shards.of(spec, 2, [1, 2])))
  expect(sweep.id()).toBe(spec.sweep.id())
  expect(checked.map(({ head }) => head.shard)).toEqual([
    { index: 1, of: 2 },
    { index: 2, of: 2 },
  ])
})

test('a shard without trials is also a file', async () => {
  const tiny = resolvedSpec({ trials: 1 })
  const files = await shards.of(tiny, 5, [1, 2, 3, 4, 5])
  expect((await check(...files)).checked).toHaveLength(5)
})

describe('damage', async () => {
  const [file] = await shards.of(spec, 2, [1])
  const bytes = readFileSync(file!.path)
  test('truncated anywhere', async () => {
    for (const share of [0, 0.001, 0.3, 0.9, 0.999]) {
      const cut = shards.raw('cut', bytes.subarray(0, Math.floor(share * bytes.length)))
      expect(await refusal([cut])).toMatch(/^SHARD_FILE: cut is (not a shard file|damaged: it is truncated)/)
    }
  })
  test('a byte flipped anywhere', async () => {
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
      const flipped = Buffer.from(bytes)
      flipped[at]! ^= 0x10
      // Some bytes of the gzip header have no effect: the time and the system.
      if (at >= 4 && at < 10) continue
      expect(await refusal([shards.raw('flipped', flipped)])).toMatch(/^SHARD_FILE: flipped/)
    }
  })
  test('a byte flipped before it was compressed', async () => {
    const plain = gunzipSync(bytes)
    for (let at = 0; at < plain.length; at += Math.ceil(plain.length / 20)) {
      const flipped = Buffer.from(plain)
      flipped[at]! ^= 1
      expect(await refusal([shards.raw('plain', gzipSync(flipped))])).toMatch(/^SHARD_FILE/)
    }
  })
  test('data after its end', async () => {
    const longer = gzipSync(Buffer.concat([gunzipSync(bytes), Buffer.from('more')]))
    expect(await refusal([shards.raw('longer', longer)])).toContain('it has data after its end')
  })
  test('a frame that claims gigabytes takes no memory', async () => {
    const claim = Buffer.alloc(8)
    claim.writeUInt32BE(4_294_967_295, 4)
    const plain = gunzipSync(bytes)
    const head = 8 + plain.readUInt32BE(0) + plain.readUInt32BE(4)
    const claiming = gzipSync(Buffer.concat([plain.subarray(0, head), claim]))
    expect(await refusal([shards.raw('claiming', claiming)])).toContain('impossible size (4294967295 bytes)')
    expect(await refusal([shards.raw('first', gzipSync(claim))])).toContain('not a shard file')
  })
})

test('files that are not shards', async () => {
  mkdirSync(join(folder.path, 'folder'))
  const others = [
    { name: 'folder', path: join(folder.path, 'folder') },
    shards.raw('empty', new Uint8Array()),
    shards.raw('text', Buffer.from('version: 1\nname: x\n'.repeat(10))),
    shards.raw('gz', gzipSync(Buffer.from('some text that was compressed, and is of no shard'))),
    shards.raw('nothing.gz', gzipSync(Buffer.alloc(0))),
    await shards.write('other', [
      { frame: { is: 'head', format: 'other' } as unknown as Head, bytes: new Uint8Array() },
    ]),
  ]
  for (const file of others) expect(await refusal([file])).toBe(`SHARD_FILE: ${file.name} is not a shard file`)
  expect(await refusal([{ name: 'none', path: join(folder.path, 'none') }])).toMatch(/^NOT_FOUND/)
})

test('other formats, kernels and keys', async () => {
  const same = (frame: BatchFrame) => frame
  const newer = await changed('newer', same, (head) => ({ ...head, version: 2, driftfarm: '9.0.0', more: 1 }))
  expect(await refusal([newer])).toBe(
    'SHARD_FILE: newer has format 2, but this version of Drift Farm reads only format 1',
  )
  const kernel = await changed('kernel', same, (head) => ({ ...head, kernel: 999 }))
  expect(await refusal([kernel])).toContain('kernel version 999')
  const foreign = await changed('foreign', same, (head) => ({ ...head, sweep: 'f'.repeat(32) }))
  expect(await refusal([foreign])).toContain('contains trials of sweep ffffffffffff, but the spec in it defines')
  const proto = await changed('proto', (frame) => JSON.parse(`{"__proto__": {"is": "batch"}, "first": ${frame.first}}`))
  expect(await refusal([proto])).toMatch(/^SHARD_FILE: proto is damaged/)
  expect(({} as { is?: string }).is).toBeUndefined()
})

test('batches that do not belong to the sweep, or contradict themselves', async () => {
  const wrong: Record<string, (frame: BatchFrame) => object> = {
    'the last cell of the spec is 0': (frame) => ({ ...frame, cell: 1 }),
    'the cell id in the file is': (frame) => ({ ...frame, id: 'a'.repeat(frame.id.length) }),
    'the spec requests only 60 trials': (frame) => ({ ...frame, first: 60 }),
    'the digest is invalid': (frame) => ({ ...frame, digest: 'mset128:0' }),
    'the parts of a commit are not contiguous': (frame) => ({ ...frame, count: frame.count - 1 }),
    'add up to': (frame) => ({ ...frame, tally: { ...frame.tally, ends: [1, 2, 3, 4] } }),
    'a commit contains event bits for the estimates [escape]': (frame) => ({
      ...frame,
      outcome: frame.outcome! - 1,
      bits: [{ estimate: 'escape', bytes: 1 }],
    }),
    'the rows and event bits have more or fewer bytes': (frame) => ({ ...frame, outcome: frame.outcome! + 1 }),
    'the rows belong to another cell or to other trials': (frame) => ({
      ...frame,
      first: frame.first + 1,
      count: frame.count - 1,
    }),
    'tally: ': (frame) => ({ ...frame, tally: 7 }),
  }
  for (const [why, change] of Object.entries(wrong))
    expect(await refusal([await changed('wrong', change)]), why).toContain(why)
})

test('files of several sweeps or several requests cannot be imported together', async () => {
  const [mine] = await shards.of(spec, 2, [1])
  const [other] = await shards.of(resolvedSpec({ seed: 99, trials: 60 }), 2, [2])
  expect(await refusal([mine!, other!])).toMatch(/^CONFLICT: .* belongs to sweep test/)
  const [more] = await shards.of(resolvedSpec({ trials: 80, horizons: [50] }), 2, [2])
  expect(await refusal([mine!, more!])).toMatch(
    /^CONFLICT: .* and the files before it request different trials of the same sweep/,
  )
})

test('a sweep without a fixed number of trials has no shards', () => {
  const until = (change: Record<string, unknown>) => resolvedSpec({ trials: undefined, ...change }).sweep
  const rule = { estimate: 'escape', relative: 0.1 }
  expect(() => requireShards(until({ until: rule }))).toThrow(
    'a stopping rule (until) needs all trials, beginning with',
  )
  expect(() => requireShards(until({ until: rule, budget: 100_000 }))).toThrow('a budget is divided according to')
  expect(() => requireShards(spec.sweep)).not.toThrow()
})
