import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { withValue } from '../document/value.ts'
import { canonicalJson, cellId, parseSweep, type Sweep } from '../index.ts'

type Document = Record<string, unknown>

const files: Readonly<Record<string, string>> = {
  'a.csv': 'a,b\n0.5,1\n-1,0.25\n2,3\n',
  'b.csv': 'a,b\n0.25,1\n-1,2\n',
}

const read = (document: Document): Sweep =>
  parseSweep(JSON.stringify(document), { fileName: 'a.json', readBytes: (name) => Buffer.from(files[name]!) })

const landscapes: readonly object[] = [
  { preset: 'double-well' },
  { preset: 'tilted-double-well', parameters: { c: '= 0.1*T' } },
  {
    formula: {
      variables: ['x'],
      expression: '(x^2 - 1)^2/4 + k*x*T',
      parameters: { k: 0.01 },
    },
  },
  { formula: { variables: ['x'], expression: '(x*a - b)^2', data: { csv: 'a.csv' }, batch: 1 } },
]

const drifts: readonly unknown[] = [
  'none',
  { sigma: 0.5 },
  { law: 'student', nu: '= 2 + T', sigma: '= beta + eta', when: 'x > T' },
  { temperature: { cosine: { initial: '= T', final: 0, steps: '= steps' } } },
  [
    {
      sigma: {
        piecewise: [
          [0, '= T'],
          [10, 0.25],
        ],
      },
      every: 2,
    },
    { form: 'multiplicative', sigma: '= eta/2' },
  ],
]

const etas: readonly unknown[] = [
  0.1,
  '= T/2',
  '= beta/4',
  { power: { initial: 0.1, offset: 10, exponent: '= T' } },
  { expression: 'T/(1 + n)' },
]

const documents = fc.record({
  version: fc.constant(1),
  seed: fc.constantFrom(1, '18446744073709551615'),
  let: fc.constant({ T: 0.5, S: '= T/2' }),
  landscape: fc.constantFrom(...landscapes),
  start: fc.constantFrom<unknown[]>([0.5], { gaussian: { mean: '= T', sigma: '= S' } } as never),
  update: fc.record({
    rule: fc.constant('momentum'),
    beta: fc.constantFrom(0.5, '= T', '= S'),
    eta: fc.constantFrom(...etas),
    drift: fc.constantFrom(...drifts),
  }),
  trial: fc.constantFrom<object>(
    { steps: 100, escape: 'x >= T + S' },
    { steps: '= 10/S', escape: { outside: { radius: '= T', of: [0] } }, converge: { gradient: 0.01 } },
  ),
  method: fc.constantFrom<unknown>('direct', 'splitting', { splitting: { particles: 100 } }),
  trials: fc.constant(10),
})

/** Values of paths on which parts of a cell depend in one way or another: alone, through names, or as a whole. */
const values: Readonly<Record<string, readonly unknown[]>> = {
  'let.T': [0.5, 0.25, 0.75],
  'let.S': ['= T/2', 0.125, '= T/4'],
  landscape: [...landscapes],
  'landscape.parameters.k': [0.01, 0.02, '= T/100'],
  'landscape.data': [{ csv: 'a.csv' }, { csv: 'b.csv' }],
  start: [[0.5], { uniform: { low: -1, high: '= T' } }],
  'update.eta': [...etas, 0.2, 0.3],
  'update.beta': [0.1, 0.2, '= T'],
  'update.drift': [...drifts],
  'update.drift.sigma': [0.1, '= 2*eta', '= beta', { exponential: { initial: '= T', rate: 10 } }],
  update: [
    { eta: 0.1, drift: 'none' },
    { rule: 'adam', eta: '= T/9', drift: { sigma: 1 } },
  ],
  'trial.steps': [10, 20, '= 10/S'],
  'trial.escape': ['x >= T', 'x >= 0 || x < -T', { upper: 'x > 1', lower: 'x < -S' }],
  method: ['direct', 'splitting', { splitting: { score: 'x + T' } }, { tilt: { toward: 'x' } }],
  seed: [1, 2, '18446744073709551615'],
  streams: ['common', 'independent'],
}

const paths = fc.uniqueArray(fc.constantFrom(...Object.keys(values)), { minLength: 1, maxLength: 4 })

const at = (path: string, index: number): unknown => values[path]![index % values[path]!.length]

const product = (path: string) => ({ sweep: { [path]: values[path] } })
const grid = (paths: readonly string[]) => ({ sweep: Object.assign({}, ...paths.map((path) => product(path).sweep)) })
const rows = (paths: readonly string[]) =>
  Array.from({ length: 7 }, (_, row) => Object.fromEntries(paths.map((path, i) => [path, at(path, row * (i + 1))])))
const zipped = (paths: readonly string[]) => ({
  zip: Object.fromEntries(paths.map((path, i) => [path, rows(paths).map((row) => row[path] ?? i)])),
})
const filtered = (paths: readonly string[]) => ({
  sweep: { ...grid(paths.filter((path) => path !== 'update.eta')).sweep, 'update.eta': [0.1, 0.2, 0.3] },
  where: 'eta < 0.25',
})
const axes = paths.chain((paths) =>
  fc.constantFrom<Document>(grid(paths), { points: rows(paths) }, zipped(paths), filtered(paths)),
)

const sweepOrNull = (document: Document): Sweep | null => {
  try {
    return read(document)
  } catch {
    return null
  }
}

/** The document of one cell, with the values of its paths written in it. */
function written(document: Document, params: Readonly<Record<string, unknown>>): Document {
  const { sweep, zip, points, where, ...rest } = document
  const set = (root: unknown, [name, value]: [string, unknown]) => {
    const made = withValue(root, name.split('.'), value)
    return 'value' in made ? made.value : root
  }
  return Object.entries(params).reduce(set, rest) as Document
}

describe('a cell beside others', () => {
  test('is the cell alone: its bytes, its id, its data; and the same when it is asked for by itself', () => {
    let sound = 0
    fc.assert(
      fc.property(documents, axes, fc.nat(), (document, axes, at) => {
        const whole: Document = { ...document, ...axes }
        const sweep = sweepOrNull(whole)
        if (sweep === null) return
        const cells = [...sweep.cells()].slice(0, 60)
        for (const { params, cell, canonical, id, tables } of cells) {
          const alone = sweepOrNull(written(whole, params))?.cell(0)
          // A name that only other cells use is refused in a spec of this one alone.
          if (alone === undefined) continue
          sound++
          expect(canonical).toBe(alone.canonical)
          expect(canonicalJson(cell)).toBe(canonical)
          expect(cellId(cell)).toBe(id)
          expect(tables[0]?.hash).toBe(alone.tables[0]?.hash)
        }
        const index = at % cells.length
        expect(sweep.cell(index)).toEqual(cells[index])
        // And when its id is known already.
        expect([...sweep.ids()].slice(0, cells.length)).toEqual(cells.map(({ id }) => id))
        expect(sweep.cell(index)).toEqual(cells[index])
      }),
      { numRuns: process.env.DRIFTFARM_TEST_TIER === 'full' ? 2000 : 60 },
    )
    // Most drawn documents have a mistake: enough of them must have none.
    expect(sound).toBeGreaterThan(10)
  })
})
