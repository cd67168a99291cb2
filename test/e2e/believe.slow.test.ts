import { existsSync, readFileSync } from 'node:fs'
import { type Database, openDatabase, startEmbedded } from '@driftfarm/database'
import { driftfarm } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { runToResults } from '@driftfarm/testing/results'
import { gaussian, oneWell, writeSpec } from '@driftfarm/testing/spec'
import { describe, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

// What misleads is told once, with what to do: before the trials, with the results, and in the exit code.
const home = servedHome()

const well = (change: Record<string, unknown>) =>
  oneWell({ update: gaussian(1.5), trial: { steps: 100, escape: 'x >= 0' }, trials: 500, seed: 5, ...change })
/** It holds wherever a trial begins: 500 of 500 escape in their first step, with noise or without. */
const begun = well({ name: 'believe-begun', trial: { steps: 100, escape: 'x >= -2' } })
const begunFile = writeSpec(home, 'believe-begun', begun)

interface Document {
  readonly data: {
    readonly cells: readonly { readonly checks: readonly { readonly name: string; readonly verdict: string }[] }[]
    readonly findings: readonly { readonly name: string; readonly verdict: string; readonly cells: readonly number[] }[]
    readonly checks: readonly { readonly index: number; readonly checks: readonly { readonly name: string }[] }[]
  }
  readonly warnings: readonly string[]
}
const read = (text: string) => JSON.parse(text) as Document

describe('an escape that holds at the start', () => {
  test('is called wrong, once, with what to do; the run ends with 3 and says how to accept it', async () => {
    const { code, stdout, stderr } = await driftfarm(['run', begunFile], { home })
    expect(code).toBe(3)
    expect(stdout).toMatch(/^ +0 +500 +1! \[/m)
    expect(stdout).toContain('! the estimate does not measure what was requested')
    expect(stdout.match(/^ {2}wrong +control +without noise, 1 of 1 trial escaped; with noise: 100 %/gm)).toHaveLength(
      1,
    )
    expect(stderr).toContain('--accept control')
  })

  test('may be accepted, by its name alone', async () => {
    const accepting = (...names: string[]) =>
      driftfarm(['run', begunFile, '--json', ...names.flatMap((name) => ['--accept', name])], { home })
    const all = await accepting('control', 'start')
    expect([all.code, all.stderr]).toEqual([0, ''])
    const { data, warnings } = read(all.stdout)
    expect(data.findings[0]).toMatchObject({ name: 'control', verdict: 'wrong', cells: [0] })
    expect(warnings).toEqual([])
    expect((await accepting('spread')).code).toBe(3)
    const unknown = await accepting('contrl')
    expect([unknown.code, unknown.stdout]).toEqual([2, ''])
    expect(unknown.stderr).toMatch(/no check contrl.*control, basin/)
  })

  test('is told by plan, which computes nothing', async () => {
    const { code, stdout } = await driftfarm(['plan', begunFile], { home })
    expect(code).toBe(0)
    expect(stdout).toContain('checks: the cell fails a check')
    expect(stdout).toMatch(/^ {2}doubtful +control +without noise, 1 of 1 trial escaped/m)
    const { data } = read((await driftfarm(['plan', begunFile, '--json'], { home })).stdout)
    expect(data.checks.map(({ index }) => index)).toEqual([0])
    expect(data.findings.map(({ name }) => name)).toContain('control')
  })
})

test('a sound sweep passes every check: exit code 0, all checks hold, nothing is said twice', async () => {
  const spec = writeSpec(home, 'believe-sound', well({ name: 'believe-sound', trials: 2000 }))
  const { code, stdout } = await driftfarm(['run', spec, '--json'], { home })
  const { data, warnings } = read(stdout)
  expect(code).toBe(0)
  expect(data.cells.flatMap(({ checks }) => checks).filter(({ verdict }) => /doubtful|wrong/.test(verdict))).toEqual([])
  expect(data.cells[0]!.checks[0]).toMatchObject({ name: 'control', verdict: 'good', hint: null })
  expect(warnings).toEqual([])
})

test('a trial of the control is replayed, and all of them give the digest that is kept', async () => {
  await driftfarm(['run', begunFile], { home })
  const again = await driftfarm(['replay', 'believe-begun', '0', '0', '--control', '--json'], { home })
  expect(JSON.parse(again.stdout)).toMatchObject({
    kind: 'Trial',
    data: { control: true, stored: 'equal', end: 'escaped', escaped_at: 1, distance: 0 },
  })
  const beyond = await driftfarm(['replay', 'believe-begun', '0', '7', '--control'], { home })
  expect([beyond.code, beyond.stderr]).toEqual([0, expect.stringContaining('this trial is not among them')])
  const path = `${home}/control.csv`
  await driftfarm(['replay', 'believe-begun', '0', '0', '--control', '--trajectory', path], { home })
  expect(existsSync(path) && readFileSync(path, 'utf8').split('\n')).toHaveLength(4)
})

test('verify finds again what cells rest on', async () => {
  await driftfarm(['run', begunFile], { home })
  const { code, stdout } = await driftfarm(['verify', 'believe-begun'], { home })
  expect(code).toBe(0)
  expect(stdout).toMatch(/^I6 premises +yes +premises of the cell recomputed$/m)
})

describe('cells whose trials came without what they rest on', () => {
  const kept = well({ name: 'believe-kept', trial: { steps: 100, escape: 'x >= -2' }, seed: 6 })
  const keptFile = writeSpec(home, 'believe-kept', kept)
  const withDatabase = async <T>(use: (database: Database) => Promise<T>): Promise<T> => {
    const server = await startEmbedded({ home })
    const database = await openDatabase({ url: server.url, max: 1 })
    try {
      return await use(database)
    } finally {
      await database.close()
      await server.close()
    }
  }
  const controlOf = async () => {
    const { code, stdout } = await driftfarm(['run', keptFile, '--json'], { home })
    return [code, read(stdout).data.cells[0]!.checks.find(({ name }) => name === 'control')!.verdict]
  }
  const inView = async () => {
    const sql = `select checks::text as checks from cell where sweep_name = 'believe-kept' and newest`
    return (await driftfarm(['sql', sql, '--format', 'csv'], { home })).stdout
  }

  test.each([
    ['of an earlier version', 'update farm.premises set version = version - 1'],
    ['none at all', 'delete from farm.premises'],
  ])('%s: results say so, and verify finds and keeps them', async (_, damage) => {
    await driftfarm(['run', keptFile], { home })
    expect(await controlOf()).toEqual([3, 'wrong'])
    const ours = `cell_id in (select d.cell_id from farm.request d join farm.sweep s on s.id = d.sweep_id
                               where s.name = 'believe-kept')`
    await withDatabase(async ({ pool }) => {
      await pool.query(`${damage} where ${ours}`)
      await pool.query(`update farm.request d set checks = '[]' where ${ours}`)
    })
    // The start, which is wrong as well, is not known either.
    expect(await controlOf()).toEqual([0, 'doubtful'])
    const { stdout } = await driftfarm(['results', 'believe-kept'], { home })
    expect(stdout).toMatch(/doubtful +control +not checked: the cell was stored without a control run/)
    expect(await inView()).toBe('checks\n[]\n')
    const verified = await driftfarm(['verify', 'believe-kept'], { home })
    expect(verified.stdout).toMatch(/^I6 premises +yes +missing premises of the cell computed and stored$/m)
    expect(await controlOf()).toEqual([3, 'wrong'])
    expect(await inView()).toMatch(/control.*wrong/)
    const again = await driftfarm(['verify', 'believe-kept'], { home })
    expect(again.stdout).toMatch(/^I6 premises +yes +premises of the cell recomputed$/m)
  })
})

if (full)
  test('what more trials do to intervals is said before they are computed, with the new width', async () => {
    const file = writeSpec(home, 'believe-more', well({ name: 'believe-more', seed: 144 }))
    const first = await driftfarm(['run', file], { home })
    expect(first.stderr).not.toContain('wid')
    const more = await driftfarm(['run', file, '--trials', '4000'], { home })
    const [, was, will, fixed] =
      /interval is (\S+) at 500 trials and will be about (\S+) at 4000 \((\S+) if 4000 had been/
        .exec(more.stderr)!
        .map(Number)
    const { cells } = await runToResults(file, home, ['--trials', '4000'])
    const { low, high, method } = cells[0]!.estimates.escape!
    expect(method).toBe('beta-binomial')
    // By the first 500 trials it is known to some per cent how wide.
    expect(Math.abs((high - low) / will! - 1)).toBeLessThan(0.2)
    expect(fixed! < will! && will! < was!).toBe(true)
    expect(more.stdout).toMatch(/^ {2}note +interval +wider because results were seen before/m)
    const extend = await driftfarm(['extend', 'believe-more', '--trials', '8000'], { home })
    expect(extend.stderr).toMatch(
      /so intervals are wider: they hold at any number of trials.*\n.*and will be about \S+ at 8000/,
    )
  })
