import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, createServer, type IncomingHttpHeaders, type IncomingMessage, request as send } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { constants, gunzipSync } from 'node:zlib'
import { createToken, type Database, openDatabase, startEmbedded } from '@driftfarm/database'
import { driftfarm, type Running, root, start } from '@driftfarm/testing/command'
import { temporaryFolder } from '@driftfarm/testing/folder'
import { servedHome } from '@driftfarm/testing/home'
import { freePort } from '@driftfarm/testing/port'
import { oneWell, writeSpec } from '@driftfarm/testing/spec'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { validSpecs } from './hostile/bodies.ts'
import { type Hostile, hostileRequests, type Route } from './hostile/requests.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'
const seed = 20261127
const count = 50_000
const atOnce = 12
/** No request takes so long; those that wait for others included. */
const patienceMs = 15_000
/** Of the coordinator after all of it: it needs a third of that for its modules alone. */
const maxBytes = 1 << 30

/** What comes of a request: `trouble` in place of an answer. */
interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly ms: number
  readonly trouble?: string
}

const agent = new Agent({ keepAlive: true, maxSockets: atOnce })
afterAll(() => agent.destroy())

/** Asks; of a stream of events only the first is awaited. */
function ask(url: string, request: Hostile, retried = false): Promise<Answer> {
  const { raw, method, path, headers, body } = request
  const { hostname, port } = new URL(url)
  if (raw !== null) return askRaw(Number(port), raw)
  const began = performance.now()
  return new Promise((resolve) => {
    const end = (given: Partial<Answer>): void => {
      clearTimeout(timer)
      resolve({ status: 0, headers: {}, text: '', ms: performance.now() - began, ...given })
    }
    const length = body === null ? {} : { 'content-length': body.length }
    const asked = send({
      hostname,
      port,
      agent: retried ? false : agent,
      method,
      path,
      headers: { ...headers, ...length },
    })
    const timer = setTimeout(() => {
      end({ trouble: `no answer in ${patienceMs / 1000} s` })
      asked
        .removeAllListeners('error')
        .on('error', () => undefined)
        .destroy()
    }, patienceMs)
    asked.once('error', (error) => {
      clearTimeout(timer)
      // A connection that was kept may end in the moment in which it is used again: that is no answer to this request.
      if (asked.reusedSocket && !retried) resolve(ask(url, request, true))
      else end({ trouble: error.message })
    })
    asked.once('response', (response) => {
      const { statusCode: status = 0, headers } = response
      read(response).then(
        (text) => end({ status, headers, text }),
        (error) => end({ status, headers, trouble: `the answer broke off: ${error.message}` }),
      )
    })
    asked.end(body ?? undefined)
  })
}

async function read(response: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  const streams = response.headers['content-type']?.startsWith('text/event-stream') === true
  for await (const piece of response) {
    pieces.push(piece)
    if (streams) break
  }
  const bytes = Buffer.concat(pieces)
  const zipped = response.headers['content-encoding'] === 'gzip' && !streams && bytes.length > 0
  return (zipped ? gunzipSync(bytes) : bytes).toString()
}

/** Sends bytes, and reads until the other end closes. */
function askRaw(port: number, { bytes, isHttp, isCut }: NonNullable<Hostile['raw']>): Promise<Answer> {
  const began = performance.now()
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1')
    const end = (trouble?: string): void => {
      clearTimeout(timer)
      clearTimeout(quiet)
      socket.destroy()
      const [, status = 0] = /^HTTP\/1\.1 (\d{3}) (?!Continue)/m.exec(heard) ?? []
      const at = heard.lastIndexOf('\r\n\r\n')
      // Chunks have their lengths between them; none of these answers has more than one.
      const text = at < 0 ? '' : (/\{"error"[\s\S]*\}/.exec(heard)?.[0] ?? heard.slice(at + 4))
      const headers = Object.fromEntries(
        heard
          .slice(0, Math.max(at, 0))
          .split('\r\n')
          .flatMap((line) => {
            const [, name, value] = /^([\w-]+): (.*)$/.exec(line) ?? []
            return name === undefined ? [] : [[name.toLowerCase(), value]]
          }),
      )
      const none = trouble ?? (heard === '' ? 'closed without an answer' : undefined)
      const why = none === undefined ? {} : { trouble: none }
      resolve({ status: Number(status), headers, text, ms: performance.now() - began, ...why })
    }
    const timer = setTimeout(() => end(`no answer in ${patienceMs / 1000} s`), patienceMs)
    // Whoever waits for the rest of what is none learns that nothing follows.
    const quiet = isHttp ? undefined : setTimeout(() => socket.end(), isCut ? 20 : patienceMs / 2)
    socket.on('data', (piece) => {
      heard += piece.toString()
      if (heard.includes('text/event-stream') && heard.includes('event:')) end()
    })
    socket.once('error', () => end(heard === '' ? 'the connection broke' : undefined))
    socket.once('close', () => end())
    socket.write(bytes)
  })
}

/** What no answer may hold unless its request did, and what none may hold at all. */
interface Kept {
  readonly secrets: readonly string[]
  readonly places: readonly string[]
}

const inside = [
  /\n\s+at (?:async )?[\w.<>$ ]+ \(|node:internal|node_modules|\.(?:ts|m?js):\d+:\d+/,
  /syntax error at or near|violates [\w-]+ constraint|invalid (?:input syntax|byte sequence)|prisma|SQLSTATE/i,
  /postgres(?:ql)?:\/\//,
  /\b(?:select|insert into|update|delete from)\b[^"]*\bfarm\.\w+/i,
]

const describesError = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(
  JSON.parse(readFileSync(join(root, 'docs/schema/error.schema.json'), 'utf8')),
)

const isDocumented = (text: string): boolean => {
  try {
    return describesError(JSON.parse(text)) as boolean
  } catch {
    return false
  }
}

/** What is wrong with an answer. */
function faultsOf(request: Hostile, answer: Answer, { secrets, places }: Kept): string[] {
  const { status, headers, text, trouble } = answer
  const { raw, method } = request
  const isHttp = raw === null || raw.isHttp
  const faults: string[] = []
  if (trouble !== undefined && (isHttp || !/closed|broke/.test(trouble))) faults.push(trouble)
  else if (trouble === undefined && !isExpected(request, answer)) faults.push(`status ${status}`)
  const hasBody =
    status >= 400 && status < 500 && isHttp && method !== 'HEAD' && !/^HEAD/.test(raw?.bytes.toString() ?? '')
  if (hasBody && !isDocumented(text)) faults.push(`${status} with another body than the error object`)
  // A session is the token itself, as a cookie.
  const { 'set-cookie': cookies = [], ...others } = headers
  const all = `${JSON.stringify(others)}${text}`
  for (const secret of secrets) if (all.includes(secret)) faults.push(`a secret: ${secret.slice(0, 20)}`)
  const asked = textOf(request)
  const said = status >= 400 ? inside.flatMap((pattern) => pattern.exec(text)?.[0] ?? []) : []
  for (const words of [...said, ...places.filter((place) => all.includes(place))])
    if (!asked.includes(words)) faults.push(`what is inside: ${words}`)
  if (!cookies.every((cookie) => cookie.startsWith('driftfarm_session='))) faults.push(`a cookie: ${cookies}`)
  if ('x-injected' in headers || /x-injected/i.test(Object.keys(headers).join())) faults.push('a header was injected')
  return faults
}

/** 2xx and 4xx; what was asked for on condition; and addresses of the page, which lead nowhere else. */
function isExpected({ headers }: Hostile, answer: Answer): boolean {
  const { status } = answer
  if (status === 304) return headers['if-none-match'] !== undefined
  if (status === 302) return /^\.\.?\/#\//.test(answer.headers.location ?? '')
  return (status >= 200 && status < 300) || (status >= 400 && status < 500)
}

const textOf = ({ method, path, headers, body, raw }: Hostile): string =>
  raw !== null
    ? raw.bytes.toString('latin1')
    : `${method} ${decoded(path)} ${path}\n${JSON.stringify(headers)}\n${unzipped(headers, body)}`

function unzipped(headers: Hostile['headers'], body: Buffer | null): string {
  if (headers['content-encoding'] !== 'gzip' || body === null) return String(body)
  try {
    // What is cut off is a text nevertheless.
    return gunzipSync(body, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 1 << 26 }).toString()
  } catch {
    return body.toString()
  }
}

const decoded = (path: string): string =>
  path.replace(/(%[0-9a-f]{2})+/gi, (text) => Buffer.from(text.replaceAll('%', ''), 'hex').toString())

/** For whoever reads of a failure. */
function shown({ method, path, headers, body, raw }: Hostile, { status, text, ms, trouble }: Answer): string {
  const { authorization = '', ...others } = headers
  const asked = `${method} ${path.slice(0, 300)} ${JSON.stringify(others)} ${authorization.slice(0, 20)}`
  const sent =
    raw === null
      ? `${asked} ${JSON.stringify(body?.toString().slice(0, 400))}`
      : JSON.stringify(raw.bytes.toString('latin1'))
  return `${sent.slice(0, 900)}\n    -> ${trouble ?? status} in ${Math.round(ms)} ms: ${text.slice(0, 400)}`
}

const plain = (method: string, path: string, body: string | null = null, headers = {}): Hostile => ({
  method,
  path,
  headers: { 'content-type': 'application/json', ...headers },
  body: body === null ? null : Buffer.from(body),
  raw: null,
})

const canary = `canary-${randomBytes(12).toString('hex')}`

/** A server beside the farm: nobody may ask it. */
let askedOutside = 0
const beside = createServer((_, response) => {
  askedOutside++
  response.end(`canary\n${canary}\n`)
})
beforeAll(() => new Promise<void>((resolve) => void beside.listen(0, '127.0.0.1', resolve)))
afterAll(() => void beside.close())
const besideUrl = (): string => `http://127.0.0.1:${(beside.address() as { port: number }).port}`

describe('what is wrong is found', () => {
  const error = { code: 'A', message: 'a', hint: null, path: null, retryable: false }
  const bodyOf = (change: object): string => JSON.stringify({ error: { ...error, ...change } })
  const kept: Kept = { secrets: [canary], places: ['/srv/farm'] }
  const faulty = createServer((request, response) => {
    const [, status = '200', body = ''] = decoded(request.url ?? '').split('|')
    if (status === 'closes') request.socket.destroy()
    else if (status === 'breaks')
      response.writeHead(200, { 'content-length': 9 }).write('a', () => request.socket.destroy())
    else response.writeHead(Number(status), body.startsWith('x-') ? { 'x-injected': 'yes' } : {}).end(body)
  })
  beforeAll(() => new Promise<void>((resolve) => void faulty.listen(0, '127.0.0.1', resolve)))
  afterAll(() => void faulty.close())

  test.each([
    ['200', '{}', []],
    ['400', bodyOf({}), []],
    ['500', '', ['status 500']],
    ['503', bodyOf({}), ['status 503']],
    ['302', '', ['status 302']],
    ['closes', '', ['socket hang up']],
    ['breaks', '', ['the answer broke off: aborted']],
    ['400', 'no', ['400 with another body than the error object']],
    ['404', bodyOf({ stack: 'a' }), ['404 with another body than the error object']],
    ['200', `is it ${canary}?`, [`a secret: ${canary.slice(0, 20)}`]],
    ['400', bodyOf({ message: 'syntax error at or near "x"' }), ['what is inside: syntax error at or near']],
    ['400', bodyOf({ message: 'no /srv/farm/a' }), ['what is inside: /srv/farm']],
    ['400', bodyOf({ message: 'at /a/b.ts:3:4' }), ['what is inside: .ts:3:4']],
    ['200', 'x-', ['a header was injected']],
  ])('%s %s', async (status, body, faults) => {
    const request = plain('GET', `/|${status}|${Buffer.from(body).toString('hex').replace(/../g, '%$&')}`)
    const answer = await ask(`http://127.0.0.1:${(faulty.address() as { port: number }).port}`, request)
    // The body stands in the path here, and what a request holds may be repeated.
    expect(faultsOf({ ...request, path: '/' }, answer, kept)).toEqual(faults)
  })
})

// Not skipped but left out: in CI a skipped test is a failed one.
;(full ? describe : () => undefined)('a farm among hostile requests', () => {
  const home = servedHome()
  const away = temporaryFolder('outside-')
  afterAll(() => away.remove())
  const file = join(away.path, 'canary.csv')
  let coordinator: Running
  let database: Database
  let url: string
  let kept: Kept
  let requests: fc.Arbitrary<Hostile>
  let admin: string
  const bearer = () => ({ authorization: `Bearer ${admin}` })

  /** What was accepted: what there may be afterwards. */
  const accepted = { sweeps: new Set<string>(), requests: new Set<string>(), files: new Set<string>() }
  let made = 0

  /** Notes what an answer says that was stored. */
  function note({ method, path }: Hostile, { status, headers, text }: Answer): void {
    if (status < 200 || status >= 300) return
    accepted.requests.add(String(headers['x-request-id']))
    const route = path.split('?')[0]!
    if (method === 'DELETE' && route.startsWith('/api/v1/sweeps/')) made--
    if (method === 'PUT') accepted.files.add(JSON.parse(text).data.hash)
    if (method !== 'POST' || route !== '/api/v1/sweeps') return
    accepted.sweeps.add(JSON.parse(text).data.sweep.id)
    if (status === 201) made++
  }

  /** Rows that nobody accepted, of each table; those of what runs and of who may ask are as many as before. */
  async function unexplained(): Promise<Record<string, number>> {
    const ofSweep = 'sweep_id <> all ($1)'
    const ofCell = 'not exists (select from farm.cell c where c.id = cell_id)'
    const rules: Record<string, string> = {
      sweep: 'id <> all ($1)',
      request: ofSweep,
      contrast: ofSweep,
      bundle: ofSweep,
      pending_update: ofSweep,
      cell: 'not exists (select from farm.request d where d.cell_id = id)',
      premises: ofCell,
      pending: ofCell,
      batch: ofCell,
      outcome: ofCell,
      event_bits: ofCell,
      exact: ofCell,
      failure: ofCell,
      data: 'not exists (select from farm.cell c where c.data_hash = hash)',
      data_part: 'not exists (select from farm.data d where d.hash = data_hash)',
      upload: 'hash <> all ($3)',
      action: 'request <> all ($2)',
      // Names of columns stay when their sweep goes.
      cells_column: 'false',
      token: 'true',
      worker: 'true',
      leader: 'true',
    }
    const { rows: tables } = await database.pool.query<{ name: string }>(
      `select table_name as name from information_schema.tables
        where table_schema = 'farm' and table_type = 'BASE TABLE'`,
    )
    const given = [accepted.sweeps, accepted.requests, accepted.files].map((set) => [...set])
    const counts: [string, number][] = []
    for (const { name } of tables) {
      const rule = rules[name]
      if (rule === undefined) throw new Error(`whose are the rows of ${name}?`)
      const typed = '$1::text[] is null or $2::text[] is null or $3::text[] is null'
      const { rows } = await database.pool.query<{ n: number }>(
        `select count(*)::int as n from farm.${name} where (${rule}) or ${typed}`,
        given,
      )
      counts.push([name, rows[0]!.n])
    }
    return Object.fromEntries(counts)
  }

  const memory = async (): Promise<number> => {
    const { text } = await ask(url, plain('GET', '/metrics', null, bearer()))
    return Number(/^driftfarm_process_resident_memory_bytes (\S+)$/m.exec(text)![1])
  }

  beforeAll(async () => {
    writeFileSync(file, `canary\n${canary}\n`)
    writeFileSync(join(home, 'canary.csv'), `canary\n${canary}\n`)
    const spec = oneWell({ name: 'known', sweep: { 'update.drift.sigma': [0.8, 1.2] }, trials: 50 })
    const run = await driftfarm(['run', writeSpec(home, 'known', spec), '--json'], { home })
    expect(run.code, run.stderr).toBe(0)
    const { sweep } = JSON.parse(run.stdout).data
    const server = await startEmbedded({ home })
    database = await openDatabase({ url: server.url, max: 2 })
    await server.close()
    const token = (name: string, role: 'read' | 'submit' | 'admin') =>
      createToken(database, { name, role, expiresAt: null })
    const secrets = { read: await token('reads', 'read'), submit: await token('submits', 'submit') }
    // As many as the limit of requests a minute asks for.
    const admins: string[] = []
    for (let i = 0; i < 40; i++) admins.push(await token(`rules-${i}`, 'admin'))
    admin = await token('looks', 'admin')
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    coordinator = start(['coordinator', '--listen', `127.0.0.1:${port}`, '--log', 'error'], {
      home,
      env: { DATABASE_URL: server.url, DRIFTFARM_CANARY: canary },
    })
    await coordinator.says('API at')

    const prey = plain('POST', '/api/v1/sweeps', JSON.stringify({ ...spec, name: 'prey', seed: 2 }), bearer())
    const answer = await ask(url, prey)
    expect(answer.status, answer.text).toBe(201)
    accepted.sweeps.add(sweep.id)
    note(prey, answer)
    const { paths } = JSON.parse((await ask(url, plain('GET', '/api/v1/openapi.json'))).text)
    const routes = Object.entries(
      paths as Record<string, Record<string, { parameters?: { name: string; in: string }[] }>>,
    ).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { parameters = [] }]): Route => {
        const query = parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name)
        return { method: method.toUpperCase(), path, query }
      }),
    )
    expect(routes.length).toBeGreaterThan(30)
    requests = hostileRequests({
      outside: { file, url: besideUrl() },
      routes,
      refs: ['known', sweep.id, sweep.id.slice(0, 9)],
      prey: 'prey',
      secrets: { ...secrets, admin: admins },
    })
    const { password } = new URL(server.url)
    const { rows: stored } = await database.pool.query<{ hash: string }>('select hash from farm.token')
    const secret = [...admins, admin, ...Object.values(secrets)]
    kept = {
      secrets: [canary, password, ...secret, ...stored.map(({ hash }) => hash), 'root:x:0:0'].filter(
        (text) => text !== '',
      ),
      places: [home, root.replace(/\/$/, ''), away.path],
    }
  })
  afterAll(async () => {
    coordinator?.child.kill('SIGINT')
    await coordinator?.finished
    await database?.close()
  })

  test(`${count} requests: only 2xx and 4xx, no row of a refused one, nothing of the outside`, async () => {
    const before = { rows: await unexplained(), memory: await memory() }
    expect(before.rows).toMatchObject({ sweep: 0, upload: 0, action: 0, cell: 0 })
    const statuses = new Map<string, number>()
    const faults = new Map<string, { count: number; first: string[] }>()
    const slowest: { ms: number; what: string }[] = []
    let [done, peak] = [0, before.memory]
    const began = performance.now()

    const one = async (request: Hostile): Promise<void> => {
      const answer = await ask(url, request)
      done++
      const word = answer.trouble ?? `${answer.status}`
      statuses.set(word, (statuses.get(word) ?? 0) + 1)
      slowest.push({ ms: answer.ms, what: shown(request, answer).slice(0, 300) })
      slowest.sort((a, b) => b.ms - a.ms).splice(5)
      for (const fault of faultsOf(request, answer, kept)) {
        const same = faults.get(fault) ?? { count: 0, first: [] }
        same.count++
        if (same.first.length < 3) same.first.push(shown(request, answer))
        faults.set(fault, same)
      }
      if (request.raw === null && answer.trouble === undefined) note(request, answer)
    }
    const size = 500
    for (let chunk = 0; chunk < count / size; chunk++) {
      const waiting = fc.sample(requests, { numRuns: size, seed: seed + chunk })
      const worker = async (): Promise<void> => {
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) await one(next)
      }
      await Promise.all(Array.from({ length: atOnce }, worker))
      if (coordinator.child.exitCode !== null) break
      if (chunk % 10 === 9) peak = Math.max(peak, await memory())
    }
    const seconds = (performance.now() - began) / 1000
    const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
    const after = await memory()
    console.log(
      [
        `${done} requests in ${seconds.toFixed(0)} s: ${JSON.stringify(Object.fromEntries([...statuses].sort()))}`,
        `${accepted.sweeps.size} sweeps, ${accepted.files.size} files`,
        `memory ${mib(before.memory)} before, at most ${mib(peak)}, ${mib(after)} after`,
        ...slowest.map(({ ms, what }) => `${Math.round(ms)} ms: ${what}`),
      ].join('\n'),
    )

    const found = [...faults].map(([fault, { count, first }]) => `${count} times ${fault}\n  ${first.join('\n  ')}`)
    expect.soft(found.join('\n\n'), 'answers that must not be').toBe('')
    expect.soft(coordinator.child.exitCode, 'the process lives').toBe(null)
    expect.soft(askedOutside, 'requests to the server beside').toBe(0)
    expect.soft(await unexplained(), 'rows that no accepted request made').toEqual(before.rows)
    const { rows } = await database.pool.query<{ n: number }>('select count(*)::int as n from farm.sweep')
    expect.soft(rows[0]!.n, 'sweeps that there are').toBe(1 + made)
    expect.soft(after).toBeLessThan(maxBytes)
    // Both happened often.
    expect(statuses.get('200')).toBeGreaterThan(count / 20)
    expect(statuses.get('400')).toBeGreaterThan(count / 20)
    expect(accepted.sweeps.size).toBeGreaterThan(count / 1000)

    expect((await ask(url, plain('GET', '/api/v1/farm', null, bearer()))).status).toBe(200)
    const spec = validSpecs('afterwards')[0] as object
    const last = await ask(url, plain('POST', '/api/v1/sweeps', JSON.stringify({ ...spec, seed: 2 ** 40 }), bearer()))
    expect(last.status, last.text).toBe(201)
    expect((await ask(url, plain('GET', '/api/v1/sweeps/afterwards', null, bearer()))).status).toBe(200)
  }, 600_000)
})
