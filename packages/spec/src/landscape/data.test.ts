import { describe, expect, test } from 'vitest'
import { rowReader, widened } from '../data.ts'
import { parseSweep } from '../index.ts'
import { limits } from '../limits.ts'
import { cellOf, mistakeOf, plan, resolvedCell } from '../plan/plan.fixture.ts'

const start = { uniform: { low: -1, high: 1 } }
const network = (layers: number[], data: object, change: object = {}) => ({
  landscape: { network: { layers, data, ...change } },
  start,
})
const tableOf = (layers: number[], data: object, files = {}) => resolvedCell(network(layers, data), files).tables[0]!
const rowsOf = (layers: number[], data: object, files = {}) => {
  const table = tableOf(layers, data, files)
  const read = rowReader(table)
  return Array.from({ length: table.rows }, (_, i) => [...read(i)])
}

/** What comes of it under other limits than there are. */
function within<T>(change: Partial<Record<keyof typeof limits, number>>, body: () => T): T {
  const kept = { ...limits }
  Object.assign(limits, change)
  try {
    return body()
  } finally {
    Object.assign(limits, kept)
  }
}

describe('data of a network', () => {
  test('written out', () => {
    expect(
      rowsOf([2, 1], {
        inputs: [
          [1, '= 1 + 1'],
          [3, 4],
        ],
        targets: [[-0], [0.5]],
      }),
    ).toEqual([
      [1, 2, 0],
      [3, 4, 0.5],
    ])
  })

  const csv = 'a,"the ""b""",kind,t\r\n1,2,red,0\r\n3.5e0, -4 ,"blue, dark",1\r\n\r\n+.5,7.,red,2\r\n'
  const file = (inputs: string[], targets: string[]) => ({ csv: 'd.csv', inputs, targets })

  test('of a file: columns by name', () => {
    expect(rowsOf([2, 1], file(['the "b"', 'a'], ['t']), { 'd.csv': csv })).toEqual([
      [2, 1, 0],
      [-4, 3.5, 1],
      [7, 0.5, 2],
    ])
  })

  test('of a file: words become columns in their order', () => {
    expect(rowsOf([1, 3], file(['a'], ['kind', 't']), { 'd.csv': csv })).toEqual([
      [1, 0, 1, 0],
      [3.5, 1, 0, 1],
      [0.5, 0, 1, 2],
    ])
  })

  test.each([
    ['a,b\n1,2\n3,\n', 'DATA d.csv:3:2: landscape.network.data: "": the value of column b is missing'],
    ['a,b\n1,nan\n', 'DATA d.csv:2:2: landscape.network.data: "nan": the value of column b is missing'],
    ['a,b\n1,inf\n', 'DATA d.csv:2:2: landscape.network.data: "inf": the value of column b is not finite'],
    ['a,b\n1,1e999\n', 'DATA d.csv:2:2: landscape.network.data: "1e999": the value of column b is not finite'],
    [
      'a,b\n1,2\n3\n',
      'CSV d.csv:3:1: landscape.network.data: this table cannot be read: expected 2 values in this line, found 1',
    ],
    ['a,b\n', 'CSV d.csv:1:1: landscape.network.data: this table cannot be read: it has no lines after the header'],
    ['', 'CSV d.csv:1:1: landscape.network.data: this table cannot be read: it is empty'],
    ['a,b\n1,"2\n3,4\n', 'CSV d.csv:2:2: this table cannot be read: a quote is never closed'],
    ['a,c\n1,2\n', 'UNKNOWN_COLUMN a.json:1:'],
    ['a,b,b\n1,2,3\n', 'd.csv has two columns with this name; give each column a different name'],
  ])('a file %j is refused', (text, words) => {
    expect(mistakeOf(network([1, 1], file(['b'], ['a'])), { 'd.csv': text })).toContain(words)
  })

  test('words among numbers are refused', () => {
    const refused = (text: string) => mistakeOf(network([1, 1], file(['a'], ['b'])), { 'd.csv': text })
    expect(refused('a,b\n1,2\n1,x\n')).toContain('d.csv:3:2: landscape.network.data: "x": the value of column b makes')
    expect(refused('a,b\n1,x\n1,2\n')).toContain('d.csv:3:2: landscape.network.data: "2": the value of column b makes')
  })

  test('an unknown column, the nearest right one', () => {
    const message = mistakeOf(network([1, 1], file(['aa'], ['t'])), { 'd.csv': csv })
    expect(message).toContain('landscape.network.data.inputs.0: unknown column "aa"; did you mean a?')
  })

  test('what is too large is refused', () => {
    const long = network([1, 1], file(['a'], ['b']))
    expect(within({ fileBytes: 65_536 }, () => mistakeOf(long, { 'd.csv': ' '.repeat(65_537) }))).toContain(
      'FILE_TOO_LARGE a.json',
    )
    const words = `a,b\n${Array.from({ length: 1001 }, (_, i) => `1,w${i}\n`).join('')}`
    expect(mistakeOf(network([1, 1], file(['a'], ['b'])), { 'd.csv': words })).toContain('DATA_TOO_LARGE')
    expect([limits.fileBytes, limits.dataValues]).toEqual([2 ** 30, 1e8])
  })

  // The same code at a fraction of the real limits.
  const [width, values] = process.env.DRIFTFARM_TEST_TIER === 'full' ? [2000, 1e7] : [50, 10_000]

  test('more numbers than a data set may have are refused while they are read', () => {
    const names = Array.from({ length: width }, (_, i) => `c${i}`)
    const wide = `${names.join(',')}\n${`${Array(width).fill('1').join(',')}\n`.repeat(values / width + 1)}`
    const all = network([width - 1, 1], file(names.slice(1), ['c0']))
    const said = within({ dataValues: values }, () => mistakeOf(all, { 'd.csv': wide }))
    expect(said).toContain(`${values} numbers per data set`)
  })

  test('words that make more columns than there may be numbers are refused', () => {
    const rows = Array.from({ length: 101 }, (_, i) => `1,w${i}\n`)
    const said = within({ dataValues: 10_000 }, () =>
      mistakeOf(network([1, 1], file(['a'], ['b'])), { 'd.csv': `a,b\n${rows.join('')}` }),
    )
    expect(said).toContain('DATA_TOO_LARGE')
    expect(said).toContain('10302 numbers')
  })

  test('a file is read once, when the spec is', () => {
    const requested: string[] = []
    let text = 'a,b\n1,2\n3,4\n'
    const spec = { version: 1, trials: 1, update: { eta: 0.1 }, trial: { steps: 9 }, start, landscape: {} as object }
    spec.landscape = { network: { layers: [1, 1], data: { csv: 'd.csv', inputs: ['a'], targets: ['b'] } } }
    const sweep = parseSweep(
      JSON.stringify({
        ...spec,
        sweep: { 'landscape.network.batch': [1, 2], 'landscape.network.data.inputs': [['a'], ['b']] },
      }),
      {
        fileName: 'a.json',
        readBytes: (name) => {
          requested.push(name)
          return Buffer.from(text)
        },
      },
    )
    text = 'gone'
    const tables = [...sweep.cells()].map(({ tables }) => tables[0]!)
    expect(requested).toEqual(['d.csv'])
    expect(tables.map((table) => [...widened(table)])).toEqual([
      [1, 2, 3, 4],
      [2, 2, 4, 4],
      [1, 2, 3, 4],
      [2, 2, 4, 4],
    ])
    expect(new Set(tables).size).toBe(2)
  })

  test('is known by its content', () => {
    const inline = { inputs: [[1], [3]], targets: [[2], [4]] }
    const other = { csv: 'other.csv', targets: ['y'], inputs: ['x'] }
    const files = { 'd.csv': 'a,b\n1,2\n3,4\n', 'other.csv': 'z,x,"y"\nred,1.0,+2e0\n"blue\n",3,4.000\n' }
    const ids = [inline, { csv: 'd.csv', inputs: ['a'], targets: ['b'] }, other].map(
      (data) => resolvedCell(network([1, 1], data), files).id,
    )
    expect(new Set(ids).size).toBe(1)
    const changed = resolvedCell(network([1, 1], { ...inline, targets: [[2], [5]] }))
    expect(changed.id).not.toBe(ids[0])
  })
})

describe('data of a formula', () => {
  const expression = '(a*x + b - y)^2'
  const formula = (data: object, change: object = {}) => ({
    landscape: { formula: { variables: ['a', 'b'], expression, data, ...change } },
    start: [0, 0],
  })
  const files = { 'line.csv': 'y,species,x\n1,red,0\n3,blue,1\n' }

  test.each([
    [{ csv: 'line.csv' }],
    [{ csv: 'line.csv', columns: ['x', 'y'] }],
    [{ columns: { y: [1, 3], x: [0, 1], unused: [5, 5] } }],
  ])('%j: the columns that it uses, by name', (data) => {
    const {
      cell,
      tables: [table],
    } = resolvedCell(formula(data), files)
    expect(table).toMatchObject({ rows: 2, columns: 2, values: Float64Array.of(0, 1, 1, 3) })
    expect(cell.landscape).toMatchObject({
      kind: 'formula',
      expression: '(a*x + b - y)^2',
      data: { hash: table!.hash, rows: 2, columns: ['x', 'y'] },
      batch: null,
    })
  })

  test('batches stand inside or beside', () => {
    const data = { csv: 'line.csv' }
    const batch = { size: 1, sampling: 'shuffle' }
    expect(cellOf(formula(data, { batch: 1, sampling: 'shuffle' }), files).landscape).toMatchObject({ batch })
    const { formula: inner } = formula(data).landscape
    const beside = { formula: { ...inner, data: undefined }, data, batch: 1, sampling: 'shuffle' }
    expect(cellOf({ landscape: beside, start: [0, 0] }, files).landscape).toMatchObject({ batch })
  })

  test('a column of words is refused where it is used', () => {
    const uses = {
      landscape: { formula: { variables: ['a'], expression: 'a*species', data: { csv: 'line.csv' } } },
      start: [0],
    }
    expect(mistakeOf(uses, files)).toContain(
      'DATA line.csv:2:2: landscape.formula.data: "red": the value of column species',
    )
  })

  test('an unknown column, the nearest right one', () => {
    const message = mistakeOf(formula({ csv: 'line.csv', columns: ['xx'] }), files)
    expect(message).toContain('landscape.formula.data.columns.0: unknown column "xx"; did you mean x?')
  })

  test('is swept by file', () => {
    const sweep = plan(
      { ...formula({ csv: 'line.csv' }), sweep: { 'landscape.formula.data.csv': ['line.csv', 'other.csv'] } },
      { ...files, 'other.csv': 'x,y\n5,6\n' },
    )
    expect([...sweep.cells()].map(({ tables }) => tables[0]!.rows)).toEqual([2, 1])
  })
})

describe('data sets that come along', () => {
  test('iris has the means and variances that R gives', () => {
    const rows = rowsOf([4, 3], { preset: 'iris' })
    // by(iris[1:4], iris$Species, colMeans) and by(iris[1:4], iris$Species, function(x) diag(var(x))), R 4.3.
    const known = [
      [5.006, 3.428, 1.462, 0.246, 0.12424898, 0.1436898, 0.03015918, 0.01110612],
      [5.936, 2.77, 4.26, 1.326, 0.26643265, 0.09846939, 0.22081633, 0.03910612],
      [6.588, 2.974, 5.552, 2.026, 0.40434286, 0.10400408, 0.30458776, 0.07543265],
    ]
    expect(rows).toHaveLength(150)
    for (const [species, numbers] of known.entries()) {
      const own = rows.filter((row) => row[4 + species] === 1)
      expect(own).toHaveLength(50)
      expect(own.every((row) => row[4]! + row[5]! + row[6]! === 1)).toBe(true)
      for (let j = 0; j < 4; j++) {
        const mean = own.reduce((sum, row) => sum + row[j]!, 0) / 50
        const variance = own.reduce((sum, row) => sum + (row[j]! - mean) ** 2, 0) / 49
        expect(mean).toBeCloseTo(numbers[j]!, 10)
        expect(variance).toBeCloseTo(numbers[4 + j]!, 8)
      }
    }
  })

  test('digits are those of scikit-learn', () => {
    const rows = rowsOf([64, 10], { preset: 'digits' })
    // load_digits() of scikit-learn 1.4: shape, data.sum(), numpy.bincount(target), data[0, :8], target[:4].
    expect([rows.length, rows[0]!.length]).toEqual([1797, 74])
    expect(rows.reduce((sum, row) => sum + row.slice(0, 64).reduce((a, b) => a + b), 0)).toBe(561_718)
    const counts = Array.from({ length: 10 }, (_, digit) => rows.filter((row) => row[64 + digit] === 1).length)
    expect(counts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    expect(rows[0]!.slice(0, 8)).toEqual([0, 0, 5, 13, 9, 1, 0, 0])
    expect(rows.slice(0, 4).map((row) => row.indexOf(1, 64) - 64)).toEqual([0, 1, 2, 3])
  })

  test('circles, moons and spirals lie on their curves', () => {
    const of = (preset: string) => rowsOf([2, 1], { preset, samples: 41 })
    const radius = ([x, y]: number[]) => Math.hypot(x!, y!)
    for (const row of of('circles')) expect(radius(row)).toBeCloseTo(row[2] === 0 ? 1 : 0.5, 12)
    for (const row of of('moons')) expect(radius(row[2] === 0 ? row : [1 - row[0]!, 0.5 - row[1]!])).toBeCloseTo(1, 12)
    const spirals = of('spirals')
    expect(spirals.filter((row) => row[2] === 0)).toHaveLength(21)
    expect(radius(spirals.at(-1)!)).toBeCloseTo(1, 12)
  })

  test('noise has its size and its seed', () => {
    const of = (change: object) => rowsOf([2, 1], { preset: 'circles', samples: 2000, ...change })
    const clean = of({})
    const noise = (change: object) => of(change).flatMap((row, i) => [row[0]! - clean[i]![0]!, row[1]! - clean[i]![1]!])
    const values = noise({ noise: 0.1 })
    const variance = values.reduce((sum, x) => sum + x * x, 0) / values.length
    // 4000 normals: the standard error of their variance is 2.2 %, and 5 of it are missed once in 1.7 million seeds.
    expect(Math.abs(variance / 0.01 - 1)).toBeLessThan(0.112)
    expect(noise({ noise: 0.1 })).toEqual(values)
    expect(noise({ noise: 0.1, seed: '0x1' })).not.toEqual(values)
    expect(Math.abs(noise({ noise: 0.12 }).reduce((sum, x) => sum + x * x, 0) / 4000 / 0.01 - 1)).toBeGreaterThan(0.112)
  })

  /** A changed hash makes every stored cell over these data a stranger. */
  test('keep their content', () => {
    const hashes = [
      tableOf([2, 1], { preset: 'xor' }),
      tableOf([4, 3], { preset: 'iris' }),
      tableOf([64, 10], { preset: 'digits' }),
      ...['circles', 'moons', 'spirals'].map((preset) => tableOf([2, 1], { preset, noise: 0.1 })),
    ].map(({ hash }) => hash.slice(0, 16))
    expect(hashes).toMatchInlineSnapshot(`
      [
        "bbaad9fa7ac420e7",
        "ae0c20eccfda226e",
        "26671d79152bbc0a",
        "ce97dbcbb2d53a0c",
        "455d6f4de9eb6b3a",
        "5fbe03da3d47c426",
      ]
    `)
  })
})
