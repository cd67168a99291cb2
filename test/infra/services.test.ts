import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openDatabase } from '@driftfarm/database'
import { driftfarm, type Running, root, start } from '@driftfarm/testing/command'
import { emptyDatabase, type FreshDatabase } from '@driftfarm/testing/database'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { freePort } from '@driftfarm/testing/port'
import { needs, programPath } from '@driftfarm/testing/program'
import { type PrivateRedis, startRedis } from '@driftfarm/testing/redis'
import { writeSpec } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mistakeOf } from './commandLine.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const run = promisify(execFile)
const units = ['migrate', 'coordinator', 'worker'] as const
const folder = temporaryFolder()
const unitText = (name: string): string => readFileSync(join(root, `infra/systemd/driftfarm-${name}.service`), 'utf8')
/** Every setting that a process has by its unit: the file of settings of all, and what a unit alone is told. */
const secretsOf = { migrate: 'DRIFTFARM_READER_PASSWORD_FILE', coordinator: 'DRIFTFARM_ADMIN_TOKEN_FILE' } as const
const settings = readFileSync(join(root, 'infra/systemd/driftfarm.env'), 'utf8')

/** The value of a setting that stands once. */
function valueOf(text: string, name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1]
}

/** What a unit runs after the name of the command, with variables of the environment put in. */
function wordsOf(name: string, env: Readonly<Record<string, string>>): string[] {
  const [program, ...words] = valueOf(unitText(name), 'ExecStart')!.split(' ')
  expect(program).toBe('/usr/local/bin/driftfarm')
  return words.map((word) => word.replace(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? `no ${name}`))
}

describe('infra/systemd', () => {
  test('units name commands and options that there are, and variables that the file of settings sets', () => {
    const set = Object.fromEntries([...settings.matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]))
    for (const name of units) {
      const words = wordsOf(name, set)
      expect(mistakeOf(words), name).toBeNull()
      expect(words.join(' ')).not.toContain('no ')
      expect(valueOf(unitText(name), 'EnvironmentFile')).toBe('/etc/driftfarm/driftfarm.env')
    }
    // A secret is told to the unit that needs it: a server that only computes has neither of them.
    expect(settings).not.toMatch(/ADMIN_TOKEN|READER_PASSWORD/)
    const toldAlone = (name: string) =>
      [...unitText(name).matchAll(/^Environment=(\w+_FILE)=/gm)].map(([, each]) => each)
    expect(units.map(toldAlone)).toEqual([[secretsOf.migrate], [secretsOf.coordinator], []])
    for (const name of ['coordinator', 'worker'])
      expect(
        ['KillSignal', 'KillMode', 'TimeoutStopSec', 'Restart'].map((key) => valueOf(unitText(name), key)),
      ).toEqual(['SIGTERM', 'mixed', '30', 'on-failure'])
  })

  test('systemd takes them, and finds a broken one out', needs('systemd-analyze'), async () => {
    const verified = async (change: (text: string) => string): Promise<string> => {
      const place = join(folder.path, 'units')
      mkdirSync(place, { recursive: true })
      const files = units.map((name) => join(place, `driftfarm-${name}.service`))
      // The command is not installed where it is tested.
      for (const [at, name] of units.entries())
        writeFileSync(files[at]!, change(unitText(name)).replace('/usr/local/bin/driftfarm', process.execPath))
      // As the manager of a user, in a folder of the test: the other one wants /run/systemd, which only root can make.
      const env = { ...process.env, XDG_RUNTIME_DIR: folder.path }
      const words = ['--user', 'verify', ...files]
      const answer = await run(programPath('systemd-analyze'), words, { env }).catch((error) => error)
      return `${answer.stdout}${answer.stderr}`
    }
    expect(await verified((text) => text)).toBe('')
    expect(await verified((text) => text.replace('ProtectSystem=strict', 'ProtectSystem=strictly'))).toContain(
      'strictly',
    )
    expect(await verified((text) => text.replace('KillMode=mixed', 'KillMod=mixed'))).toContain("'KillMod'")
  })
})

if (full)
  describe('a farm as it is deployed', needs('redis-server'), () => {
    let queue: PrivateRedis
    const token = 'a-token-of-an-administrator-0123456789'
    let server: FreshDatabase | null = null
    let env: Record<string, string>
    let alone: (name: string) => Record<string, string>
    let reader: string
    const running: Running[] = []
    const home = (name: string): string => join(folder.path, name)
    const file = (name: string, text: string): string => {
      writeFileSync(home(name), `${text}\n`)
      return home(name)
    }

    beforeAll(async () => {
      queue = await startRedis()
      server = await emptyDatabase()
      const url = new URL(server.url)
      const password = decodeURIComponent(url.password)
      url.password = ''
      reader = decodeURIComponent(new URL(server.readerUrl).password)
      // The file of settings, with the places of this machine.
      const places: Record<string, string> = {
        DATABASE_URL: url.href,
        DATABASE_PASSWORD_FILE: file('postgres_password', password),
        REDIS_URL: queue.url,
        DRIFTFARM_READER_PASSWORD_FILE: file('reader_password', reader),
        DRIFTFARM_ADMIN_TOKEN_FILE: file('admin_token', token),
        LISTEN: `127.0.0.1:${await freePort()}`,
        THREADS: '1',
      }
      const told = [...settings.matchAll(/^(\w+)=/gm)].map(([, name]) => name!)
      env = Object.fromEntries(told.map((name) => [name, places[name]!]))
      alone = (name) => (name in secretsOf ? { [secretsOf[name as never]]: places[secretsOf[name as never]]! } : {})
      expect(Object.values(env)).not.toContain(undefined)
    })
    afterAll(async () => {
      for (const { child } of running) child.kill('SIGKILL')
      await Promise.all(running.map(({ finished }) => finished))
      await server?.drop()
      await queue?.close()
      folder.remove()
    })

    const begin = (name: string, place: string): Running => {
      const process = start(wordsOf(name, env), { home: home(place), env: { ...env, ...alone(name) } })
      running.push(process)
      return process
    }

    test('two servers by their units: the demand is told while nobody works, then met; all end in order', async () => {
      const migrated = await begin('migrate', 'one').finished
      expect(migrated, migrated.stderr).toMatchObject({ code: 0 })
      const coordinator = begin('coordinator', 'one')
      await coordinator.says('API at')
      const url = `http://${env.LISTEN}`
      const client = {
        home: home('client'),
        env: { DRIFTFARM_URL: url, DRIFTFARM_TOKEN_FILE: alone('coordinator').DRIFTFARM_ADMIN_TOKEN_FILE! },
      }
      const spec = writeSpec(folder.path, 'deployed', specText)
      expect(await driftfarm(['run', spec, '--detach'], client)).toMatchObject({ code: 0 })

      // What autoscalers ask: the metric with a token, the view with the reading login.
      const metric = async (name: string): Promise<number> => {
        const answer = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })
        return Number(new RegExp(`^driftfarm_${name} (\\S+)$`, 'm').exec(await answer.text())?.[1])
      }
      const asReader = await openDatabase({ url: server!.readerUrl, max: 1 })
      const demand = async (): Promise<number> => {
        const { rows } = await asReader.pool.query<{ demand: number }>('select demand from queue')
        expect(rows).toHaveLength(1)
        return rows[0]!.demand
      }
      await expect.poll(demand, { timeout: 60_000 }).toBeGreaterThan(0)
      await expect.poll(async () => (await metric('demand_batches')) - (await demand()), { timeout: 60_000 }).toBe(0)
      expect([await metric('workers'), await metric('queue_up'), await metric('leaders')]).toEqual([0, 1, 1])

      const worker = begin('worker', 'two')
      const done = await driftfarm(['run', spec], client)
      expect(done, done.stderr).toMatchObject({ code: 0 })
      expect(await demand()).toBe(0)
      const reading = { home: home('client'), env: { DRIFTFARM_READER_URL: server!.readerUrl } }
      const trials = await driftfarm(['sql', 'select sum(trials)::int as trials from cell', '--format', 'csv'], reading)
      expect(trials).toMatchObject({ code: 0, stdout: 'trials\n1000\n' })
      await asReader.close()
      for (const { child, finished } of [worker, coordinator]) {
        child.kill('SIGTERM')
        expect(await finished).toMatchObject({ code: 0 })
      }
    })

    test('without its queue the metrics say so, and without its database they are an error, no zero', async () => {
      const place = { home: home('three'), env: { ...env, LISTEN: `127.0.0.1:${await freePort()}` } }
      const coordinator = start(['coordinator', '--listen', place.env.LISTEN], place)
      running.push(coordinator)
      await coordinator.says('API at')
      const ask = () => fetch(`http://${place.env.LISTEN}/metrics`, { headers: { authorization: `Bearer ${token}` } })
      await queue.kill()
      await expect.poll(async () => (await ask()).text(), { timeout: 60_000 }).toContain('\ndriftfarm_queue_up 0\n')
      await server!.drop()
      server = null
      await expect.poll(async () => (await ask()).status, { timeout: 60_000 }).toBeGreaterThanOrEqual(500)
    })
  })

const specText = `version: 1
name: deployed
seed: 5
landscape: { preset: double-well }
start: { minimum: left }
update: { eta: 0.2, drift: { sigma: 1 } }
trial: { steps: 200, escape: "x >= 0" }
trials: 1000
`
