import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { driftfarm, root, temporaryFolder, writeSpec } from '../support/cli.ts'
import { servedHome } from '../support/home.ts'
import { findPsql } from '../support/psql.ts'

const execute = promisify(execFile)
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map((match) => match[1]?.trim() ?? '')

const psql = await findPsql()

/** What the README shows is run as it stands there. */
describe.skipIf(psql === null)('the questions in the README', () => {
  const home = servedHome()
  beforeAll(async () => {
    const { code, stderr } = await driftfarm(['run', join(root, 'examples/double-well.yaml')], { home })
    expect(code, stderr).toBe(0)
  })

  test('are five, and psql answers them as the command does', async () => {
    const questions = blocks('sql')
    expect(questions).toHaveLength(5)
    const { stdout: address } = await driftfarm(['db', 'url'], { home })
    for (const question of questions) {
      const ours = await driftfarm(['sql', question, '--format', 'json'], { home })
      expect(ours.code, `${question}\n${ours.stderr}`).toBe(0)
      const { rows } = (JSON.parse(ours.stdout) as { data: { rows: Record<string, unknown>[] } }).data
      expect(rows.length).toBeGreaterThan(0)
      const { stdout } = await execute(psql ?? '', [
        '-X',
        '-A',
        '-t',
        '-d',
        address.trim(),
        '-c',
        `select count(*) from (${question}) as answer`,
      ])
      expect(Number(stdout)).toBe(rows.length)
    }
  })

  test('escape grows with sigma, and the histogram holds every escape', async () => {
    const [bySigma = '', , , histogram = ''] = blocks('sql')
    const ask = async (question: string) =>
      (
        JSON.parse((await driftfarm(['sql', question, '--format', 'json'], { home })).stdout) as {
          data: { rows: Record<string, number>[] }
        }
      ).data.rows
    const escapes = (await ask(bySigma)).map((row) => row.escape ?? Number.NaN)
    expect(escapes).toHaveLength(7)
    expect(escapes).toEqual([...escapes].sort((a, b) => a - b))
    const total = (await ask(histogram)).reduce((sum, row) => sum + Number(row.trials), 0)
    const [{ escaped } = { escaped: -1 }] = await ask(
      "select escaped from cell where sweep_name = 'double-well' and index = 7",
    )
    expect(total).toBe(Number(escaped))
  })

  test('outside clients may read the views and nothing else', async () => {
    const { stdout: address } = await driftfarm(['db', 'url'], { home })
    const attempt = (statement: string) =>
      execute(psql ?? '', ['-X', '-v', 'ON_ERROR_STOP=1', '-d', address.trim(), '-c', statement])
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

test('the spec in the README is a spec', async () => {
  const folder = temporaryFolder()
  try {
    const [yaml = ''] = blocks('yaml')
    const { code, stdout, stderr } = await driftfarm(['plan', writeSpec(folder.path, 'readme', yaml), '--json'], {
      home: folder.path,
    })
    expect(code, stderr).toBe(0)
    expect((JSON.parse(stdout) as { data: { cells: number } }).data.cells).toBe(8)
  } finally {
    folder.remove()
  }
})
