import { expect, test } from 'vitest'
import { figureCsv } from './figureCsv.ts'
import { kindsOfSweep } from './figureOf.ts'
import { endsFigure } from './figures/ends.ts'
import { landscapeFigure } from './figures/landscape.ts'
import { lineFigure } from './figures/line.ts'
import { mapFigure } from './figures/map.ts'
import { inRandomSweep, randomSweep } from './fixtures/randomSweep.ts'
import { cell, results } from './fixtures/results.ts'

const read = (text: string) => {
  const [head, ...lines] = text.trimEnd().split('\n')
  const names = head!.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((field, at) => [names[at], field])))
}

test('the CSV of a line has the estimates of the document with their limits, over 50 random sweeps', () => {
  for (let seed = 1; seed <= 50; seed++) {
    const { results: sweep } = randomSweep(seed)
    const rows = read(figureCsv(lineFigure(sweep)))
    inRandomSweep(seed, () => {
      for (const row of rows.filter(({ layer }) => layer === 'estimate')) {
        const { value, low, high } = sweep.cells[Number(row.cell)]!.estimates.escape!
        expect([row['P(escape)'], row['escape low'], row['escape high']].map(Number)).toEqual([value, low, high])
      }
    })
  }
})

test('the CSV of a map has both coordinates; a cell without an estimate has an empty field', () => {
  const cells = [0, 1, 2, 3].map((i) => cell(i, { a: i % 2, b: i >> 1 }, i, i === 3 ? 0 : 10))
  const rows = read(figureCsv(mapFigure({ ...results, cells }, { x: 'a', y: 'b' })))
  expect(rows.map(({ cell: index, a, b, 'P(escape)': value }) => [index, a, b, value])).toEqual([
    ['0', '0', '0', '0'],
    ['1', '1', '0', '0.1'],
    ['2', '0', '1', '0.2'],
    ['3', '1', '1', ''],
  ])
})

test('the CSV of outcomes has a row for each part, and that of a landscape a row for each pixel', () => {
  const bars = read(figureCsv(endsFigure({ ...results, cells: [cell(0, {}, 3, 10)] })))
  expect(bars.map(({ series, 'share of trials': value }) => [series, value])).toEqual([
    ['escaped', '0.3'],
    ['converged', '0.7'],
  ])
  const scene = {
    title: 'plane',
    coordinates: ['x', 'y'],
    view: [
      [0, 3],
      [-1, 1],
    ] as const,
    columns: 3,
    rows: 2,
    losses: [1, 2, 3, 4, null, 6],
    marks: [],
    sentences: [],
  }
  const grid = read(figureCsv(landscapeFigure(scene)))
  expect(grid.map(({ x, y, value }) => `${x} ${y} ${value}`)).toEqual([
    '0.5 -0.5 1',
    '1.5 -0.5 2',
    '2.5 -0.5 3',
    '0.5 0.5 4',
    '1.5 0.5 ',
    '2.5 0.5 6',
  ])
})

test('a sweep is offered the kinds that apply to it; each of the others has a reason', () => {
  const none = { contrasts: false, observe: false, threshold: false }
  const offered = (axes: number, estimates: readonly string[], requests: typeof none | undefined) =>
    kindsOfSweep({ axes, estimates, requests })
  const one = offered(1, ['escape', 'escapeRate'], none)
  expect(one.kinds).toEqual(['line', 'curve', 'ends', 'fit', 'residuals', 'convergence', 'trajectory'])
  expect(one.others).toEqual([
    { kind: 'map', reason: 'a map needs two axes' },
    { kind: 'boundary', reason: 'the sweep has no threshold search' },
    { kind: 'observed', reason: 'the sweep observes no values' },
    { kind: 'contrast', reason: 'the sweep has no contrasts' },
  ])
  const all = { contrasts: true, observe: true, threshold: true }
  expect(offered(2, [], all).others).toEqual([])
  // An earlier report file does not say what its sweep requests.
  expect(offered(2, ['escape'], undefined).others).toEqual([])
  expect(offered(0, ['escapeStep'], all).others.map(({ kind }) => kind)).toEqual(['map', 'curve', 'convergence'])
})
