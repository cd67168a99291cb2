import { invariants } from '@driftfarm/database'
import { contentsOf, fileSource, htmlReport, reportedSweep, rowsParquet } from '@driftfarm/report'
import { observedKeys } from '@driftfarm/spec'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Farm } from '../../coordinator/src/farm.fixture.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

let farm: Farm
beforeEach(async () => {
  farm = await Farm.running({ batch: 64 })
})
afterEach(() => farm.close())

const trials = 200
/** About a fifth of the trials escape, and only some of those reach the mark; the others reach the horizon. */
const observed = {
  trials,
  trial: { steps: 20, escape: 'x >= 0', marks: { near: 'x >= -0.5' } },
  observe: {
    place: { value: 'x', at: ['escape', 'horizon', 'mark:near'], every: 10 },
    three: { value: '3', at: ['start'] },
    bad: { value: 'log(-distance)', at: ['horizon'] },
  },
}
const columns = [
  'observe_place_escape',
  'observe_place_horizon',
  'observe_place_mark_near',
  'observe_three',
  'observe_bad',
]

type Row = Readonly<Record<string, unknown>>

async function rowsAfter(change: Record<string, unknown>) {
  const { id } = await farm.submit(change)
  expect((await farm.ends(id)).state).toBe('complete')
  expect(await invariants(farm.database, id)).toEqual({ I1: [], I2: [], I4: [] })
  const rows = await farm.source.rows(id)
  const records: Row[] = []
  for await (const record of rows.records) records.push(record)
  return { id, rows, records }
}

test('each observed value is a column of the rows, whose mean is the estimate', async () => {
  const { id, rows, records } = await rowsAfter(observed)
  expect(rows.columns.slice(-5)).toEqual(columns)
  expect(records).toHaveLength(trials)
  const { data } = await farm.source.observed({ sweep: id })
  const series = data.cells[0]!.values.filter(({ time }) => /^\d+$/.test(time))
  expect(series.map(({ time, mean }) => [time, mean?.events])).toEqual([
    ['0', trials],
    ['10', expect.any(Number)],
    ['20', expect.any(Number)],
  ])
  for (const [at, column] of columns.entries()) {
    const { mean, notFinite } = data.cells[0]!.values.filter(({ time }) => !/^\d+$/.test(time))[at]!
    const values = records.map((record) => record[column]).filter((value) => value !== null)
    const numbers = values.filter((value): value is number => Number.isFinite(value))
    expect([column, numbers.length, values.length - numbers.length]).toEqual([column, mean?.events ?? 0, notFinite])
    if (mean !== null)
      expect(numbers.reduce((sum, value) => sum + value, 0) / numbers.length).toBeCloseTo(mean.value, 12)
  }
  // Null experiments: a constant, a time that a trial does not reach, a value that is no number.
  for (const record of records) {
    expect(record.observe_three).toBe(3)
    expect(record.observe_place_escape === null).toBe(record.escaped_at === null)
    expect(record.observe_place_horizon === null).toBe(record.steps !== 20)
    expect(record.observe_place_mark_near === null).toBe((record.marks as Row).near === null)
    expect(record.observe_bad).toBe(record.steps === 20 ? Number.NaN : null)
  }
  expect(data.cells[0]!.values.find(({ observation }) => observation === 'three')!.mean).toMatchObject({
    value: 3,
    low: 3,
    high: 3,
  })
  // The same values as columns, for Parquet files, and in the view.
  for await (const group of rowsParquet(await farm.source.rows(id)).groups())
    expect(group.slice(-5)).toEqual(columns.map((column) => records.map((record) => record[column])))
  const view = await farm.query<{ trial: number; key: string; value: number | null }>(
    `with o as (select trial::int, expression || '@' || time as key, value from observed)
     select * from o order by trial, key collate "C"`,
  )
  const keys = observedKeys(observedOf(observed.observe)).filter((key) => !key.includes('every'))
  const columnOf = [
    'observe_three',
    'observe_bad',
    'observe_place_escape',
    'observe_place_horizon',
    'observe_place_mark_near',
  ]
  expect(view).toHaveLength(trials * keys.length)
  expect(view.slice(0, 5).map(({ key }) => key)).toEqual(keys)
  for (const [i, { trial, value }] of view.entries()) {
    const expected = records[trial]![columnOf[i % 5]!]
    expect(value).toEqual(expected === 'NaN' ? Number.NaN : expected)
  }
})

const observedOf = (observe: Readonly<Record<string, object>>) =>
  Object.entries(observe).map(([name, each]) => ({ name, at: [], value: '', ...each }))

test('a recomputation for another request keeps the columns, whatever rows are recorded', async () => {
  const { records } = await rowsAfter(observed)
  const later = { ...observed, record: 'events', observe: { away: { value: 'distance', at: ['escape'] } } }
  const { rows, records: events } = await rowsAfter(later)
  expect(rows.columns.slice(-2)).toEqual(['marks', 'observe_away'])
  expect(events.map(({ trial }) => trial)).toEqual(
    records.flatMap(({ trial, escaped_at }) => (escaped_at === null ? [] : [trial])),
  )
  for (const { observe_away, distance } of events) expect(observe_away).toBe(distance)
  expect((await rowsAfter(observed)).records).toEqual(records)
  expect(await farm.query('select max(attempts) as most from farm.batch')).toEqual([{ most: 2 }])
  // Without observations, rows have no further columns, and nothing is stored for them.
  const { rows: bare } = await rowsAfter({ ...observed, seed: 2, observe: undefined })
  expect(bare.columns.at(-1)).toBe('marks')
  expect(await farm.query('select count(*)::int as stored from farm.outcome where observed is null')).toEqual([
    { stored: 4 },
  ])
})

test('a mean over one trial has infinite limits, also after it was stored', async () => {
  const { id } = await rowsAfter({ ...observed, trials: 1 })
  const { data } = await farm.source.results(id)
  expect(data.cells[0]!.estimates['observe:three']).toMatchObject({ value: 3, low: -Infinity, high: Infinity })
  const { layers, caption } = await farm.source.figure(id, { kind: 'observed', of: 'three' })
  expect(layers).toMatchObject([{ points: [{ low: null, high: null, text: expect.stringContaining(' 3 [-∞, ∞] ') }] }])
  expect(caption.join(' ')).toContain('Unbounded intervals (1 of 1)')
  const series = await farm.source.figure(id, { kind: 'observed' })
  expect(series.caption).toContain('An unbounded interval has no band.')
})

if (full)
  test('a figure draws a series with its band, or a value along an axis, also from a report file', async () => {
    const swept = { ...observed, sweep: { 'update.eta': [0.05, 0.1] } }
    const { id } = await rowsAfter(swept)
    const figure = await farm.source.figure(id, { kind: 'observed' })
    const { data } = await farm.source.observed({ sweep: id })
    for (const [at, { values }] of data.cells.entries()) {
      const [band, line] = figure.layers.slice(2 * at)
      const means = values
        .filter(({ time }) => /^\d+$/.test(time))
        .map(({ time, mean }) => ({ x: Number(time), ...mean! }))
      expect(line).toMatchObject({ type: 'line', points: means.map(({ x, value }) => ({ x, y: value })) })
      expect(band).toMatchObject({ type: 'band', points: means.map(({ x, low, high }) => ({ x, low, high })) })
    }
    expect([figure.of, figure.seriesTitle, figure.series]).toEqual(['observe:place', 'eta', ['0.05', '0.1']])
    expect(figure.caption).toContain('place is the value of x.')
    const line = await farm.source.figure(id, { kind: 'observed', of: 'three' })
    expect(line.layers).toMatchObject([
      {
        type: 'points',
        points: [
          { x: 0.05, y: 3, low: 3, high: 3 },
          { x: 0.1, y: 3 },
        ],
      },
    ])
    const one = await farm.source.figure(id, { kind: 'observed', of: 'observe:place@escape', cell: 1 })
    expect(one.layers).toMatchObject([{ points: [{ cell: 1 }] }])
    for (const request of [{ kind: 'observed', of: 'place@escape' }, { of: 'observe:place@escape' }] as const)
      expect((await farm.source.figure(id, request)).caption).toContain('place is the value of x.')
    const {
      caption: [setup, trials, first],
    } = await farm.source.figure(id, { of: 'escape' })
    expect(setup).toContain('Loss L (x^2 - 1)^2/4; start (-1); rule gradient')
    expect(trials).toMatch(/^The sweep has .* trials in \d+ cells?\.$/)
    expect(first).toMatch(/^Intervals/)
    await expect(farm.source.figure(id, { kind: 'observed', of: 'plase' })).rejects.toThrow('observe:plase')
    await expect(farm.source.figure(id, { kind: 'observed', cell: 9 })).rejects.toThrow('there is no cell 9')
    const { id: none } = await rowsAfter({ ...swept, name: 'none', observe: { bad: { value: 'log(-1)', every: 10 } } })
    const drawn = farm.source.figure(none, { kind: 'observed' })
    await expect(drawn).rejects.toThrow('no selected cell has a finite value of bad')
    const both = await farm.source.figure(id, { kind: 'line', of: 'escape', over: none })
    expect([both.seriesTitle, both.series]).toEqual(['sweep', ['test', 'none']])
    await expect(farm.source.figure(id, { kind: 'line', over: 'nobody' })).rejects.toThrow('nobody')
    const { caption: ofCell } = await farm.source.figure(id, { kind: 'curve', cell: 1 })
    expect(ofCell[1]).toMatch(/ trials in cell 1\.$/)
    // The file has the same values, with limits that are not finite.
    const html = await htmlReport([await reportedSweep(farm.source, id, { data: true })], {
      made: 'today',
      version: '0',
    })
    expect(html).toContain('<h2>Observed values</h2>')
    expect(html).toContain('driftfarm figure test --kind observed --of place')
    expect(html).toContain('<span>three is the value of 3.</span>')
    const file = fileSource(await contentsOf(html), 'report.html')
    expect(await file.observed({ sweep: id })).toEqual(await farm.source.observed({ sweep: id }))
    expect(await file.observed({ sweep: id, cells: [1] })).toMatchObject({ data: { cells: [{ index: 1 }] } })
    expect(await file.figure(id, { kind: 'observed' })).toEqual(figure)
    const { id: bare } = await rowsAfter({ ...swept, name: 'bare', observe: undefined })
    await expect(farm.source.figure(bare, { kind: 'observed' })).rejects.toThrow('bare observes nothing')
    expect(await htmlReport([await reportedSweep(farm.source, bare)], { made: 'today', version: '0' })).not.toContain(
      'Observed',
    )
  })
