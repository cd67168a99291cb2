import { expect, test } from 'vitest'
import { type CrossingResult, crossingLines, renderCrossingsCsv } from '../document/crossing.ts'
import type { Figure } from '../figure/figure.ts'
import { drawn } from '../fixtures/drawn.ts'
import { readPlot } from '../fixtures/readPlot.ts'
import { boundaryFigure } from './boundary.ts'

const sweep = { id: 'a'.repeat(32), name: 'edge', state: 'complete', seed: '1', cells: 9, trials: 9 } as const

const base: CrossingResult = {
  params: {},
  estimate: 'escape',
  equals: 0.5,
  over: 'update.drift.sigma',
  from: 0.5,
  to: 2,
  step: 0.01171875,
  found: 'none',
  crossings: [],
  side: 'below',
  located: true,
  points: 9,
  grid: 129,
  trials: '900',
  confidence: 0.95,
}
const crossing = (value: number, direction: 'rising' | 'falling' = 'rising') =>
  ({ value, low: value - 0.01, high: value + 0.01, direction, cells: [1, 2] }) as const
const line = (eta: unknown, ...values: readonly number[]): CrossingResult => ({
  ...base,
  params: { 'update.eta': eta },
  ...(values.length === 0 ? {} : { found: values.length === 1 ? 'one' : 'several', side: null }),
  crossings: values.map((value, i) => crossing(value, i % 2 === 0 ? 'rising' : 'falling')),
})

/** Draws it in every way; returns the places of its points. */
const readBack = (figure: Figure) => readPlot(drawn(figure), figure)
const layersOf = (figure: Figure) => figure.layers.flatMap((layer) => (layer.type === 'points' ? [layer] : []))

test('a point for each crossing with its limits, joined along the axis, over the whole searched range', () => {
  const crossings = [line(0.1, 1.2), line(0.2, 0.8), line(0.05)]
  const figure = boundaryFigure({ sweep, crossings })
  readBack(figure)
  const [layer] = layersOf(figure)
  expect(layer!.joined).toBe(true)
  expect(layer!.points.map(({ x, y, low, high }) => [x, y, low, high])).toEqual([
    // No crossing: an arrow at the end of the range.
    [0.05, 2, 2, null],
    [0.1, 1.2, 1.19, 1.21],
    [0.2, 0.8, 0.79, 0.81],
  ])
  expect(figure.y.domain![0]).toBeLessThan(0.5)
  expect(figure.y.domain![1]).toBeGreaterThan(2)
  expect(figure.caption).toContain(
    '1 of 3 searches: no crossing; at all visited points from 0.5 to 2, the probability is below the requested value.',
  )
  expect(figure.caption).toContain('The probability is larger above the boundary than below it.')
})

test('several crossings of a line are points without a line through them', () => {
  const figure = boundaryFigure({ sweep, crossings: [line(0.1, 0.7, 1.5), line(0.2, 0.8)] })
  readBack(figure)
  expect(layersOf(figure)[0]).toMatchObject({ joined: false, points: [{ y: 0.7 }, { y: 1.5 }, { y: 0.8 }] })
  expect(figure.caption.join(' ')).toContain('1 of 2 searches: several crossings.')
  expect(figure.caption.join(' ')).not.toContain('above the boundary')
})

test('one line, words, nothing found, and what is not located', () => {
  readBack(boundaryFigure({ sweep, crossings: [{ ...base, found: 'one', side: null, crossings: [crossing(1)] }] }))
  const words = boundaryFigure({ sweep, crossings: [line('adam', 1), line('<b>', 1.1)] })
  readBack(words)
  expect(layersOf(words)[0]!.joined).toBe(false)
  const nothing = boundaryFigure({
    sweep,
    crossings: [line(1), { ...line(2), found: 'undecided', side: null, located: false }],
  })
  readBack(nothing)
  expect(nothing.caption).toContain(
    '1 of 2 searches: undecided; more trials can show at which points the probability is above or below the ' +
      'requested value.',
  )
  const wide = boundaryFigure({ sweep, crossings: [{ ...line(1, 1), located: false }] })
  expect(layersOf(wide)[0]!.points[0]!.doubt).toBe('doubtful')
  for (const crossings of [undefined, []])
    expect(() => boundaryFigure({ sweep, ...(crossings === undefined ? {} : { crossings }) })).toThrow(
      'has no threshold search, or the search has not started',
    )
})

test('the table rounds limits outward, and reports what was found instead', () => {
  const found = { ...line(0.2, 0.735), located: false }
  const limits = { ...found, crossings: [{ ...found.crossings[0]!, low: 0.72265625, high: 0.74609375 }] }
  const lines = crossingLines([limits, line(0.1), line(0.3, 1, 1.5)])
  expect(lines[1]).toContain('0.735 [0.722, 0.747] *')
  expect(lines[2]).toContain('none: escape below 0.5 from 0.5 to 2')
  expect(lines.slice(3, 5).map((each) => each.includes('falling'))).toEqual([false, true])
  expect(lines.join('\n')).toContain('* not located to within 0.0234')
  expect(crossingLines([])).toEqual([])
  expect([...renderCrossingsCsv({ crossings: [limits, line(0.1)] })].join('').split('\n').slice(1, 3)).toEqual([
    '0.2,0.735,0.72265625,0.74609375,rising,1,2,escape,0.5,update.drift.sigma,0.5,2,0.01171875,one,,false,9,900,0.95',
    '0.1,,,,,,,escape,0.5,update.drift.sigma,0.5,2,0.01171875,none,below,true,9,900,0.95',
  ])
})
