import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { driftfarm, root } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { servedHome } from '@driftfarm/testing/home'
import { needs, programPath } from '@driftfarm/testing/program'
import { runToResults } from '@driftfarm/testing/results'
import { doubleWell, writeSpec } from '@driftfarm/testing/spec'
import { beforeAll, describe, expect, test } from 'vitest'

const execute = promisify(execFile)
const read = (name: string) => readFileSync(join(root, name), 'utf8')
const blocks = (language: string, page = 'docs/howto/sql.md') =>
  [...read(page).matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((match) => match[1]?.trim() ?? '')
/** The first statement of the page under a heading. */
const statement = (heading: string): string =>
  /```sql\n(.*?)```/s.exec(read('docs/howto/sql.md').split(`\n## ${heading}\n`)[1] ?? '')?.[1]?.trim() ?? ''

/** What the page shows is run as it stands there. */
describe('the statements of docs/howto/sql.md', needs('psql'), () => {
  const home = servedHome()
  beforeAll(async () => {
    const spec = writeSpec(home, 'cookbook', blocks('yaml')[0]!)
    // First another sweep of the name, in which a setting differs that is not swept.
    for (const setting of [['--set', 'trial.steps=400', '--trials', '100'], []]) {
      const { code, stderr } = await driftfarm(['run', spec, ...setting], { home })
      expect([0, 3], stderr).toContain(code)
    }
  })
  const rowsOf = async (question: string) => {
    const { code, stdout, stderr } = await driftfarm(['sql', question, '--format', 'json'], { home })
    expect(code, `${question}\n${stderr}`).toBe(0)
    return (JSON.parse(stdout) as { data: { rows: Record<string, unknown>[] } }).data.rows
  }

  test('stand under fourteen headings, and psql answers them as the command does', async () => {
    const questions = blocks('sql')
    expect(questions).toHaveLength(15)
    const { stdout: address } = await driftfarm(['db', 'url'], { home })
    for (const question of questions) {
      const rows = await rowsOf(question)
      if (!question.includes('FROM failure')) expect(rows.length, question).toBeGreaterThan(0)
      const { stdout } = await execute(programPath('psql'), [
        '-X',
        '-A',
        '-t',
        '-d',
        address.trim(),
        '-c',
        `select count(*) from (${question}) as answer`,
      ])
      expect(Number(stdout), question).toBe(rows.length)
    }
  })

  const total = (rows: readonly Record<string, unknown>[], column: string) =>
    rows.reduce((sum, row) => sum + Number(row[column]), 0)

  test('the histogram holds every escape', async () => {
    const [{ escaped } = { escaped: -1 }] = await rowsOf(
      "select escaped from cell where sweep_name = 'cookbook' and newest and index = 3",
    )
    expect(Number(escaped)).toBeGreaterThan(0)
    expect(total(await rowsOf(statement('Exit histogram')), 'escapes')).toBe(Number(escaped))
  })

  test('mix no sweeps of one name, as they would without `newest`', async () => {
    const outcomes = statement('Outcomes')
    expect(await rowsOf(outcomes)).toHaveLength(8)
    expect(await rowsOf(outcomes.replace(/ and newest/i, ''))).toHaveLength(16)
    const histogram = statement('Exit histogram')
    const mixed = await rowsOf(histogram.replace(/ and c\.newest/i, ''))
    expect(total(mixed, 'escapes')).toBeGreaterThan(total(await rowsOf(histogram), 'escapes'))
  })

  test('outside clients may read the views and nothing else', async () => {
    const { stdout: address } = await driftfarm(['db', 'url'], { home })
    const attempt = (statement: string) =>
      execute(programPath('psql'), ['-X', '-v', 'ON_ERROR_STOP=1', '-d', address.trim(), '-c', statement])
    await expect(attempt('select count(*) from trial')).resolves.toBeDefined()
    for (const statement of [
      'select * from farm.batch',
      'delete from trial',
      'create table t (i int)',
      "select pg_read_file('/etc/passwd')",
      'drop view cell',
      'set role postgres',
    ])
      await expect(attempt(statement), statement).rejects.toThrow()
  })
})

describe('two sweeps of one name that differ in eta, which is not swept', () => {
  const home = servedHome()
  const spec = (eta: number) =>
    writeSpec(home, `eta-${eta}`, doubleWell({ name: 'my-sweep', update: { ...update, eta }, trials: 200 }))
  const update = { rule: 'gradient', drift: { form: 'additive', law: 'gaussian', sigma: 1 } }
  const ids: string[] = []
  let said = ''
  beforeAll(async () => {
    for (const eta of [0.05, 0.1]) ids.unshift((await runToResults(spec(eta), home)).sweep.id)
    said = (await driftfarm(['run', spec(0.1)], { home })).stderr
  })
  const rowsOf = async (question: string) => {
    const { code, stdout, stderr } = await driftfarm(['sql', question, '--format', 'json'], { home })
    expect(code, `${question}\n${stderr}`).toBe(0)
    return (JSON.parse(stdout) as { data: { rows: Record<string, unknown>[] } }).data.rows
  }

  test('every statement of docs/reference/database.md is about the newest alone', async () => {
    const [, block = ''] =
      /```sql\n(.*?)```/s.exec(readFileSync(join(root, 'docs/reference/database.md'), 'utf8')) ?? []
    const statements = block
      .replace(/^--.*\n/gm, '')
      .split(';')
      .filter((statement) => statement.trim() !== '')
    expect(statements).toHaveLength(3)
    const [byName = '', cells = '', histogram = ''] = statements
    const told = await rowsOf(cells)
    expect(told.map(({ sigma, eta }) => [sigma, eta])).toEqual([
      ['0.8', '0.1'],
      ['1.2', '0.1'],
    ])
    expect((await rowsOf(byName)).map(({ escape }) => escape)).toEqual(told.map(({ escape }) => escape))
    expect(await rowsOf(cells.replace(' and newest', ''))).toHaveLength(4)
    const total = (rows: readonly Record<string, unknown>[]) => rows.reduce((sum, row) => sum + Number(row.count), 0)
    const [{ escaped } = { escaped: -1 }] = await rowsOf(
      `select escaped from cell where sweep = '${ids[0]}' and index = 0`,
    )
    expect(total(await rowsOf(histogram))).toBe(Number(escaped))
  })

  test('the table says which it is and what the other has, and so does the list', async () => {
    const [newest = '', other = ''] = ids
    expect(said).toContain(
      `2 sweeps are named my-sweep, and this is the newest (eta 0.1; the other, ${other.slice(0, 6)}, has eta 0.05)`,
    )
    const byId = await driftfarm(['results', other], { home })
    expect(byId.stderr).toContain(`this is not the newest (eta 0.05; the newest, ${newest.slice(0, 6)}, has eta 0.1)`)
    const { stdout } = await driftfarm(['list'], { home })
    expect(stdout).toMatch(
      new RegExp(`${newest.slice(0, 12)} +newest: eta 0\\.1\n.*${other.slice(0, 12)} +eta 0\\.05\n`),
    )
    const { stdout: json } = await driftfarm(['list', '--json'], { home })
    expect((JSON.parse(json) as { data: { sweeps: unknown[] } }).data.sweeps).toMatchObject([
      { id: newest, newest: true, differs: [{ path: 'update.eta', value: '0.1' }] },
      { id: other, newest: false, differs: [{ path: 'update.eta', value: '0.05' }] },
    ])
    // Documents for programs say nothing on standard error.
    expect((await driftfarm(['results', 'my-sweep', '--json'], { home })).stderr).toBe('')
  })

  test('once the newest is removed the name means the other again, and nothing is told apart', async () => {
    const [newest = '', other = ''] = ids
    expect((await driftfarm(['rm', newest], { home })).code).toBe(0)
    expect(await rowsOf(`select sweep from cell where sweep_name = 'my-sweep' and newest and index = 0`)).toEqual([
      { sweep: other },
    ])
    expect((await driftfarm(['results', 'my-sweep'], { home })).stderr).not.toContain('sweeps are named')
  })
})

test('the spec in the README is a spec', async () => {
  const folder = temporaryFolder()
  try {
    const [yaml = ''] = blocks('yaml', 'README.md')
    const { code, stdout, stderr } = await driftfarm(
      ['plan', writeSpec(folder.path, 'readme', yaml), '--no-pilot', '--json'],
      {
        home: folder.path,
      },
    )
    expect(code, stderr).toBe(0)
    expect((JSON.parse(stdout) as { data: { cells: number } }).data.cells).toBe(8)
  } finally {
    folder.remove()
  }
})
