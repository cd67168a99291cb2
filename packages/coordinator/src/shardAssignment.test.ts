import { parseSweep, type Sweep } from '@driftfarm/spec'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { batchAt, batchesOfShard, batchOf, divideCell, ShardAssignment, type ShardBatch } from './shardAssignment.ts'

const sweepOf = (trials: number, more = '', trial = 'steps: 20, escape: "x >= 0"'): Sweep =>
  parseSweep(
    `
version: 1
name: dealt
seed: 3
landscape: { preset: double-well }
start: { minimum: left }
update: { rule: gradient, eta: 0.1, drift: { form: additive, law: gaussian, sigma: 1.5 } }
trial: { ${trial} }
trials: ${trials}
${more}`,
    { fileName: 'test.yaml' },
  )

const all = (sweep: Sweep, of: number): ShardBatch[][] =>
  Array.from({ length: of }, (_, place) => [...batchesOfShard(sweep, { index: place + 1, of })])

/** Joins the batches of all shards; throws where two overlap or one lacks. */
function trialsOf(shards: readonly ShardBatch[][]): Map<number, number> {
  const byCell = new Map<number, ShardBatch[]>()
  for (const batch of shards.flat()) byCell.set(batch.cell.index, [...(byCell.get(batch.cell.index) ?? []), batch])
  return new Map(
    [...byCell].map(([index, batches]) => {
      let at = 0
      for (const { first, count } of batches.sort((a, b) => a.first - b.first)) {
        expect(first).toBe(at)
        expect(count).toBeGreaterThan(0)
        at += count
      }
      return [index, at]
    }),
  )
}

test('the batches of all shards cover the trials of every cell exactly once', () => {
  const sizes = fc.record({
    trials: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 50_000_000 })),
    of: fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 60 })),
    steps: fc.constantFrom(20, 100_000, 1_000_000_000),
    cells: fc.integer({ min: 1, max: 7 }),
    record: fc.constantFrom('all', 'none', 'events'),
  })
  fc.assert(
    fc.property(sizes, ({ trials, of, steps, cells, record }) => {
      const few = steps === 1_000_000_000 ? Math.min(trials, 300) : Math.min(trials, steps === 20 ? trials : 20_000)
      const etas = Array.from({ length: cells }, (_, i) => 0.01 * (i + 1)).join(', ')
      const sweep = sweepOf(
        few,
        `record: ${record}\nsweep: { update.eta: [${etas}] }`,
        `steps: ${steps}, escape: "x >= 0"`,
      )
      const found = trialsOf(all(sweep, of))
      expect([...found.values()]).toEqual(Array.from({ length: cells }, () => few))
      expect(found.size).toBe(cells)
    }),
    { numRuns: process.env.DRIFTFARM_TEST_TIER === 'full' ? 30 : 10, seed: 11 },
  )
})

test('ranges of batches and the batch of a trial are each other’s inverse, up to 10^15 trials', () => {
  const cuts = fc
    .integer({ min: 1, max: 1e15 })
    .chain((trials) =>
      fc.record({ trials: fc.constant(trials), batches: fc.integer({ min: 1, max: Math.min(trials, 1e9) }) }),
    )
  fc.assert(
    fc.property(cuts, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (division, share) => {
      const batch = Math.floor(share * division.batches)
      const { first, count } = batchAt(division, batch)
      expect(batchOf(division, first)).toBe(batch)
      expect(batchOf(division, first + count - 1)).toBe(batch)
      expect(first + count).toBe(batch + 1 === division.batches ? division.trials : batchAt(division, batch + 1).first)
    }),
    { seed: 5 },
  )
})

test('the shard of a batch and the batches of a shard agree', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 1, max: 130 }), { minLength: 1, maxLength: 20 }),
      (of, cells) => {
        const assignment = new ShardAssignment(of)
        const load = new Array<number>(of).fill(0)
        for (const batches of cells) {
          assignment.nextCell(batches)
          const had = Array.from({ length: of }, (_, place) => [...assignment.batchesOf(place + 1)])
          expect(had.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: batches }, (_, batch) => batch))
          for (const [place, mine] of had.entries()) {
            load[place] = load[place]! + mine.length
            for (const batch of mine) expect(assignment.shardOf(batch)).toBe(place + 1)
          }
        }
        // However many there are, no shard has two more than another.
        expect(Math.max(...load) - Math.min(...load)).toBeLessThanOrEqual(2)
      },
    ),
    { seed: 9 },
  )
})

describe('sizes', () => {
  test('shards share each cell if it is worth it, and get whole batches otherwise', () => {
    const sweep = sweepOf(9_000_000)
    const { batches } = divideCell(sweep.cell(0), sweep.demand, 3)
    expect(batches % 3 === 0 || batches > 9).toBe(true)
    expect(divideCell(sweep.cell(0), sweep.demand, 100_000).batches).toBeLessThan(2000)
    const tiny = sweepOf(1)
    expect(divideCell(tiny.cell(0), tiny.demand, 100)).toEqual({ trials: 1, batches: 1 })
    expect(all(tiny, 5).filter((batches) => batches.length > 0)).toHaveLength(1)
  })
  test('a batch is no larger than a batch of the farm may be', () => {
    for (const record of ['all', 'none']) {
      const sweep = sweepOf(1e12, `record: ${record}`, 'steps: 1, escape: "x >= 0"')
      const division = divideCell(sweep.cell(0), sweep.demand, 1)
      expect(batchAt(division, 0).count).toBeLessThanOrEqual(record === 'all' ? 1_000_000 : 4_000_000)
    }
  })
  test('expensive cells that recur periodically do not all go to one shard', () => {
    // Cells of which every tenth costs a thousand times as much, one batch each, for ten shards.
    const assignment = new ShardAssignment(10)
    const load = new Array<number>(10).fill(0)
    for (let cell = 0; cell < 10_000; cell++) {
      assignment.nextCell(1)
      const shard = assignment.shardOf(0) - 1
      load[shard] = load[shard]! + (cell % 10 === 0 ? 1000 : 1)
    }
    const mean = load.reduce((sum, each) => sum + each, 0) / 10
    for (const each of load) expect(Math.abs(each / mean - 1)).toBeLessThan(0.4)
  })
  test('10^6 cells take the memory of one', () => {
    const assignment = new ShardAssignment(1000)
    let mine = 0
    for (let cell = 0; cell < 1_000_000; cell++) {
      assignment.nextCell(1 + (cell % 3))
      for (const _ of assignment.batchesOf(17)) mine++
    }
    expect(Math.abs(mine - 2000)).toBeLessThanOrEqual(1)
  })
})

test('replicas are divided like trials', () => {
  const sweep = parseSweep(
    `
version: 1
name: replicas
landscape: { preset: double-well }
start: { minimum: left }
update: { rule: gradient, eta: 0.1, drift: { form: additive, law: gaussian, sigma: 0.5 } }
trial: { steps: 20, escape: "x >= 0" }
method: { splitting: { score: x, target: 0, particles: 20, replicas: 12 } }
`,
    { fileName: 'test.yaml' },
  )
  expect([...trialsOf(all(sweep, 4)).values()]).toEqual([12])
})
