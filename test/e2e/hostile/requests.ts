import { uploadHash } from '@driftfarm/database'
import fc from 'fast-check'
import { type Body, bodies, type Outside, tables, validSpecs, words } from './bodies.ts'

/** A request, as node sends it; or `raw`, as bytes of its own. */
export interface Hostile {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer | null
  readonly raw: Raw | null
}

interface Raw {
  readonly bytes: Buffer
  /** Whether this is HTTP, so that an answer must come. */
  readonly isHttp: boolean
  /** Whether nothing follows although more was announced. */
  readonly isCut: boolean
}

/** A published route with the parameters of its query. */
export interface Route {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
}

/** What is known of a farm by whoever means harm. */
export interface Target {
  readonly outside: Outside
  readonly routes: readonly Route[]
  /** Names and ids of sweeps that there are. */
  readonly refs: readonly string[]
  /** Name of the one that may be changed and removed. */
  readonly prey: string
  /** Secrets of tokens of each role; of administrators there are many. */
  readonly secrets: { readonly read: string; readonly submit: string; readonly admin: readonly string[] }
}

/** Parts of a path that decode to something else, or to nothing. */
const oddParts = [
  '..%2f..%2f..%2fetc%2fpasswd',
  '..',
  '%2e%2e',
  '.',
  '%',
  '%ff',
  '%00',
  '%2F',
  '\\..\\..',
  '*',
  ';a',
  '%ED%A0%80',
]

/** Values that some parameter takes. */
const values: Readonly<Record<string, readonly string[]>> = {
  cell: ['0', '1'],
  cells: ['0', '0-1', 'true'],
  trial: ['0', '3'],
  trials: ['0', '1,2', '40'],
  file: [
    'auto.svg',
    'auto.json',
    'line.json',
    'map.svg',
    'landscape.json',
    'trajectory.json',
    `a.csv:${'0'.repeat(64)}`,
  ],
  hash: ['0'.repeat(64)],
  id: ['0'.repeat(32)],
  formula: ['log(escape) ~ 1/sigma', 'escape ~ sigma'],
  of: ['escape', 'half'],
  where: ['sigma > 1'],
  by: ['sigma'],
  format: ['csv', 'json', 'jsonl', 'parquet'],
  limit: ['1', '1000'],
  count: ['5'],
  split: ['10'],
  set: ['update.eta=0.2', 'trials=3'],
  state: ['done'],
  x: ['sigma'],
  direction: ['max'],
}
const goodValues = new Map(Object.entries(values))
const oddValues = [
  '-1',
  '0',
  '1e9',
  '999999999999999999999',
  '0-9999999',
  '1,1,1',
  '-0',
  '0x1',
  ' 1',
  '1;2',
  '1\0',
  '[]',
  '{}',
]

const escaped = (text: string): string =>
  [...text].map((sign) => (/\p{Cs}/u.test(sign) ? '%ED%A0%80' : encodeURIComponent(sign))).join('')

/** Something with this chance, else null. */
const rarely = <T>(chance: number, arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> =>
  fc.oneof({ weight: Math.round(1 / chance) - 1, arbitrary: fc.constant(null) }, { weight: 1, arbitrary })

/** A query: parameters of the route, well or badly, some of them twice, and some that are none. */
function queries(names: readonly string[], { outside, refs }: Target): fc.Arbitrary<string> {
  const word = words(outside)
  const pair = fc
    .oneof(
      { weight: 8, arbitrary: names.length > 0 ? fc.constantFrom(...names) : word },
      { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor[prototype]', 'a[]', '', 'trials', 'file') },
    )
    .chain((name) => {
      const good = goodValues.get(name) ?? refs
      const value = fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...good) },
        { weight: 1, arbitrary: fc.constantFrom(...oddValues) },
        { weight: 2, arbitrary: word },
        { weight: 1, arbitrary: word.map((text) => `update.eta=${text}`) },
        { weight: 1, arbitrary: word.map((text) => `landscape.network.data.csv=${text}`) },
      )
      return value.map((text) => `${escaped(name)}=${escaped(text)}`)
    })
  const odd = fc.constantFrom('', '&', '=', '%', '%ff=%ff', 'a', '?', '&&==&', `x=${'y'.repeat(4_000)}`, 'trials=%00')
  return fc
    .oneof({ weight: 9, arbitrary: fc.array(pair, { maxLength: 3 }).map((pairs) => pairs.join('&')) }, odd)
    .map((query) => (query === '' ? '' : `?${query}`))
}

/** The path of a route with something in its places. */
function pathsOf(path: string, { outside, refs }: Target): fc.Arbitrary<string> {
  const word = words(outside).map(escaped)
  const parts = path.split('/').map((part) => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1]
    if (name === undefined) return fc.constant(part)
    const good = fc.constantFrom(...(goodValues.get(name) ?? refs).map(escaped))
    const odd = fc.oneof(word, fc.constantFrom(...oddParts), fc.constantFrom(...oddValues).map(escaped))
    return fc.oneof({ weight: 3, arbitrary: good }, { weight: 1, arbitrary: odd })
  })
  return fc.tuple(...parts).map((made) => made.join('/'))
}

const oddTokens = [
  'Bearer',
  'Bearer  ',
  'Basic YTpi',
  `Bearer driftfarm_${'x'.repeat(43)}`,
  `Bearer ${'x'.repeat(8_000)}`,
  "Bearer ' or 1=1 --",
  'Bearer \xff\xfe',
  'Bearer null',
  'Bearer __proto__',
  'bearer\ta',
  'Bearer a b',
  '\x80',
]

function authorizations({ secrets }: Target): fc.Arbitrary<Record<string, string>> {
  const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })
  return fc.oneof(
    { weight: 120, arbitrary: fc.constantFrom(...secrets.admin).map(bearer) },
    { weight: 2, arbitrary: fc.constantFrom(secrets.read, secrets.submit).map(bearer) },
    { weight: 3, arbitrary: fc.constantFrom(...oddTokens).map((authorization) => ({ authorization })) },
    { weight: 1, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.constantFrom(...oddTokens).map((text) => ({ cookie: `driftfarm_session=${text}` })) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...secrets.admin).map((text) => ({ cookie: `driftfarm_session=${text}` })),
    },
  )
}

/** Headers that ask for something special. */
function oddHeaders({ outside }: Target): fc.Arbitrary<Record<string, string>> {
  const names = [
    'last-event-id',
    'if-none-match',
    'accept',
    'accept-encoding',
    'range',
    'origin',
    'host',
    'referer',
    'cookie',
    'x-forwarded-for',
    'x-forwarded-host',
    'x-http-method-override',
    'x-request-id',
    'content-language',
    'if-modified-since',
    'te',
    '__proto__',
  ]
  const values = fc.oneof(
    fc.constantFrom('*', '"a"', 'W/"', 'text/html;q=a', 'gzip', 'br;q=1, gzip;q=0', 'bytes=0-1', 'bytes=-9999999999'),
    fc.constantFrom('null', '-1', '0', '99999999999999999999', '1:2', 'DELETE', '', outside.url, 'a'.repeat(4_000)),
    words(outside).map((text) => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')),
  )
  return fc.tuple(fc.constantFrom(...names), values).map(([name, value]) => Object.fromEntries([[name, value]]))
}

type Part = Pick<Hostile, 'method' | 'path'> & { readonly given: Body | null }

/** Requests to the routes that are published, by what they take. */
function routed(target: Target): fc.Arbitrary<Part> {
  const { outside, routes, prey, refs, secrets } = target
  const none = fc.constant(null)
  const json = ['application/json']
  const near: Readonly<Record<string, readonly object[]>> = {
    actions: [
      { do: 'pause' },
      { do: 'resume' },
      { do: 'retry' },
      { do: 'stop' },
      { do: 'cancel' },
      { do: 'extend', trials: 50 },
    ],
    session: [{ token: secrets.read }, { token: 'driftfarm_none' }],
  }
  const specs = bodies(outside, validSpecs('hostile'))
  const to = (
    route: Route,
    given: fc.Arbitrary<Body | null>,
    path = pathsOf(route.path, target),
  ): fc.Arbitrary<Part> => {
    const query = queries(route.query, target)
    // Else no spec would be read.
    const asked = route.method === 'POST' ? rarely(0.25, query).map((text) => text ?? '') : query
    return fc.record({
      method: fc.constant(route.method),
      given,
      path: fc.tuple(path, asked).map((two) => two.join('')),
    })
  }

  const kinds = routes.map((route): { weight: number; arbitrary: fc.Arbitrary<Part> } => {
    const { method, path } = route
    const last = path.split('/').at(-1)!
    if (method === 'PUT') return { weight: 12, arbitrary: uploads(target) }
    if (method === 'DELETE' && last === '{ref}') {
      const name = fc
        .oneof(fc.constantFrom(prey, '', ...refs.slice(1)), words(outside))
        .map((text) => `?name=${escaped(text)}`)
      const at = fc
        .oneof(fc.constant(prey), fc.constant('hostile'), words(outside))
        .map((ref) => `/api/v1/sweeps/${escaped(ref)}`)
      const one = fc.tuple(at, name).map(([path, query]): Part => ({ method, path: `${path}${query}`, given: null }))
      return { weight: 3, arbitrary: one }
    }
    if (method !== 'POST') return { weight: light(last), arbitrary: to(route, rarely(0.02, specs)) }
    if (last === 'plan') {
      // A pilot takes a tenth of a second and more.
      const path_ = fc.constant(path)
      return { weight: 15, arbitrary: to(route, specs, path_).map(withoutPilot) }
    }
    if (last === 'sweeps') return { weight: 30, arbitrary: to(route, specs, fc.constant(path)) }
    if (last === 'validate') return { weight: 55, arbitrary: to(route, specs, fc.constant(path)) }
    const body = bodies(outside, (near[last] ?? [{}]) as never, json)
    return { weight: 30, arbitrary: to(route, fc.oneof({ weight: 30, arbitrary: body }, none)) }
  })
  return fc.oneof(...kinds)
}

/** What draws or computes is asked less often. */
const light = (last: string): number =>
  /report|figure|\{file\}|exact|theorem|events|farm|\{trial\}|trajectory|paths/.test(last) ? 2 : 6

const withoutPilot = (part: Part): Part => ({
  ...part,
  path: `${part.path}${part.path.includes('?') ? '&' : '?'}pilot=false`,
})

/** Files under the right hash, and under others. */
function uploads(target: Target): fc.Arbitrary<Part> {
  const hashed = fc
    .tuple(tables, fc.integer({ min: 0, max: 4 }))
    .map(([bytes, way]) => ({ bytes, hash: way === 0 ? '0'.repeat(64) : uploadHash(bytes) }))
  const odd = words(target.outside)
  return fc.oneof(
    { weight: 3, arbitrary: hashed.map(({ bytes, hash }): Part => put(hash, bytes)) },
    { weight: 1, arbitrary: fc.tuple(odd, tables).map(([word, bytes]): Part => put(escaped(word), bytes)) },
  )
}

const put = (hash: string, bytes: Buffer): Part => ({
  method: 'PUT',
  path: `/api/v1/data/${hash}`,
  given: { bytes, headers: { 'content-type': 'text/csv' } },
})

/** Any path at all, as a sender of bytes may write it. */
const oddTargets = ({ file, url }: Outside): readonly string[] => [
  '/',
  '/index.html',
  '/../../../../etc/passwd',
  '/assets/../../../../../../etc/passwd',
  '/assets/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
  '/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  `/api/v1/../../..${file}`,
  `/..%2f..%2f..%2f..%2f..%2f${file.slice(1).replaceAll('/', '%2f')}`,
  `//${file}`,
  `/${url}`,
  url,
  `${url}/api/v1/sweeps`,
  `file://${file}`,
  '//evil.example/..',
  '/\\evil.example',
  '/sweeps/%2f%2fevil.example',
  '/sweeps/..%2f..%2fevil',
  '/play?next=//evil.example',
  '/%',
  '/%ff',
  '/%00',
  '/api/v1/sweeps/%ff',
  '/api/v1/sweeps/%',
  '/api/v1//sweeps',
  '/api/v1/sweeps/',
  '/API/V1/SWEEPS',
  '/api/v1/sweeps;a=b',
  '/api/v1/sweeps?a=%',
  '/api/v1/sweeps#a',
  '*',
  `/${'a'.repeat(9_000)}`,
  `/api/v1/sweeps/${'a'.repeat(300)}`,
  '/healthz',
  '/readyz?a=b',
  '/metrics?x=%00',
]

const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'SEARCH'] as const

/** Requests as bytes: what the clients of Node do not let through. */
function rawRequests({ outside, secrets }: Target): fc.Arbitrary<Raw> {
  const [admin = ''] = secrets.admin
  const head = `Host: 127.0.0.1\r\nAuthorization: Bearer ${admin}\r\n`
  const close = 'Connection: close\r\n'
  const spec = 'version: 1'
  const http = (text: string): Raw => ({ bytes: Buffer.from(text, 'latin1'), isHttp: true, isCut: false })
  const bad = (text: string): Raw => ({ bytes: Buffer.from(text, 'latin1'), isHttp: false, isCut: false })
  const cut = (text: string): Raw => ({ ...bad(text), isCut: true })
  const post = 'POST /api/v1/validate HTTP/1.1\r\n'
  const yaml = `${head}Content-Type: application/yaml\r\n`

  const paths = fc
    .tuple(fc.constantFrom(...verbs), fc.constantFrom(...oddTargets(outside)), fc.boolean())
    .map(([verb, path, known]) =>
      http(`${verb} ${path} HTTP/1.1\r\n${known ? head : 'Host: 127.0.0.1\r\n'}${close}\r\n`),
    )
  const fixed = fc.constantFrom(
    http(`GET /api/v1/sweeps HTTP/1.1\r\n${head}${close}X-A: ${'a'.repeat(20_000)}\r\n\r\n`),
    http(`GET /api/v1/sweeps HTTP/1.1\r\n${head}${close}${'X-A: a\r\n'.repeat(1_500)}\r\n`),
    http(`GET /api/v1/sweeps HTTP/1.1\r\n${head}${close}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n`),
    http(`GET /api/v1/sweeps HTTP/1.1\r\n${head}${close}Upgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n`),
    http(`GET /api/v1/sweeps HTTP/1.0\r\n\r\n`),
    http(`GET /api/v1/sweeps HTTP/1.1\r\n${head}${close}Host: evil.example\r\n\r\n`),
    http(`GET /api/v1/events HTTP/1.1\r\n${head}${close}Last-Event-ID: \xff\xfe\r\n\r\n`),
    http(`GET /api/v1/sweeps HTTP/1.1\r\n${head}${close}Content-Length: 5\r\n\r\nhello`),
    http(`${post}${yaml}${close}Transfer-Encoding: chunked\r\n\r\na\r\n${spec}\r\n0\r\nX-Trailer: a\r\n\r\n`),
    http(`${post}${yaml}${close}Content-Length: 999999999999\r\n\r\n${spec}`),
    http(`${post}${yaml}${close}Expect: 100-continue\r\nContent-Length: 10\r\n\r\n${spec}`),
    http(`${post}${yaml}${close}Content-Length: 0\r\n\r\n`),
    bad(`GET /api/v1/sweeps HTTP/1.1\r\n${close}\r\n`),
    bad(`${post}${yaml}${close}Expect: a miracle\r\nContent-Length: 10\r\n\r\n${spec}`),
    bad(`${post}${yaml}${close}Content-Length: 3\r\n\r\n${spec}`),
    bad(`${post}${yaml}Content-Length: 3\r\n\r\n${spec}`),
    bad(`${post}${yaml}${close}Content-Length: -1\r\n\r\n${spec}`),
    bad(`${post}${yaml}${close}Content-Length: 10\r\nContent-Length: 3\r\n\r\n${spec}`),
    bad(
      `${post}${yaml}${close}Content-Length: 10\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n`,
    ),
    bad(`${post}${yaml}${close}Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n${spec}\r\n0\r\n\r\n`),
    bad(`${post}${yaml}${close}Transfer-Encoding: chunked\r\n\r\nxyz\r\n${spec}\r\n0\r\n\r\n`),
    bad(`${post}${yaml}${close}Transfer-Encoding: gzip, chunked\r\n\r\na\r\n${spec}\r\n0\r\n\r\n`),
    bad(`${post}${yaml}${close}Transfer-Encoding: gzip\r\n\r\n${spec}`),
    bad(`GET /api/v1/sweeps HTTP/1.1\r\n${head}X-A: a\0b\r\n\r\n`),
    bad(`GET /api/v1/sweeps HTTP/1.1\r\n${head}X-A: a\r\n folded\r\n\r\n`),
    bad(`GET /api/v1/sweeps HTTP/1.1\r\n${head}X A: a\r\n\r\n`),
    bad(`GET /api/v1/sweeps HTTP/1.1\n${head}\n\n`),
    bad(`GET /api/v1/swe\0eps HTTP/1.1\r\n${head}\r\n`),
    bad(`GET /api/v1/sw eeps HTTP/1.1\r\n${head}\r\n`),
    bad(`GET /api/v1/sweeps HTTP/9.9\r\n${head}\r\n`),
    cut(`GET /api/v1/sweeps\r\n`),
    bad(`BREW /coffee HTTP/1.1\r\n${head}\r\n`),
    bad(`get /api/v1/sweeps HTTP/1.1\r\n${head}\r\n`),
    bad(`CONNECT ${outside.url.slice(7)} HTTP/1.1\r\n${head}\r\n`),
    bad('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
    bad('\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'),
    bad('select * from farm.token;\n'),
    bad('\0'),
    cut(`${post}${yaml}Content-Length: 1000\r\n\r\n${spec}`),
    cut(`${post}${yaml}Transfer-Encoding: chunked\r\n\r\nff\r\n${spec}`),
    cut(`${post}${yaml}`),
    cut('GET /api'),
    cut(''),
  )
  const noise = fc
    .uint8Array({ minLength: 1, maxLength: 60 })
    .map((bytes) => ({ ...cut(''), bytes: Buffer.from(bytes) }))
  return fc.oneof({ weight: 6, arbitrary: paths }, { weight: 4, arbitrary: fixed }, { weight: 1, arbitrary: noise })
}

/** Requests of all kinds. */
export function hostileRequests(target: Target): fc.Arbitrary<Hostile> {
  const plain = fc
    .tuple(routed(target), authorizations(target), rarely(0.1, oddHeaders(target)))
    .map(([{ method, path, given }, authorization, odd]): Hostile => {
      const headers = { ...authorization, ...given?.headers, ...odd }
      return { method, path, headers, body: given?.bytes ?? null, raw: null }
    })
  const raw = rawRequests(target).map((raw): Hostile => ({ method: '', path: '', headers: {}, body: null, raw }))
  return fc.oneof({ weight: 30, arbitrary: plain }, { weight: 1, arbitrary: raw })
}
