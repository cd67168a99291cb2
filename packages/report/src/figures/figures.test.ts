import { decode } from 'fast-png'
import { describe, expect, test } from 'vitest'
import type { ComparedEstimate } from '../document/comparison.ts'
import type { CurvesData } from '../document/curves.ts'
import type { CellResult, ResultsData } from '../document/results.ts'
import { documents } from '../documents.generated.ts'
import { headlessDocument } from '../drawing/headless.ts'
import { svgOf } from '../drawing/svg.ts'
import { type Figure, labelled } from '../figure/figure.ts'
import { figureCsv } from '../figureCsv.ts'
import { suggestedKind } from '../figureOf.ts'
import { drawn } from '../fixtures/drawn.ts'
import { inRandomSweep, randomSweep } from '../fixtures/randomSweep.ts'
import { readPlot } from '../fixtures/readPlot.ts'
import { cell, resultsData } from '../fixtures/results.ts'
import { palette } from '../scale/colors.ts'
import { terminalFigure } from '../terminal/terminal.ts'
import { comparisonFigure, contrastFigure } from './contrast.ts'
import { convergenceFigure } from './convergence.ts'
import { curveFigure } from './curve.ts'
import { endsFigure } from './ends.ts'
import { lineFigure } from './line.ts'
import { mapFigure } from './map.ts'

const full = process.env.DRIFTFARM_TEST_TIER === 'full'

const document = headlessDocument()
const sweepOf = (cells: readonly CellResult[], name = 'named'): ResultsData =>
  resultsData({ id: 'a'.repeat(32), name, state: 'complete', seed: '1' }, cells)

describe('numbers are those of the document', () => {
  test('points of lines, over 50 random sweeps, read back from the SVG by title and by place', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { results, log } = randomSweep(seed)
      const figure = lineFigure(results, { log: log ? ['y'] : [] })
      const plot = readPlot(drawn(figure), figure)
      const points = figure.layers.flatMap((layer) => (layer.type === 'points' ? layer.points : []))
      inRandomSweep(seed, () => {
        for (const point of points) {
          const { value, low, high } = results.cells[point.cell!]!.estimates.escape!
          expect([point.y, point.low, point.high]).toEqual([value, low, high])
        }
        expect(plot.points.length).toBe(points.length)
        for (const { cell: index, value } of plot.points) {
          const { estimates } = results.cells[index]!
          const { value: exact, low, high } = estimates.escape!
          // A limit is drawn where it is, not at 0 or 1.
          const shown = exact === 0 ? high : exact === 1 ? low : exact
          expect(Math.abs(plot.pixelOf(shown) - plot.pixelOf(value))).toBeLessThan(0.6)
        }
      })
    }
  })

  test('a moved number is detected', () => {
    const results = sweepOf([10, 20, 30].map((k, i) => cell(i, { eta: i + 1 }, k, 100)))
    const figure = lineFigure(results)
    const plot = readPlot(svgOf(figure, { document }), figure)
    expect(plot.points.map(({ value }) => Math.round(100 * value))).toEqual([10, 20, 30])
    expect(Math.abs(plot.pixelOf(0.1) - plot.pixelOf(0.11))).toBeGreaterThan(0.6)
  })

  test('the intervals of ends are those of the estimates of the same event', () => {
    const results = sweepOf([cell(0, {}, 3, 100)])
    const [layer] = endsFigure(results).layers
    expect(layer).toMatchObject({
      type: 'bars',
      bars: [
        { parts: [{ part: 'escaped', events: 3, value: 0.03, low: results.cells[0]!.estimates.escape!.low }, {}] },
      ],
    })
  })
})

describe('null and extreme sweeps', () => {
  const cases: Readonly<Record<string, ResultsData>> = {
    'one cell': sweepOf([cell(0, {}, 5, 10)]),
    'one trial': sweepOf([cell(0, { eta: 0.1 }, 1, 1), cell(1, { eta: 0.2 }, 0, 1)]),
    'all zero': sweepOf([1, 2, 3].map((eta, i) => cell(i, { eta }, 0, 50))),
    'all one': sweepOf([1, 2, 3].map((eta, i) => cell(i, { eta }, 50, 50))),
    huge: sweepOf([1e-9, 1, 1e9].map((eta, i) => cell(i, { eta }, i, 1_000_000_000))),
    'words and numbers': sweepOf([16, 'full', 256].map((batch, i) => cell(i, { 'landscape.batch': batch }, i, 10))),
    'mappings with markup': sweepOf(
      ['<b>', '"quoted" & <i>', { rule: { adam: { beta: 0.9 } } }].map((rule, i) => cell(i, { rule }, i, 10)),
      'a <script>alert("x")</script> & more',
    ),
    'three axes': sweepOf(
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => cell(i, { a: i & 1, b: (i >> 1) & 1, c: (i >> 2) & 1 }, i, 10)),
    ),
  }

  for (const [name, results] of Object.entries(cases))
    test(name, () => {
      for (const options of [{}, { log: ['y'] as const }]) {
        drawn(lineFigure(results, options))
        drawn(lineFigure(results, options), 320)
      }
      const svg = drawn(endsFigure(results), 1200)
      expect(svg).not.toContain('<script>')
      expect(svg).not.toContain('<b>')
    })

  test('bars at many numbers are labelled with as many digits as tell them apart', () => {
    const etas = Array.from({ length: 40 }, (_, at) => Number((3.5 * 1.03 ** at).toPrecision(12)))
    const svg = drawn(endsFigure(sweepOf(etas.map((eta, i) => cell(i, { eta }, i, 50)))))
    expect(svg).toContain('>3.825<')
    expect(svg).not.toMatch(/>\d\.\d{5,}</)
  })

  test('a map distinguishes a cell without trials and a cell below its target', () => {
    const cells = [0.1, 0.2].flatMap((eta, i) => [1, 2].map((sigma, j) => cell(2 * i + j, { eta, sigma }, i + j, 10)))
    const empty = { ...cells[0]!, trials: 0, estimates: {}, checks: [], stopped: null }
    const open = { ...cells[1]!, stopped: { rule: 'max' } as const }
    const figure = mapFigure(sweepOf([empty, open, ...cells.slice(2)]))
    expect(figure.caption.join(' ')).toContain('target not reached (1 of 4 cells)')
    expect(figure.caption.join(' ')).toContain('no finite estimate of escape (1 of 4 cells)')
    drawn(figure)
  })

  test('on a log axis no event is drawn as an upper limit, and the caption says so', () => {
    const results = sweepOf([0, 5, 50].map((k, i) => cell(i, { eta: i + 1 }, k, 100)))
    const figure = lineFigure(results, { log: ['y'] })
    expect(figure.caption).toContain(
      'A downward arrow marks an upper limit, because no event was observed: 1 cell, [0, 0.036].',
    )
    expect(figure.y.domain![0]).toBeGreaterThan(0)
    expect(terminalFigure(figure, { width: 80, colors: 'none', unicode: true }).join('\n')).toContain('↓')
  })

  if (full)
    test('ten thousand cells are a picture of pixels, and the file stays small', () => {
      const cells = Array.from({ length: 10_000 }, (_, i) =>
        cell(i, { eta: 0.01 * 1.05 ** (i % 100), sigma: Math.floor(i / 100) }, i % 11, 10),
      )
      const svg = drawn(mapFigure(sweepOf(cells)))
      expect(svg).toContain('data:image/png;base64,')
      expect(svg.length).toBeLessThan(200_000)
    })
})

describe('cells below their target', () => {
  const open = { rule: 'max' } as const
  const mapOf = (columns: number, rows: number, isOpen: (i: number) => boolean) =>
    mapFigure(
      sweepOf(
        Array.from({ length: columns * rows }, (_, i) => {
          const one = cell(i, { eta: 1 + (i % columns), sigma: Math.floor(i / columns) }, i % 11, 10)
          return isOpen(i) ? { ...one, stopped: open } : one
        }),
      ),
    )

  test('are hatched, once each, and the legend says so; without any there is no pattern', () => {
    const svg = drawn(mapOf(3, 3, (i) => i % 4 === 0))
    expect(svg.match(/<pattern /g)).toHaveLength(1)
    expect(svg).toContain('target not reached: 3 cells')
    // The three tiles, and the swatch.
    expect(svg.match(/fill="url\(#below-target\)"/g)!.length).toBeGreaterThanOrEqual(2)
    const tiles = /<g[^>]*fill="url\(#below-target\)"[^>]*>(.*?)<\/g>/s.exec(svg)![1]!
    expect(tiles.match(/<rect/g)).toHaveLength(3)
    const done = drawn(mapOf(3, 3, () => false))
    expect(done).not.toMatch(/pattern|below/)
  })

  if (full)
    test('are also hatched in a picture that no longer has one pixel per tile', () => {
      const pictureOf = (isOpen: (i: number) => boolean) => {
        const svg = drawn(mapOf(60, 50, isOpen))
        expect(svg.length).toBeLessThan(300_000)
        const { width, height, data } = decode(Buffer.from(/data:image\/png;base64,([^"]*)/.exec(svg)![1]!, 'base64'))
        const black = (from: number, to: number) => {
          let count = 0
          for (let row = 0; row < height; row++)
            for (let column = Math.floor(from * width); column < Math.floor(to * width); column++) {
              const at = 3 * (row * width + column)
              if (data[at] === 0 && data[at + 1] === 0 && data[at + 2] === 0) count++
            }
          return count / (height * (to - from) * width)
        }
        return { width, black }
      }
      const half = pictureOf((i) => i % 60 < 30)
      expect(half.width).toBeGreaterThanOrEqual(300)
      // A line in every ninth pixel.
      expect(half.black(0, 0.5)).toBeCloseTo(1 / 9, 2)
      expect(half.black(0.5, 1)).toBe(0)
      expect(pictureOf(() => false).width).toBe(60)
    })

  test('have a sign in the terminal, beside that of a doubt', () => {
    const figure = mapOf(3, 3, (i) => i === 0)
    const [tiles] = figure.layers
    if (tiles?.type !== 'tiles') throw new Error('no tiles')
    const lines = (doubt: 'doubtful' | null) =>
      terminalFigure(
        { ...figure, layers: [{ ...tiles, tiles: tiles.tiles.map((one) => ({ ...one, doubt })) }] },
        { width: 80, colors: 'none', unicode: true },
      ).join('\n')
    expect(lines(null).match(/\d\//g)).toHaveLength(1)
    expect(lines('doubtful').match(/\?\//g)).toHaveLength(1)
  })
})

describe('what is drawn', () => {
  const grid = sweepOf(
    [0.05, 0.1, 0.2].flatMap((eta, i) =>
      [0.8, 1, 1.2].map((sigma, j) => cell(3 * i + j, { 'update.eta': eta, 'update.drift.sigma': sigma }, i * j, 10)),
    ),
  )

  test('the axes suggest the kind', () => {
    expect(suggestedKind(sweepOf([cell(0, {}, 1, 2)]), {})).toBe('ends')
    expect(suggestedKind(sweepOf([1, 2].map((eta, i) => cell(i, { eta }, 1, 2))), {})).toBe('line')
    expect(suggestedKind(grid, {})).toBe('map')
    expect(suggestedKind(grid, { by: 'eta' })).toBe('line')
    expect(suggestedKind(grid, { where: 'eta == 0.1' })).toBe('line')
  })

  test('an axis with a role gets no other role', () => {
    expect(lineFigure(grid, { x: 'sigma' })).toMatchObject({ x: { path: 'update.drift.sigma' }, seriesTitle: 'eta' })
    expect(lineFigure(grid, { by: 'sigma' })).toMatchObject({ x: { path: 'update.eta' }, seriesTitle: 'sigma' })
    expect(mapFigure(grid, { y: 'eta' })).toMatchObject({
      x: { path: 'update.drift.sigma' },
      y: { path: 'update.eta' },
    })
  })

  test('numbers go before words on the axes of a figure, and words become series', () => {
    const worded = sweepOf(
      ['direct', 'splitting', 'tilt'].flatMap((method, k) =>
        grid.cells.map(({ index, params }) => cell(9 * k + index, { method, ...params }, index, 10)),
      ),
    )
    expect(lineFigure(worded)).toMatchObject({ x: { path: 'update.eta' }, seriesTitle: 'method' })
    expect(mapFigure(worded)).toMatchObject({ x: { path: 'update.eta' }, y: { path: 'update.drift.sigma' } })
    expect(endsFigure(worded)).toMatchObject({ x: { path: 'update.eta' } })
    expect(mapFigure(worded, { y: 'method' })).toMatchObject({ x: { path: 'update.eta' }, y: { path: 'method' } })
    expect(lineFigure(worded, { where: 'eta == 0.1 && sigma == 1' })).toMatchObject({ x: { path: 'method' } })
  })

  test('a third axis has a panel for each value; a fourth is held at its middle value, and the caption says so', () => {
    const four = sweepOf(
      Array.from({ length: 16 }, (_, i) =>
        cell(i, { a: i & 1, b: (i >> 1) & 1, c: (i >> 2) & 1, d: i >> 3 }, i % 9, 10),
      ),
    )
    for (const figure of [lineFigure(four), mapFigure(four)]) {
      expect(figure.caption).toContain('Only cells with d = 0 are shown (d has 2 values).')
      expect(figure.layers).toEqual([])
      expect(figure.panels.map(({ title }) => title)).toEqual(['c 0', 'c 1'])
      const cells = figure.panels.map(({ layers }) =>
        layers.flatMap((layer): { readonly cell: number | null }[] => {
          if (layer.type === 'points') return [...layer.points]
          return layer.type === 'tiles' ? [...layer.tiles] : []
        }),
      )
      expect(cells.map((all) => all.map((one) => one.cell).sort())).toEqual([
        [0, 1, 2, 3],
        [4, 5, 6, 7],
      ])
      const svg = drawn(figure)
      for (const title of ['c 0', 'c 1']) expect(svg).toContain(`>${title}</text>`)
      expect(figureCsv(figure)).toContain('c 1,')
    }
    expect(lineFigure(four, { panel: 'd' }).panels.map(({ title }) => title)).toEqual(['d 0', 'd 1'])
  })

  const barsOf = ({ panels }: Figure) =>
    Object.fromEntries(
      panels.map(({ title, layers }) => [
        title,
        layers
          .flatMap((layer) => (layer.type === 'bars' ? layer.bars.map(({ x, cell }) => `${x}: ${cell}`) : []))
          .sort(),
      ]),
    )

  test('outcomes have a panel for each value of a second axis, over the same settings and in the same colours', () => {
    const three = sweepOf(
      Array.from({ length: 12 }, (_, i) =>
        cell(i, { a: i % 3, b: i % 2, c: Math.floor(i / 6) }, i === 4 ? 0 : i % 4, 10),
      ),
    )
    const figure = endsFigure(three)
    expect(figure).toMatchObject({ title: 'named: outcomes of trials, by a and b', layers: [], x: { path: 'a' } })
    expect(figure.series).toEqual(['escaped', 'converged'])
    expect(figure.caption).toContain('Only cells with c = 0 are shown (c has 2 values).')
    expect(barsOf(figure)).toEqual({ 'b 0': ['0: 0', '1: 4', '2: 2'], 'b 1': ['0: 3', '1: 1', '2: 5'] })
    expect(drawn(figure).match(/data-part="bar"/g)).toHaveLength(2)
    expect(figureCsv(figure)).toMatch(/^b 1,share,escaped,/m)
    expect(barsOf(endsFigure(three, { panel: 'a', x: 'c', where: 'b == 0' }))).toEqual({
      'a 0': ['0: 0', '1: 6'],
      'a 1': ['0: 4', '1: 10'],
      'a 2': ['0: 2', '1: 8'],
    })
    // Bars of cells at one setting would cover one another.
    const table = sweepOf(Array.from({ length: 12 }, (_, i) => cell(i, { a: i % 4, b: i }, 1, 10)))
    expect(endsFigure(table).panels).toEqual([])
  })

  const legendOf = (svg: string) =>
    Object.fromEntries(
      [...svg.matchAll(/<rect x="3" [^>]*fill="([^"]+)"\/><\/g><text [^>]*>([^<]*)</g)].map(([, fill, name]) => [
        name!,
        fill!,
      ]),
    )

  test('numbers have ordered colours, words have others, and an outcome has one colour in all figures', () => {
    const { ramp, series } = palette.light
    expect(legendOf(drawn(lineFigure(grid, { x: 'sigma', by: 'eta' })))).toEqual({
      0.05: ramp[0],
      0.1: ramp[4],
      0.2: ramp[7],
    })
    const worded = sweepOf(
      ['adam', 'gradient'].flatMap((rule, i) => [1, 2].map((eta, j) => cell(2 * i + j, { rule, eta }, 5, 10))),
    )
    expect(legendOf(drawn(lineFigure(worded)))).toEqual({ adam: series[0], gradient: series[1] })
    const outcomes = (k: number) => legendOf(drawn(endsFigure(sweepOf([cell(0, {}, k, 10)]))))
    const both = outcomes(5)
    expect(Object.keys(both)).toEqual(['escaped', 'converged'])
    expect([outcomes(10).escaped, outcomes(0).converged]).toEqual([both.escaped, both.converged])
  })

  test('series with equal numbers are all visible: points side by side, lines in alternating dashes', () => {
    const equal = sweepOf(
      [1, 2].flatMap((eta) => [0, 1].map((at) => cell(2 * eta - 2 + at, { sigma: at, eta }, 0, 10))),
    )
    const heads = drawn(lineFigure(equal)).match(/data-part="dot"[^>]*transform="translate\(-?[\d.]+/g)
    expect(new Set(heads).size).toBe(2)
    const still = { step: 300, value: 0, low: 0, high: 0.3, bandLow: 0, bandHigh: 0.4, events: 0 }
    const curves = [1, 2].map((eta, index) => ({
      ...{ index, params: { eta }, event: 'first escape', band: 'dkw', confidence: 0.95, method: 'clopper-pearson' },
      ...{ points: [still], ends: [] },
    }))
    const figure = curveFigure({ sweep: equal.sweep, cells: curves } as unknown as CurvesData)
    expect(figure.caption).toContain('No trial escaped in 2 curves: [0, 0.30] at the last step.')
    const dashed = drawn(figure).match(/<[^>]*stroke-dasharray="9 9"[^>]*>/g)!
    expect(dashed.some((line) => line.includes('stroke-dashoffset="-9"'))).toBe(true)
    expect(dashed.some((line) => !line.includes('stroke-dashoffset="-9"'))).toBe(true)
    expect(drawn(figure)).toContain('equal series: colours alternate')
    expect(drawn(lineFigure(grid))).not.toContain('equal series')
  })

  test('titles can be replaced, and a height can be given; Greek letters are only in drawings', () => {
    const figure = lineFigure(grid, { x: 'eta', by: 'sigma' })
    expect(figure).toMatchObject({ x: { label: 'eta' }, seriesTitle: 'sigma' })
    const svg = drawn(figure)
    expect(svg).toMatch(/>σ:<[\s\S]*>η</)
    expect(figureCsv(figure)).toContain('update.eta')
    const own = labelled(figure, 'x=step size;by=noise (a.u.)')
    expect(drawn(own)).toMatch(/>noise \(a\.u\.\):<[\s\S]*>step size</)
    for (const height of [300, 500]) expect(svgOf(own, { document, height })).toContain(` height="${height}" `)
  })

  test('a missing name is refused with the names that exist', () => {
    expect(() => lineFigure(grid, { x: 'sigmaa' })).toThrow('sigmaa is not swept')
    expect(() => lineFigure(grid, { of: 'escapee' })).toThrow('no cell has an estimate named escapee')
    expect(() => lineFigure(grid, { where: 'eta > 5' })).toThrow('no cell of named matches eta > 5')
    expect(() => mapFigure(sweepOf([cell(0, { eta: 1 }, 1, 2)]))).toThrow('fewer than two axes')
    expect(() => contrastFigure(grid)).toThrow('named has no contrasts')
  })

  test('the exact value is under its estimate; for another event the caption gives the reason', () => {
    const cells = grid.cells.map(({ index, id, params }) => ({
      index,
      id,
      params,
      chain: null,
      laws: [],
      refused: index === 0 ? 'the rule is not linear' : null,
      answers: index === 0 ? {} : { escape: { value: 0.25, error: 1e-9, method: 'nystrom' as const } },
      missing: {},
    }))
    const figure = lineFigure(grid, {}, { oracle: { sweep: { name: 'named' }, cells } })
    expect(figure.caption).toContain('Dashed: exact values of the estimated quantity, computed by quadrature.')
    expect(figure.caption).toContain('No exact value in 1 cell: the rule is not linear.')
    drawn(figure)
    // A drift with finitely many values gives finite sums.
    const finite = { escape: { value: 0.25, error: 1e-16, method: 'finite-gth' as const } }
    const captionOf = (summed: number) =>
      lineFigure(
        grid,
        {},
        {
          oracle: {
            sweep: { name: 'named' },
            cells: cells.map((cell) => (cell.index >= summed ? { ...cell, answers: finite, refused: null } : cell)),
          },
        },
      ).caption.join(' ')
    expect(captionOf(0)).toContain('exact values of the estimated quantity, computed by finite sums.')
    expect(captionOf(grid.cells.length - 1)).toContain('by finite sums and by quadrature.')
  })
})

test('cells of very different numbers of trials converge within one frame, and nothing is drawn far outside', () => {
  const points = (trials: readonly number[], value: number) =>
    trials.map((n) => ({ trials: n, events: value * n, value, low: Math.max(0, value - 1 / n), high: value + 1 / n }))
  const cell = (index: number, trials: readonly number[], value: number) => ({
    index,
    params: { eta: index },
    confidence: 0.95,
    method: 'clopper-pearson',
    points: points(trials, value),
  })
  const sweep = { id: 'a'.repeat(32), name: 'named', state: 'complete' } as const
  const figure = convergenceFigure({
    sweep,
    of: 'escape',
    cells: [cell(0, [1, 10, 100], 0.5), cell(1, [1, 1e3, 1e6], 1e-4)],
  })
  const [low, high] = figure.y.domain!
  expect(low).toBeLessThan(1e-4)
  expect(high).toBeGreaterThan(0.5)
  const far = { ...figure, y: { ...figure.y, domain: [0, 1e-4] as const } }
  const heights = [...drawn(far).matchAll(/[ML]-?[\d.]+,(-?[\d.]+)/g)].map(([, y]) => Math.abs(Number(y)))
  expect(Math.max(...heights)).toBeLessThan(1_500)
})

test('a line joins numbers, not categories', () => {
  const joined = (values: readonly unknown[]) =>
    lineFigure(sweepOf(values.map((value, i) => cell(i, { value }, i, 10)))).layers.map(
      (layer) => layer.type === 'points' && layer.joined,
    )
  expect(joined([1, 2, 3])).toEqual([true])
  expect(joined(['direct', 'splitting'])).toEqual([false])
})

test('of more series than colours, some are drawn evenly spread, and the caption says so', () => {
  const etas = Array.from({ length: 53 }, (_, i) => (i + 1) / 100)
  const cells = etas.flatMap((eta, i) => [1, 2, 3].map((sigma, j) => cell(3 * i + j, { sigma, eta }, i, 100)))
  const figure = lineFigure(sweepOf(cells), { x: 'sigma' })
  drawn(figure)
  expect(figure.series).toHaveLength(8)
  expect([figure.series[0], figure.series.at(-1)]).toEqual(['0.01', '0.53'])
  expect(figure.caption).toContain('8 of 53 values of eta are drawn.')
})

test('rows of a forest keep the names that distinguish them', () => {
  const contrast = (eta: number) =>
    ({
      of: 'escape',
      kind: 'difference',
      between: { 'update.rule': ['adagrad', 'gradient'] },
      params: { 'update.eta': eta },
      cells: [0, 1],
      value: -0.1,
      low: -0.2,
      high: 0,
      confidence: 0.95,
      method: 'tango',
      paired: null,
      pValue: null,
    }) as const
  const svg = drawn(
    contrastFigure({ sweep: sweepOf([cell(0, {}, 1, 9)]).sweep, contrasts: [contrast(0.05), contrast(0.1)] }),
  )
  for (const eta of [0.05, 0.1]) expect(svg).toContain(`rule adagrad | gradient · η ${eta}<`)
})

test('numbers of a forest that are not finite are words in every text, and the caption counts them', () => {
  const { sweep } = sweepOf([cell(0, {}, 1, 9)], 'left')
  const sweeps = [
    { ...sweep, observe: { height: 'loss^2' } },
    { ...sweep, name: 'right', observe: { height: 'loss' } },
  ] as const
  const limited = (value: number | string, low: number | string, high: number | string) =>
    ({ value, low, high, method: 'both' }) as ComparedEstimate['difference']
  const cells = [
    limited(0.125, -0.0512, 0.25),
    limited(0.125, -0.0512, 'Infinity'),
    limited(0.5, '-Infinity', 'Infinity'),
    limited('NaN', '-Infinity', 'Infinity'),
  ].map((difference, i) => ({
    cells: [i, i] as const,
    params: { 'update.eta': i },
    trials: [9, 9] as const,
    estimates: {
      'observe:height': {
        ...{ first: difference, second: difference, difference, ratio: difference },
        ...{ confidence: 0.9, paired: false, differs: false },
      },
    },
  }))
  const only = { first: [], second: [] }
  const data = { sweeps, split: null, settings: [], matchedBy: ['update.eta'], only, cells }
  const figure = comparisonFigure(data)
  const svg = drawn(figure)
  for (const text of ['difference 0.13 [-0.05, 0.25]', 'difference 0.125 [-0.0512, ∞]', 'difference 0.5 [-∞, ∞]'])
    expect(svg).toContain(text)
  expect(figure.caption).toEqual([
    'height in left is the value of loss^2.',
    'height in right is the value of loss.',
    'Intervals: 90 % both, each valid on its own (not simultaneously).',
    'The line marks a difference of 0.',
    'Unbounded intervals (2 of 3): the bars run to the frame, or are missing if both limits are infinite.',
    'Not drawn, because the difference is infinite or unknown: 1 of 4.',
  ])
  const lines = terminalFigure(figure, { width: 80, colors: 'none', unicode: true })
  const bars = lines
    .filter((line) => /^ *[0-3] .*(│|─)/.test(line))
    .map((line) => [...line].filter((each) => each === '─').length)
  expect(bars).toEqual([expect.any(Number), expect.any(Number), 0])
  expect(bars[1]).toBeGreaterThanOrEqual(bars[0]!)
  const plain = terminalFigure({ ...figure, caption: ['[0, ∞]'] }, { width: 80, colors: 'none', unicode: false })
  expect(plain.at(-1)).toBe('[0, inf]')
  const table = documents.Comparison.table(data)
  expect(table).toContain('unknown [-∞, ∞]')
  expect(table).not.toMatch(/NaN|Infinity/)
})
