import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm, root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { afterAll, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const folder = temporaryFolder()
afterAll(() => folder.remove())
const home = folder.path

test('the example prints a table of escape probabilities with limits', async () => {
  const { code, stdout, stderr } = await driftfarm(['run', join(root, 'examples/double-well.yaml')], { home })
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('double-well')
  expect(stdout).toContain('complete')
  const listed = await driftfarm(['list', '--json'], { home })
  const { data } = JSON.parse(listed.stdout) as { data: { sweeps: { name: string; state: string }[] } }
  expect(data.sweeps).toMatchObject([{ name: 'double-well', state: 'complete' }])
})

test('results in every format, rows and counts agree', async () => {
  const results = await runToResults(writeSpec(home, 'shape', doubleWell({ name: 'shape' })), home)
  expect(results.sweep).toMatchObject({ name: 'shape', state: 'complete', seed: '1', cells: 2, trials: 4000 })
  for (const cell of results.cells) {
    const { escape } = cell.estimates
    expect(Object.values(cell.counts.ends).reduce((sum, count) => sum + count, 0)).toBe(2000)
    expect(escape?.value).toBe(cell.counts.escaped / 2000)
    expect(escape?.method).toBe('clopper-pearson')
    expect(cell.digest).toMatch(/^mset128:[0-9a-f]{32}$/)
  }
  const rows = await driftfarm(['results', 'shape', '--rows', '--format', 'jsonl'], { home })
  const lines = rows.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { cell: number | string; trial: number; escaped_at: number | null })
  expect(lines).toHaveLength(4000)
  expect(lines.filter((line) => line.escaped_at !== null)).toHaveLength(
    results.cells.reduce((sum, cell) => sum + cell.counts.escaped, 0),
  )
  for (const format of ['table', 'csv', 'json', 'jsonl']) {
    const { code, stdout, stderr } = await driftfarm(['results', 'shape', '--format', format], { home })
    expect(code, stderr).toBe(0)
    expect(stdout.trim()).not.toBe('')
  }
  const file = join(home, 'out.csv')
  expect((await driftfarm(['results', 'shape', '--format', 'csv', '-o', file], { home })).stdout).toBe('')
  expect(readFileSync(file, 'utf8').split('\n')[0]).toContain('escape')
})

if (full)
  test('a plan takes the descents of a basin to be as long as they are, not as they may be', async () => {
    const trial = { steps: 100, escape: { basin: true } }
    const file = writeSpec(home, 'descents', doubleWell({ name: 'descents', trials: 1000, trial }))
    const { stdout } = await driftfarm(['plan', file, '--json'], { home })
    const { cpuSeconds } = (JSON.parse(stdout) as { data: { cpuSeconds: number } }).data
    // A descent may take 100,000 steps: 2 * 10^10 of them, minutes on any machine. It takes some dozens.
    expect(cpuSeconds).toBeGreaterThan(0)
    expect(cpuSeconds).toBeLessThan(30)
  })

if (full)
  test('without a pilot a plan computes no trial and says what is not known; else what it computed', async () => {
    const file = writeSpec(
      home,
      'pilot',
      doubleWell({ name: 'pilot', trials: 1e15, trial: { steps: 1e12, escape: 'x >= 0' } }),
    )
    const plan = async (...options: string[]) => {
      const { code, stdout, stderr } = await driftfarm(['plan', file, ...options], { home })
      expect(code, stderr).toBe(0)
      return stdout
    }
    const { data } = JSON.parse(await plan('--no-pilot', '--json')) as { data: Record<string, unknown> }
    expect(data).toMatchObject({ pilot: null, batches: null, cpuSeconds: null, trials: '2000000000000000' })
    expect(data).not.toHaveProperty('recommended')
    expect(await plan('--no-pilot')).toMatch(/CPU time +unknown without a pilot/)
    const { data: piloted } = JSON.parse(await plan('--json')) as {
      data: { pilot: { cells: number[]; trials: number } }
    }
    expect(piloted.pilot.cells).toEqual([0])
    expect(piloted.pilot.trials).toBeGreaterThan(0)
    // 2e27 steps: no number of days tells that.
    const text = await plan()
    expect(text).toMatch(
      /CPU time +longer than the age of the universe \(about \S+ (billion )?years\) if no trial ends/,
    )
    expect(text).not.toMatch(/\d{8}|e\+/)
  })

test('a plan of two thousand million trials stores nothing', async () => {
  const { code, stdout } = await driftfarm(
    ['plan', writeSpec(home, 'plan', doubleWell({ name: 'plan', trials: 1e9 })), '--json'],
    { home },
  )
  expect(code).toBe(0)
  const { kind, data } = JSON.parse(stdout) as { kind: string; data: { cells: number; trials: string } }
  expect(kind).toBe('Plan')
  expect(data).toMatchObject({ cells: 2, trials: '2000000000' })
})

if (full)
  test('named exits, converge, classes, marks and horizons are counted together', async () => {
    const spec = doubleWell({
      name: 'events',
      landscape: { preset: 'tilted-double-well' },
      start: [0],
      sweep: { 'landscape.parameters.c': [0.05, 0.1] },
      horizons: [10, 50],
      trial: {
        steps: 100,
        escape: { left: 'x <= -0.9', right: 'x >= 0.9' },
        converge: { gradient: 1e-3, hold: 2 },
        marks: { low: 'loss <= 0.1' },
        classify: { west: 'x < 0', east: 'x >= 0' },
      },
    })
    const { cells } = await runToResults(writeSpec(home, 'events', spec), home)
    for (const { counts, estimates, trials } of cells) {
      expect((counts.exits.left ?? 0) + (counts.exits.right ?? 0)).toBe(counts.escaped)
      expect((counts.classes.west ?? 0) + (counts.classes.east ?? 0) + (counts.classes.other ?? 0)).toBe(trials)
      for (const name of [
        'escape',
        'converge',
        'diverge',
        'exit:left',
        'exit:right',
        'class:west',
        'mark:low',
        'escape@10',
        'escape@50',
        'escapeStep',
      ])
        expect(estimates, name).toHaveProperty([name])
      expect(estimates['escape@10']?.value).toBeLessThanOrEqual(estimates['escape@50']?.value ?? 0)
    }
  })
