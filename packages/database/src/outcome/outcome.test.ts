import { createHash } from 'node:crypto'
import { type FreshDatabase, freshDatabase } from '@driftfarm/testing/database'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { copyOutcomes } from '../connection/copy.ts'
import { type Database, openDatabase } from '../connection/database.ts'
import { encodeOutcomeRow, largestRow, type ObservedRows, sampled } from './encode.ts'
import { observedAt, readOutcomes, rowsAtOnce, trialAt } from './read.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
let fresh: FreshDatabase
let database: Database
beforeAll(async () => {
  fresh = await freshDatabase()
  database = await openDatabase({ url: fresh.url })
})
afterAll(async () => {
  await database.close()
  await fresh.drop()
})

let cells = 0

/** A new cell with one batch a length in `counts`, all done. */
async function makeCell(counts: readonly number[], marks: readonly string[] = [], start = 0): Promise<string> {
  const id = String(++cells).padStart(32, '0')
  const values = [id, marks]
  await database.pool.query(
    `insert into farm.cell (id, canonical, kernel, exits, minima, classes, marks, horizon)
      values ($1, '{}', 1, '{up}', '{left,right}', '{good}', $2, 1000)`,
    values,
  )
  let first = start
  for (const count of counts) {
    await database.pool.query(
      `insert into farm.batch (cell_id, first, count, record, generation, attempts, failures, vanished, cpu_seconds,
                               digest, tally) values ($1, $2, $3, '{}', 1, 1, 0, 0, 0.1, '', '{}')`,
      [id, first, count],
    )
    first += count
  }
  return id
}

async function store(rows: readonly (Uint8Array | null)[]): Promise<void> {
  await database.transaction((client) =>
    copyOutcomes(
      client,
      rows.filter((row) => row !== null),
    ),
  )
}

const arbitraryLong = fc.bigInt({ min: 0n, max: 10n ** 12n })
const anyDouble = fc.oneof(
  fc.double(),
  fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }).map((bits) => {
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, bits)
    return view.getFloat64(0)
  }),
  fc.constantFrom(
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
    0,
    5e-324,
    Number.MAX_VALUE,
    1e15 + 2,
  ),
)

/** Records as the kernel makes them: any codes, any steps, any doubles. */
const arbitraryRecords = (marks: number, count: fc.Arbitrary<number>): fc.Arbitrary<Uint8Array> =>
  count.chain((n) =>
    fc
      .array(
        fc.record({
          codes: fc.tuple(fc.nat(3), fc.nat(200), fc.nat(65535), fc.nat(65535)),
          longs: fc.tuple(fc.option(arbitraryLong), fc.option(arbitraryLong), arbitraryLong),
          doubles: fc.tuple(anyDouble, anyDouble),
          marks: fc.array(arbitraryLong, { minLength: marks, maxLength: marks }),
          unreached: fc.boolean(),
        }),
        { minLength: n, maxLength: n },
      )
      .map((outcomes) => {
        const bytes = 48 + 8 * marks
        const out = new DataView(new ArrayBuffer(n * bytes))
        outcomes.forEach((outcome, i) => {
          const at = i * bytes
          out.setUint8(at, outcome.codes[0])
          out.setUint8(at + 1, outcome.codes[1])
          out.setUint16(at + 2, outcome.codes[2], true)
          out.setUint16(at + 4, outcome.codes[3], true)
          out.setUint16(at + 6, outcome.unreached ? 1 : 0, true)
          for (const [k, value] of outcome.longs.entries()) out.setBigInt64(at + 8 + 8 * k, value ?? 0n, true)
          for (const [k, value] of outcome.doubles.entries()) out.setFloat64(at + 32 + 8 * k, value, true)
          for (const [k, value] of outcome.marks.entries()) out.setBigInt64(at + 48 + 8 * k, value, true)
        })
        return new Uint8Array(out.buffer)
      }),
  )

it('returns every bit of every record, whatever the batches and marks', async () => {
  const marks = fc.nat(3)
  const batches = (m: number) =>
    fc.array(arbitraryRecords(m, fc.integer({ min: 1, max: 12 })), { minLength: 1, maxLength: 5 })
  await fc.assert(
    fc.asyncProperty(
      marks.chain((m) => fc.tuple(fc.constant(m), batches(m))),
      fc.constantFrom(0, 2 ** 31 + 5, 10 ** 15 - 1000),
      async ([m, parts], start) => {
        const names = ['a', 'b', 'c'].slice(0, m)
        const bytes = 48 + 8 * m
        const id = await makeCell(
          parts.map((part) => part.length / bytes),
          names,
          start,
        )
        let first = start
        const rows = parts.map((part) => {
          const row = encodeOutcomeRow(id, first, part, { bytes, marks: names }, { kind: 'all' })
          first += part.length / bytes
          return row
        })
        await store(rows)
        const back: Uint8Array[] = []
        let at = start
        for await (const chunk of readOutcomes(database, id, start, first)) {
          expect(chunk.first).toBe(at)
          expect(chunk.bytes).toBe(bytes)
          at += chunk.count
          back.push(chunk.records)
        }
        expect(Buffer.concat(back).equals(Buffer.concat(parts))).toBe(true)
      },
    ),
    { numRuns: 40 },
  )
})

function records(count: number, change: (view: DataView, at: number, i: number) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(count * 48))
  for (let i = 0; i < count; i++) {
    view.setUint8(i * 48, 3)
    change(view, i * 48, i)
  }
  return new Uint8Array(view.buffer)
}

const layout = { bytes: 48, marks: [] }

async function keptTrials(id: string, from: number, to: number): Promise<number[]> {
  const kept: number[] = []
  for await (const chunk of readOutcomes(database, id, from, to)) {
    for (let i = 0; i < chunk.count; i++) kept.push(trialAt(chunk, i))
  }
  return kept
}

it('records only events if requested', async () => {
  const some = records(10, (view, at, i) => {
    if (i === 2) view.setUint8(at, 0)
    if (i === 5) view.setBigInt64(at + 8, 2n ** 33n, true) // escaped and went on
    if (i === 7) view.setBigInt64(at + 16, 9n, true) // converged and went on
  })
  const id = await makeCell([10, 10])
  const rule = { kind: 'events' } as const
  await store([encodeOutcomeRow(id, 0, some, layout, rule), encodeOutcomeRow(id, 10, some, layout, rule)])
  expect(await keptTrials(id, 0, 20)).toEqual([2, 5, 7, 12, 15, 17])
  expect(await keptTrials(id, 5, 13)).toEqual([5, 7, 12])
  const none = records(10, () => {})
  expect(encodeOutcomeRow(id, 0, none, layout, rule)).toBeNull()
})

it('records a sample that depends only on the index', async () => {
  const id = await makeCell([400, 600])
  const rule = { kind: 'sample', share: 0.1 } as const
  const of = (count: number) => records(count, () => {})
  await store([encodeOutcomeRow(id, 0, of(400), layout, rule), encodeOutcomeRow(id, 400, of(600), layout, rule)])
  const expected = Array.from({ length: 1000 }, (_, i) => i).filter((i) => sampled(i, 0.1))
  expect(await keptTrials(id, 0, 1000)).toEqual(expected)
})

if (full)
  it('reads a large batch in parts, between small ones, with and without gaps', async () => {
    const [small, large] = [7, 2 * rowsAtOnce + 11]
    const of = (count: number, seed: number) =>
      records(count, (view, at, i) => {
        // Most are events; the settled code is the same in all rows, which is one element of an array.
        view.setUint8(at, i % 10 === 3 ? 3 : 0)
        view.setBigInt64(at + 24, BigInt(seed + i), true)
        view.setFloat64(at + 32, seed / (i + 1), true)
      })
    for (const rule of [{ kind: 'all' }, { kind: 'events' }] as const) {
      const counts = [small, large, small, large, small]
      const id = await makeCell(counts)
      let first = 0
      const parts = counts.map((count, seed) => {
        const part = { first, bytes: of(count, 1000 * seed) }
        first += count
        return part
      })
      for (const part of parts) await store([encodeOutcomeRow(id, part.first, part.bytes, layout, rule)])
      for (const [from, to] of [
        [0, first],
        [small + rowsAtOnce - 2, first - small - 3],
        [rowsAtOnce + small, rowsAtOnce + small + 1],
      ] as const) {
        const hash = createHash('sha256')
        const chunks: number[] = []
        let last = -1
        for await (const chunk of readOutcomes(database, id, from, to)) {
          chunks.push(chunk.count)
          for (let i = 0; i < chunk.count; i += 997) expect(trialAt(chunk, i)).toBeGreaterThan(last)
          last = trialAt(chunk, chunk.count - 1)
          hash.update(chunk.records)
        }
        const expected = createHash('sha256')
        let trial = 0
        for (const { bytes } of parts)
          for (let at = 0; at < bytes.length; at += 48, trial++)
            if (trial >= from && trial < to && (rule.kind === 'all' || bytes[at] !== 3))
              expected.update(bytes.subarray(at, at + 48))
        expect(hash.digest('hex')).toBe(expected.digest('hex'))
        expect(Math.max(...chunks)).toBeLessThanOrEqual(rowsAtOnce)
      }
    }
  })

it('returns observed values with NaN and nulls, also of a batch that is read in parts', async () => {
  const count = rowsAtOnce + 3
  // Only every third trial escaped.
  const some = records(count, (view, at, i) => view.setBigInt64(at + 8, i % 3 === 0 ? 5n : 0n, true))
  const watches = (['x@escape', 'y@start'] as const).map((key, at): ObservedRows['plan']['watches'][number] => ({
    key,
    value: at,
    kind: at === 0 ? 'escape' : 'step',
    argument: 0,
    at,
    points: 1,
  }))
  const plan = { values: ['x', 'y'], watches, slots: 2, singles: 2 }
  const values = Float64Array.from({ length: 2 * count }, (_, i) => (i === 7 ? Number.NaN : i / 7))
  for (const rule of [{ kind: 'all' }, { kind: 'events' }] as const) {
    const id = await makeCell([2, count])
    const row = encodeOutcomeRow(id, 2, some, layout, rule, { plan, values })
    await store([encodeOutcomeRow(id, 0, some.subarray(0, 96), layout, rule), row])
    const columns = new Map([...plan.watches.map(({ key }) => [key, key] as const), ['none', 'z@start'] as const])
    let read = 0
    for await (const chunk of readOutcomes(database, id, 1, count))
      for (let i = 0; i < chunk.count; i++) {
        const trial = trialAt(chunk, i) - 2
        const [escape, start] =
          trial < 0 ? [null, null] : [trial % 3 === 0 ? values[2 * trial] : null, values[2 * trial + 1]]
        if (i % 1000 < 5)
          expect(observedAt(chunk, i, columns)).toEqual({ 'x@escape': escape, 'y@start': start, none: null })
        read++
      }
    expect(read).toBe(rule.kind === 'all' ? count - 1 : Math.ceil((count - 2) / 3))
  }
})

it('records nothing if nothing is requested', () => {
  expect(
    encodeOutcomeRow(
      'x',
      0,
      records(5, () => {}),
      layout,
      { kind: 'none' },
    ),
  ).toBeNull()
})

it('refuses a batch that no row could hold', () => {
  const much = new Uint8Array((largestRow + 1) * 48)
  expect(() => encodeOutcomeRow('x', 0, much, layout, { kind: 'all' })).toThrow(/4194305 outcomes .* at most 4194304/)
})

it('leaves no row and a usable connection when a copy fails', async () => {
  const id = await makeCell([3])
  const row = encodeOutcomeRow(
    id,
    0,
    records(3, () => {}),
    layout,
    { kind: 'all' },
  )!
  await expect(store([row, row])).rejects.toMatchObject({ code: '23505' })
  await expect(store([row.subarray(0, 40)])).rejects.toMatchObject({ code: '22P04' })
  expect(await keptTrials(id, 0, 3)).toEqual([])
  await store([row])
  expect(await keptTrials(id, 0, 3)).toEqual([0, 1, 2])
})

it('shows only finished batches', async () => {
  const id = await makeCell([3, 3])
  const of = (first: number) =>
    encodeOutcomeRow(
      id,
      first,
      records(3, () => {}),
      layout,
      { kind: 'all' },
    )
  await store([of(0), of(3)])
  await database.pool.query('delete from farm.batch where cell_id = $1 and first = 0', [id])
  expect(await keptTrials(id, 0, 6)).toEqual([3, 4, 5])
})
