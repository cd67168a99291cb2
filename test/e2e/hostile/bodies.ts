import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { stringify } from 'yaml'

/** What must not be reached from a request: a file beside the farm, and a server beside it. */
export interface Outside {
  readonly file: string
  readonly url: string
}

/** A body with the headers that speak of it. */
export interface Body {
  readonly bytes: Buffer
  readonly headers: Readonly<Record<string, string>>
}

type Tree = null | boolean | number | string | readonly Tree[] | { readonly [key: string]: Tree }

/** Texts that break what was not made for them. */
const oddWords = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  'a\udfff\ud800b',
  '\u202e\ufeff\uffff',
  '\u{1d54f}\u{10ffff}',
  'e\u0301'.repeat(50),
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  "' or 1=1 --",
  "'; drop table farm.sweep; --",
  "' union all select hash from farm.token --",
  '\\',
  '"',
  '%',
  '%00',
  '%s%n',
  '$1',
  '$' + '{7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  'a\r\nx-injected: yes',
  '../../../../../../etc/passwd',
  '..\\..\\windows\\win.ini',
  '/etc/passwd',
  '/proc/self/environ',
  'file:///etc/passwd',
  'NaN',
  '.nan',
  '-.inf',
  'Infinity',
  '-0',
  '1e308',
  '1e400',
  '9007199254740993',
  '0x10',
  'null',
  'true',
  'x'.repeat(3_000),
  `${'('.repeat(300)}x${')'.repeat(300)}`,
  'sum(i = 1..1e9, x)',
  'x^x^x^x^x^x^x^x >= 0',
]

/** A word that is odd, random from all planes of Unicode, or a place outside. */
export const words = ({ file, url }: Outside): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...oddWords) },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
    { weight: 1, arbitrary: fc.string({ maxLength: 12 }) },
    { weight: 1, arbitrary: fc.constantFrom(file, `file://${file}`, `../../../../../..${file}`, url, `${url}/a.csv`) },
  )

/** Counts between these and what is refused would make large sweeps of what is accepted: that is another test. */
const numbers = fc.oneof(
  fc.constantFrom(0, -0, 1, -1, 2, 0.5, 1.5, 255, 256, 1e15, 1e15 + 1, 2 ** 53 + 1, 2 ** 63, 2 ** 64, 1e21, 1e308),
  fc.constantFrom(-1e308, 5e-324, -5e-324, 1e-300, 0.1 + 0.2),
  fc.integer({ min: -300, max: 300 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => Math.abs(value) < 500 || Math.abs(value) > 1e9),
)

const trees = (outside: Outside): fc.Arbitrary<Tree> => {
  const leaf = fc.oneof(words(outside), numbers, fc.constantFrom(null, true, false))
  return fc.letrec<{ tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4, depthSize: 'small' },
      leaf,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.array(fc.tuple(words(outside), tie('tree')), { maxLength: 4 }).map((pairs) => Object.fromEntries(pairs)),
    ),
  })).tree
}

/** Specs that are valid, of every kind of which a part is read differently. */
export const validSpecs = (name: string): readonly Tree[] => {
  const head = { version: 1, name, seed: 7 }
  const well = {
    ...head,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { rule: 'gradient', eta: 0.1, drift: { form: 'additive', law: 'gaussian', sigma: 1 } },
    trial: { steps: 60, escape: 'x >= 0', marks: { half: 'x >= -0.5' } },
    trials: 40,
  }
  const { trials: _, ...untold } = well
  return [
    { ...well, sweep: { 'update.drift.sigma': [0.8, 1.2] }, tags: { part: 'first' } },
    { ...untold, start: { minimum: 'left' }, until: { estimate: 'escape', relative: 0.1, max: 1000 } },
    { ...well, landscape: { formula: { variables: ['x', 'y'], expression: 'x^2 + y^2 - x*y' } }, start: [1, 1] },
    { ...well, method: { splitting: { score: 'x', particles: 10, replicas: 4 } } },
    { ...well, sweep: { sobol: { count: 3, axes: { 'update.eta': { from: 0.01, to: 0.1, scale: 'log' } } } } },
    {
      ...well,
      sweep: { 'update.eta': { from: 0.05, to: 0.25, count: 2, scale: 'log' } },
      threshold: { estimate: 'escape', equals: 0.5, over: { 'update.drift.sigma': { from: 0.5, to: 2 } }, within: 0.2 },
    },
    {
      ...head,
      landscape: { network: { layers: [2, 2, 1], data: { preset: 'xor' } } },
      start: { init: 'xavier' },
      update: { rule: 'adam', eta: 0.01, drift: [{ sigma: 0.05 }, { form: 'flip', q: 0.1, every: 3 }] },
      trial: { steps: 30, marks: { low: 'loss < 0.1' }, converge: { when: 'loss <= 0.01' } },
      trials: 5,
    },
  ]
}

/** A spec that names files in every place for one. */
const specsOfFiles = (outside: Outside): fc.Arbitrary<Tree> => {
  const names = fc.constantFrom(
    outside.file,
    `file://${outside.file}`,
    `../../../../../../..${outside.file}`,
    outside.url,
    `${outside.url}/table.npy`,
    '/etc/passwd',
    '/proc/self/environ',
    '/dev/zero',
    'server.json',
    '',
    '.',
    '\0',
  )
  return fc.tuple(names, fc.constantFrom('csv', 'npy', 'inputs', 'points')).map(([name, place]): Tree => {
    const [well, , , , , , network] = validSpecs('files') as Record<string, Tree>[]
    if (place === 'points') return { ...well, sweep: { points: { csv: name } } }
    const data =
      place === 'csv' ? { csv: name, inputs: ['canary'], targets: ['canary'] } : { inputs: name, targets: name }
    return { ...network, landscape: { network: { layers: [1, 2, 1], data: place === 'npy' ? { npy: name } : data } } }
  })
}

/** One change of a tree; `at` chooses the node, from 0 to 1. */
interface Change {
  readonly at: number
  readonly from: number
  readonly kind: 'drop' | 'replace' | 'copy' | 'rename' | 'wrap' | 'repeat'
  readonly value: Tree
  readonly word: string
}

const changes = (outside: Outside): fc.Arbitrary<Change> =>
  fc.record({
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    from: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    kind: fc.constantFrom('drop', 'replace', 'replace', 'replace', 'copy', 'rename', 'wrap', 'repeat'),
    value: fc.oneof({ weight: 3, arbitrary: numbers }, { weight: 3, arbitrary: words(outside) }, trees(outside)),
    word: words(outside),
  })

/** All nodes but the root, each as the way to it. */
function waysIn(tree: Tree, way: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  if (typeof tree !== 'object' || tree === null) return []
  const entries = Array.isArray(tree) ? [...tree.entries()] : Object.entries(tree)
  return entries.flatMap(([key, value]) => [[...way, key], ...waysIn(value as Tree, [...way, key])])
}

const nodeAt = (tree: Tree, way: readonly (string | number)[]): Tree =>
  way.reduce((node: Tree, key) => (node as Record<string | number, Tree>)[key]!, tree)

/** The tree with the entries of one node's parent made anew. Keys such as `__proto__` become plain keys. */
function remade(
  tree: Tree,
  way: readonly (string | number)[],
  entry: (key: string, value: Tree) => [string, Tree][],
): Tree {
  const [key, ...rest] = way
  if (key === undefined) return tree
  const made = (at: string, value: Tree): [string, Tree][] => {
    if (at !== String(key)) return [[at, value]]
    return rest.length === 0 ? entry(at, value) : [[at, remade(value, rest, entry)]]
  }
  const entries = Object.entries(tree as Record<string, Tree>).flatMap(([at, value]) => made(at, value))
  return Array.isArray(tree) ? entries.map(([, value]) => value) : Object.fromEntries(entries)
}

function changed(tree: Tree, { at, from, kind, value, word }: Change): Tree {
  const ways = waysIn(tree)
  if (ways.length === 0) return value
  const way = ways[Math.floor(at * ways.length)]!
  const other = nodeAt(tree, ways[Math.floor(from * ways.length)]!)
  return remade(tree, way, (key, old) => {
    if (kind === 'drop') return []
    if (kind === 'copy') return [[key, other]]
    if (kind === 'rename') return [[word, old]]
    if (kind === 'wrap') return [[key, word.length % 2 === 0 ? [old] : { [word]: old }]]
    if (kind === 'repeat')
      return [
        [key, old],
        [`${key} `, old],
      ]
    return [[key, value]]
  })
}

/** Each line has nine times what the one before has. */
const laughs = (layers: number): string =>
  Array.from({ length: layers }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`)
    .toSpliced(0, 0, 'a0: &a0 [lol]')
    .join('\n')

/** Pieces of YAML that mean something, to be put between the lines of a spec. */
const pieces = ({ file, url }: Outside): readonly string[] => [
  '&a',
  '*a',
  'a: &a [1, *a]',
  'x: &x {y: *x}',
  '<<: *a',
  '<<: {version: 2}',
  '? [a, b]\n: c',
  '!!js/function "function () { return 1 }"',
  '!!python/object/apply:os.system ["id"]',
  `!include ${file}`,
  `x: !<tag:${url}> y`,
  `%TAG ! ${url}/\n---`,
  '!!binary aGk=',
  '!!set {a, b}',
  '---',
  '...',
  '\t',
  '- ',
  ': ',
  'version: 1',
  'landscape: {preset: double-well}',
  '|\n  a',
  "'",
  '"\\x00\\ud800"',
  '# \u2028 \u0085',
  laughs(9),
]

/** Texts of the specs of others who mean harm. Those that take a megabyte are rare. */
const wholeTexts: readonly string[] = [
  laughs(12),
  '['.repeat(20_000),
  '{"a":'.repeat(20_000),
  '- '.repeat(20_000),
  '? '.repeat(5_000),
  `${'a: &x [1]\n'}b: [${'*x,'.repeat(30_000)}]`,
  `a0: &a0 [1]\n${Array.from({ length: 300 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`).join('\n')}`,
  `{${Array.from({ length: 2_000 }, (_, i) => `"k${i}": 1`).join(',')}}`,
  `{${'"version": 1,'.repeat(2_000)}"name": "a"}`,
  `version: 1\nname: "${'n'.repeat(100_000)}"`,
  `version: 1\nlandscape: {formula: "${'('.repeat(5_000)}x${')'.repeat(5_000)}"}`,
  `version: 1\nlandscape: {formula: "${'sin('.repeat(100)}x${')'.repeat(100)}", variables: [x]}`,
  'version: 1\nsweep: {update.eta: {from: 0, to: 1, count: 99999999999}}',
  'version: 1\nsweep: {update.eta: {from: 1e308, to: -1e308, step: 5e-324}}',
  `x${'a: '.repeat(4_000)}}`,
  JSON.stringify({ ...(validSpecs('hostile')[0] as object), tags: { part: '\ud800' } }),
  '\ufeff\ufeff{}',
  '\r\r\r',
]

const bigTexts: readonly string[] = [
  `version: 1\nname: "${'n'.repeat((1 << 20) - 20)}"`,
  `{${Array.from({ length: 60_000 }, (_, i) => `"k${i}": 1`).join(',')}}`,
  'x'.repeat((1 << 20) + 1),
]

const typesOfSpecs = ['application/yaml', 'application/json', 'text/plain', 'application/x-yaml']
const oddTypes = [
  '',
  'text/html',
  '*/*',
  'application/octet-stream',
  'application/json; charset=utf-16',
  'application/json;;;=',
  'application/yaml; charset=\xff',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'application/x-www-form-urlencoded',
  'application/xml',
  '__proto__',
  'constructor/prototype',
  'a'.repeat(500),
]
const types = (usual: readonly string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...usual) }, { weight: 1, arbitrary: fc.constantFrom(...oddTypes) })

const zeros = Buffer.alloc(16 << 20)
/** A kilobyte or sixteen that become 16 MiB. */
const bombs = [
  ['gzip', gzipSync(zeros)],
  ['deflate', deflateSync(zeros)],
  ['br', brotliCompressSync(zeros)],
  ['gzip', gzipSync(gzipSync(zeros))],
] as const

/** Compressed, well or badly; or said to be and not. */
const encoded = (bytes: Buffer, way: number): Body => {
  const zipped = gzipSync(bytes)
  const ways: (() => Body)[] = [
    () => ({ bytes: zipped, headers: { 'content-encoding': 'gzip' } }),
    () => ({ bytes: zipped.subarray(0, zipped.length >> 1), headers: { 'content-encoding': 'gzip' } }),
    () => ({ bytes: Buffer.concat([zipped, zipped]), headers: { 'content-encoding': 'gzip' } }),
    () => ({ bytes, headers: { 'content-encoding': 'gzip' } }),
    () => ({ bytes, headers: { 'content-encoding': 'br' } }),
    () => ({ bytes, headers: { 'content-encoding': 'identity' } }),
    () => ({ bytes, headers: { 'content-encoding': '__proto__' } }),
    () => ({ bytes: gzipSync(zipped), headers: { 'content-encoding': 'gzip, gzip' } }),
    () => {
      const [encoding, bomb] = bombs[bytes.length % bombs.length]!
      return { bytes: bomb, headers: { 'content-encoding': encoding } }
    },
  ]
  return ways[way % ways.length]!()
}

/** Some of its bytes become others, so that it may be no text any more. */
const scratched = (bytes: Buffer, marks: readonly (readonly [number, number])[]): Buffer => {
  const made = Buffer.from(bytes)
  if (made.length > 0) for (const [at, byte] of marks) made[Math.floor(at * made.length)] = byte
  return made
}

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })

const isSpec = (tree: Tree): tree is { readonly [key: string]: Tree } =>
  typeof tree === 'object' && tree !== null && 'seed' in tree

/** Bodies for a route that takes texts of specs, or JSON; most of them nearly right. */
export function bodies(
  outside: Outside,
  near: readonly Tree[],
  usual: readonly string[] = typesOfSpecs,
): fc.Arbitrary<Body> {
  const mutated = fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...near) }, specsOfFiles(outside)),
      fc.array(changes(outside), { maxLength: 3 }),
      fc.integer({ min: 0, max: 2 ** 31 }),
    )
    .map(([tree, list, seed]) => list.reduce(changed, isSpec(tree) ? { ...tree, seed } : tree))
  const json = fc.oneof({ weight: 6, arbitrary: mutated }, trees(outside)).map((tree) => JSON.stringify(tree))
  const yaml = fc
    .tuple(mutated, share, fc.constantFrom(...pieces(outside)), share, fc.boolean())
    .map(([tree, at, piece, end, cuts]) => {
      const lines = stringify(tree).split('\n')
      const where = Math.floor(at * lines.length)
      lines.splice(where, cuts ? Math.ceil(end * 3) : 0, piece)
      return lines.join('\n')
    })
  const form = words(outside).map(
    (word) => `--x\r\nContent-Disposition: form-data; name="a"; filename="${word}"\r\n\r\n1\r\n--x--`,
  )
  const text = fc.oneof(
    { weight: 1_000, arbitrary: json },
    { weight: 500, arbitrary: yaml },
    { weight: 80, arbitrary: fc.constantFrom(...wholeTexts) },
    { weight: 60, arbitrary: words(outside) },
    { weight: 30, arbitrary: form },
    { weight: 1, arbitrary: fc.constantFrom(...bigTexts) },
  )
  const bytes = fc.oneof(
    { weight: 12, arbitrary: text.map((given) => Buffer.from(given)) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((given) => Buffer.from(given)) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(text, fc.array(fc.tuple(share, fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 4 }))
        .map(([given, marks]) => scratched(Buffer.from(given), marks)),
    },
  )
  return fc.tuple(bytes, types(usual), fc.integer({ min: 0, max: 100 })).map(([given, type, way]) => {
    const { bytes, headers } = way < 9 && given.length < 1 << 16 ? encoded(given, way) : { bytes: given, headers: {} }
    return { bytes, headers: type === '' ? headers : { ...headers, 'content-type': type } }
  })
}

/** Tables, and what pretends to be one. */
export const tables: fc.Arbitrary<Buffer> = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.array(fc.oneof(fc.constantFrom(...oddWords), fc.double().map(String)), { maxLength: 4 }), {
      maxLength: 6,
    })
    .map((rows) => Buffer.from(rows.map((row) => row.join(',')).join('\n'))),
  fc
    .constantFrom('\x93NUMPY\x01\0v\0{"descr": "|O"}', '"', 'x,y\n1', '\ufeffx\n', ','.repeat(5_000))
    .map((text) => Buffer.from(text)),
)
