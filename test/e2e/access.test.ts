import { driftfarm } from '@driftfarm/testing/command'
import { servedFarm } from '@driftfarm/testing/served'
import { writeSpec } from '@driftfarm/testing/spec'
import { beforeAll, describe, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const farm = servedFarm()
const { home } = farm

const spec = {
  version: 1,
  name: 'kept',
  seed: 4,
  landscape: { preset: 'double-well' },
  start: { minimum: 'left' },
  update: { eta: 0.1, drift: { sigma: 1 } },
  trial: { steps: 20, escape: 'x >= 0' },
  trials: 20,
}

/** Secrets by what they are. */
const secrets: Record<string, string> = { unknown: `driftfarm_${'x'.repeat(43)}` }

beforeAll(async () => {
  const { code, stderr } = await driftfarm(['run', writeSpec(home, 'kept', spec), '--json'], { home })
  expect(code, stderr).toBe(0)
  for (const [name, role, ...more] of [
    ['reads', 'read', '--expires', '30d'],
    ['submits', 'submit'],
    ['other', 'submit'],
    ['rules', 'admin'],
    ['ended', 'admin', '--expires', '1ms'],
    ['gone', 'admin'],
  ] as const) {
    const made = await driftfarm(['token', 'create', name, '--role', role, '--json', ...more], { home })
    expect(made.code, made.stderr).toBe(0)
    secrets[name] = JSON.parse(made.stdout).data.token
  }
  expect((await driftfarm(['token', 'revoke', 'gone'], { home })).code).toBe(0)
  // What was looked up before is believed for two seconds.
  await new Promise((resolve) => setTimeout(resolve, 2_100))
})

const ask = (path: string, name: string | null, init: RequestInit = {}) =>
  fetch(`${farm.url}${path}`, {
    ...init,
    headers: { ...(name === null ? {} : { authorization: `Bearer ${secrets[name]}` }), ...init.headers },
  })

interface Operation {
  readonly method: string
  readonly path: string
}

/** Every route that is published, with places filled in. */
async function operations(): Promise<Operation[]> {
  const answer = await ask('/api/v1/openapi.json', null)
  expect(answer.status).toBe(200)
  const { paths } = await answer.json()
  const places: Record<string, string> = {
    ref: 'kept',
    cell: '0',
    trial: '1',
    file: 'auto.svg',
    hash: '0'.repeat(64),
    id: '0'.repeat(32),
  }
  return Object.entries(paths as Record<string, Record<string, object>>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replace(/\{(\w+)\}/g, (_, name: string) => places[name]!),
    })),
  )
}

/** What changes something, and the least role that may; everything else needs `read`. */
const changing: Record<string, string> = {
  'POST /api/v1/sweeps': 'submit',
  'POST /api/v1/sweeps/kept/actions': 'submit',
  'DELETE /api/v1/sweeps/kept': 'submit',
  'PATCH /api/v1/sweeps/kept': 'submit',
  [`PUT /api/v1/data/${'0'.repeat(64)}`]: 'submit',
}
const open = /^(GET|POST|DELETE) \/api\/v1\/session$/

test('every route, with each kind of token and none: only who may is let in, and nothing breaks', async () => {
  const all = await operations()
  expect(all.length).toBeGreaterThan(30)
  const check = async ({ method, path }: (typeof all)[number]) => {
    const route = `${method} ${path}`
    const status = async (name: string | null) => {
      const response = await ask(path, name, { method })
      await response.body?.cancel()
      return response.status
    }
    const isOpen = open.test(route) && method !== 'GET'
    for (const name of [null, 'unknown', 'ended', 'gone']) {
      const given = await status(name)
      if (isOpen && name === null) expect(given, `${route} ${name}`).toBeLessThan(500)
      else expect(given, `${route} ${name}`).toBe(401)
    }
    const reads = await status('reads')
    if (changing[route] !== undefined) expect(reads, route).toBe(403)
    else expect([200, 304, 400, 404, 409, 415, 422], `${route} as reads`).toContain(reads)
  }
  await Promise.all(all.map(check))
})

describe('tokens', () => {
  test('are listed without their secrets, and stored nowhere', async () => {
    const { stdout } = await driftfarm(['token', 'list', '--json'], { home })
    const { tokens } = JSON.parse(stdout).data
    expect(tokens.map(({ name }: { name: string }) => name)).toEqual(['ended', 'other', 'reads', 'rules', 'submits'])
    for (const secret of Object.values(secrets)) expect(stdout).not.toContain(secret)
    const { stdout: read } = await driftfarm(['sql', 'select * from farm.token', '--json'], { home })
    expect(read).toBe('')
  })

  test('a bad name, and one that is taken', async () => {
    for (const [name, says] of [
      ['a b', 'is not a valid name for a token'],
      ['rules', 'the token rules already exists'],
    ] as const) {
      const { code, stderr } = await driftfarm(['token', 'create', name, '--role', 'read'], { home })
      expect([code, stderr]).toEqual([2, expect.stringContaining(says)])
    }
    const { code } = await driftfarm(['token', 'revoke', 'nobody'], { home })
    expect(code).toBe(5)
  })

  test('of role submit change the sweeps that were submitted with them, and no other', async () => {
    const own = { ...spec, name: 'own', trial: { steps: 1_000_000, escape: 'x >= 1000' }, trials: 1_000_000 }
    const headers = { 'content-type': 'application/json' }
    const send = (name: string, path: string, body: object) =>
      ask(path, name, { method: 'POST', headers, body: JSON.stringify(body) })
    expect((await send('submits', '/api/v1/sweeps', own)).status).toBe(201)
    expect((await send('other', '/api/v1/sweeps', own)).status).toBe(200)
    const act = async (name: string, action: string) =>
      (await send(name, '/api/v1/sweeps/own/actions', { do: action })).status
    const refused = await send('other', '/api/v1/sweeps/own/actions', { do: 'pause' })
    expect([refused.status, (await refused.json()).error]).toEqual([
      409,
      expect.objectContaining({
        code: 'SWEEP_OF_ANOTHER',
        message: 'own was submitted with the token submits, so the token other may not change it',
      }),
    ])
    for (const action of [{ do: 'stop' }, { do: 'cancel' }, { do: 'retry' }, { do: 'extend', trials: 2_000_000 }])
      expect([action, (await send('other', '/api/v1/sweeps/own/actions', action)).status]).toEqual([action, 409])
    for (const change of [{ trials: 1_000_001 }, { tags: { mine: 'yes' } }, { priority: 3 }, { record: 'none' }])
      expect([change, (await send('other', '/api/v1/sweeps', { ...own, ...change })).status]).toEqual([change, 409])
    expect((await ask('/api/v1/sweeps/own?name=own', 'other', { method: 'DELETE' })).status).toBe(409)
    expect((await send('other', '/api/v1/sweeps', own)).status).toBe(200)
    expect(await act('submits', 'pause')).toBe(202)
    expect(await act('rules', 'cancel')).toBe(202)
    // To set it going again is a change too.
    expect((await send('other', '/api/v1/sweeps', own)).status).toBe(409)
    // Nobody has submitted this one with a token.
    expect((await ask('/api/v1/sweeps/kept?name=kept', 'submits', { method: 'DELETE' })).status).toBe(409)
    const { stdout } = await driftfarm(
      ['sql', "select verb, token from action where sweep_name = 'own' order by id", '--format', 'csv'],
      { home },
    )
    expect(stdout).toBe('verb,token\nsubmit,submits\npause,submits\ncancel,rules\n')
  })

  test("another name is a sweep of one's own; an admin changes every sweep, and its owner stays", async () => {
    const headers = { 'content-type': 'application/json' }
    const send = (name: string, body: object) =>
      ask('/api/v1/sweeps', name, { method: 'POST', headers, body: JSON.stringify(body) })
    const shared = { ...spec, name: 'shared', seed: 5 }
    const first = (await (await send('submits', shared)).json()).data
    const second = await send('other', { ...shared, name: 'shared-too', trials: 30 })
    expect(second.status).toBe(201)
    expect((await second.json()).data.sweep.id).not.toBe(first.sweep.id)
    expect((await send('rules', { ...shared, trials: 25 })).status).toBe(200)
    expect((await send('other', { ...shared, trials: 26 })).status).toBe(409)
    expect((await send('submits', { ...shared, trials: 26 })).status).toBe(200)
    // Removed and submitted by another token, it is that one's.
    expect((await ask('/api/v1/sweeps/shared?name=shared', 'submits', { method: 'DELETE' })).status).toBe(202)
    expect((await send('other', shared)).status).toBe(201)
    expect((await send('submits', { ...shared, trials: 27 })).status).toBe(409)
    expect((await send('other', { ...shared, trials: 27 })).status).toBe(200)
  })

  test('two that submit the same new sweep at once, with other demands: one has it, the other is told', async () => {
    const headers = { 'content-type': 'application/json' }
    const send = (name: string, trials: number) =>
      ask('/api/v1/sweeps', name, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ...spec, name: 'race', seed: 6, trials }),
      })
    const answers = await Promise.all([send('submits', 21), send('other', 22)])
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  })

  test('the same refusal through the command: exit code 6, and what to do', async () => {
    const as = (name: string) => ({ home, env: { ...farm.env, DRIFTFARM_TOKEN: secrets[name]! } })
    const path = writeSpec(home, 'commanded', { ...spec, name: 'commanded', seed: 7 })
    const submitted = await driftfarm(['run', path, '--detach'], as('submits'))
    expect(submitted.code, submitted.stderr).toBe(0)
    expect((await driftfarm(['run', path, '--detach'], as('other'))).code).toBe(0)
    for (const command of [
      ['run', path, '--detach', '--trials', '30'],
      ['extend', 'commanded', '--trials', '30'],
      ['rm', 'commanded', '--force'],
    ]) {
      const { code, stderr, stdout } = await driftfarm(command, as('other'))
      expect([command[0], code, stdout]).toEqual([command[0], 6, ''])
      expect(stderr).toContain('Set another `name` in the spec')
    }
    const { code, stderr } = await driftfarm(['extend', 'commanded', '--trials', '30', '--json'], as('other'))
    expect([code, JSON.parse(stderr).error]).toEqual([6, expect.objectContaining({ code: 'SWEEP_OF_ANOTHER' })])
    expect((await driftfarm(['extend', 'commanded', '--trials', '30'], as('rules'))).code).toBe(0)
  })

  test('a command has its own from the environment', async () => {
    const as = (name: string) => ({ home, env: { ...farm.env, DRIFTFARM_TOKEN: secrets[name]! } })
    expect((await driftfarm(['list'], as('reads'))).code).toBe(0)
    const { code, stderr } = await driftfarm(['pause', 'kept'], as('reads'))
    expect([code, stderr.split('\n')[0]]).toEqual([
      4,
      'error: the token reads has role read, but this request needs role submit',
    ])
    expect((await driftfarm(['list'], { home, env: farm.env })).code).toBe(4)
  })
})

describe('the session of a page', () => {
  const begin = (token: string, headers: Record<string, string> = {}) =>
    fetch(`${farm.url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ token }),
    })

  test('is a cookie that no script can read; what it changes must come from the page', async () => {
    const begun = await begin(secrets.rules!)
    expect(begun.status).toBe(200)
    const [cookie] = begun.headers.getSetCookie()
    expect(cookie).toMatch(/^driftfarm_session=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/)
    const session = { cookie: cookie!.split(';')[0]! }
    const with_ = (init: RequestInit & { headers?: Record<string, string> }) =>
      fetch(`${farm.url}/api/v1/sweeps/kept/actions`, {
        method: 'POST',
        body: JSON.stringify({ do: 'pause' }),
        ...init,
        headers: { 'content-type': 'application/json', ...session, ...init.headers },
      })
    expect((await fetch(`${farm.url}/api/v1/session`, { headers: session })).status).toBe(200)
    expect((await with_({})).status).toBe(403)
    expect((await with_({ headers: { origin: 'http://evil.example' } })).status).toBe(403)
    // It is complete: the farm was asked.
    expect((await with_({ headers: { origin: farm.url } })).status).toBe(409)
  })

  test('begins with a token alone', async () => {
    expect((await begin('nonsense')).status).toBe(401)
    expect((await begin(secrets.ended!)).status).toBe(401)
    expect((await begin(secrets.rules!, { origin: 'http://evil.example' })).status).toBe(403)
  })
})

if (full)
  test('hostile bodies are refused, and leave no row behind', async () => {
    const rows = async () =>
      (
        await driftfarm(
          ['sql', 'select (select count(*) from sweep) + (select count(*) from action)', '--format', 'csv'],
          { home },
        )
      ).stdout
    const before = await rows()
    const bodies = [
      '',
      '\u0000',
      '{"__proto__": {"a": 1}}',
      '['.repeat(20_000),
      `a: &a [${'*a,'.repeat(5)}]`,
      `${'a: &x [1]\n'}b: [${'*x,'.repeat(50_000)}]`,
      '!!js/function "x"',
      `version: 1\nname: "${'n'.repeat(100_000)}"`,
      'version: 1\nname: "a\\u0000b"\nlandscape: {preset: double-well}\nstart: [0]\nupdate: {eta: 0.1}\n' +
        'trial: {steps: 1}\ntrials: 1',
      `version: 1\nlandscape: {formula: "${'('.repeat(5_000)}x${')'.repeat(5_000)}"}`,
      'version: 1\nsweep: {update.eta: {from: 0, to: 1, count: 99999999999}}',
    ]
    for (const body of bodies)
      for (const path of ['/api/v1/sweeps', '/api/v1/plan', '/api/v1/validate']) {
        const response = await ask(path, 'rules', {
          method: 'POST',
          headers: { 'content-type': 'application/yaml' },
          body,
        })
        expect(response.status, `${path} ${body.slice(0, 40)}`).toBeGreaterThanOrEqual(400)
        expect(response.status, `${path} ${body.slice(0, 40)}`).toBeLessThan(500)
        expect((await response.json()).error.code).toMatch(/^[A-Z0-9_]+$/)
      }
    expect(await rows()).toBe(before)
  })
