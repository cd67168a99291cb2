import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { Requests, streamEvents } from '@driftfarm/api/client'
import { openSession, type Session } from '@driftfarm/farm'
import { openBrowser, watchedPage } from '@driftfarm/testing/browser'
import { begin, driftfarm, type RunningInProcess } from '@driftfarm/testing/command'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { needs } from '@driftfarm/testing/program'
import { type HttpProxy, type ProxyName, startHttpProxy } from '@driftfarm/testing/proxies'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'

// Real proxies in front of a farm. With simple configurations, requests from outside must be refused while the farm has
// no token. With the configurations of docs/reference/http.md, everything must work under a path.

/** The fast tier tests only nginx with its default settings. */
const full = process.env.DRIFTFARM_TEST_TIER === 'full'

/** A configuration: its name, the proxy, and its text for the ports of the proxy and the farm. */
type Row = readonly [what: string, name: ProxyName, config: (port: number, farm: number) => string]

const at = (text: string, farm: number) => text.replaceAll('FARM', `127.0.0.1:${farm}`)
const nginx = (server: string) => (port: number, farm: number) =>
  `server { listen 0.0.0.0:${port}; ${at(server, farm)} }`
const caddy = (site: string) => (port: number, farm: number) => `:${port} {\n bind 0.0.0.0\n ${at(site, farm)}\n}`
const haproxy = (frontend: string, backend: string) => (port: number, farm: number) =>
  `
frontend web
  bind 0.0.0.0:${port}
  ${frontend}
backend farm
  ${at(backend, farm)}
`

interface Operation {
  readonly method: string
  readonly path: string
  readonly type?: string
  readonly body?: string
}

/** The status of an answer. Unlike `fetch`, this can send any `Host`. */
function statusOf(
  port: number,
  { method, path, type, body }: Operation,
  headers: Readonly<Record<string, string>> = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const given = { ...(type === undefined ? {} : { 'content-type': type }), ...headers }
    const asked = request({ host: '127.0.0.1', port, method, path, headers: given, agent: false }, (answer) => {
      resolve(answer.statusCode!)
      asked.destroy()
    })
    asked.on('error', reject)
    asked.end(body)
  })
}
const get = (path: string): Operation => ({ method: 'GET', path })
const post = (path: string, body: object): Operation => ({
  method: 'POST',
  path,
  type: 'application/json',
  body: JSON.stringify(body),
})

const specOf = (name: string) => ({
  version: 1,
  name,
  // Different seeds, so that sweeps do not share their cells.
  seed: name.length,
  landscape: { preset: 'double-well' },
  start: { minimum: 'left' },
  update: { eta: 0.1, drift: { sigma: 1 } },
  trial: { steps: 20, escape: 'x >= 0' },
  trials: 20,
})
const put = (bytes: string): Operation => ({
  method: 'PUT',
  path: `/api/v1/data/${createHash('sha256').update(bytes).digest('hex')}`,
  type: 'application/octet-stream',
  body: bytes,
})

/** Requests that change a farm with a sweep, in an order in which all of them succeed. */
const changes = (sweep: string): readonly Operation[] => [
  post('/api/v1/sweeps', specOf(`beside-${sweep}`)),
  post(`/api/v1/sweeps/${sweep}/actions`, { do: 'cancel' }),
  put(`of ${sweep}`),
  { method: 'DELETE', path: `/api/v1/sweeps/${sweep}?name=${sweep}` },
]

/** Requests that only read: every published route with its parameters filled in, and the routes outside the API. */
async function reads(farm: number, sweep: string): Promise<readonly Operation[]> {
  const { paths } = await (await fetch(`http://127.0.0.1:${farm}/api/v1/openapi.json`)).json()
  const places: Record<string, string> = { ref: sweep, cell: '0', trial: '1', file: 'auto.svg', id: '0'.repeat(32) }
  const hash = '0'.repeat(64)
  const published = Object.entries(paths as Record<string, Record<string, object>>)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })))
    .filter(({ method, path }) => method === 'GET' || /\/(plan|validate)$/.test(path))
    .map(({ method, path }) => ({ method, path: path.replace(/\{(\w+)\}/g, (_, name) => places[name] ?? hash) }))
  expect(published.length).toBeGreaterThan(30)
  const beside = ['/metrics', '/events', '/api/v1/status'].map(get)
  return [...published, post('/api/v1/plan', specOf('planned')), ...beside]
}

describe('in front of a farm without a token', () => {
  const home = servedHome()
  let session: Session
  let server: RunningInProcess
  let farm: number

  beforeAll(async () => {
    session = await openSession({ home })
    farm = await freePort()
    server = begin(['coordinator', '--listen', `127.0.0.1:${farm}`], { home })
    await server.says('API at')
    await handIn('kept')
  })
  afterAll(async () => {
    await server?.interrupt()
    await session?.close()
  })

  const handIn = async (name: string) => expect(await statusOf(farm, post('/api/v1/sweeps', specOf(name)))).toBe(201)
  /** Everything that requests write. */
  const written = async () =>
    (
      await session.database.pool.query<Record<string, string>>(
        `select (select string_agg(name, ' ' order by name) from farm.sweep) as sweeps,
           (select count(*) from farm.action) as actions, (select count(*) from farm.upload) as files,
           (select count(*) from farm.exact) as exact, (select count(*) from farm.token) as tokens`,
      )
    ).rows[0]

  const rows: readonly Row[] = [
    ['nginx', 'nginx', nginx('location / { proxy_pass http://FARM; }')],
    ['nginx with Host', 'nginx', nginx('location / { proxy_pass http://FARM; proxy_set_header Host $host; }')],
    // The default of nginx since 1.29.7.
    [
      'nginx with HTTP/1.1',
      'nginx',
      nginx('location / { proxy_pass http://FARM; proxy_http_version 1.1; proxy_set_header Connection ""; }'),
    ],
    ['Caddy', 'caddy', caddy('reverse_proxy FARM')],
    ['Caddy with Host', 'caddy', caddy('reverse_proxy FARM {\n header_up Host {upstream_hostport}\n }')],
    ['HAProxy', 'haproxy', haproxy('default_backend farm', 'server farm FARM')],
    ['HAProxy with forwardfor', 'haproxy', haproxy('default_backend farm', 'option forwardfor\n  server farm FARM')],
  ]
  const taken = rows.slice(0, full ? undefined : 1)
  const started = (full ? [false, true] : [false]).flatMap((asNobody) =>
    taken.map(([what, ...row]) => [`${what}, as ${asNobody ? 'another' : 'the same'} user`, ...row, asNobody] as const),
  )

  const tests = ([, name, config, asNobody]: (typeof started)[number]) => {
    let proxy: HttpProxy
    let port: number
    beforeAll(async () => {
      port = await freePort()
      proxy = await startHttpProxy({ name, config: config(port, farm), port, asNobody })
    })
    afterAll(() => proxy?.close())

    /** The requests that are admitted, by their `Host`. The last one asks the proxy to remove its own headers. */
    const letIn = async (operations: readonly Operation[]) => {
      const taken = 'close, x-forwarded-for, x-forwarded-host, x-forwarded-proto, forwarded, via'
      const found: Record<string, string[]> = {}
      for (const headers of [
        { host: 'farm.example' },
        { host: `127.0.0.1:${port}` },
        { host: `127.0.0.1:${farm}` },
        { host: `localhost:${farm}` },
        { host: `127.0.0.1:${farm}`, connection: taken },
      ]) {
        const routes: string[] = []
        for (const operation of operations) {
          const status = await statusOf(port, operation, headers)
          if (status !== 401 && status !== 403) routes.push(`${operation.method} ${operation.path}: ${status}`)
        }
        if (routes.length > 0) found[Object.values(headers).join(' ')] = routes
      }
      return found
    }

    test('everything is refused for every host, and nothing is written', async () => {
      const before = await written()
      expect(await letIn([...(await reads(farm, 'kept')), ...changes('kept')])).toEqual({})
      expect(await written()).toEqual(before)
    })

    test('the page and the description of the API are refused too', async () => {
      const open = ['/', '/index.html', '/play', '/api/v1/openapi.json'].map(get)
      const session = [post('/api/v1/session', { token: 'none' }), { method: 'DELETE', path: '/api/v1/session' }]
      expect(await letIn([...open, ...session])).toEqual({})
    })

    test('health probes are answered', async () => {
      expect([await statusOf(port, get('/healthz')), await statusOf(port, get('/readyz'))]).toEqual([200, 200])
    })
  }
  for (const row of started) describe(row[0], needs(row[1], ...(row[3] ? (['root'] as const) : [])), () => tests(row))

  // Every other test of the page relies on this: the user of the machine may do everything.
  if (full)
    test('on loopback itself everything is allowed', async () => {
      await handIn('granted')
      const known = (await reads(farm, 'granted')).filter(({ path }) => !/^\/(events|api\/v1\/status)$/.test(path))
      for (const operation of known) {
        const status = await statusOf(farm, operation)
        expect([200, 400, 404, 409, 415], `${operation.method} ${operation.path}: ${status}`).toContain(status)
      }
      for (const path of ['/', '/metrics', '/api/v1/sweeps', '/api/v1/farm', '/api/v1/events'])
        expect(await statusOf(farm, get(path)), path).toBe(200)
      const statuses: number[] = []
      for (const change of changes('granted')) statuses.push(await statusOf(farm, change))
      expect(statuses).toEqual([201, 202, 201, 202])
    })
})

if (full)
  describe('under a path', () => {
    const home = servedHome()
    let server: RunningInProcess
    let farm: number
    let port: number
    /** The public address. The proxies use it one after another. */
    let url: string
    let token: string

    beforeAll(async () => {
      const made = await driftfarm(['token', 'create', 'rules', '--role', 'admin', '--json'], { home })
      expect(made.code, made.stderr).toBe(0)
      token = JSON.parse(made.stdout).data.token
      ;[farm, port] = [await freePort(), await freePort()]
      url = `http://localhost:${port}/drift/`
      server = begin(['coordinator', '--listen', `127.0.0.1:${farm}`, '--public-url', url], { home })
      await server.says('API at')
      const asked = post('/api/v1/sweeps', specOf('kept'))
      expect(await statusOf(farm, asked, { authorization: `Bearer ${token}` })).toBe(201)
    })
    afterAll(() => server?.interrupt())

    const onlyThere = `http-request redirect location /drift/ if { path /drift }
  use_backend farm if { path_beg /drift/ }`
    const rows: readonly Row[] = [
      [
        'nginx, which takes the path off',
        'nginx',
        nginx(`location /drift/ {
        proxy_pass http://FARM/;
        proxy_set_header Host $http_host;
        proxy_http_version 1.1;
      }`),
      ],
      [
        'nginx, which passes it on',
        'nginx',
        nginx(`location /drift/ {
        proxy_pass http://FARM;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_http_version 1.1;
      }`),
      ],
      [
        'Caddy, which takes the path off',
        'caddy',
        caddy(`redir /drift /drift/
        handle_path /drift/* {
          reverse_proxy FARM
        }`),
      ],
      ['Caddy, which passes it on', 'caddy', caddy('redir /drift /drift/\n reverse_proxy /drift/* FARM')],
      [
        'HAProxy, which takes the path off',
        'haproxy',
        haproxy(onlyThere, 'http-request replace-path /drift/(.*) /\\1\n  server farm FARM'),
      ],
      ['HAProxy, which passes it on', 'haproxy', haproxy(onlyThere, 'option forwardfor\n  server farm FARM')],
    ]

    const tests = ([, name, config]: Row) => {
      let proxy: HttpProxy
      beforeAll(async () => {
        proxy = await startHttpProxy({ name, config: config(port, farm), port })
      })
      afterAll(() => proxy?.close())

      const api = () => new Requests({ url, token })
      const act = (verb: string) =>
        api().send('/sweeps/kept/actions', { method: 'POST', type: 'application/json', body: `{"do":"${verb}"}` })

      test('without a token everything is refused', async () => {
        for (const operation of [...(await reads(farm, 'kept')), ...changes('kept')]) {
          const path = `/drift${operation.path}`
          const status = await statusOf(port, { ...operation, path }, { host: `localhost:${port}` })
          expect([401, 403], `${operation.method} ${path}: ${status}`).toContain(status)
        }
      })

      test('with a token the API answers, also to the command as its client', async () => {
        const { sweeps } = await api().data<{ sweeps: readonly { name: string }[] }>('/sweeps')
        expect(sweeps.map(({ name }) => name)).toEqual(['kept'])
        const env = { DRIFTFARM_URL: url, DRIFTFARM_TOKEN: token }
        const { code, stdout, stderr } = await driftfarm(['list'], { home, env })
        expect([code, stdout], stderr).toEqual([0, expect.stringContaining('kept')])
      })

      test('events arrive without delay', async () => {
        // Sooner than the keep-alive comment, which would flush an event that the proxy buffers.
        const signal = AbortSignal.timeout(12_000)
        const heard: string[] = []
        for await (const { event } of streamEvents(api(), '/events', { signal })) {
          heard.push(event)
          if (heard.length > 1) break
          await act('pause')
        }
        expect(heard).toEqual(['snapshot', 'delta'])
        await act('resume')
      })

      test('an address without its last slash leads to the page, and one of a view to that view', async () => {
        const { status, url: led } = await fetch(url.slice(0, -1))
        expect([status, led]).toEqual([200, url])
        for (const view of ['play', 'new', 'farm', 'sweeps/kept']) {
          const { status, headers } = await fetch(`${url}${view}`, { redirect: 'manual' })
          const led = new URL(headers.get('location') ?? '', `${url}${view}`).href
          expect([status, led], view).toEqual([302, `${url}#/${view}`])
        }
      })

      test('the page signs in with the token, shows live updates and performs actions', needs('chromium'), async () => {
        const browser = await openBrowser()
        onTestFinished(() => browser.close())
        const { page, problems } = await watchedPage(browser, url.slice(0, -1))
        page.setDefaultTimeout(20_000)
        const chip = page.locator('.status-header .chip', { hasText: 'paused' })
        await page.goto(url)
        await page.getByLabel('Token').fill(token)
        await page.getByRole('button', { name: 'Sign in' }).click()
        await page.getByRole('link', { name: 'kept' }).click()
        await page.getByRole('heading', { name: 'kept' }).waitFor()
        await page.locator('.live-live').waitFor()
        await page.getByRole('toolbar').getByRole('button', { name: 'Pause', exact: true }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Pause the sweep' }).click()
        await chip.waitFor()
        await act('resume')
        await chip.waitFor({ state: 'detached' })
        await page.reload()
        await page.getByRole('heading', { name: 'kept' }).waitFor()
        await page.goto(`${url}#/play`)
        await page.getByRole('heading', { name: 'Playground' }).waitFor()
        await page.getByRole('button', { name: 'Sign out' }).click()
        await page.getByLabel('Token').waitFor()
        // Before signing in, requests get 401, or 403 if the proxy sends its headers. The browser logs both.
        expect(problems.filter((problem) => !/status of 40[13]/.test(problem))).toEqual([])
      })
    }
    for (const row of rows) describe(row[0], needs(row[1]), () => tests(row))
  })
