import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import type { Envelope, LiveFarm, LiveSweep, PlanData } from '@driftfarm/report'
import { driftfarm } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { servedFarm } from '@driftfarm/testing/served'
import { writeSpec } from '@driftfarm/testing/spec'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const farm = servedFarm()
const { home } = farm
/** Where a client is: it has no database, and needs none. */
const away = temporaryFolder()
afterAll(() => away.remove())

const here = (...arguments_: string[]) => driftfarm(arguments_, { home })
const there = (...arguments_: string[]) => driftfarm(arguments_, { home: away.path, env: farm.env })

const api = (path: string, init?: RequestInit) => fetch(`${farm.url}/api/v1${path}`, init)
const json = async (path: string, init?: RequestInit) => (await api(path, init)).json()

type PlanDocument = Envelope<'Plan', PlanData>

/** Checks of the cells that both plans had time for: as many cells are checked as the time allows. */
const commonChecks = ({ data }: PlanDocument, other: PlanDocument) =>
  data.checks.filter(({ index }) => other.data.checks.some((each) => each.index === index))
const withoutChecks = ({ data: { checks: _, findings: __, ...data }, ...document }: PlanDocument) => ({
  ...document,
  data,
})

const well = {
  version: 1,
  name: 'well',
  seed: 4,
  landscape: { preset: 'double-well' },
  start: { minimum: 'left' },
  update: { eta: 0.1, drift: { sigma: 1 } },
  trial: { steps: 60, escape: 'x >= 0', marks: { half: 'x >= -0.5' } },
  sweep: { 'update.eta': [0.05, 0.1, 0.2], 'update.drift.sigma': [0.8, 1, 1.2] },
  trials: 400,
  tags: { part: 'first' },
}

const post = (path: string, spec: object | string) =>
  api(path, {
    method: 'POST',
    headers: { 'content-type': typeof spec === 'string' ? 'application/yaml' : 'application/json' },
    body: typeof spec === 'string' ? spec : JSON.stringify(spec),
  })

beforeAll(async () => {
  const { code, stderr } = await there('run', writeSpec(away.path, 'well', well), '--json')
  expect(code, stderr).toBe(0)
})

describe('a command as a client prints what it prints beside the database', () => {
  test.each([
    ['results', 'well'],
    ['results', 'well', '--json'],
    ['results', 'well', '--format', 'csv'],
    ['results', 'well', '--format', 'jsonl'],
    ['results', 'well', '--curve', '--json'],
    ['results', 'well', '--curve', '--format', 'csv'],
    ['results', 'well', '--rows', '--format', 'csv'],
    ['results', 'well', '--rows', '--json'],
    ['results', 'well', '--best', 'escape'],
    ['results', 'well', '--best', 'nothing'],
    ['results', 'well', '--contrasts'],
    ['results', 'nowhere'],
    ['fit', 'well', 'log(escape) ~ 1/sigma', '--by', 'eta', '--json'],
    ['fit', 'well', 'log(escape ~ 1/sigma'],
    ['figure', 'well'],
    ['figure', 'well', '--kind', 'line', '--oracle', '--json'],
    ['figure', 'well', '--kind', 'convergence', '--cell', '4', '--json'],
    ['figure', 'well', '--kind', 'trajectory', '--cell', '4', '--json'],
    ['figure', 'well', '--kind', 'landscape', '--json'],
    ['compare', 'well', '--split', '100', '--json'],
    ['compare', 'well', 'well'],
    ['list', '--json'],
    ['status', 'well', '--json'],
    ['status'],
    ['watch', 'well', '--json'],
    ['replay', 'well', '3', '17'],
    ['replay', 'well', '3', '17', '--json'],
    ['replay', 'well', '3', '17', '--control'],
    ['replay', 'well', '99', '17'],
    ['resume', 'well'],
    ['extend', 'well', '--trials', '10'],
  ])('%s %s %s', async (...arguments_) => {
    const [local, remote] = [await here(...arguments_), await there(...arguments_)]
    expect([remote.code, remote.stdout, remote.stderr]).toEqual([local.code, local.stdout, local.stderr])
  })

  if (full)
    test('a report, a figure and Parquet as files', async () => {
      for (const [name, ...arguments_] of [
        ['report.html', 'report', 'well'],
        ['figure.svg', 'figure', 'well', '--kind', 'map'],
        ['cells.parquet', 'results', 'well', '--format', 'parquet'],
        ['rows.parquet', 'results', 'well', '--rows', '--format', 'parquet'],
      ] as const) {
        const [local, remote] = [join(away.path, `local-${name}`), join(away.path, `remote-${name}`)]
        expect((await here(...arguments_, '-o', local)).code).toBe(0)
        const { code, stderr } = await there(...arguments_, '-o', remote)
        expect(code, stderr).toBe(0)
        expect(readFileSync(remote).equals(readFileSync(local)), name).toBe(true)
      }
    })

  if (full)
    test('a plan, of what is stored and of what is not', async () => {
      for (const change of [{}, { name: 'more', trials: 500 }]) {
        const spec = writeSpec(away.path, 'planned', { ...well, ...change })
        const [local, remote] = [
          await here('plan', spec, '--no-pilot', '--json'),
          await there('plan', spec, '--no-pilot', '--json'),
        ]
        expect(remote.stderr).toBe('')
        const [first, second] = [remote, local].map(({ stdout }) => JSON.parse(stdout) as PlanDocument)
        expect(commonChecks(first!, second!)).toEqual(commonChecks(second!, first!))
        expect(commonChecks(first!, second!)).not.toEqual([])
        expect(withoutChecks(first!)).toEqual(withoutChecks(second!))
      }
    })

  test('what works on the database itself says so', async () => {
    for (const command of [
      ['sql', 'select 1'],
      ['verify', 'well'],
      ['db', 'status'],
      ['token', 'list'],
    ]) {
      const { code, stderr } = await there(...command)
      expect([code, stderr.split('\n')[0]]).toEqual([
        2,
        `error: this command needs the database itself, but DRIFTFARM_URL (${farm.url}) is the HTTP address of a farm`,
      ])
    }
  })

  test('a farm that is not there, and an address that is none', async () => {
    for (const [url, exit, says] of [
      ['http://127.0.0.1:9', 7, 'error: no farm answers at http://127.0.0.1:9: '],
      ['nonsense', 2, 'error: DRIFTFARM_URL: nonsense is not an http or https address'],
    ] as const) {
      const { code, stderr } = await driftfarm(['list'], { home: away.path, env: { DRIFTFARM_URL: url } })
      expect([code, stderr]).toEqual([exit, expect.stringContaining(says)])
    }
  })
})

if (full)
  test('a spec with its files is handed in from elsewhere, and its data comes back for a trajectory', async () => {
    writeFileSync(join(away.path, 'points.csv'), 'x,y\n0,1\n1,0.5\n2,2\n3,1.5\n')
    const spec = writeSpec(away.path, 'net', {
      version: 1,
      name: 'net',
      seed: 1,
      landscape: {
        network: {
          layers: [1, 2, 1],
          activation: 'tanh',
          loss: 'mse',
          data: { csv: 'points.csv', inputs: ['x'], targets: ['y'] },
        },
      },
      start: { uniform: { low: -1, high: 1 } },
      update: { eta: 0.05, drift: { sigma: 0.1 } },
      trial: { steps: 20, escape: 'x[1] >= 10' },
      trials: 50,
    })
    const { code, stdout, stderr } = await there('run', spec, '--json')
    expect(code, stderr).toBe(0)
    expect(stdout).toBe((await here('results', 'net', '--json')).stdout)
    const file = join(away.path, 'path.csv')
    expect((await there('replay', 'net', '0', '3', '--trajectory', file)).code).toBe(0)
    expect(readFileSync(file, 'utf8').split('\n').length).toBe(23)
  })

describe('handing in', () => {
  test('201 for a new sweep, 200 for a known one; the same text as YAML or JSON', async () => {
    const spec = { ...well, name: 'handed', trials: 10, sweep: {} }
    const first = await post('/sweeps', spec)
    expect(first.status).toBe(201)
    const { data } = await first.json()
    expect(first.headers.get('location')).toBe(`sweeps/${data.sweep.id}`)
    const again = await post('/sweeps', JSON.stringify(spec, null, 2))
    expect(again.status).toBe(200)
    expect((await again.json()).data.sweep.id).toBe(data.sweep.id)
    expect((await json(`/sweeps/${data.sweep.id}/spec`)).data.spec).toBe(JSON.stringify(spec))
  })

  test('often over one connection: it keeps no listeners of answered requests', async () => {
    const warnings: Error[] = []
    const hear = (warning: Error) => void warnings.push(warning)
    process.on('warning', hear)
    // More than the 10 listeners of one event that Node takes for a leak.
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const options = { agent, method: 'POST', headers: { 'content-type': 'application/json' } }
    for (let time = 0; time < 12; time++) {
      const sent = request(`${farm.url}/api/v1/sweeps`, options).end(JSON.stringify(well))
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      expect(response.statusCode).toBe(200)
      for await (const _ of response);
    }
    agent.destroy()
    process.off('warning', hear)
    expect(warnings).toEqual([])
  })

  test('all mistakes with line and column, and nothing of it stored', async () => {
    // Not the whole answer: the sweep of an earlier test may still be running.
    const stored = async () => (await json('/sweeps')).data.sweeps.map(({ id }: { id: string }) => id)
    const before = await stored()
    for (const path of ['/sweeps', '/plan', '/validate']) {
      const refused = await post(path, 'version: 2\nlandscpe: 1\n')
      expect(refused.status).toBe(400)
      const { error } = await refused.json()
      expect(error.errors.length).toBeGreaterThanOrEqual(2)
      expect(error.errors[0]).toMatchObject({ line: 1, column: expect.any(Number) })
    }
    expect(await stored()).toEqual(before)
  })

  test('a text that is not UTF-8, by the rule for files', async () => {
    const body = Uint8Array.of(0x61, 0x3a, 0x20, 0xc0, 0xcc)
    const refused = await api('/validate', { method: 'POST', headers: { 'content-type': 'application/yaml' }, body })
    expect(refused.status).toBe(400)
    expect((await refused.json()).error.errors[0]).toMatchObject({ code: 'NOT_UTF8', line: 1, column: 4 })
  })

  test('a file that was not sent is asked for; none of this machine is read', async () => {
    const spec = { ...well, name: 'files', sweep: { points: { csv: '/etc/passwd' } } }
    const refused = await post('/sweeps', spec)
    expect(refused.status).toBe(400)
    expect(JSON.stringify(await refused.json())).toContain('it was not sent with the spec')
    const named = await post(`/sweeps?file=a.csv:${'0'.repeat(64)}`, spec)
    expect([named.status, (await named.json()).error.code]).toEqual([400, 'FILE_MISSING'])
    const wrong = await api(`/data/${'0'.repeat(64)}`, { method: 'PUT', body: 'x' })
    expect([wrong.status, (await wrong.json()).error.message]).toEqual([400, expect.stringContaining('have the hash')])
  })

  test('too large is 413, another kind of body 415, an empty one 400', async () => {
    const statuses = async (init: RequestInit) => (await api('/sweeps', { method: 'POST', ...init })).status
    const yaml = { 'content-type': 'application/yaml' }
    expect(await statuses({ headers: yaml, body: 'x'.repeat(3 << 20) })).toBe(413)
    expect(await statuses({ headers: { 'content-type': 'image/png' }, body: 'x' })).toBe(415)
    expect(await statuses({ headers: yaml, body: ' ' })).toBe(400)
  })
})

/** Bytes as NumPy writes them (`np.save`). */
function npy(path: string, shape: readonly number[], bytes: Uint8Array): void {
  const head = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.map((n) => `${n},`).join(' ')}), }`
  const magic = Buffer.from([0x93, ...Buffer.from('NUMPY'), 1, 0, 118, 0])
  writeFileSync(path, Buffer.concat([magic, Buffer.from(`${head.padEnd(117)}\n`), bytes]))
}

if (full)
  test('a large table of bytes is sent as bytes, in both directions', async () => {
    const [rows, inputs] = [1100, 1000]
    npy(
      join(away.path, 'x.npy'),
      [rows, inputs],
      Uint8Array.from({ length: rows * inputs }, (_, i) => (i * 31) >> 3),
    )
    npy(
      join(away.path, 'y.npy'),
      [rows],
      Uint8Array.from({ length: rows }, (_, i) => i % 2),
    )
    const data = { npy: { p: 'x.npy', y: 'y.npy' }, inputs: 'p*', targets: 'y', scale: { divide: 255 } }
    const spec = {
      version: 1,
      name: 'images',
      landscape: { network: { layers: [inputs, 2], output: 'softmax', data, batch: 8 } },
      start: { init: 'xavier' },
      update: { eta: 0.01 },
      trial: { steps: 3 },
      trials: 2,
    }
    const { code, stderr } = await there('run', writeSpec(away.path, 'images', spec))
    expect(code, stderr).toBe(0)
    const { hash } = (await json('/sweeps/images/cells/0')).data.data
    const sent = await api(`/data/${hash}`)
    const header = (name: string) => sent.headers.get(`x-driftfarm-${name}`)
    expect(['rows', 'columns', 'divide', 'scaled'].map(header)).toEqual(['1100', '1002', '255', '1000'])
    expect((await sent.arrayBuffer()).byteLength).toBe(1100 * 1002)
    const paths = await Promise.all(
      [here, there].map(async (command, i) => {
        const file = join(away.path, `path-${i}.csv`)
        const replay = await command('replay', 'images', '0', '1', '--trajectory', file)
        expect(replay.code, replay.stderr).toBe(0)
        return readFileSync(file, 'utf8')
      }),
    )
    expect(paths[1]).toBe(paths[0])
  })

describe('what is asked for', () => {
  test('documents are those of the command, with an ETag', async () => {
    const response = await api('/sweeps/well/results')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await response.text()).toBe((await here('results', 'well', '--json')).stdout)
    const status = await api('/sweeps/well')
    const etag = status.headers.get('etag')
    expect(etag).toMatch(/^W?\/?".+"$/)
    expect((await api('/sweeps/well', { headers: { 'if-none-match': etag! } })).status).toBe(304)
  })

  test('some cells alone; cells for maps; pages and filters of sweeps', async () => {
    const some = await json('/sweeps/well/results?cells=0,3-4')
    expect(some.data.cells.map((cell: { index: number }) => cell.index)).toEqual([0, 3, 4])
    const { data } = await json('/sweeps/well/cells')
    expect(data.index).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8])
    expect(new Set(data.state)).toEqual(new Set(['met']))
    expect(data.params['update.drift.sigma']).toEqual([0.8, 0.8, 0.8, 1, 1, 1, 1.2, 1.2, 1.2])
    const results = await json('/sweeps/well/results')
    expect(data.estimates.escape.high).toEqual(
      results.data.cells.map((cell: { estimates: { escape: { high: number } } }) => cell.estimates.escape.high),
    )
    const named = async (query: string) =>
      (await json(`/sweeps?${query}`)).data.sweeps.map((sweep: { name: string }) => sweep.name)
    expect(await named('name=wel')).toEqual(['well'])
    expect(await named('tag=part:first&name=well')).toEqual(['well'])
    expect(await named('tag=part:second')).toEqual([])
    expect(await named('state=paused')).toEqual([])
    const first = await api('/sweeps?limit=1')
    const next = /^<\?(.*)>; rel="next"$/.exec(first.headers.get('link')!)![1]
    const two = [...(await first.json()).data.sweeps, ...(await json(`/sweeps?${next}`)).data.sweeps]
    expect(new Set(two.map(({ id }) => id)).size).toBe(2)
  })

  test('exact answers are computed once, and kept by cell where SQL sees them', async () => {
    const path = '/sweeps/well/cells/4/exact'
    const first = await (await api(path)).text()
    expect(await (await api(path)).text()).toBe(first)
    const { stdout } = await here('sql', "select kind, cell from exact where kind = 'oracle'", '--format', 'csv')
    const { data } = await json('/sweeps/well/cells/4')
    expect((await json('/sweeps/well/cells/3')).data.why).toBe('Done: all 400 requested trials are stored.')
    expect(stdout).toContain(`oracle,${data.cell.id}`)
    expect(data.why).toMatch(
      /^Done: all 400 requested trials are stored(; the trials of the cell are shared with handed)?\.$/,
    )
  })

  test('the module of a kernel computes the same trials here', async () => {
    const { data } = await json('/sweeps/well/cells/4')
    const kernel = (await json(`/cells/${data.cell.id}/kernel`)).data
    const wasm = await api(`/kernels/${kernel.module}.wasm`)
    expect(wasm.headers.get('content-type')).toBe('application/wasm')
    const { Kernel, prepare, formatDigest } = await import('@driftfarm/kernel')
    const module = new WebAssembly.Module(await wasm.arrayBuffer())
    const { digest } = Kernel.create(module, prepare(kernel.cell)).run(0, 400, { keep: false, horizons: [] })
    expect(formatDigest(digest)).toBe(data.cell.digest)
  })

  test('what is not there is 404 and says so; what is nonsense 400', async () => {
    for (const [path, status] of [
      ['/sweeps/nowhere', 404],
      ['/sweeps/well/cells/77', 404],
      ['/nothing', 404],
      ['/sweeps/well/results?cells=5-1', 400],
      ['/sweeps/well/results?format=xml', 400],
      ['/sweeps/we%00ll', 400],
      ['/sweeps/well/figures/pie.svg', 400],
      ['/sweeps/well/rows', 200],
    ] as const) {
      const response = await api(path)
      expect(response.status, path).toBe(status)
      if (status !== 200)
        expect((await response.json()).error, path).toMatchObject({
          code: expect.any(String),
          message: expect.any(String),
        })
    }
    const picture = await api('/sweeps/well/rows', { headers: { accept: 'image/png' } })
    expect(picture.status).toBe(406)
  })
})

test('events: the whole first, then changes, then the end; made for all at once', async () => {
  const endless = {
    ...well,
    name: 'endless',
    sweep: {},
    trial: { steps: 1_000_000, escape: 'x >= 1000' },
    trials: 1_000_000,
  }
  const { data } = await (await post('/sweeps', endless)).json()
  const { Requests, streamEvents } = await import('@driftfarm/api/client')
  const heard: { event: string; data: { status?: { state: string }; cells?: { index: number[] } } }[] = []
  const listening = (async () => {
    const signal = AbortSignal.timeout(60_000)
    const path = `/sweeps/${data.sweep.id}/events`
    for await (const each of streamEvents(new Requests({ url: farm.url }), path, { signal })) heard.push(each as never)
  })()
  const act = (action: object) =>
    api('/sweeps/endless/actions', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(action),
    })
  const until = async (is: () => boolean) => {
    while (!is()) await new Promise((resolve) => setTimeout(resolve, 20))
  }
  await until(() => heard.length > 0)
  expect(heard[0]!.event).toBe('snapshot')
  expect(heard[0]!.data.cells!.index).toEqual([0])
  const paused = await act({ do: 'pause' })
  expect([paused.status, (await paused.json()).data.state]).toEqual([202, 'paused'])
  await until(() => heard.some(({ event, data }) => event === 'delta' && data.status?.state === 'paused'))
  expect((await act({ do: 'resume' })).status).toBe(202)
  expect((await act({ do: 'dance' })).status).toBe(400)
  expect((await act({ do: 'cancel' })).status).toBe(202)
  await listening
  expect(heard.at(-1)!.event).toBe('end')
  expect(heard.at(-1)!.data.status!.state).toBe('cancelled')
  const refused = await act({ do: 'pause' })
  expect([refused.status, (await refused.json()).error.code]).toEqual([409, 'SWEEP_STATE'])
  const unnamed = await api('/sweeps/endless', { method: 'DELETE' })
  expect(unnamed.status).toBe(409)
  expect((await api('/sweeps/endless?name=endless', { method: 'DELETE' })).status).toBe(202)
  expect((await api('/sweeps/endless')).status).toBe(404)
  const { stdout } = await here(
    'sql',
    "select verb, token from action where sweep_name = 'endless' order by id",
    '--format',
    'csv',
  )
  expect(stdout).toBe('verb,token\nsubmit,\npause,\nresume,\ncancel,\nremove,\n')
})

if (full)
  test('the changes of a watched sweep, put together, are its cells at the end', async () => {
    const rising = {
      trial: { steps: 2_000, escape: 'x >= 0' },
      until: { estimate: 'escape', relative: 0.02, max: 20_000 },
    }
    const { trials: _, ...rest } = well
    const { data } = await (await post('/sweeps', { ...rest, ...rising, name: 'rising' })).json()
    const { Requests, remoteFarmClient, streamEvents } = await import('@driftfarm/api/client')
    const signal = AbortSignal.timeout(60_000)
    const path = `/sweeps/${data.sweep.id}/events`
    const heard: { event: string; data: { cells?: object } }[] = []
    const listening = (async () => {
      for await (const each of streamEvents(new Requests({ url: farm.url }), path, { signal }))
        heard.push(each as never)
    })()
    const client = remoteFarmClient({ url: farm.url })
    let last: LiveSweep | null = null
    for await (const live of client.live(data.sweep.id, { signal })) last = live
    await listening
    const [first, ...changes] = heard
    expect(first!.data.cells).toHaveProperty('params')
    // Negative control: something was sent after the snapshot.
    expect(changes.filter(({ data }) => data.cells !== undefined).length).toBeGreaterThan(0)
    for (const { data } of changes) if (data.cells !== undefined) expect(data.cells).not.toHaveProperty('params')
    expect(heard.at(-1)).toMatchObject({ event: 'end', data: { status: { state: 'complete', phase: null } } })
    expect(Object.keys(heard.at(-1)!.data)).toEqual(['status'])
    expect(last!.cells).toEqual(await client.cells({ sweep: data.sweep.id }))
    expect(last!.status).toEqual(await client.status({ sweep: data.sweep.id }))
  })

if (full)
  test('the changes of all sweeps, put together, are the list of sweeps', async () => {
    const { Requests, remoteFarmClient, streamEvents } = await import('@driftfarm/api/client')
    const ended = new AbortController()
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(60_000)])
    const client = remoteFarmClient({ url: farm.url })
    const heard: { event: string; data: { sweeps?: { sweeps: { name: string }[] }; order?: string[] } }[] = []
    let last: LiveFarm | null = null
    const listening = Promise.all([
      (async () => {
        for await (const each of streamEvents(new Requests({ url: farm.url }), '/events', { signal }))
          heard.push(each as never)
      })(),
      (async () => {
        for await (const live of client.liveFarm({ signal })) last = live
      })(),
    ])
    const names = () => last?.sweeps.sweeps.map(({ name }) => name) ?? []
    const until = async (is: () => boolean) => {
      while (!is()) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await until(() => names().includes('well') && heard.length > 0)
    await post('/sweeps', { ...well, name: 'brief', trials: 10 })
    await until(() => last?.sweeps.sweeps[0]?.name === 'brief' && last.sweeps.sweeps[0].state === 'complete')
    expect(last!.sweeps).toEqual(await client.sweeps())
    await api('/sweeps/brief?name=brief', { method: 'DELETE' })
    await until(() => !names().includes('brief'))
    expect(last!.sweeps).toEqual(await client.sweeps())
    ended.abort()
    await listening
    const changes = heard.filter(({ event }) => event === 'delta')
    // Only the new sweep and one whose settings are told apart from it are sent, and the order when it changes.
    const sent = new Set(changes.flatMap(({ data }) => data.sweeps?.sweeps ?? []).map(({ name }) => name))
    expect([...sent].sort()).toEqual(['brief', 'handed'])
    expect(changes.filter(({ data }) => data.order !== undefined)).toHaveLength(2)
  })

test('pages of elsewhere, other hosts and paths out of the folder are refused', async () => {
  const { request } = await import('node:http')
  const raw = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(farm.url)
      request({ hostname, port, path, method, headers }, (response) => {
        response.resume()
        resolve(response.statusCode!)
      })
        .on('error', reject)
        .end()
    })
  expect(await raw('/api/v1/sweeps')).toBe(200)
  expect(await raw('/api/v1/sweeps', { host: 'evil.example' })).toBe(403)
  expect(await raw('/api/v1/sweeps', { origin: 'http://evil.example' })).toBe(403)
  expect(await raw('/api/v1/sweeps', { 'x-forwarded-for': '10.0.0.1' })).toBe(403)
  expect(await raw('/api/v1/sweeps/../../etc/passwd')).toBe(404)
  expect(await raw('/..%2f..%2fpackage.json')).toBe(404)
  expect(await raw('/healthz', { host: 'evil.example' })).toBe(200)
  expect(await raw('/metrics')).toBe(200)
})
