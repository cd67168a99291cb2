import { readFileSync } from 'node:fs'
import { kernelOf } from '@driftfarm/kernel'
import { parseSweep } from '@driftfarm/spec'
import { servedHome } from '@driftfarm/testing/home'
import { runToResults } from '@driftfarm/testing/results'
import { writeSpec } from '@driftfarm/testing/spec'
import { describe, expect, test } from 'vitest'
import { binomialPValue } from './binomialTest.ts'

interface Row {
  readonly section: string
  readonly p: number
  readonly cost: number
  readonly count: string
  readonly spec: { update: { drift: Record<string, unknown> } & Record<string, unknown> } & Record<string, unknown>
}
const { rows } = JSON.parse(readFileSync(new URL('./exact-values.json', import.meta.url), 'utf8')) as { rows: Row[] }

/** The false-alarm rate of each row; seeds are fixed, so a row that passed once passes always. */
const falseAlarm = 1e-6
const full = process.env.DRIFTFARM_TEST_TIER === 'full'
/** Steps a row may cost; the fast tier takes a row of each section that fits a small budget. */
const budget = full ? 4e9 : 2e7
const rowsOfSection = full ? Number.POSITIVE_INFINITY : 1

/** About 400 events where the budget allows, never fewer than 20,000 trials. */
const trialsFor = (row: Row): number => Math.floor(Math.min(Math.max(400 / row.p, 20_000), budget / row.cost, 1e9))

const specOf = (row: Row, name: string, trials: number, change: Record<string, unknown> = {}) => ({
  version: 1,
  name,
  seed: 977,
  trials,
  record: 'none',
  ...row.spec,
  ...change,
})

/** A run of the kernel takes at most 10^7 trials. */
const mostAtOnce = 10_000_000

/** By the kernel: what the answers are of. That the farm counts the same is seen below, of one row. */
async function measure(
  row: Row,
  name: string,
  trials: number,
  change: Record<string, unknown> = {},
): Promise<{ events: number; trials: number }> {
  const spec = JSON.stringify(specOf(row, name, trials, change))
  const { cell, tables } = parseSweep(spec, { fileName: `${name}.json` }).cell(0)
  const kernel = await kernelOf(cell, tables)
  const exit = kernel.layout.exits.indexOf(row.count)
  let events = 0
  let counted = 0
  for (let first = 0; first < trials; first += mostAtOnce) {
    const { tally } = kernel.run(first, Math.min(mostAtOnce, trials - first), { keep: false, horizons: [] })
    events += row.count === 'escaped' ? tally.escaped : (tally.exits[exit] ?? 0)
    counted += tally.trials
  }
  return { events, trials: counted }
}

for (const section of new Set(rows.map((row) => row.section)))
  describe(section, () => {
    const some = rows
      .map((row, index) => ({ row, index }))
      .filter(({ row }) => row.section === section && trialsFor(row) * row.p >= 10)
      .slice(0, rowsOfSection)
    test.each(some)('row $index, p = $row.p', async ({ row, index }) => {
      const wanted = trialsFor(row)
      const { events, trials } = await measure(row, `${section}-${index}`, wanted)
      expect(trials).toBe(wanted)
      expect(
        binomialPValue(events, trials, row.p),
        `${events} of ${trials} = ${events / trials}, exact ${row.p}`,
      ).toBeGreaterThan(falseAlarm)
    })
  })

describe('through everything', () => {
  const home = servedHome()

  test('the farm counts what the kernel counts', async () => {
    const row = rows.find(({ count, p }) => count !== 'escaped' && p > 0.01)!
    const trials = 20_000
    // Some rows ask with which probability noise keeps a trial from what descent does.
    const file = writeSpec(home, 'everything', specOf(row, 'everything', trials))
    const { cells } = await runToResults(file, home, ['--accept', 'control'])
    const { events } = await measure(row, 'everything', trials)
    expect(events).toBeGreaterThan(0)
    expect(cells).toMatchObject([{ trials, counts: { exits: { [row.count]: events } } }])
  })
})

test('negative control: noise larger by one per cent fails the same test', async () => {
  const row = rows.find((one) => one.section === 'double-well' && Math.abs(one.p - 0.0194905512996896) < 1e-12)
  if (row === undefined) throw new Error('the row of eta = 0.1, sigma = 1, N = 100 is gone')
  const right = await measure(row, 'control-right', 1_000_000)
  const wrong = await measure(row, 'control-wrong', 1_000_000, {
    update: { ...row.spec.update, drift: { ...row.spec.update.drift, sigma: 1.01 } },
  })
  expect(binomialPValue(right.events, right.trials, row.p)).toBeGreaterThan(falseAlarm)
  expect(binomialPValue(wrong.events, wrong.trials, row.p)).toBeLessThan(falseAlarm)
})
