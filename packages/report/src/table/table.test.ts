import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cell, estimate, results } from '../fixtures/results.ts'
import { estimateText } from './digits.ts'
import { paramTitles } from './paramTitles.ts'
import { renderRecords } from './renderRecords.ts'
import { renderTable } from './renderTable.ts'

test('a line a cell, numbers under each other', () => {
  expect(`\n${renderTable(results, { width: 120 })}`).toMatchInlineSnapshot(`
    "
    double-well  complete  3 cells  30000 trials  seed 20261124  ended by trials

    cell   eta     T  trials  escape                   converge                 exit:upper               exit:lower
       0  0.05  0.02   10000  0.0012 [0.0006, 0.0021]  0.9988 [0.9979, 0.9994]  0.0012 [0.0006, 0.0021]  0 [0, 0.00037]
       1   0.1  0.02   10000  0.0195 [0.0169, 0.0224]  0.9805 [0.9776, 0.9831]  0.0195 [0.0169, 0.0224]  0 [0, 0.00037]
       2   0.2  0.02   10000       0 [0, 0.00037]           1 [0.99963, 1]           0 [0, 0.00037]      0 [0, 0.00037]

    intervals: 95 % clopper-pearson
    not shown: mark:m2, settle:left, settle:right, settle:other, escapeRate, escapeStep, cost:m2 (--format json or csv)
    checks: all hold in 1 of 3 cells
      cell 0: events doubtful: 12 of 10000 trials have escape: half-width 61 % of the probability
      cell 2: events doubtful: 0 of 10000 trials have escape: only one limit is known
    "
  `)
})

test('a narrow terminal: fewer estimates, and says which', () => {
  expect(`\n${renderTable(results, { width: 80 })}`).toMatchInlineSnapshot(`
    "
    double-well  complete  3 cells  30000 trials  seed 20261124  ended by trials

    cell   eta     T  trials  escape                   converge
       0  0.05  0.02   10000  0.0012 [0.0006, 0.0021]  0.9988 [0.9979, 0.9994]
       1   0.1  0.02   10000  0.0195 [0.0169, 0.0224]  0.9805 [0.9776, 0.9831]
       2   0.2  0.02   10000       0 [0, 0.00037]           1 [0.99963, 1]

    intervals: 95 % clopper-pearson
    not shown: exit:upper, exit:lower, mark:m2, settle:left, settle:right, settle:other, escapeRate, escapeStep, cost:m2 (--format json or csv)
    checks: all hold in 1 of 3 cells
      cell 0: events doubtful: 12 of 10000 trials have escape: half-width 61 % of the probability
      cell 2: events doubtful: 0 of 10000 trials have escape: only one limit is known
    "
  `)
})

test('no line is wider than the terminal, whatever the names', () => {
  const width = 60
  const wide = { ...results, cells: [cell(0, { 'a.b': 'x'.repeat(99), 'c.b': { y: 'é'.repeat(99) } }, 1, 10)] }
  const rows = renderTable(wide, { width }).split('\n').slice(2, 4)
  for (const row of rows) expect([...row].length).toBeLessThanOrEqual(width)
})

test('color only when asked, control characters never', () => {
  expect(renderTable(results)).not.toContain('\u001b')
  expect(renderTable(results, { color: true })).toContain('\u001b[32mcomplete\u001b[0m')
  const hostile = { ...results, sweep: { ...results.sweep, name: 'a\u001b[2Jb\nc' } }
  expect(renderTable(hostile)).not.toContain('\u001b')
  expect(renderTable(hostile).split('\n')[0]).toContain('a\ufffd[2Jb\ufffdc')
  expect(renderRecords(['x'], [['\u001b]0;t\u0007\u202e']])).toBe('x\n\ufffd]0;t\ufffd\ufffd\n')
})

test.each([
  [0.0194905, 0.0188, 0.0202, '0.0195', '[0.0188, 0.0202]'],
  [0, 0, 0.00036882, '0', '[0, 0.00037]'],
  [1, 0.9963, 1, '1', '[0.9963, 1]'],
  [0.5, 0.4, 0.6, '0.50', '[0.40, 0.60]'],
  [2.1e-8, 1.9e-8, 2.4e-8, '2.10e-8', '[1.90e-8, 2.40e-8]'],
  [423.7, 329.8, 517.6, '424', '[330, 518]'],
  [1000, 1000, 1000, '1000.000000', '[1000.000000, 1000.000000]'],
])('%d [%d, %d]: as many digits as the interval supports', (value, low, high, text, interval) => {
  expect(estimateText({ value, low, high })).toEqual({ value: text, interval })
})

test('printed numbers are those of the estimate to within the last digit', () => {
  const probability = fc.double({ min: 1e-14, max: 1, noNaN: true })
  fc.assert(
    fc.property(probability, fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (value, share) => {
      const low = value * (1 - share)
      const high = value * (1 + share)
      expect(Math.abs(Number(estimateText({ ...estimate, value, low, high }).value) - value)).toBeLessThan(
        (high - low) / 2,
      )
    }),
  )
})

test('paths are shortened while they stay apart', () => {
  expect(paramTitles(['update.eta', 'let.T'])).toEqual(['eta', 'T'])
  expect(paramTitles(['update.drift.sigma', 'let.sigma'])).toEqual(['drift.sigma', 'let.sigma'])
  expect(paramTitles(['a.b', 'c.a.b'])).toEqual(['a.b', 'c.a.b'])
  expect(paramTitles(['seed'])).toEqual(['seed'])
})

test('records: numbers right, text left, a list without a head', () => {
  const rows = [
    ['one', 1, null],
    ['three', 333n, { a: 1 }],
  ]
  expect(`\n${renderRecords(['name', 'n', 'x'], rows)}`).toMatchInlineSnapshot(`
    "
    name     n  x
    one      1
    three  333  {"a":1}
    "
  `)
  expect(
    renderRecords(
      ['', ''],
      [
        ['state', 'complete'],
        ['id', 'y'.repeat(200)],
      ],
      { width: 40 },
    ),
  ).toBe(`state  complete\nid     ${'y'.repeat(200)}\n`)
  expect(renderRecords(['name', 'reason'], [['a', 'y'.repeat(50)]], { width: 20 })).toBe(
    `name  reason\na     ${'y'.repeat(13)}…\n`,
  )
  expect(renderRecords(['name'], [])).toBe('name\n')
})

test('records of a database: timestamps, bytes, big integers, nested values', () => {
  const row = [new Date(0), new Uint8Array([1, 255]), { n: 10n ** 20n }, [1, 2], true, undefined]
  expect(renderRecords(['a', 'b', 'c', 'd', 'e', 'f'], [row], { width: 200 }).split('\n')[1]).toBe(
    '1970-01-01T00:00:00.000Z  \\x01ff  {"n":"100000000000000000000"}  [1,2]  true',
  )
})
