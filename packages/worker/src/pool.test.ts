import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Lease } from '@driftfarm/database'
import { addDigests, addTallies, decodeOutcome, layoutOf, prepare, runReference } from '@driftfarm/kernel'
import { premisesVersion } from '@driftfarm/statistics'
import { modulesFolder } from '@driftfarm/testing/modules'
import { threadFile } from '@driftfarm/testing/thread'
import { premisesOf } from '@driftfarm/theory'
import type { Piscina } from 'piscina'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { cell, cellId, leaseOf, resolve, spec } from './cells.fixture.ts'
import type { Faults } from './faults.ts'
import { writeHashed } from './kernelCache.ts'
import { type Computed, Pool, type PoolOptions } from './pool.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

/** One turn of the loop of events after the other, until it is so. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

const made = (options: Partial<PoolOptions> = {}): Pool =>
  new Pool({
    threads: 2,
    threadFile,
    cacheFolder: modulesFolder(),
    ...options,
    limits: { watchMs: 20, graceMs: 100, heapMb: 128, ...options.limits },
  })
/** The answer to a slice of one batch. */
const one = async (pool: Pool, lease: Lease): Promise<Computed> => (await pool.compute([lease]))[0]!
const partsOf = (computed: Computed) => {
  if (computed.kind !== 'parts') throw new Error(`not computed: ${JSON.stringify(computed)}`)
  return computed.parts
}
const reference = runReference(cell, 0, 1_000, { horizons: [50] })
const escapedAt = (trial: number) => decodeOutcome(reference.records, layoutOf(cell), trial).escapedAt !== null

describe('two threads', () => {
  let pool: Pool
  beforeAll(() => {
    pool = made()
  })
  afterAll(() => pool.close())

  test('give the bytes of the reference, whatever the batches', async () => {
    const ranges = [1, 6, 93, 400, 500].map((count, index, all) => ({
      first: all.slice(0, index).reduce((sum, each) => sum + each, 0),
      count,
    }))
    const batches = await Promise.all(ranges.map((range) => one(pool, leaseOf(range))))
    const parts = batches.flatMap(partsOf)
    expect(parts.map(({ first, count }) => ({ first, count }))).toEqual(ranges)
    expect(parts.map(({ digest }) => digest).reduce(addDigests)).toBe(reference.digest)
    expect(parts.map(({ tally }) => tally).reduce(addTallies)).toEqual(reference.tally)
    for (const batch of batches) expect(batch).toMatchObject({ cpuSeconds: expect.any(Number) })
  })

  test('keep rows as the rule says', async () => {
    const [all] = partsOf(await one(pool, leaseOf({ first: 0, count: 1_000 })))
    const [none] = partsOf(await one(pool, leaseOf({ first: 0, count: 1_000 }, { record: { kind: 'none' } })))
    const [some] = partsOf(await one(pool, leaseOf({ first: 0, count: 1_000 }, { record: { kind: 'events' } })))
    expect(none?.outcome).toBeNull()
    expect(all!.outcome!.length).toBeGreaterThan(some!.outcome!.length)
    expect([none?.digest, some?.digest]).toEqual([all?.digest, all?.digest])
  })

  if (full)
    test('report which trials had an event, even without rows, and in each part of a cut', async () => {
      const escaped = Array.from({ length: 1_000 }, (_, trial) => escapedAt(trial))
      const had = (bytes: Uint8Array, count: number) =>
        Array.from({ length: count }, (_, i) => ((bytes[i >> 3]! >> (i & 7)) & 1) === 1)
      const more = { record: { kind: 'none' }, bits: ['diverge', 'escape'] } as const
      const [whole] = partsOf(await one(pool, leaseOf({ first: 0, count: 1_000 }, more)))
      expect(whole).toMatchObject({ outcome: null, digest: reference.digest })
      expect(whole!.bits.map(({ estimate }) => estimate)).toEqual(['diverge', 'escape'])
      expect(had(whole!.bits[0]!.bytes, 1_000)).not.toContain(true)
      expect(had(whole!.bits[1]!.bytes, 1_000)).toEqual(escaped)
      const parts = partsOf(await one(pool, leaseOf({ first: 100, count: 200 }, { ...more, cut: { at: 133 } })))
      expect(parts.flatMap(({ bits, count }) => had(bits[1]!.bytes, count))).toEqual(escaped.slice(100, 300))
    })

  test('a cut at a trial gives head and tail', async () => {
    const parts = partsOf(await one(pool, leaseOf({ first: 100, count: 200 }, { cut: { at: 130 } })))
    const expected = [
      [100, 30],
      [130, 170],
    ].map(([first, count]) => ({ first, count, digest: runReference(cell, first!, count!, { horizons: [] }).digest }))
    expect(parts).toMatchObject(expected)
    const whole = partsOf(await one(pool, leaseOf({ first: 100, count: 200 }, { cut: { at: 300 } })))
    expect(whole).toMatchObject([{ first: 100, count: 200 }])
    expect(await one(pool, leaseOf({ first: 100, count: 200 }, { cut: { at: 301 } }))).toMatchObject({
      failure: { kind: 'throw', message: expect.stringContaining('301') },
    })
  })

  test('a cut after the nth event ends just after it', async () => {
    const layout = layoutOf(cell)
    const escapes = Array.from({ length: 1_000 }, (_, trial) => trial).filter(
      (trial) => decodeOutcome(reference.records, layout, trial).escapedAt !== null,
    )
    expect(escapes.length).toBeGreaterThan(50)
    const nth = 12
    const cut = { event: 'escape', nth }
    const parts = partsOf(await one(pool, leaseOf({ first: 0, count: 1_000 }, { cut, record: { kind: 'none' } })))
    expect(parts.map(({ count }) => count)).toEqual([escapes[nth - 1]! + 1, 999 - escapes[nth - 1]!])
    expect(parts[0]?.tally.escaped).toBe(nth)
    // The last trial of the batch is the one: nothing is left for a tail.
    const count = escapes[nth - 1]! + 1
    expect(partsOf(await one(pool, leaseOf({ first: 0, count }, { cut })))).toMatchObject([{ first: 0, count }])
    const missing = { event: 'escape', nth: 1_001 }
    expect(await one(pool, leaseOf({ first: 0, count: 1_000 }, { cut: missing }))).toMatchObject({
      kind: 'failed',
      failure: { kind: 'throw', message: expect.stringContaining(`only ${escapes.length}`) },
    })
  })

  test('a batch that cannot be computed fails with the reason', async () => {
    const canonical = JSON.stringify({ ...cell, landscape: { ...cell.landscape, expression: 'x +* 1' } })
    const lease = leaseOf({ first: 0, count: 5 }, { canonical, cell: 'ab' })
    expect(await one(pool, lease)).toMatchObject({ kind: 'failed', failure: { kind: 'throw' } })
  })

  test('batches released while they wait or compute have no result, and the threads continue', async () => {
    const long = Array.from({ length: 4 }, (_, batch) => one(pool, leaseOf({ first: batch * 10 ** 6, count: 10 ** 6 })))
    await until(() => pool.computing === 2)
    pool.stop('withdrawn', ({ first }) => first === 0)
    pool.stop('released', ({ first }) => first > 0)
    expect(await Promise.all(long)).toEqual([
      { kind: 'stopped', reason: 'withdrawn' },
      ...Array(3).fill({ kind: 'stopped', reason: 'released' }),
    ])
    expect(partsOf(await one(pool, leaseOf({ first: 0, count: 10 })))).toHaveLength(1)
  })
})

test('the reference engine gives the same bytes and stops when told to', async () => {
  const pool = made({ threads: 1, engine: 'reference' })
  onTestFinished(() => pool.close())
  const { digest, tally } = runReference(cell, 0, 100, { horizons: [50] })
  const parts = partsOf(await one(pool, leaseOf({ first: 0, count: 100 })))
  expect(parts).toMatchObject([{ digest, tally }])
  const long = one(pool, leaseOf({ first: 0, count: 10 ** 6 }))
  await until(() => pool.computing === 1)
  pool.stop('released')
  expect(await long).toEqual({ kind: 'stopped', reason: 'released' })
})

describe('poison', () => {
  const kinds: [NonNullable<Faults['poison']>['kind'], string, RegExp][] = [
    ['throw', 'throw', /trial 7 is poison/],
    ['exit', 'exit', /thread exited with code: 9/],
    ['memory', 'memory', /memory/],
    ['loop', 'deadline', /not finished after/],
  ]
  test.each(kinds.filter(([kind]) => full || kind !== 'memory'))(
    'a trial that does %s fails its batch as %s; others go on',
    async (kind, expected, message) => {
      const pool = made({
        faults: { poison: { trial: 7, kind } },
        limits: { minDeadlineMs: kind === 'loop' ? 300 : 60_000 },
      })
      onTestFinished(() => pool.close())
      const secondsPerTrial = 1e-6
      const [bad, good] = await Promise.all([
        one(pool, leaseOf({ first: 0, count: 10 }, { secondsPerTrial })),
        one(pool, leaseOf({ first: 10, count: 10 }, { secondsPerTrial })),
      ])
      expect(bad).toMatchObject({
        kind: 'failed',
        failure: { kind: expected, message: expect.stringMatching(message) },
      })
      expect(partsOf(good)).toHaveLength(1)
      const after = await Promise.all(
        [20, 30, 40].map((first) => one(pool, leaseOf({ first, count: 10 }, { secondsPerTrial }))),
      )
      expect(after.flatMap(partsOf)).toHaveLength(3)
    },
  )
})

describe('a slice of batches', () => {
  const count = 200
  const slice = (cell = cellId) =>
    Array.from({ length: count }, (_, place) =>
      leaseOf({ first: 5 * place, count: 5 }, { cell: place % 2 === 0 ? cell : cellId, secondsPerTrial: 1e-6 }),
    )

  test('returns results batch by batch, in order', async () => {
    const pool = made({ threads: 1 })
    onTestFinished(() => pool.close())
    const computed = await pool.compute(slice())
    const parts = computed.flatMap(partsOf)
    expect(parts.map(({ first }) => first)).toEqual(slice().map(({ first }) => first))
    expect(parts.map(({ digest }) => digest).reduce(addDigests)).toBe(reference.digest)
  })

  const kinds: [NonNullable<Faults['poison']>['kind'], string][] = [
    ['throw', 'throw'],
    ['exit', 'exit'],
    ['memory', 'memory'],
    ['loop', 'deadline'],
  ]
  test.each(full ? kinds : kinds.slice(1, 2))(
    'with one that does %s: it fails alone, and its 199 neighbours count',
    async (kind, expected) => {
      const pool = made({
        threads: 1,
        faults: { poison: { trial: 503, kind } },
        limits: { minDeadlineMs: kind === 'loop' ? 300 : 60_000 },
      })
      onTestFinished(() => pool.close())
      const computed = await pool.compute(slice())
      expect(computed).toHaveLength(count)
      expect(computed[100]).toMatchObject({ kind: 'failed', failure: { kind: expected } })
      const parts = computed.toSpliced(100, 1).flatMap(partsOf)
      const missing = runReference(cell, 500, 5, { horizons: [50] })
      expect(addDigests(parts.map(({ digest }) => digest).reduce(addDigests), missing.digest)).toBe(reference.digest)
    },
  )

  test('with one cell that cannot be compiled: its batches fail, the others count', async () => {
    const pool = made({ threads: 1 })
    onTestFinished(() => pool.close())
    const canonical = JSON.stringify({ ...cell, landscape: { ...cell.landscape, expression: 'x +* 1' } })
    const leases = slice().map((lease, place) => (place % 50 === 7 ? { ...lease, cell: 'ab', canonical } : lease))
    const computed = await pool.compute(leases)
    const failed = computed.flatMap((each, place) => (each.kind === 'failed' ? [place] : []))
    expect(failed).toEqual([7, 57, 107, 157])
  })

  test('that is stopped keeps its finished batches', async () => {
    // On a loaded machine the thread may not see the flag for seconds. A thread that is terminated loses its batches.
    const pool = made({ threads: 1, limits: { graceMs: 60_000 } })
    onTestFinished(() => pool.close())
    // With little noise, nearly all trials take 200 steps. The third batch then takes far longer than stopping it.
    const { id, canonical } = resolve(spec('quiet', 1_000).replace('sigma: 1.5', 'sigma: 0.3')).cell(0)
    const more = { canonical, cell: id, record: { kind: 'none' } } as const
    const leases = [5, 5, 10 ** 7, 5].map((count, place) => leaseOf({ first: place * 10 ** 7, count }, more))
    const computing = pool.compute(leases)
    await until(() => pool.places.some(({ batch }) => batch === 2))
    pool.stop('released')
    const computed = await computing
    expect(computed.map(({ kind }) => kind)).toEqual(['parts', 'parts', 'stopped', 'stopped'])
  })
})

describe('the premises of a cell', () => {
  const requested = { premises: { trials: 0, cells: 1, above: null }, secondsPerTrial: 1e-6 } as const
  const premisesIn = (computed: Computed) => {
    if (computed.kind !== 'parts') throw new Error(`not computed: ${JSON.stringify(computed)}`)
    return computed.premises
  }

  if (full)
    test('are computed with the batch if the lease requests them, the same in every thread', async () => {
      const pool = made()
      onTestFinished(() => pool.close())
      const range = { first: 0, count: 10 }
      const [first, second, none] = await Promise.all([
        one(pool, leaseOf(range, requested)),
        one(pool, leaseOf({ first: 10, count: 10 }, requested)),
        one(pool, leaseOf({ first: 20, count: 10 })),
      ])
      expect(premisesIn(first!)).toEqual(await premisesOf(cell, []))
      expect(premisesIn(first!)).toMatchObject({
        version: premisesVersion,
        control: { own: false, trials: 1, escaped: 0 },
      })
      expect([premisesIn(second!), premisesIn(none!)]).toEqual([premisesIn(first!), null])
    })

  const kinds: [NonNullable<Faults['premises']>, RegExp][] = [
    ['throw', /is poison/],
    ['exit', /thread exited with code: 9/],
    ['memory', /memory/],
    ['loop', /^not finished after 0\.3 s of computing$/],
  ]
  test.each(full ? kinds : kinds.slice(1, 2))(
    'a thread that does %s over it loses no batch, whose deadline is its own',
    async (kind, reason) => {
      const pool = made({
        threads: 1,
        faults: { premises: kind },
        // Only premises that never end take longer than a batch may. The other batches have time on a loaded machine.
        limits: kind === 'loop' ? { premisesLimitMs: 300, minDeadlineMs: 100 } : { minDeadlineMs: 5_000 },
      })
      onTestFinished(() => pool.close())
      const computed = await one(pool, leaseOf({ first: 0, count: 10 }, requested))
      expect(partsOf(computed)).toHaveLength(1)
      const failed = premisesIn(computed)!.failed
      expect(failed.map(({ part }) => part)).toContain('control')
      for (const each of failed) expect(each.reason).toMatch(reason)
      expect(partsOf(await one(pool, leaseOf({ first: 10, count: 10 })))).toHaveLength(1)
    },
  )

  test('a worker that ends does not wait for them: the batch is released and computed elsewhere', async () => {
    const pool = made({ threads: 1, faults: { premises: 'loop' } })
    onTestFinished(() => pool.close())
    const computed = one(pool, leaseOf({ first: 0, count: 10 }, requested))
    await until(() => pool.places.some(({ phase }) => phase === 'premises'))
    pool.stop('released')
    expect(await computed).toEqual({ kind: 'stopped', reason: 'released' })
  })
})

test('a pool whose threads died during loading is recreated', async () => {
  const pool = made({ threads: 2 })
  onTestFinished(() => pool.close())
  await pool.ready()
  const inside = pool as unknown as { piscina: { threads: { terminate(): Promise<number> }[] } }
  const old = inside.piscina
  // The second death of a thread finds it not ready, after which the library starts no more.
  while (old.threads.length > 0) await Promise.all(old.threads.map((thread) => thread.terminate()))
  const after = await Promise.all([0, 100, 200].map((first) => one(pool, leaseOf({ first, count: 100 }))))
  expect(after.flatMap(partsOf)).toHaveLength(3)
  expect(inside.piscina).not.toBe(old)
})

test('a shape is cached on disk, reused, and recompiled if its file is damaged', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'driftfarm-cache-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const pool = made({ cacheFolder: folder, threads: 1 })
  onTestFinished(() => pool.close())
  const { shape, source } = prepare(cell, [])
  // The cell has the common shape, which is compiled before there is work.
  await pool.compileCommon()
  const [version] = await readdir(folder)
  expect(await readdir(join(folder, version!))).toEqual([`${shape}.wasm`])
  const [part] = partsOf(await one(pool, leaseOf({ first: 0, count: 1_000 })))
  expect(part?.digest).toBe(reference.digest)
  expect(await readdir(join(folder, version!))).toEqual([`${shape}.wasm`])
  expect(shape).toMatch(/^[0-9a-f]{64}$/)
  const whole = await readFile(join(folder, version!, `${shape}.wasm`))
  // Set-up keeps the common shape too, so what is damaged has the name of no shape.
  const other = '0'.repeat(64)
  const path = join(folder, version!, `${other}.wasm`)
  // The same thread is asked for the shape as a new pool would ask it: the compiler, which is large, is loaded already.
  const inside = pool as unknown as { piscina: Piscina }
  const again = (): Promise<Uint8Array> => inside.piscina.run({ shape: other, source, folder }, { name: 'compile' })
  await writeFile(path, Buffer.from(whole).fill(1, 100, 108))
  const bytes = await again()
  expect((await readFile(path)).equals(whole)).toBe(true)
  // Its trials are those of the reference, as the digest above says of the module that was kept.
  expect(whole.subarray(-bytes.length).equals(bytes)).toBe(true)
  // What the compiler never wrote comes back: the file is read, and nothing is compiled.
  const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
  writeHashed(path, empty)
  expect(Array.from(await again())).toEqual(Array.from(empty))
})
