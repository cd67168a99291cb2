import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rowReader } from '../data.ts'
import { cellOf, mistakeOf, plan, resolvedCell } from '../plan/plan.fixture.ts'

const start = { uniform: { low: -1, high: 1 } }
const network = (layers: number[], data: object) => ({ landscape: { network: { layers, data } }, start })
const file = (inputs: string[], targets: string[], more: object = {}) => ({ csv: 'd.csv', inputs, targets, ...more })

function samplesOf(layers: number[], data: object, text = '') {
  const {
    cell,
    tables: [table],
  } = resolvedCell(network(layers, data), { 'd.csv': text })
  const read = rowReader(table!)
  const { landscape } = cell
  if (landscape.kind !== 'network') throw new Error('a network is expected')
  return {
    rows: Array.from({ length: table!.rows }, (_, i) => [...read(i)]),
    prepared: landscape.data.prepared,
  }
}

const refusal = (layers: number[], data: object, text: string) => mistakeOf(network(layers, data), { 'd.csv': text })

// Five people: a word, a code that looks like a number, a column of equal values, and one age that nobody knows.
const people = `age,colour,zip,size,y
20,red,10,1.5,0
35.5,blue,9,1.5,1
NA,red,10,1.5,0
41,green,9,1.5,1
28.25,blue,10,1.5,1
`

describe('words among the inputs', () => {
  test('become a column a word, sorted, none left out', () => {
    const { rows, prepared } = samplesOf([4, 1], file(['colour', 'size'], ['y']), people)
    expect(rows.map((row) => row.slice(0, 4))).toEqual([
      [0, 0, 1, 1.5],
      [1, 0, 0, 1.5],
      [0, 0, 1, 1.5],
      [0, 1, 0, 1.5],
      [1, 0, 0, 1.5],
    ])
    expect(prepared).toEqual({
      inputs: ['colour=blue', 'colour=green', 'colour=red', 'size'],
      dropped: 0,
      filled: [],
      scaled: null,
    })
  })

  test('numbers are words where the spec says so, in inputs and in targets, ordered as words', () => {
    const { rows, prepared } = samplesOf([2, 2], file(['zip'], ['y'], { categorical: ['zip', 'y'] }), people)
    expect(rows).toEqual([
      [1, 0, 1, 0],
      [0, 1, 0, 1],
      [1, 0, 1, 0],
      [0, 1, 0, 1],
      [1, 0, 0, 1],
    ])
    expect(prepared?.inputs).toEqual(['zip=10', 'zip=9'])
  })

  test('their order in the file changes nothing but the order of the samples', () => {
    const words = fc.array(fc.stringMatching(/^[a-c]{1,2}$/), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(words, (list) => {
        const width = new Set(list).size
        const text = (order: readonly string[]) => `w,y\n${order.map((word) => `${word},1\n`).join('')}`
        const names = [list, list.toReversed()].map(
          (order) => samplesOf([width, 1], file(['w'], ['y']), text(order)).prepared?.inputs,
        )
        expect(names[0]).toEqual([...new Set(list)].sort().map((word) => `w=${word}`))
        expect(names[1]).toEqual(names[0])
      }),
      { seed: 1, numRuns: 40 },
    )
  })

  test('are counted where a width does not fit, and the message says how they came to be', () => {
    const said = refusal([3, 4, 1], file(['age', 'colour', 'zip'], ['y'], { missing: 'mean' }), people)
    expect(said).toContain(
      'landscape.network.layers.0: 3 is out of range; write 5, the number of inputs of the data ' +
        '(age, 3 words of colour, zip)',
    )
  })

  test('are at most a thousand of a column', () => {
    const text = `id,y\n${Array.from({ length: 1001 }, (_, i) => `p${i},1\n`).join('')}`
    expect(refusal([1, 1], file(['id'], ['y']), text)).toContain('DATA_TOO_LARGE a.json:1:' as string)
    expect(refusal([1, 1], file(['id'], ['y']), text)).toContain(
      '1001 different words in column id, but the limit is 1000 different words',
    )
    expect(samplesOf([1000, 1], file(['id'], ['y']), text.split('\n').slice(0, 1001).join('\n')).rows).toHaveLength(
      1000,
    )
  })

  test('are at most 256 characters long', () => {
    const text = (length: number) => `w,y\n${'x'.repeat(length)},1\n`
    expect(refusal([1, 1], file(['w'], ['y']), text(255))).toContain(
      '257 characters, but the limit is 256 characters per input name',
    )
    expect(samplesOf([1, 1], file(['w'], ['y']), text(254)).rows).toEqual([[1, 1]])
  })

  test.each([
    [{ categorical: ['zap'] }, 'landscape.network.data.categorical.0: unknown column "zap"; did you mean zip?'],
    [{ categorical: ['size'] }, 'unknown column "size"; `categorical` may list only inputs and targets'],
    [{ categorical: 'zip' }, 'WRONG_TYPE'],
  ])('%j is refused', (more, words) => {
    expect(refusal([1, 1], file(['zip'], ['y'], more), people)).toContain(words)
  })

  test('among numbers are refused, with a hint', () => {
    expect(refusal([1, 1], file(['a'], ['b']), 'a,b\n1,2\nx,3\n')).toContain(
      'd.csv:3:1: landscape.network.data: "x": the value of column a makes the column a mix of numbers and words; a ' +
        'column must have only numbers or only words; with `categorical: [a]`, the numbers of this column are read ' +
        'as words',
    )
    expect(samplesOf([2, 1], file(['a'], ['b'], { categorical: ['a'] }), 'a,b\n1,2\nx,3\n').rows).toEqual([
      [1, 0, 2],
      [0, 1, 3],
    ])
  })
})

describe('numbers that are written with separators', () => {
  const refused = (text: string, more: object = {}) => refusal([1, 1], file(['a'], ['b'], more), text)
  const wayOut = 'if the value is meant as a word, list the column in `categorical: [a]`'
  test.each([
    ['a,b\n"1,200",1\n"3,400",2\n', 2, '"1,200"', 'write 1200, without commas inside the number'],
    ['a,b\n"0,5",1\n"0,25",2\n', 2, '"0,5"', 'write 0.5: use . as the decimal point'],
    ['a,b\n"1.234,5",1\n', 2, '"1.234,5"', 'write 1234.5: use . as the decimal point and no thousands separators'],
    ['a,b\n12 345,1\n', 2, '"12 345"', 'write 12345, without separators between the digits'],
    // Beside numbers, and beside words.
    ['a,b\n900,1\n"1,200",2\n', 3, '"1,200"', 'write 1200'],
    ['a,b\n"1,200",1\n900,2\n', 2, '"1,200"', 'write 1200'],
    ['a,b\nmany,1\n"1,200",1\n', 3, '"1,200"', 'write 1200'],
  ])('%j is refused, and does not become words', (text, line, value, hint) => {
    const said = refused(text)
    expect(said).toContain(`d.csv:${line}:1: landscape.network.data: ${value}: the value of column a is not a number`)
    expect(said).toContain(hint)
    expect(said).toContain(wayOut)
  })

  test('in a target it is refused with the same way out, and taken as a word where the spec says so', () => {
    expect(refusal([1, 1], file(['b'], ['a']), 'a,b\n"1,200",1\n"3,400",2\n')).toContain('write 1200')
    const text = 'a,b\n"1,2",5\n"1,3",6\n'
    expect(samplesOf([2, 1], file(['a'], ['b'], { categorical: ['a'] }), text).rows).toEqual([
      [1, 0, 5],
      [0, 1, 6],
    ])
    expect(samplesOf([2, 1], file(['a'], ['b']), 'a,b\n2020-01,5\n1_2,6\n').rows).toHaveLength(2)
  })
})

describe('missing values', () => {
  test.each(['', ' ', 'NA', 'N/A', 'NaN', 'nan', 'null', 'NULL', '?', '"NA"'])('%j is one, and refused', (gap) => {
    const text = `a,b\n1,2\n${gap},3\n`
    expect(refusal([1, 1], file(['a'], ['b']), text)).toContain('DATA d.csv:3:1: landscape.network.data: ')
    expect(refusal([1, 1], file(['a'], ['b']), text)).toContain(
      'the value of column a is missing; `missing: drop` beside `csv:` skips such lines; `missing: mean` fills',
    )
  })

  test('lines without them are left out where that is asked for', () => {
    const { rows, prepared } = samplesOf([1, 1], file(['age'], ['y'], { missing: 'drop' }), people)
    expect(rows).toEqual([
      [20, 0],
      [35.5, 1],
      [41, 1],
      [28.25, 1],
    ])
    expect(prepared).toEqual({ inputs: ['age'], dropped: 1, filled: [], scaled: null })
  })

  test('are filled with the mean of the others where that is asked for', () => {
    const { rows, prepared } = samplesOf([1, 1], file(['age'], ['y'], { missing: 'mean' }), people)
    expect(rows.map(([age]) => age)).toEqual([20, 35.5, 31.1875, 41, 28.25])
    expect(prepared?.filled).toEqual([['age', { count: 1, value: 31.1875 }]])
  })

  test('in columns that are not asked for do not matter, and asking where none is missing makes the same cell', () => {
    const cells = [{}, { missing: 'drop' }, { missing: 'mean' }, { missing: 'refuse', scale: 'none' }].map(
      (more) => resolvedCell(network([1, 1], file(['zip'], ['y'], more)), { 'd.csv': people }).id,
    )
    expect(new Set(cells).size).toBe(1)
  })

  test.each([
    [
      'a,b\n1,red\n2,?\n',
      ['b'],
      ['a'],
      'd.csv:3:2: landscape.network.data: "?": the value of column b is missing, and a column of words has no mean',
    ],
    [
      'a,b\n1,?\n2,red\n',
      ['b'],
      ['a'],
      'd.csv:2:2: landscape.network.data: "?": the value of column b is missing, and a column of words has no mean',
    ],
    [
      'a,b\n1,NA\n2,3\n',
      ['a'],
      ['b'],
      'd.csv:2:2: landscape.network.data: "NA": the value of column b is missing, and missing targets',
    ],
    [
      'a,b\n,1\n?,2\n',
      ['a'],
      ['b'],
      'd.csv:2:1: landscape.network.data: "": the value of column a is missing in every line',
    ],
    ['a,b\n9e307,1\n9e307,1\n9e307,1\n?,2\n', ['a'], ['b'], 'and the mean of the other values is not finite; use'],
  ])('%j with mean is refused', (text, inputs, targets, words) => {
    expect(refusal([1, 1], file(inputs, targets, { missing: 'mean' }), text)).toContain(words)
  })

  test('a data set of which nothing is left is refused', () => {
    const drop = file(['a'], ['b'], { missing: 'drop' })
    expect(refusal([1, 1], drop, 'a,b\n,1\n2,\n')).toContain(
      'CSV d.csv:1:1: landscape.network.data: this table cannot be read: every line has a missing value',
    )
    expect(refusal([1, 1], drop, 'a,b\n1,NA\n2,?\n')).toContain('d.csv:1:2: landscape.network.data: this table cannot')
    expect(refusal([1, 1], drop, 'a,b\n1,NA\n2,?\n')).toContain('column b has no value in any line')
    expect(samplesOf([1, 1], drop, 'a,b\n,1\n2,3\n').rows).toEqual([[2, 3]])
  })

  test('of a formula are those in the columns that it uses', () => {
    const formula = (missing?: string) => ({
      landscape: {
        formula: {
          variables: ['a'],
          expression: '(a*x - y)^2',
          data: { csv: 'd.csv', ...(missing !== undefined && { missing }) },
        },
      },
      start: [0],
    })
    const files = { 'd.csv': 'x,y,z\n1,2,\n,3,1\n3,7,\n' }
    expect(mistakeOf(formula(), files)).toContain('d.csv:3:1: landscape.formula.data: "": the value of column x is')
    const dropped = resolvedCell(formula('drop'), files)
    expect(dropped.tables[0]).toMatchObject({ rows: 2, values: Float64Array.of(1, 2, 3, 7) })
    expect(dropped.cell.landscape).toMatchObject({ data: { prepared: { inputs: ['x', 'y'], dropped: 1 } } })
    expect(resolvedCell(formula('mean'), files).tables[0]?.values).toEqual(Float64Array.of(1, 2, 2, 3, 3, 7))
  })

  test('of data without a file cannot be', () => {
    const inline = { inputs: [[1]], targets: [[2]] }
    expect(mistakeOf(network([1, 1], { ...inline, missing: 'drop' }))).toContain('data.missing: unknown key "missing"')
    expect(mistakeOf(network([4, 3], { preset: 'iris', missing: 'drop' }))).toContain('unknown key "missing"')
  })
})

describe('scaled inputs', () => {
  // statistics.fmean and statistics.pstdev of Python 3.13, whose sums are exact.
  test('standard: mean 0 and variance 1, words and targets as they are', () => {
    const { rows, prepared } = samplesOf(
      [5, 1],
      file(['age', 'colour', 'size'], ['y'], { missing: 'mean', scale: 'standard' }),
      people,
    )
    const known = [-1.5863708317917935, 0.6115060748247695, 0, 1.3913978803983886, -0.4165331234313647]
    for (const [i, row] of rows.entries()) expect(row[0]).toBeCloseTo(known[i]!, 14)
    expect(rows.map((row) => row.slice(1))).toEqual([
      [0, 0, 1, 0, 0],
      [1, 0, 0, 0, 1],
      [0, 0, 1, 0, 0],
      [0, 1, 0, 0, 1],
      [1, 0, 0, 0, 1],
    ])
    expect(prepared?.scaled).toEqual({
      kind: 'standard',
      center: [31.1875, 0, 0, 0, 1.5],
      scale: [7.0522602759682655, 1, 1, 1, 1],
      constant: ['size'],
    })
  })

  test('after the lines that are left out', () => {
    const { rows } = samplesOf([1, 1], file(['age'], ['y'], { missing: 'drop', scale: 'standard' }), people)
    const known = [-1.4188932069637339, 0.546947660784903, 1.2445040977279678, -0.3725585515491368]
    for (const [i, [age]] of rows.entries()) expect(age).toBeCloseTo(known[i]!, 14)
  })

  test('range: from 0 to 1, both ends exact', () => {
    const { rows, prepared } = samplesOf([1, 1], file(['age'], ['y'], { missing: 'drop', scale: 'range' }), people)
    expect(rows.map(([age]) => age)).toEqual([0, 0.7380952380952381, 1, 0.39285714285714285])
    expect(prepared?.scaled).toEqual({ kind: 'range', center: [20], scale: [21], constant: [] })
  })

  test('iris has the values that scikit-learn documents', () => {
    const { rows, prepared } = samplesOf([4, 3], { preset: 'iris', scale: 'standard' })
    // StandardScaler().fit_transform(load_iris().data)[0]
    const known = [-0.90068117, 1.01900435, -1.34022653, -1.3154443]
    for (const [j, value] of known.entries()) expect(rows[0]![j]).toBeCloseTo(value, 8)
    expect(rows[0]!.slice(4)).toEqual([1, 0, 0])
    expect(prepared?.inputs).toEqual(['input 1', 'input 2', 'input 3', 'input 4'])
    expect(prepared?.scaled?.scale[0]).toBeCloseTo(0.8253012917851409, 14)
  })

  test('inline and made data too', () => {
    const inline = {
      inputs: [
        [0, 7],
        [2, 7],
        [4, 7],
      ],
      targets: [[9], [8], [7]],
      scale: 'range',
    }
    expect(samplesOf([2, 1], inline).rows).toEqual([
      [0, 0, 9],
      [0.5, 0, 8],
      [1, 0, 7],
    ])
    const { rows } = samplesOf([2, 1], { preset: 'moons', samples: 30, scale: 'range' })
    expect(
      [0, 1].map((j) => [Math.min(...rows.map((row) => row[j]!)), Math.max(...rows.map((row) => row[j]!))]),
    ).toEqual([
      [0, 1],
      [0, 1],
    ])
  })

  test('is swept like any other value', () => {
    const sweep = plan({
      ...network([4, 3], { preset: 'iris' }),
      sweep: { 'landscape.network.data.scale': ['none', 'standard', 'range'] },
    })
    const cells = [...sweep.cells()]
    expect(cells.map(({ params }) => params)).toEqual(
      ['none', 'standard', 'range'].map((scale) => ({ 'landscape.network.data.scale': scale })),
    )
    expect(new Set(cells.map(({ tables }) => tables[0]!.hash)).size).toBe(3)
    expect(cells[0]!.id).toBe(resolvedCell(network([4, 3], { preset: 'iris' })).id)
    expect(sweep.prepared.map(({ rows, prepared }) => [rows, prepared.scaled?.kind])).toEqual([
      [150, 'standard'],
      [150, 'range'],
    ])
  })

  test('the numbers in the cell make the table again from the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 20 }),
        fc.constantFrom('standard', 'range'),
        (values, scale) => {
          fc.pre(new Set(values).size === 1 || Math.max(...values) - Math.min(...values) > 1e-100)
          const inputs = values.map((value) => [value])
          const { rows, prepared } = samplesOf([1, 1], { inputs, targets: inputs, scale })
          const { center, scale: width, constant } = prepared!.scaled!
          expect(rows.map(([x]) => x)).toEqual(values.map((value) => (value - center[0]!) / width[0]! + 0))
          expect(constant).toEqual(new Set(values.map((value) => value + 0)).size === 1 ? ['input 1'] : [])
        },
      ),
      { seed: 1, numRuns: 60 },
    )
  })

  test.each([
    ['standard', 'mean or standard deviation', [[1e308], [-1e308]]],
    ['range', 'range', [[1.7e308], [-1.7e308]]],
    ['standard', 'mean or standard deviation', [[1e-200], [0]]],
  ])('%s, where the %s of %j is not a double, is refused', (scale, what, inputs) => {
    expect(mistakeOf(network([1, 1], { inputs, targets: inputs.map(() => [0]), scale }))).toContain(
      `landscape.network.data.scale: "${scale}": the ${what} of column input 1 is too large or too small for a double`,
    )
  })

  test('one row is constant, and words alone leave nothing to scale', () => {
    expect(samplesOf([2, 1], { inputs: [[5, -3]], targets: [[1]], scale: 'standard' }).rows).toEqual([[0, 0, 1]])
    const words = samplesOf([3, 1], file(['colour'], ['y'], { scale: 'standard' }), people)
    expect(words.prepared?.scaled).toBeNull()
  })

  test('a formula says itself how it scales', () => {
    const formula = (scale: string) => ({
      landscape: {
        formula: { variables: ['a'], expression: '(a - y)^2', data: { columns: { y: [1, 2] }, scale } },
      },
      start: [0],
    })
    expect(mistakeOf(formula('standard'))).toContain(
      'data.scale: unknown key "scale"; `scale` applies only to the inputs of net',
    )
    expect(cellOf(formula('none')).landscape).not.toHaveProperty('data.prepared')
  })
})

test('hostile files are read or refused, never misread', () => {
  const text = '\uFEFF"co,l\nour",n,y\r\n"a ""b""",1e2,1\r\n"c,d",+.5,0\r\n" ",1,1\r\n'
  const drop = file(['co,l\nour', 'n'], ['y'], { missing: 'drop', scale: 'range' })
  const { rows, prepared } = samplesOf([3, 1], drop, text)
  expect(rows).toEqual([
    [1, 0, 1, 1],
    [0, 1, 0, 0],
  ])
  expect(prepared?.inputs).toEqual(['co,l\nour=a "b"', 'co,l\nour=c,d', 'n'])
  expect(prepared?.dropped).toBe(1)
  const refused = (lines: string) => refusal([1, 1], file(['a'], ['b'], { missing: 'drop' }), lines)
  expect(refused('a,b\n1,2\n?\n')).toContain('d.csv:3:1: landscape.network.data: this table cannot be read: expected 2')
  expect(refused('a,b\n1e400,2\n')).toContain('"1e400": the value of column a is not finite')
  expect(refused('a,b\n-inf,2\n')).toContain('"-inf": the value of column a is not finite')
  expect(refused('a,a,b\n1,2,3\n')).toContain('two columns with this name')
  expect(refused('a,b\n')).toContain('it has no lines after the header')
})
