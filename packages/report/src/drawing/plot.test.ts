import { parseHTML } from 'linkedom'
import { expect, test } from 'vitest'
import type { CrossingResult } from '../document/crossing.ts'
import type { CurvesData } from '../document/curves.ts'
import type { Figure, FigureOptions } from '../figure/figure.ts'
import { boundaryFigure } from '../figures/boundary.ts'
import { curveFigure } from '../figures/curve.ts'
import { lineFigure } from '../figures/line.ts'
import { cell, resultsData } from '../fixtures/results.ts'
import { headlessDocument } from './headless.ts'
import { svgOf } from './svg.ts'

const document = headlessDocument()
const sweep = { id: 'a'.repeat(32), name: 'named', state: 'complete', seed: '1', cells: 9, trials: 9 } as const

function offsetOf(element: Element): number {
  return Number(/translate\(([^,)]+),/.exec(element.getAttribute('transform') ?? '')?.[1] ?? 0)
}

/** For each drawing of an SVG, the places of its points and intervals, in pixels from both sides of the frame. */
function placesIn(svg: string) {
  return [...parseHTML(svg).document.querySelectorAll('[data-part="frame"]')].map((frame) => {
    const [left, width] = ['x', 'width'].map((name) => Number(frame.getAttribute(name)))
    const drawing = frame.closest('g[font-size]')!
    const marks = [...drawing.querySelectorAll('[data-part="dot"] > *, [data-part="rule"] > line')]
    const places = marks.map((mark) => {
      const own = mark.getAttribute('cx') ?? mark.getAttribute('x1')
      const x = offsetOf(mark.parentElement!) + (own === null ? offsetOf(mark) : Number(own)) - left!
      return [x, width! - x] as const
    })
    return { shifts: new Set(places.map(([x]) => x)).size, nearest: Math.min(...places.flat()) }
  })
}

/** Cells with equal estimates, which are drawn side by side. */
const equal = (xs: readonly unknown[], series: number, more: readonly object[] = [{}], k = 5) =>
  resultsData(
    sweep,
    xs.flatMap((eta, i) =>
      Array.from({ length: series }, (_, j) =>
        more.map((other, l) => cell((i * series + j) * more.length + l, { eta, sigma: j, ...other }, k, 10)),
      ).flat(),
    ),
  )
const line = (results: ReturnType<typeof equal>, options: FigureOptions = {}) =>
  lineFigure(results, { x: 'eta', by: 'sigma', ...options })

const boundary = boundaryFigure({
  sweep,
  crossings: [0.1, 0.2].flatMap((eta) =>
    [1, 2, 3, 4].map(
      (temperature): CrossingResult => ({
        ...{ params: { eta, temperature }, estimate: 'escape', equals: 0.5, over: 'sigma', from: 0.5, to: 2 },
        ...{
          step: 0.01,
          found: 'one',
          side: null,
          located: true,
          points: 9,
          grid: 129,
          trials: '900',
          confidence: 0.95,
        },
        crossings: [{ value: 1, low: 0.9, high: 1.1, direction: 'rising', cells: [1, 2] }],
      }),
    ),
  ),
})

const curve = (by: number) => {
  const at = (step: number) => ({ step, events: 3, value: 0.3, low: 0.1, high: 0.5, bandLow: 0, bandHigh: 0.6 })
  const ends = ['converge', 'diverge', 'exit:upper'].map((end) => ({
    end,
    isWhole: false,
    points: [at(0), at(50), at(100)],
  }))
  const cells = Array.from({ length: by }, (_, index) => ({
    ...{
      index,
      params: { eta: index },
      event: 'first escape',
      band: 'dkw',
      confidence: 0.95,
      method: 'clopper-pearson',
    },
    ...{ points: [at(0), at(100)], ends },
  }))
  return curveFigure({ sweep, cells } as unknown as CurvesData)
}

const panels = [{ c: 1 }, { c: 2 }, { c: 3 }]
const figures: Readonly<Record<string, Figure>> = {
  'two series': line(equal([1, 2, 3], 2)),
  'eight series': line(equal([1, 2, 3], 8)),
  'many places': line(
    equal(
      Array.from({ length: 40 }, (_, i) => i),
      8,
    ),
  ),
  'one place': line(equal([1], 8)),
  'a log axis': line(equal([0.01, 0.1, 1], 8)),
  'upper limits': line(equal([1, 2], 8, [{}], 0)),
  categories: line(equal(['a', 'b', 'c'], 8)),
  'many categories': line(
    equal(
      Array.from({ length: 30 }, (_, i) => `w${i}`),
      8,
    ),
  ),
  panels: line(equal([1, 2, 3], 8, panels), { panel: 'c' }),
  'panels of categories': line(equal(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'], 8, panels), { panel: 'c' }),
  boundary,
  'outcomes at the horizons': curve(1),
  'outcomes at the horizons of two cells': curve(2),
}

test.each(Object.entries(figures))('shifted points are inside the frame: %s', (_, figure) => {
  for (const width of [320, 720, 1200]) {
    const drawings = placesIn(svgOf(figure, { document, width }))
    expect(drawings).toHaveLength(Math.max(1, figure.panels.length))
    for (const { shifts, nearest } of drawings) {
      expect(shifts).toBeGreaterThan(1)
      // The largest sign reaches 6 pixels from its middle.
      expect(nearest).toBeGreaterThanOrEqual(5.5)
    }
  }
})

test('points that are not shifted keep their places', () => {
  const svg = svgOf(line(equal([1, 2, 3], 1), { by: undefined }), { document, width: 720 })
  const width = Number(/data-part="frame"[^>]* width="([^"]+)"/.exec(svg)![1])
  // The margin of the axis is 4 % of the range at both ends.
  expect(placesIn(svg)[0]!.nearest / width).toBeCloseTo(0.04 / 1.08, 3)
})
