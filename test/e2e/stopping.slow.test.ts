import type { PlanData } from '@driftfarm/report'
import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { describe, expect, test } from 'vitest'

const home = servedHome()

const rules = {
  'relative 0.3': { estimate: 'escape', relative: 0.3 },
  'events 40': { estimate: 'escape', events: 40 },
} as const
const topologies = [
  ['--threads', '1', '--batch', '97'],
  ['--threads', '4', '--batch', '1000'],
  ['--threads', '1'],
] as const

describe.each(Object.entries(rules))('until %s', (name, rule) => {
  test('gives the same answer for one and four threads and any batch size', async () => {
    const answers = []
    for (const topology of topologies) {
      const { trials: _, ...spec } = doubleWell({
        name: 'stopped',
        seed: 3,
        record: 'none',
        sweep: { 'update.drift.sigma': [1, 1.3] },
        until: { ...rule, min: 100, max: 2_000_000 },
      })
      const { sweep, cells } = await runToResults(writeSpec(home, 'stopped', spec), home, topology)
      expect(sweep.state).toBe('complete')
      // The next one begins with nothing.
      expect((await driftfarm(['rm', 'stopped'], { home })).code).toBe(0)
      answers.push(cells)
    }
    const [first, ...others] = answers
    for (const other of others) expect(strip(other)).toEqual(strip(first))
    for (const cell of first ?? []) {
      const escape = cell.estimates.escape
      if (escape === undefined) throw new Error('no estimate of escape')
      if (name === 'events 40') {
        expect(cell.counts.escaped).toBe(40)
        expect(escape.value).toBe(39 / (cell.trials - 1))
      } else expect((escape.high - escape.low) / 2).toBeLessThanOrEqual(0.3 * escape.value)
    }
  })
})

test('plan of a sweep that its rule has ended says so, and by which', async () => {
  const { trials: _, ...spec } = doubleWell({ name: 'ended', seed: 3, sweep: { 'update.drift.sigma': [1.2] } })
  const until = { estimate: 'escape', relative: 0.3, min: 100, max: 1_000_000 }
  const path = writeSpec(home, 'ended', { ...spec, until })
  const { cells } = await runToResults(path, home)
  const { stdout } = await driftfarm(['plan', path, '--json'], { home: home })
  const [cell] = cells
  expect(cell!.trials).toBeLessThan(1_000_000)
  expect((JSON.parse(stdout) as { data: PlanData }).data).toMatchObject({
    trials: String(cell!.trials),
    upperBound: false,
    batches: 0,
    cpuSeconds: 0,
    done: { trials: String(cell!.trials), share: 1 },
    perCell: [
      {
        reason: `complete at ${cell!.trials} trials: stopped by relative half-width of escape at most 0.3`,
        done: cell!.trials,
      },
    ],
  })
})

/** All but what depends on the machine: how long it took. */
const strip = (cells: unknown) =>
  JSON.parse(JSON.stringify(cells, (key, value) => (key === 'cpuSeconds' ? undefined : value))) as unknown
