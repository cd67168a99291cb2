import { expect, test } from 'vitest'
import type { CurvesData } from '../document/curves.ts'
import { figureCsv } from '../figureCsv.ts'
import { drawn } from '../fixtures/drawn.ts'
import { curveFigure } from './curve.ts'

const curvesOf = (
  points: CurvesData['cells'][number]['points'],
  ends: CurvesData['cells'][number]['ends'] = [],
): CurvesData => ({
  sweep: { id: 'a'.repeat(32), name: 'named', state: 'complete', seed: '1' },
  cells: [
    {
      index: 0,
      id: 'b'.repeat(32),
      params: {},
      trials: 1000,
      event: 'first escape',
      confidence: 0.95,
      method: 'clopper-pearson',
      band: 'dkw',
      points,
      ends,
    },
  ],
})

test('a curve without any escape has its bands from the first step on', () => {
  const none = { step: 100, escaped: 0, value: 0, low: 0, high: 0.004, bandLow: 0, bandHigh: 0.04 }
  const figure = curveFigure(curvesOf([none]))
  expect(figure.layers.slice(0, 2)).toMatchObject([
    {
      role: 'simultaneous',
      points: [
        { x: 0, low: 0, high: 0.04 },
        { x: 100, low: 0, high: 0.04 },
      ],
    },
    {
      role: 'interval',
      points: [
        { x: 0, low: 0, high: 0.004 },
        { x: 100, low: 0, high: 0.004 },
      ],
    },
  ])
  // From the first escape on, as before.
  const one = { ...none, escaped: 1, value: 0.001 }
  expect(curveFigure(curvesOf([one])).layers[0]).toMatchObject({ points: [{ x: 100 }] })
  drawn(figure)
})

test('curves are drawn with both of their bands', () => {
  const points = [1, 10, 100].map((step) => ({
    step,
    escaped: step / 10,
    events: step / 10,
    value: step / 1000,
    low: step / 2000,
    high: step / 500,
    bandLow: 0,
    bandHigh: step / 1000 + 0.05,
  }))
  const curves = (ends: CurvesData['cells'][number]['ends']) => curvesOf(points, ends)
  const figure = curveFigure(curves([]))
  expect(figure.layers.map(({ type }) => type)).toEqual(['band', 'band', 'line'])
  drawn(figure)
  // Beside it the competing outcomes: a curve if every step is known, else points at the horizons.
  const ends = curveFigure(
    curves([
      { end: 'converge', isWhole: true, points },
      { end: 'exit:upper', isWhole: false, points },
    ]),
  )
  expect(ends.layers.map(({ type }) => type)).toEqual(['band', 'band', 'line', 'band', 'line', 'points'])
  expect(ends.series).toEqual(['escape', 'converge', 'exit:upper'])
  expect(ends.caption.join(' ')).toContain(
    'exit:upper is drawn as points, because its counts are known only at some steps',
  )
  drawn(ends)
  // Too many to be distinguished.
  const many = curveFigure(curves(Array.from({ length: 8 }, (_, i) => ({ end: `exit:${i}`, isWhole: true, points }))))
  expect(many.layers).toHaveLength(3)
  expect(many.caption.join(' ')).toContain('Competing outcomes are not drawn')
})

test('curves have a panel for each value of a second axis, over the same steps and shares', () => {
  const at = (step: number, value: number) => ({
    ...{ step, events: 1, value, low: value / 2, high: 2 * value, bandLow: 0, bandHigh: 3 * value },
  })
  const all = Array.from({ length: 8 }, (_, index) => {
    const points = [at(10, 0.01), at(100, 0.02 + 0.02 * index)]
    return {
      ...{ index, params: { a: index & 1, b: (index >> 1) & 1, c: index >> 2 }, event: 'first escape', band: 'dkw' },
      ...{ confidence: 0.95, method: 'clopper-pearson', points, ends: [{ end: 'converge', isWhole: true, points }] },
    }
  })
  const curves = { ...curvesOf([]), cells: all } as unknown as CurvesData
  const figure = curveFigure(curves)
  expect(figure).toMatchObject({ layers: [], seriesTitle: 'a · outcome', x: { domain: [0, 100] } })
  expect(figure.series).toEqual(['0 · escape', '0 · converge', '1 · escape', '1 · converge'])
  expect(figure.caption).toContain('Only cells with c = 0 are shown (c has 2 values).')
  const heights = figure.panels.map(({ title, layers }) => [
    title,
    ...layers.flatMap((layer) =>
      layer.type === 'line' && layer.series?.includes('escape') ? [layer.points.at(-1)!.y] : [],
    ),
  ])
  expect(heights).toEqual([
    ['b 0', 0.02, 0.04],
    ['b 1', 0.06, 0.08],
  ])
  // The axis is that of the highest curve in any panel.
  expect(figure.y.domain![1]).toBeCloseTo(1.05 * 0.16, 12)
  const svg = drawn(figure)
  for (const title of ['b 0', 'b 1']) expect(svg).toContain(`>${title}</text>`)
  expect(figureCsv(figure)).toMatch(/^b 1,estimate,1 · escape,/m)
  expect(curveFigure(curves, { panel: 'c', where: 'b == 0' }).panels.map(({ title }) => title)).toEqual(['c 0', 'c 1'])
  expect(curveFigure(curves, { where: 'b == 0 && c == 1' }).panels).toEqual([])
})
