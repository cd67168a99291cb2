import { describe, expect, test } from 'vitest'
import { rowReader } from '../data.ts'
import { headerOf, npyBytes } from '../files/npy.fixture.ts'
import { limits } from '../limits.ts'
import { type FileContents, mistakeOf, plan, resolvedCell } from '../plan/plan.fixture.ts'

const start = { uniform: { low: -1, high: 1 } }
const network = (layers: number[], data: object, more: object = {}) => ({
  landscape: { network: { layers, data, ...more } },
  start,
})
const softmax = { output: 'softmax', loss: 'cross-entropy' }

/** The rows of the training set, those of the test set, and how they were prepared. */
function setsOf(layers: number[], data: object, files: FileContents = {}, more: object = {}) {
  const { cell, tables } = resolvedCell(network(layers, data, more), files)
  if (cell.landscape.kind !== 'network') throw new Error('a network is expected')
  const [training, test] = tables.map((table) => {
    const read = rowReader(table)
    return Array.from({ length: table.rows }, (_, i) => [...read(i)])
  })
  return { training: training!, test, reference: cell.landscape.test, prepared: cell.landscape.data.prepared }
}
const hashOf = (layers: number[], data: object, files: FileContents = {}, more: object = {}) =>
  resolvedCell(network(layers, data, more), files).tables[0]!.hash

const wide = { 'd.csv': 'p0,p1,p10,q,digit\n1,2,3,4,7\n5,6,7,8,10\n9,10,11,12,9\n' }

describe('patterns of columns', () => {
  const first = (inputs: unknown, width: number) =>
    setsOf([width, 3], { csv: 'd.csv', inputs, targets: ['digit'] }, wide, softmax).training[0]!.slice(0, width)

  test.each([
    ['p*', 3, [1, 2, 3]],
    ['*', 0, []],
    [['p*', 'q'], 4, [1, 2, 3, 4]],
    [['q', 'p*'], 4, [4, 1, 2, 3]],
    [['p1', 'p*'], 3, [2, 1, 3]],
    ['p0..p1', 2, [1, 2]],
    ['p1*', 2, [2, 3]],
    ['p1..p1', 1, [2]],
  ])('%j', (inputs, width, expected) => {
    if (width > 0) expect(first(inputs, width)).toEqual(expected)
    else
      expect(mistakeOf(network([5, 3], { csv: 'd.csv', inputs, targets: 'digit' }, softmax), wide)).toContain(
        'the pattern includes column digit, which is also a target; a network would read its answer',
      )
  })

  test.each([
    ['x*', 'unknown column "x*"; d.csv has the columns p0, p1, p10, q, digit'],
    ['pp*', 'did you mean p0?'],
    ['p0..p9', 'unknown column "p2"; d.csv has the columns p0, p1, p10'],
    ['p7..p9', 'unknown column "p7"; d.csv has the columns p0, p1, p10'],
    ['p1..p0', 'unknown column "p1..p0"; d.csv has the columns p0, p1, p10'],
    ['p00..p1', 'unknown column "p00"; d.csv has the columns p0, p1, p10'],
    ['z0..z9', 'unknown column "z0"; d.csv has the columns p0, p1, p10, q, digit'],
    [['p*', 'r'], 'landscape.network.data.inputs.1: unknown column "r"'],
  ])('%j is refused', (inputs, words) => {
    expect(mistakeOf(network([2, 3], { csv: 'd.csv', inputs, targets: ['digit'] }, softmax), wide)).toContain(words)
  })

  test('a range that is too long by one is refused with the columns that exist', () => {
    const names = Array.from({ length: 64 }, (_, i) => `p${i + 1}`)
    const files = { 'd.csv': `digit,${names},pixels\n${Array(66).fill(1)}\n` }
    const mistake = (inputs: string) =>
      mistakeOf(network([64, 3], { csv: 'd.csv', inputs, targets: ['digit'] }, softmax), files)
    const found = 'd.csv has the columns p1, p2, p3, p4, p5, p6, .., p64'
    expect(mistake('p1..p65')).toContain(`unknown column "p65"; ${found}`)
    expect(mistake('p0..p63')).toContain(`unknown column "p0"; ${found}`)
  })

  test('a column whose name looks like a pattern is a column', () => {
    const files = { 'd.csv': 'a*,a1,y\n1,2,3\n' }
    expect(setsOf([1, 1], { csv: 'd.csv', inputs: ['a*'], targets: ['y'] }, files).training).toEqual([[1, 3]])
  })
})

describe('class labels with softmax', () => {
  test('are sorted as numbers, and as words if they are listed under categorical', () => {
    const data = { csv: 'd.csv', inputs: 'q', targets: 'digit' }
    const targets = (more: object = {}) =>
      setsOf([1, 3], { ...data, ...more }, wide, softmax).training.map((row) => row.slice(1).indexOf(1))
    expect(targets()).toEqual([0, 2, 1])
    expect(targets({ categorical: ['digit'] })).toEqual([1, 0, 2])
  })

  test('give the table of the same classes written out', () => {
    const out = {
      inputs: [[1], [2], [3]],
      targets: [
        [0, 1],
        [1, 0],
        [0, 1],
      ],
    }
    const labels = { inputs: [[1], [2], [3]], targets: [[4], [-2], [4]] }
    expect(hashOf([1, 2], labels, {}, softmax)).toBe(hashOf([1, 2], out, {}, softmax))
    expect(hashOf([1, 2], out)).toBe(hashOf([1, 2], out, {}, softmax))
  })

  test('the kinds of files give the same table', () => {
    const npy = { 'x.npy': npyBytes([1, 2, 3, 4], headerOf('(2, 2)')), 'y.npy': npyBytes([5, 3], headerOf('(2,)')) }
    const csv = { 'd.csv': 'x0,x1,y\n1,2,5\n3,4,3\n' }
    const hash = hashOf([2, 2], { npy: { x: 'x.npy', y: 'y.npy' }, inputs: 'x*', targets: 'y' }, npy, softmax)
    expect(hash).toBe(hashOf([2, 2], { csv: 'd.csv', inputs: 'x*', targets: 'y' }, csv, softmax))
  })
})

describe('a test set', () => {
  const data = { csv: 'a.csv', inputs: ['x', 'k'], targets: ['y'], test: 'b.csv' }
  const files = { 'a.csv': 'x,k,y\n1,red,0\n3,blue,1\n5,red,1\n', 'b.csv': 'y,x,k\n1,7,blue\n0,NA,red\n' }

  test('of a file is prepared with the numbers of the training set', () => {
    const made = { ...data, scale: 'range', missing: 'mean' }
    const { training, test, reference, prepared } = setsOf([3, 1], made, files)
    expect(training).toEqual([
      [0, 0, 1, 0],
      [0.5, 1, 0, 1],
      [1, 0, 1, 1],
    ])
    expect(prepared).toMatchObject({ filled: [], scaled: { center: [1, 0, 0], scale: [4, 1, 1] } })
    // (7 - 1)/4, and (3 - 1)/4 for the missing value, whose place the mean of the training set takes.
    const out = {
      inputs: [
        [1.5, 1, 0],
        [0.5, 0, 1],
      ],
      targets: [[1], [0]],
    }
    expect(test).toEqual([
      [1.5, 1, 0, 1],
      [0.5, 0, 1, 0],
    ])
    expect(reference).toEqual({ hash: hashOf([3, 1], out), rows: 2 })
  })

  test('may be written with the key of its kind of file', () => {
    const arrays = {
      'x.npy': npyBytes([1, 2], headerOf('(2, 1)')),
      'y.npy': npyBytes([5, 3], headerOf('(2,)')),
      'z.npy': npyBytes([4, 6], headerOf('(2,)')),
    }
    const npy = { x: 'x.npy', y: 'y.npy' }
    const own = { npy, inputs: 'x*', targets: 'y' }
    const made = (test: object) => setsOf([1, 1], { ...own, test }, arrays)
    expect(made({ npy })).toEqual(made(npy))
    expect(made({ npy: { x: 'x.npy', y: 'z.npy' } })).not.toEqual(made(npy))
    expect(setsOf([3, 1], { ...data, test: { csv: 'b.csv' }, missing: 'mean' }, files)).toEqual(
      setsOf([3, 1], { ...data, missing: 'mean' }, files),
    )
  })

  test.each([
    [{ 'b.csv': 'x,k,y\n1,green,0\n' }, 'b.csv:2:2: landscape.network.data: "green": the value of column k is a class'],
    [{ 'b.csv': 'x,k,y\nmany,red,0\n' }, 'b.csv:2:1: landscape.network.data: "many": the value of column x is not a'],
    [
      { 'b.csv': 'x,y\n1,0\n' },
      'landscape.network.data.test: column k of a.csv is missing in b.csv; the test set needs',
    ],
    [{}, '"b.csv" cannot be used: no such file'],
  ])('of a file %j is refused', (change, words) => {
    const { 'a.csv': training } = files
    expect(mistakeOf(network([3, 1], data), { 'a.csv': training, ...change })).toContain(words)
  })

  const split = (test: object) => setsOf([4, 3], { preset: 'iris', test })

  test('as a share of the samples: both sets together are the samples, in their order', () => {
    const whole = setsOf([4, 3], { preset: 'iris' }).training.map(String)
    const { training, test } = split({ fraction: 0.2, seed: 3 })
    expect([training.length, test!.length]).toEqual([120, 30])
    expect([...training, ...test!].map(String).sort()).toEqual(whole.toSorted())
    let at = -1
    for (const row of training.map(String)) {
      at = whole.indexOf(row, at + 1)
      expect(at).toBeGreaterThanOrEqual(0)
    }
    expect(split({ fraction: 0.2, seed: 3 }).test).toEqual(test)
    expect(split({ fraction: 0.2, seed: 4 }).test).not.toEqual(test)
  })

  test('stratified: the share of each class', () => {
    const classes = (rows: number[][]) => [4, 5, 6].map((j) => rows.filter((row) => row[j] === 1).length)
    expect(classes(split({ fraction: 0.3, stratify: true, seed: 1 }).training)).toEqual([35, 35, 35])
    expect(classes(split({ fraction: 0.3, seed: 1 }).training)).not.toEqual([35, 35, 35])
  })

  test('draws the samples with the smallest words of SplitMix64', () => {
    // The first words of SplitMix64 with seed 0, from its reference implementation (Vigna, splitmix64.c).
    const words = [
      0xe220a8397b1dcdafn,
      0x6e789e6aa1b965f4n,
      0x06c45d188009454fn,
      0xf88bb8a8724c81ecn,
      0x1b39896a51a8749bn,
    ]
    const rows = words.map((_, i) => [i])
    const { training } = setsOf([1, 1], { inputs: rows, targets: rows, test: { fraction: 0.4 } })
    expect(training.map(([x]) => x)).toEqual([0, 1, 3])
  })

  test('of a formula', () => {
    const files = { 'a.csv': 'x,y,z\n0,1,9\n1,3,9\n2,,9\n4,8,9\n', 'b.csv': 'z,y,x\n7,5,4\n7,,3\n' }
    const formula = (data: object, trial: object = {}) => ({
      landscape: { formula: { variables: ['a'], expression: '(a*x - y)^2', data } },
      start: [1],
      trial: { steps: 5, marks: { low: 'testloss < batchloss' }, ...trial },
    })
    const rows = (data: object) => {
      const { cell, tables } = resolvedCell(formula(data), files)
      expect(cell.landscape).toMatchObject({ kind: 'formula', test: { hash: tables[1]!.hash, rows: tables[1]!.rows } })
      return tables.map(({ values }) => [...(values as Float64Array)])
    }
    const csv = { csv: 'a.csv', missing: 'drop' }
    expect(rows({ ...csv, test: 'b.csv' })).toEqual([
      [0, 1, 1, 3, 4, 8],
      [4, 5],
    ])
    // The mean of 1, 3 and 8.
    expect(rows({ csv: 'a.csv', missing: 'mean', test: 'b.csv' })[1]).toEqual([4, 5, 3, 4])
    const columns = { x: [1, 2, 3, 4], y: [0, 0, 0, 0] }
    const [training, tests] = rows({ columns, test: { fraction: 0.5, seed: 3 } })
    expect([...training!, ...tests!].sort()).toEqual([0, 0, 0, 0, 1, 2, 3, 4])
    expect(training!.length).toBe(4)
    const wrong = (data: object, trial: object = {}) => mistakeOf(formula(data, trial), files)
    expect(wrong({ columns, test: 'b.csv' })).toContain('a test file needs a file of training samples')
    expect(wrong({ ...csv, test: { fraction: 0.5, stratify: true } })).toContain('a formula has no classes; remove it')
    expect(wrong({ ...csv, test: 'none.csv' })).toContain('none.csv')
    expect(wrong(csv)).toContain('the landscape has no test samples; write `test: FILE`')
    expect(wrong({ ...csv, test: 'b.csv' }, { escape: 'testaccuracy > 0.5' })).toContain(
      'only a network on data predicts classes',
    )
  })

  test('is reported with its lines that were left out or filled', () => {
    const files = { 'a.csv': 'x,y\n0,1\n1,3\n', 'b.csv': 'x,y\n4,5\n,5\n' }
    const prepared = (missing: string, test: unknown) =>
      plan(network([1, 1], { csv: 'a.csv', inputs: ['x'], targets: ['y'], missing, test }), files).prepared
    const said = { inputs: ['x'], scaled: null }
    const own = { rows: 2, prepared: { ...said, dropped: 0, filled: [] } }
    expect(prepared('drop', 'b.csv')).toEqual([
      own,
      { rows: 1, isTest: true, prepared: { ...said, dropped: 1, filled: [] } },
    ])
    const filled = [['x', { count: 1, value: 0.5 }]]
    expect(prepared('mean', 'b.csv')).toMatchObject([
      own,
      { rows: 2, isTest: true, prepared: { ...said, dropped: 0, filled } },
    ])
    expect(prepared('mean', 'a.csv')).toEqual([own, { ...own, isTest: true }])
    expect(prepared('mean', undefined)).toEqual([])
  })

  test('extremes: at least one sample stays for training', () => {
    const rows = (fraction: number) => split({ fraction, stratify: true }).training.length
    expect([rows(0.011), rows(0.999)]).toEqual([147, 3])
  })
})

test.each([
  ['as they are', {}, true],
  ['divided', { scale: { divide: 255 } }, true],
  ['scaled to 0 .. 1', { scale: 'range' }, false],
  ['of which one is no byte', { inputs: ['x', 'z'] }, false],
])('a large table of bytes is kept as bytes: %s', (_, more, areBytes) => {
  const files = { 'd.csv': 'x,z,y\n7,256,a\n255,0,b\n0,1,a\n' }
  const data = { csv: 'd.csv', inputs: ['x'], targets: ['y'], test: 'd.csv', ...more }
  const cell = () => resolvedCell(network([data.inputs.length, 2], data), files)
  const small = cell()
  const kept = limits.byteTable
  Object.assign(limits, { byteTable: 0 })
  try {
    const large = cell()
    expect(large.tables.map(({ values }) => 'bytes' in values)).toEqual([areBytes, areBytes])
    expect(large.id).toBe(small.id)
  } finally {
    Object.assign(limits, { byteTable: kept })
  }
})

test('division is exact, and one is no division', () => {
  const data = { inputs: [[0], [51], [255]], targets: [[1], [0], [1]] }
  const { training, prepared } = setsOf([1, 1], { ...data, scale: { divide: 255 } })
  expect(training.map(([x]) => x)).toEqual([0, 0.2, 1])
  expect(prepared?.scaled).toEqual({ kind: 'divide', center: [0], scale: [255], constant: [] })
  expect(resolvedCell(network([1, 1], { ...data, scale: { divide: 1 } })).id).toBe(
    resolvedCell(network([1, 1], data)).id,
  )
})
