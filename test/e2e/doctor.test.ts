import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { begin, driftfarm } from '@driftfarm/testing/command'
import { emptyDatabase, type FreshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

interface Finding {
  readonly what: string
  readonly good: boolean
  readonly state: string
  readonly found: string
  readonly hint: string | null
}

const folder = temporaryFolder()
afterAll(() => folder.remove())
const nowhere = 'redis://127.0.0.1:9'

const examine = async (home: string, env: Record<string, string> = {}) => {
  const { code, stdout, stderr } = await driftfarm(['doctor', '--json'], { home, env })
  expect(stderr).toBe('')
  const { data } = JSON.parse(stdout) as { data: { healthy: boolean; findings: Finding[] } }
  return {
    code,
    healthy: data.healthy,
    by: Object.fromEntries(data.findings.map((finding) => [finding.what, finding])),
  }
}

describe('doctor where nothing has been run', () => {
  test.each([
    ['no folder', false],
    ['an empty folder', true],
  ])('%s: all is well, what is not there yet is said, and nothing is made', async (_, before) => {
    const home = join(folder.path, before ? 'empty' : 'none')
    if (before) mkdirSync(home)
    const { code, healthy, by } = await examine(home)
    expect([code, healthy]).toEqual([0, true])
    for (const what of ['database', 'queue'])
      expect(by[what]).toMatchObject({
        good: true,
        state: 'absent',
        found: expect.stringContaining('which is expected'),
      })
    expect(existsSync(home)).toBe(before)
    if (before) expect(readdirSync(home)).toEqual([])
    const text = await driftfarm(['doctor'], { home })
    expect(text.stdout).not.toMatch(/FAIL|TODO/)
    // Nor do commands that only read make anything.
    for (const command of ['list', 'status']) expect((await driftfarm([command], { home })).code).toBe(0)
    expect(existsSync(home)).toBe(before)
    if (before) expect(readdirSync(home)).toEqual([])
  })

  test('a Redis that is not there is the only fault', async () => {
    const { code, by } = await examine(join(folder.path, 'none'), { REDIS_URL: nowhere })
    expect(code).toBe(7)
    const bad = Object.values(by).filter(({ good }) => !good)
    expect(bad.map(({ what }) => what)).toEqual(['queue'])
  })

  test('a home that cannot be made is one', needs('linux'), async () => {
    const { code, healthy } = await examine('/proc/nowhere')
    expect([code, healthy]).toEqual([1, false])
  })
})

describe('doctor of a farm', () => {
  let server: FreshDatabase
  let env: Record<string, string>
  const home = join(folder.path, 'cache')
  beforeAll(async () => {
    server = await emptyDatabase()
    env = { DATABASE_URL: server.url }
  })
  afterAll(() => server?.drop())

  test('before its migration the one thing to do is named', async () => {
    const { code, by } = await examine(home, env)
    expect(code).toBe(7)
    expect(by.database).toMatchObject({ state: 'due', hint: expect.stringContaining('driftfarm db migrate') })
    expect(Object.values(by).filter(({ good }) => !good)).toHaveLength(1)
    expect((await driftfarm(['doctor'], { home, env })).stdout).not.toContain('FAIL')
  })

  test('after it no coordinator is running, and that is fine', async () => {
    expect((await driftfarm(['db', 'migrate'], { home, env })).code).toBe(0)
    const { code, by } = await examine(home, env)
    expect(code).toBe(0)
    expect(by.farm).toMatchObject({
      state: 'absent',
      found: expect.stringMatching(/no coordinator is running: start `driftfarm coordinator`.*expected until/),
    })
    expect(by.home).toMatchObject({ state: 'absent' })
    expect(existsSync(home)).toBe(false)
  })

  test('where nothing answers the database is the fault, and not the folder', async () => {
    const { code, by } = await examine(home, { DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' })
    expect(code).toBe(7)
    expect(
      Object.values(by)
        .filter(({ good }) => !good)
        .map(({ what }) => what),
    ).toEqual(['database'])
  })

  test('--health: silent and 0 where all is well, else 1 with what is wrong, of a part of this host too', async () => {
    const health = (...words: string[]) => driftfarm(['doctor', '--health', ...words], { home, env })
    expect(await health()).toMatchObject({ code: 0, stdout: '', stderr: '' })
    const nobody = await health('--of', 'coordinator')
    expect(nobody).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^FAIL {2}coordinator {2}no coordinator on host \S+ has sent a heartbeat/),
    })
    const listen = `127.0.0.1:${await freePort()}`
    const coordinator = begin(['coordinator', '--listen', listen], { home, env })
    await coordinator.says('API at')
    expect(await health('--of', 'coordinator')).toMatchObject({ code: 0, stdout: '' })
    expect((await health('--of', 'worker')).code).toBe(1)
    const remote = { home, env: { DRIFTFARM_URL: `http://${listen}/` } }
    expect(await driftfarm(['doctor', '--health'], remote)).toMatchObject({ code: 0, stdout: '' })
    expect((await examine(home, remote.env)).by.api).toMatchObject({ good: true })
    await coordinator.interrupt()
    const gone = await examine(home, remote.env)
    expect([gone.code, gone.by.api?.found]).toEqual([7, expect.stringContaining('ECONNREFUSED')])
    expect((await driftfarm(['doctor', '--health'], remote)).code).toBe(1)
    expect((await health('--of', 'coordinator')).code).toBe(1)
  })

  test('--health of what cannot be used, and of nothing', async () => {
    const empty = await emptyDatabase()
    const due = await driftfarm(['doctor', '--health', '--json'], { home, env: { DATABASE_URL: empty.url } })
    await empty.drop()
    expect(due.code).toBe(1)
    expect(JSON.parse(due.stdout).data.findings).toMatchObject([{ what: 'database', state: 'due' }, { what: 'queue' }])
    const redis = await driftfarm(['doctor', '--health'], { home, env: { ...env, REDIS_URL: nowhere } })
    expect(redis).toMatchObject({ code: 1, stdout: expect.stringMatching(/^FAIL {2}queue /) })
    expect(await driftfarm(['doctor', '--health'], { home })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('neither DATABASE_URL nor DRIFTFARM_URL is set'),
    })
    expect(existsSync(home)).toBe(false)
  })
})
