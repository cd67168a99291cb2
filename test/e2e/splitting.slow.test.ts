import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { digests, type ResultsOfSweep, runToResults } from '@driftfarm/testing/results'
import { writeSpec } from '@driftfarm/testing/spec'
import { describe, expect, test } from 'vitest'

const home = servedHome()

/** Exact by quadrature in two resolutions: eta 0.1, 100 steps, first x >= 0 from -1, by sigma. */
const exact = { 0.7: 0.000104089201305563, 1: 0.0194905512996896 } as const
const sigmas = [0.7, 1] as const

/** Intervals are wrong once in a million. */
const well = {
  version: 1,
  seed: 3,
  landscape: { preset: 'double-well' },
  start: [-1],
  update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
  trial: { steps: 100, escape: 'x >= 0' },
  sweep: { 'update.drift.sigma': sigmas },
  confidence: 0.999999,
}
/** Of a replica. */
const particles = 40
/** Of a cell, at first. */
const replicas = 24
const direct = 2000

const both = (replicas: number, trials: number) => ({
  ...well,
  name: 'both',
  method: { both: { particles, replicas } },
  trials,
})
/** Trials of a tilt. */
const weighted = 1500
const tilted = {
  ...well,
  name: 'tilted',
  method: { tilt: { shift: '-2 * max(g, 0) / 0.8', original: 0.1 } },
  trials: weighted,
}

const run = (spec: { name: string }, ...arguments_: string[]) =>
  runToResults(writeSpec(home, spec.name, spec), home, arguments_)

/** As if it had never been computed. */
async function runAnew(spec: { name: string }, ...arguments_: string[]): Promise<ResultsOfSweep> {
  const { code, stderr } = await driftfarm(['rm', spec.name], { home })
  expect(code, stderr).toBe(0)
  return run(spec, ...arguments_)
}

async function query<Row>(text: string): Promise<Row[]> {
  const { code, stdout, stderr } = await driftfarm(['sql', text, '--format', 'json'], { home })
  expect(code, stderr).toBe(0)
  return (JSON.parse(stdout) as { data: { rows: Row[] } }).data.rows
}

const splitting = ({ cells }: ResultsOfSweep) => cells.filter(({ params }) => params.method === 'splitting')

/** What must not depend on how it was computed. */
const told = (cells: ResultsOfSweep['cells']) =>
  cells.map(({ id, digest, steps, counts, estimates }) => ({ id, digest, steps, counts, estimates }))

function expectExact({ cells }: ResultsOfSweep): void {
  for (const { params, estimates } of cells) {
    const value = exact[params['update.drift.sigma'] as 0.7 | 1]
    const { low, high, method } = estimates.escape!
    expect(low, `${JSON.stringify(params)} ${method}`).toBeLessThanOrEqual(value)
    expect(high, `${JSON.stringify(params)} ${method}`).toBeGreaterThanOrEqual(value)
  }
}

describe('a sweep by both methods', () => {
  const spec = both(replicas, direct)
  let first: ResultsOfSweep

  test('has a cell each way, replicas beside trials, and the exact probabilities, on which they agree', async () => {
    first = await run(spec, '--threads', '2')
    expect(first.cells.map(({ params, trials }) => [params.method, params['update.drift.sigma'], trials])).toEqual([
      ['direct', 0.7, direct],
      ['direct', 1, direct],
      ['splitting', 0.7, replicas],
      ['splitting', 1, replicas],
    ])
    expectExact(first)
    for (const cell of splitting(first)) {
      expect(Object.keys(cell.estimates)).toEqual(['escape'])
      expect(cell.estimates.escape!.method).toBe('replicas')
      expect(cell).toMatchObject({
        checks: expect.arrayContaining([{ name: 'agreement', verdict: 'good', text: expect.anything(), hint: null }]),
      })
    }
  })

  test('run again does no work; more replicas add the missing alone', async () => {
    const ids = splitting(first).map(({ id }) => `'${id}'`)
    const work = `select sum(count)::int as done, sum(attempts)::int as attempts, count(*)::int as batches from batch
      where cell in (${ids})`
    const [before] = await query<Record<string, number>>(work)
    expect(digests(await run(spec))).toEqual(digests(first))
    expect(await query(work)).toEqual([before])
    const more = await run(both(replicas + 4, direct), '--batch', '4')
    expect(splitting(more).map(({ trials }) => trials)).toEqual([replicas + 4, replicas + 4])
    const { done, attempts, batches } = before!
    expect(await query(work)).toEqual([{ done: done! + 8, attempts: attempts! + 2, batches: batches! + 2 }])
  })

  test.each([
    ['the reference, five a batch', ['--threads', '1', '--batch', '5', '--engine', 'reference']],
    ['one replica a batch, one thread', ['--threads', '1', '--batch', '1']],
    ['all at once', ['--threads', '2', '--batch', '1000']],
  ] as const)('gives the same bits by %s', async (_, arguments_) => {
    // Few direct trials; and a demand that names what replicas do not tell ends all the same.
    const asked = { ...both(replicas, 100), estimates: ['escape', 'stay', 'joint'] }
    expect(told(splitting(await runAnew(asked, ...arguments_)))).toEqual(told(splitting(first)))
  })

  test('--trials are those of the direct cells; a sweep that only splits takes them for its replicas', async () => {
    const fewer = await run(both(replicas, 100), '--trials', '50')
    expect(fewer.cells.map(({ trials }) => trials)).toEqual([50, 50, replicas, replicas])
    const only = { ...spec, name: 'only', method: { splitting: { particles } } }
    const { cells } = await run(only, '--trials', '8')
    expect(cells.map(({ id, trials }) => [id, trials])).toEqual(splitting(first).map(({ id }) => [id, 8]))
  })

  test('holds every invariant, all of it by the reference', async () => {
    const { code, stdout, stderr } = await driftfarm(['verify', 'both', '--full'], { home })
    expect(code, `${stdout}${stderr}`).toBe(0)
  })

  test('shows its replicas: rows, the view, and one with its levels', async () => {
    const { id, index, steps, estimates } = splitting(first)[0]!
    const [view] = await query<Record<string, number>>(
      `select count(*)::int as n, avg(estimate) as mean, sum(steps)::float as steps,
              (array_agg(estimate order by replica))[6] as estimate, (array_agg(weight order by replica))[6] as weight
         from replica where cell = '${id}'`,
    )
    expect([view!.n, String(view!.steps)]).toEqual([replicas, steps])
    expect(view!.mean! / estimates.escape!.value).toBeCloseTo(1, 12)
    const replay = await driftfarm(['replay', 'both', String(index), '5', '--json'], { home })
    expect(replay.code, replay.stderr).toBe(0)
    const { kind, data } = JSON.parse(replay.stdout)
    expect([kind, data.id, data.replica, data.stored]).toEqual(['Replica', id, 5, 'equal'])
    expect([data.estimate, data.weight]).toEqual([view!.estimate, view!.weight])
    expect(data.ladder).toHaveLength(data.levels)
    expect(data.ladder.at(-1).weight).toBe(data.weight)
    const table = await driftfarm(['replay', 'both', String(index), '5'], { home })
    expect(table.stdout).toMatch(/^estimate +\d/m)
    expect(table.stdout).toMatch(/^level +score +killed +weight$/m)
    expect(table.stdout).toMatch(/^ *\.\. /m)
    expect(table.stdout).not.toContain('loss')
    expect(table.stderr).toContain('equals the stored record bit for bit')
    const path = await driftfarm(['replay', 'both', String(index), '5', '--trajectory', join(home, 'x.csv')], { home })
    expect([path.code, path.stderr]).toEqual([2, expect.stringContaining(`${particles} branching trajectories`)])
    // Rows of two kinds have no columns in common: those of the direct cells, and where the others are.
    const rows = await driftfarm(['results', 'both', '--rows', '--format', 'csv'], { home })
    expect(rows.stdout.split('\n')[0]).toContain('escaped_at')
    expect(rows.stdout.trimEnd().split('\n')).toHaveLength(1 + 100)
    expect(rows.stderr).toContain('2 cells with method splitting are left out')
    const only = await driftfarm(['results', 'only', '--rows', '--format', 'csv'], { home })
    expect(only.stdout.split('\n')[0]).toBe('cell,replica,estimate,weight,levels,escaped,steps,exits')
    expect(only.stdout.trimEnd().split('\n')).toHaveLength(1 + 16)
    expect(only.stderr).toBe('')
  })
})

describe('a tilt', () => {
  let first: ResultsOfSweep

  test('has the exact probabilities, from either engine and in any batches, and is verified', async () => {
    first = await run(tilted, '--batch', '300')
    for (const { estimates } of first.cells) expect(estimates.escape!.method).toBe('weights')
    expectExact(first)
    expect(told((await runAnew(tilted, '--engine', 'reference', '--threads', '1')).cells)).toEqual(told(first.cells))
    const verified = await driftfarm(['verify', 'tilted'], { home })
    expect(verified.code, verified.stderr).toBe(0)
  })

  test('shows its weighted trials, and the tilted path of one', async () => {
    const rows = await driftfarm(['results', 'tilted', '--rows', '--format', 'jsonl'], { home })
    const records = rows.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toHaveLength(2 * weighted)
    const escaped = records.find(({ cell, value, log_ratio }) => cell === 0 && value > 0 && log_ratio > 1)
    const file = join(home, 'path.jsonl')
    const command = ['replay', 'tilted', '0', String(escaped.trial), '--json', '--trajectory', file]
    const { code, stdout, stderr } = await driftfarm(command, { home })
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'Weighted', data: { ...escaped, stored: 'equal' } })
    const states = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(states).toHaveLength(escaped.steps + 1)
    expect(states.at(-1).theta[0]).toBeGreaterThanOrEqual(0)
    // The noise of each step from the path itself, and from that the ratio of the densities: the shift is in it.
    let ratio = 0
    for (let n = 0; n < escaped.steps; n++) {
      const [x, next] = [states[n].theta[0], states[n + 1].theta[0]]
      const g = x * (x * x - 1)
      const xi = ((x - next) / 0.1 - g) / 0.7
      const u = (-2 * Math.max(g, 0)) / 0.8
      ratio += u * xi - 0.5 * u * u
    }
    expect(ratio).toBeCloseTo(escaped.log_ratio, 8)
  })
})
