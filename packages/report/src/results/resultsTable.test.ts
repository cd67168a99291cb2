import { type Check, findingsOf } from '@driftfarm/statistics'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { renderChecks } from '../document/findings.ts'
import { cell, estimate, results, resultsData, streamOf, textOf } from '../fixtures/results.ts'
import { paramTitles } from '../format/label.ts'
import { estimateText } from '../format/quantity.ts'
import { renderRecords } from '../format/table.ts'
import { streamTable } from './resultsTable.ts'

const tableOf = (data: Parameters<typeof streamOf>[0], options?: Parameters<typeof streamTable>[1]) =>
  textOf(streamTable(streamOf(data), options))

test('replicas of splitting are not called trials', async () => {
  const tableFor = (method: 'splitting' | 'several') =>
    tableOf({ ...results, sweep: { ...results.sweep, method } }, { width: 120 })
  expect(await tableFor('splitting')).toMatch(/ 30000 replicas .*\n\ncell +eta +T +replicas {2}escape/)
  expect(await tableFor('several')).toMatch(/ 30000 trials and replicas .*\n\ncell +eta +T +trials {2}escape/)
})

test('one line per cell, numbers aligned', async () => {
  expect(`\n${await tableOf(results, { width: 120 })}`).toMatchInlineSnapshot(`
    "
    double-well  complete  3 cells  30000 trials  seed 20261124  stopped after the requested number of trials

    cell   eta     T  trials  escape                   converge                 exit:upper               exit:lower
       0  0.05  0.02   10000  0.0012 [0.0006, 0.0021]  0.9988 [0.9979, 0.9994]  0.0012 [0.0006, 0.0021]  0 [0, 0.00037]
       1   0.1  0.02   10000  0.0195 [0.0169, 0.0224]  0.9805 [0.9776, 0.9831]  0.0195 [0.0169, 0.0224]  0 [0, 0.00037]
       2   0.2  0.02   10000       0 [0, 0.00037]           1 [0.99963, 1]           0 [0, 0.00037]      0 [0, 0.00037]

    intervals: 95 % clopper-pearson
    not shown: mark:m2, settle:left, settle:right, settle:other, escapeRate, escapeStep, cost:m2 (to see them: \
--format json or csv)
    checks: all 3 cells pass every check; notes:
      note  events    all 3 cells: no trial reached m2: cost:m2 has only a lower limit
      note  events    cell 0: only 12 of 10000 trials escaped: relative uncertainty 61 %. Add trials to narrow the \
interval.
      note  events    cell 2: none of 10000 trials escaped: the probability has only an upper limit. Add trials to lower
                      this limit, or estimate rare escapes with \`method: splitting\`.
      note  interval  cell 0: 12 escapes are too few for the usual interval of escapeStep, so a wider, conservative \
interval
                      is used
      note  horizon   cell 0: the hazard rate changes over time (a constant rate is rejected, p < 0.001). escapeRate \
is its
                      mean over the steps at risk. \`rate: {after: n}\` leaves out the first n steps.
    "
  `)
})

test('a narrow terminal shows fewer estimates and lists the others', async () => {
  expect(`\n${await tableOf(results, { width: 80 })}`).toMatchInlineSnapshot(`
    "
    double-well  complete  3 cells  30000 trials  seed 20261124  stopped after the requested number of trials

    cell   eta     T  trials  escape                   converge
       0  0.05  0.02   10000  0.0012 [0.0006, 0.0021]  0.9988 [0.9979, 0.9994]
       1   0.1  0.02   10000  0.0195 [0.0169, 0.0224]  0.9805 [0.9776, 0.9831]
       2   0.2  0.02   10000       0 [0, 0.00037]           1 [0.99963, 1]

    intervals: 95 % clopper-pearson
    not shown: exit:upper, exit:lower, mark:m2, settle:left, settle:right, settle:other, escapeRate, escapeStep, \
cost:m2 (to see them: --format json or csv)
    checks: all 3 cells pass every check; notes:
      note  events    all 3 cells: no trial reached m2: cost:m2 has only a lower
                      limit
      note  events    cell 0: only 12 of 10000 trials escaped: relative uncertainty
                      61 %. Add trials to narrow the interval.
      note  events    cell 2: none of 10000 trials escaped: the probability has only
                      an upper limit. Add trials to lower this limit, or estimate
                      rare escapes with \`method: splitting\`.
      note  interval  cell 0: 12 escapes are too few for the usual interval of
                      escapeStep, so a wider, conservative interval is used
      note  horizon   cell 0: the hazard rate changes over time (a constant rate is
                      rejected, p < 0.001). escapeRate is its mean over the steps at
                      risk. \`rate: {after: n}\` leaves out the first n steps.
    "
  `)
})

test('no line is wider than the terminal, whatever the names', async () => {
  const width = 60
  const wide = { ...results, cells: [cell(0, { 'a.b': 'x'.repeat(99), 'c.b': { y: 'é'.repeat(99) } }, 1, 10)] }
  const rows = (await tableOf(wide, { width })).split('\n').slice(2, 4)
  for (const row of rows) expect([...row].length).toBeLessThanOrEqual(width)
})

test('color only when asked, control characters never', async () => {
  expect(await tableOf(results)).not.toContain('\u001b')
  expect(await tableOf(results, { color: true })).toContain('\u001b[32mcomplete\u001b[0m')
  const hostile = { ...results, sweep: { ...results.sweep, name: 'a\u001b[2Jb\nc' } }
  expect(await tableOf(hostile)).not.toContain('\u001b')
  expect((await tableOf(hostile)).split('\n')[0]).toContain('a\ufffd[2Jb\ufffdc')
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
  [1.6596, '-Infinity', 'Infinity', '1.66', '[-∞, ∞]'],
  [0.3217, 0.0512, Number.POSITIVE_INFINITY, '0.322', '[0.0512, ∞]'],
  ['NaN', 0, 'Infinity', 'unknown', '[0, ∞]'],
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

test('a doubtful or wrong cell has a mark beside its number; the reasons are listed once, worst first', async () => {
  const stability = (eta: number) =>
    ({ name: 'stability', verdict: 'doubtful', text: `eta ${eta} is beyond 2`, hint: 'use `eta` below 1' }) as const
  const wrong = { name: 'control', verdict: 'wrong', text: 'descent alone does it', hint: null } as const
  const [first, second, third] = results.cells
  const cells = [
    { ...first!, checks: [...first!.checks, stability(1.2)] },
    { ...second!, checks: [...second!.checks, stability(1.5), wrong] },
    third!,
  ]
  const { sweep, contrasts } = results
  const data = resultsData(sweep, cells, contrasts)
  expect(`\n${await tableOf(data, { width: 72 })}`).toMatchInlineSnapshot(`
    "
    double-well  complete  3 cells  30000 trials  seed 20261124  stopped after the requested number of trials

    cell   eta     T  trials  escape
       0  0.05  0.02   10000  0.0012? [0.0006, 0.0021]
       1   0.1  0.02   10000  0.0195! [0.0169, 0.0224]
       2   0.2  0.02   10000       0  [0, 0.00037]

    ! the estimate does not measure what was requested, ? the estimate may be misleading: see below
    intervals: 95 % clopper-pearson
    not shown: converge, exit:upper, exit:lower, mark:m2, settle:left, settle:right, settle:other, escapeRate, \
escapeStep, cost:m2 (to see them: --format json or csv)
    checks: 2 of 3 cells fail a check, the other passes every check
      wrong     control    cell 1: descent alone does it
      doubtful  stability  2 of 3 cells (0-1): eta 1.2 to 1.5 is beyond 2.
                           Use \`eta\` below 1.
      note      events     all 3 cells: no trial reached m2: cost:m2 has
                           only a lower limit
      note      events     cell 0: only 12 of 10000 trials escaped: relative
                           uncertainty 61 %. Add trials to narrow the
                           interval.
      note      events     cell 2: none of 10000 trials escaped: the
                           probability has only an upper limit. Add trials
                           to lower this limit, or estimate rare escapes
                           with \`method: splitting\`.
      note      interval   cell 0: 12 escapes are too few for the usual
                           interval of escapeStep, so a wider, conservative
                           interval is used
      note      horizon    cell 0: the hazard rate changes over time (a
                           constant rate is rejected, p < 0.001). escapeRate
                           is its mean over the steps at risk. \`rate:
                           {after: n}\` leaves out the first n steps.
    "
  `)
  const color = await tableOf(data, { width: 72, color: true })
  expect(color).toContain('\u001b[31m  wrong     control')
  const one = await tableOf(resultsData(sweep, [cells[0]!]), { width: 72 })
  expect(one).toContain('  doubtful  stability  eta 1.2 is beyond 2. Use `eta` below 1.')
})

test('cells with checks that were left out do not pass every check', () => {
  const leftOut: Check = { name: 'basin', verdict: 'note', text: 'not checked: a descent takes too long', hint: null }
  const doubt: Check = { ...leftOut, verdict: 'doubtful', text: 'eta 3 is beyond 2' }
  const headOf = (...all: Check[][]) => {
    const cells = all.map((checks, index) => ({ index, checks: [{ ...leftOut, text: 'a note' }, ...checks] }))
    return renderChecks(cells, findingsOf(cells)).split('\n')[0]
  }
  expect(headOf([])).toBe('checks: the cell passes every check; notes:')
  expect(headOf([leftOut])).toBe('checks: the cell passes every check that could be run; notes:')
  expect(headOf([leftOut], [])).toBe('checks: all 2 cells pass every check that could be run; notes:')
  expect(headOf([leftOut], [doubt])).toBe(
    'checks: 1 of 2 cells fails a check, the other passes every check that could be run',
  )
  // A cell without any checks fails, so the sentence about the other cells stays.
  expect(headOf([{ ...doubt, text: 'not checked: no control run' }], [])).toBe(
    'checks: 1 of 2 cells fails a check, the other passes every check',
  )
})

test('eight findings, and the number of others', () => {
  const many = Array.from({ length: 11 }, (_, at) => ({
    name: 'events' as const,
    verdict: 'note' as const,
    text: `finding ${'abcdefghijk'.charAt(at)}`,
    hint: null,
  }))
  const text = renderChecks([{ checks: many }], findingsOf([{ index: 0, checks: many }]))
  expect(text.split('\n').filter((line) => line.includes('finding '))).toHaveLength(8)
  expect(text).toContain('  and 3 more (--json prints all)')
  expect(renderChecks([], [])).toBe('')
})
