import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { expect, test } from 'vitest'

const home = servedHome()

interface Contrast {
  readonly kind: string
  readonly cells: readonly [number, number]
  readonly value: number
  readonly low: number
  readonly high: number
  readonly method: string
  readonly paired: { both: number; first: number; second: number; neither: number } | null
  readonly pValue: number | null
}

/** Two rules that share their noise, at two scales of it. */
const spec = (change: Record<string, unknown> = {}) =>
  doubleWell({
    name: 'rules',
    streams: 'common',
    record: 'none',
    trials: 3000,
    sweep: { 'update.rule': ['gradient', 'adam'], 'update.drift.sigma': [1, 1.2] },
    contrasts: [
      { of: 'escape', between: { 'update.rule': ['adam', 'gradient'] } },
      { of: 'escape', between: { 'update.rule': ['adam', 'gradient'] }, kind: 'ratio' },
    ],
    ...change,
  })

async function contrastsOf(change: Record<string, unknown>, threads: readonly string[]) {
  const file = writeSpec(home, 'rules', spec(change))
  return (await runToResults(file, home, threads)) as unknown as { contrasts: Contrast[] }
}

test('two rules under common noise: pairs without rows are those of the rows', async () => {
  const { contrasts } = await contrastsOf({}, ['--threads', '2', '--batch', '700'])
  const kept = await driftfarm(['sql', 'select count(*) as n from trial', '--format', 'csv'], { home })
  expect(kept.stdout.trim()).toBe('n\n0')
  const rich = await contrastsOf({ record: 'all' }, ['--threads', '1'])
  expect(rich.contrasts).toEqual(contrasts)
  expect(contrasts.map(({ kind, method }) => [kind, method])).toEqual([
    ['difference', 'tango'],
    ['difference', 'tango'],
    ['ratio', 'tang'],
    ['ratio', 'tang'],
  ])
  const rows = await driftfarm(['results', 'rules', '--rows', '--format', 'jsonl'], { home })
  const had = new Map<number, boolean[]>()
  for (const line of rows.stdout.trim().split('\n')) {
    const { cell, trial, escaped_at } = JSON.parse(line) as { cell: number; trial: number; escaped_at: number | null }
    const trials = had.get(cell) ?? []
    trials[trial] = escaped_at !== null
    had.set(cell, trials)
  }
  for (const { cells, paired, value, kind } of contrasts) {
    const [a, b] = cells.map((cell) => had.get(cell)!) as [boolean[], boolean[]]
    expect([a.length, b.length]).toEqual([3000, 3000])
    const count = (one: boolean, two: boolean) => a.filter((each, trial) => each === one && b[trial] === two).length
    const pairs = {
      both: count(true, true),
      first: count(true, false),
      second: count(false, true),
      neither: count(false, false),
    }
    expect(paired).toEqual(pairs)
    expect(pairs.both).toBeGreaterThan(0)
    if (kind === 'difference') expect(value).toBeCloseTo((pairs.first - pairs.second) / 3000, 12)
  }
})

test('verify covers them; the view, the table and CSV show them', async () => {
  const verified = await driftfarm(['verify', 'rules'], { home })
  expect(verified.code, verified.stderr).toBe(0)
  const query =
    'select path, first_index, second_index, both_had + first_had + second_had + neither_had as pairs from ' +
    'contrast order by index, first_index'
  const view = await driftfarm(['sql', query, '--format', 'csv'], { home })
  expect(view.stdout.trim().split('\n').slice(1)).toEqual(
    [1, 2, 3, 4].map((line) => (line % 2 === 1 ? 'update.rule,1,0,3000' : 'update.rule,3,2,3000')),
  )
  const table = await driftfarm(['results', 'rules'], { home })
  expect(table.stdout).toContain('escape: rule adam - gradient')
  const csv = await driftfarm(['results', 'rules', '--contrasts', '--format', 'csv'], { home })
  expect(csv.stdout.trim().split('\n')).toHaveLength(5)
})

test('the best cell comes with a warning unless intervals are simultaneous; options at odds are refused', async () => {
  const best = await driftfarm(['results', 'rules', '--best', 'escape'], { home })
  expect(best.code, best.stderr).toBe(0)
  expect(best.stdout).toContain('largest escape of 4 cells')
  expect(best.stderr).toContain('too optimistic')
  await runToResults(writeSpec(home, 'shared', spec({ simultaneous: true })), home)
  const shared = await driftfarm(['results', 'rules', '--best', 'escape', '--min', '--json'], { home })
  expect(JSON.parse(shared.stdout)).toMatchObject({ kind: 'Best', data: { direction: 'min' }, warnings: [] })
  for (const arguments_ of [
    ['--best', 'escap'],
    ['--min'],
    ['--best', 'escape', '--min', '--max'],
    ['--best', 'escape', '--rows'],
    ['--contrasts', '--json'],
    ['--best', 'escape', '--format', 'csv'],
  ])
    expect((await driftfarm(['results', 'rules', ...arguments_], { home })).code).toBe(2)
})
