import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalJson, cellId, parseSweep } from './index.ts'
import { IdSet } from './plan/sweep.ts'

/** The same value with the keys of every mapping in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((inner) => shuffled(inner, random))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => ({ key, inner: shuffled(inner, random), at: random() }))
  return Object.fromEntries(entries.sort((a, b) => a.at - b.at).map(({ key, inner }) => [key, inner]))
}

const json = fc.jsonValue()
const random = fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true }))

describe('canonicalJson', () => {
  test('is JSON of the same value, whatever the order of keys', () => {
    fc.assert(
      fc.property(json, random, (value, stream) => {
        const text = canonicalJson(value)
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)))
        expect(canonicalJson(shuffled(value, () => stream.next().value!))).toBe(text)
        expect(canonicalJson(JSON.parse(text))).toBe(text)
      }),
    )
  })

  test('numbers keep every bit, -0 is 0', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(JSON.parse(canonicalJson(x))).toBe(x === 0 ? 0 : x)
      }),
    )
    expect(canonicalJson([-0, 1e21, 1e-7, 0.1])).toBe('[0,1e+21,1e-7,0.1]')
  })

  test.each([undefined, Number.NaN, Infinity, () => 1, { a: undefined }])('refuses %s', (value) => {
    expect(() => canonicalJson(value)).toThrow(TypeError)
  })
})

test('a sweep id is of a name and a set: SHA-256 of the line of the name and those of its ids in order', () => {
  const digit = fc.constantFrom(...'0123456789abcdef')
  const id = fc.string({ unit: digit, minLength: 32, maxLength: 32 })
  // Many that begin alike, as ids of a hash never do.
  const alike = fc.string({ unit: digit, minLength: 1, maxLength: 2 }).map((end) => end.padStart(32, 'f'))
  fc.assert(
    fc.property(fc.array(fc.oneof(id, alike), { maxLength: 50 }), fc.string(), (ids, name) => {
      const set = new IdSet(ids.length)
      for (const id of ids) set.add(id)
      const lines = [...new Set(ids)].sort().map((id) => `${id}\n`)
      const text = `${JSON.stringify(name)}\n${lines.join('')}`
      expect(set.idUnder(name)).toBe(createHash('sha256').update(text).digest('hex').slice(0, 32))
    }),
  )
})

test('the plan of a sweep is SHA-256 of its lines, whatever their number', () => {
  const sweep = parseSweep(JSON.stringify({ ...base, sweep: { 'update.eta': { from: 0.1, to: 0.2, count: 2500 } } }), {
    fileName: 'a.json',
  })
  const cells = [...sweep.cells()]
  const lines = cells.map(({ index, id, params }) => `${index} ${id} ${JSON.stringify(params)}\n`)
  const ids = cells.map(({ id }) => `${id}\n`).sort()
  const hash = (texts: readonly string[]) => createHash('sha256').update(texts.join('')).digest('hex')
  expect(sweep.identity()).toEqual({ id: hash(['"base"\n', ...ids]).slice(0, 32), plan: hash(lines) })
  expect(sweep.id()).toBe(sweep.identity().id)
})

const base = {
  version: 1,
  name: 'base',
  seed: 1,
  let: { T: 0.1 },
  landscape: { preset: 'banana' },
  start: { minimum: 'left' },
  update: { rule: 'momentum', beta: 0.5, eta: 0.1, drift: [{ sigma: '= sqrt(2*T/eta)' }, { law: 'uniform', step: 0 }] },
  trial: { steps: 200, escape: { upper: 'x >= 0 && y >= T', lower: 'x >= 0' }, converge: { within: 0.1 } },
  sweep: { 'update.eta': [0.1, 0.2], 'let.T': { from: 0.1, to: 0.3, count: 3 } },
  trials: 2000,
}

function ids(document: unknown): string[] {
  return [...parseSweep(JSON.stringify(document), { fileName: 'a.json' }).cells()].map(({ id }) => id)
}

describe('the id of a cell', () => {
  const expected = ids(base)

  test('is the hash of its canonical text', () => {
    for (const { id, cell, canonical } of parseSweep(JSON.stringify(base), { fileName: 'a.json' }).cells()) {
      expect(canonical).toBe(canonicalJson(cell))
      expect(id).toBe(cellId(cell))
      expect(id).toMatch(/^[0-9a-f]{32}$/)
    }
    expect(new Set(expected).size).toBe(6)
  })

  test('does not depend on the order of keys, but on that of exits', () => {
    const { escape: exits, ...trial } = base.trial
    fc.assert(
      fc.property(random, (stream) => {
        const { trial: _, ...rest } = base
        const next = () => stream.next().value!
        const other = shuffled({ ...rest, trial: shuffled({ ...trial, escape: 'ESCAPE' }, next) }, next)
        const document = JSON.stringify(other).replace('"ESCAPE"', JSON.stringify(exits))
        const sweep = parseSweep(document, { fileName: 'a.json' })
        expect([...sweep.cells()].map(({ id }) => id)).toEqual(expected)
      }),
      { numRuns: process.env.DRIFTFARM_TEST_TIER === 'full' ? 50 : 20 },
    )
    const turned = { lower: exits.lower, upper: exits.upper }
    expect(ids({ ...base, trial: { ...base.trial, escape: turned } })).not.toEqual(expected)
  })

  test.each([
    [
      'defaults written out',
      {
        streams: 'independent',
        method: 'direct',
        trial: {
          ...base.trial,
          divergence: 1e6,
          afterEscape: 'stop',
          settledRadius: 0.001,
          marks: {},
          converge: { within: 0.1, of: 'any', hold: 1 },
        },
      },
    ],
    [
      'other demands',
      {
        trials: 5,
        name: 'other',
        record: 'none',
        tags: { a: 'b' },
        priority: 3,
        confidence: 0.9,
        estimates: ['escape'],
        horizons: [10],
        rate: { after: 5 },
        interval: 'wilson',
      },
    ],
    ['a stopping rule', { trials: undefined, until: { estimate: 'escape', events: 5 } }],
    ['minima by coordinates', { start: [-1, 1] }],
    [
      'another spelling of the same expression',
      { trial: { ...base.trial, escape: { upper: '((x)>=0.0)&&y>=(T)', lower: 'x>=0' } } },
    ],
    [
      'the formula of the preset',
      {
        landscape: {
          formula: {
            variables: ['x', 'y'],
            expression: '(x^2-1)^2/4+(y-x^2)^2/2',
            minima: { left: [-1, 1], right: [1, 1] },
          },
        },
      },
    ],
    ['let values as numbers', { let: { T: '= 0.05 + 0.05' } }],
    ['seed as text', { seed: '0x01' }],
  ])('does not depend on: %s', (_what, change) => {
    expect(ids({ ...base, ...change })).toEqual(expected)
  })

  test.each([
    ['seed', { seed: 2 }],
    ['streams', { streams: 'common' }],
    ['steps', { trial: { ...base.trial, steps: 201 } }],
    ['rule', { update: { ...base.update, beta: 0.4 } }],
    ['start', { start: [-1, 0.9] }],
    ['landscape', { landscape: { ...base.landscape, minima: { left: [-1.00001, 1.00002] } } }],
  ])('depends on: %s', (_what, change) => {
    expect(ids({ ...base, ...change })[0]).not.toBe(expected[0])
  })

  test('YAML gives what JSON gives', () => {
    const yaml = `
version: 1.0
seed: 0x1
let: {T: 1e-1}
landscape: &l {preset: banana}
start: {minimum: left}
update:
  rule: momentum
  eta: .1
  beta: 5.0e-1
  drift:
    - sigma: = sqrt(2*T/eta)
    - {law: uniform, step: 0.0}
trial:
  steps: 200
  escape:
    upper: x >= 0 && y >= T
    lower: x >= 0
  converge: {within: 0.10}
zip: []
sweep:
  update.eta: [0.1, 2e-1]
  let.T: {from: 0.1, to: 0.3, count: 3}
trials: 2000
`
    const sweep = parseSweep(yaml, { fileName: 'folder/phase map.yaml' })
    expect([...sweep.cells()].map(({ id }) => id)).toEqual(expected)
    expect(sweep.name).toBe('phase map')
  })
})

const ofLines = (lines: readonly string[]): string =>
  createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex')
    .slice(0, 32)

/** A changed id makes every stored cell a stranger: it needs a new kernel version, or is a mistake. */
test('golden ids', () => {
  const double = {
    version: 1,
    landscape: { preset: 'double-well' },
    start: [-1],
    update: { eta: 0.1, drift: { sigma: 1 } },
    trial: { steps: 100, escape: 'x >= 0' },
    trials: 1,
  }
  const golden = [
    double,
    base,
    { ...double, landscape: { preset: 'tilted-double-well' }, start: { minimum: 'left' } },
    {
      ...double,
      landscape: { preset: 'quadratic', dimension: 3 },
      start: { minimum: 'origin' },
      trial: { steps: 10, escape: { outside: { radius: 1, of: 'origin' } } },
    },
    {
      ...double,
      seed: '18446744073709551615',
      update: {
        eta: { power: { initial: 0.2, offset: 10, exponent: 1 } },
        drift: { temperature: { cosine: { initial: 1, final: 0, steps: 50 } } },
      },
    },
  ].map((document) => parseSweep(JSON.stringify(document), { fileName: 'a.json' }))
  // Of the ids of the cells alone, in order and each on a line.
  expect(golden.map((sweep) => ofLines([...sweep.cells()].map(({ id }) => id).sort()))).toEqual([
    'dcca4a8e03e38f583e2aae86e494ef31',
    '071e5d7bac7f56a27360d28e47cfe813',
    'e26d600520064a75ff66c4e643204776',
    '4a672e442af0e5fceed468c1941837f8',
    'e49d8a5f8c1b5313c4e6f8e15e7466ac',
  ])
  // Those of the sweeps have a line with the name before them.
  expect(golden.map((sweep) => sweep.id())).toEqual([
    'a3f5b6969a87fa807d17355e2c27261c',
    '5b9ad3cfcded9480c60b4ec6e587e037',
    '268058fec9abe85cbe71781def5f330f',
    '5ea234d42b25cf79a783e228b1e3f270',
    '9432ed1eb57dfaad64d0eddc811b053c',
  ])
  for (const sweep of golden)
    expect(sweep.id()).toBe(ofLines([JSON.stringify(sweep.name), ...[...sweep.cells()].map(({ id }) => id).sort()]))
  const named = (name: string) => parseSweep(JSON.stringify({ ...double, name }), { fileName: 'a.json' })
  expect(named('one').id()).not.toBe(named('two').id())
  expect(named('one').cell(0).id).toBe(named('two').cell(0).id)
})
