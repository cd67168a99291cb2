import { describe, expect, test } from 'vitest'
import { colorAt } from './colormap.ts'
import { contours, type GridPoint } from './contour.ts'
import { bandOf, type Grid, quantiles, sample } from './grid.ts'
import type { Curve, Surface } from './scene.ts'
import { svgCurve } from './svgCurve.ts'
import { svgSurface } from './svgSurface.ts'
import { terminalCurve } from './terminalCurve.ts'
import { terminalSurface } from './terminalSurface.ts'
import { short, ticks } from './ticks.ts'

const bowl: Surface = {
  title: 'bowl <&>',
  axes: ['x', 'y'],
  view: [
    [-2, 2],
    [-1, 1],
  ],
  loss: (x, y) => x * x + y * y,
  marks: [{ name: 'origin', at: [0, 0], loss: 0 }],
}
const well: Curve = {
  title: 'double-well',
  axis: 'x',
  view: [-1.5, 1.5],
  loss: (x) => (x * x - 1) ** 2 / 4,
  marks: [
    { name: 'left', at: [-1], loss: 0 },
    { name: 'right', at: [1], loss: 0 },
  ],
}

/** Twice the signed areas, by Gauss; counterclockwise is positive. */
const areaOf = (loops: readonly (readonly GridPoint[])[]) =>
  loops.reduce(
    (total, loop) =>
      total +
      loop.reduce((sum, [x, y], i) => {
        const [a, b] = loop[(i + 1) % loop.length]!
        return sum + x * b - a * y
      }, 0),
    0,
  ) / 2

describe('contours', () => {
  test('of a paraboloid enclose the square without its disc', () => {
    const grid = sample(
      {
        ...bowl,
        view: [
          [-1, 1],
          [-1, 1],
        ],
      },
      201,
      201,
      0,
    )
    const loops = contours(grid, 0.25)
    expect(loops.length).toBe(2)
    const area = Math.abs(areaOf(loops)) / 100 ** 2
    expect(Math.abs(area - (4 - Math.PI / 4))).toBeLessThan(1e-3)
  })

  test('a level below all values is the whole grid, one above all is nothing', () => {
    const grid: Grid = { columns: 3, rows: 2, values: Float64Array.of(1, 2, 3, 4, 5, 6) }
    expect(Math.abs(areaOf(contours(grid, 0)))).toBe(2)
    expect(contours(grid, 7)).toEqual([])
  })

  test('two corners join through a cell whose mean is above the level', () => {
    const grid = (middle: number): Grid => ({ columns: 2, rows: 2, values: Float64Array.of(1, middle, middle, 1) })
    expect(contours(grid(0.2), 0.5).length).toBe(1)
    expect(contours(grid(-0.2), 0.5).length).toBe(2)
  })
})

test('bands have equal areas, whatever the heights', () => {
  const grid = sample({ ...bowl, loss: (x, y) => Math.exp(20 * (x + y)) }, 100, 100, 0.5)
  const levels = quantiles(grid, 10)
  const counts = new Array<number>(10).fill(0)
  for (const value of grid.values) counts[bandOf(levels, value)]! += 1
  for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(60)
  expect(quantiles({ columns: 2, rows: 2, values: new Float64Array(4) }, 10)).toEqual([])
})

test('ticks are round, inside, and about as many as asked for', () => {
  expect(ticks([-1.8, 1.8], 6)).toEqual([-1, 0, 1])
  expect(ticks([0, 1], 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1])
  expect(ticks([-146.7, 4425], 5)).toEqual([0, 1000, 2000, 3000, 4000])
  expect([0, 0.1 + 0.2, -146.6995, 12345.6, 1e6, 2.5e-5].map(short)).toEqual([
    '0',
    '0.3',
    '-146.7',
    '12350',
    '1.0e6',
    '2.5e-5',
  ])
})

test('colours grow lighter from end to end', () => {
  const lightness = Array.from({ length: 50 }, (_, i) => {
    const [red, green, blue] = colorAt(i / 49)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  })
  for (let i = 1; i < 50; i++) expect(lightness[i]!).toBeGreaterThan(lightness[i - 1]!)
})

test('an SVG is one element, needs nothing from outside, and names axes, minima and scale', () => {
  for (const [text, axes] of [
    [svgSurface(bowl), ['x', 'y']],
    [svgCurve(well), ['x', 'L']],
  ] as const) {
    expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" [\s\S]*<\/svg>\n$/)
    expect(text.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/http|href|script|NaN|Infinity|undefined/)
    for (const axis of axes) expect(text).toContain(`font-style="italic">${axis}</text>`)
  }
  expect(svgSurface(bowl)).toContain('bowl &lt;&amp;&gt;')
  expect(svgSurface(bowl)).toContain('>origin</text>')
  expect(svgSurface({ ...bowl, loss: (x) => (x > 1 ? Number.NaN : x) })).not.toMatch(/NaN|Infinity/)
})

test('a map in plain letters: blank where the loss is low, minima by number', () => {
  expect(terminalSurface(bowl, { width: 30, colors: 'none', unicode: false })).toEqual([
    ' y',
    ' 1 |@@%%#**+==--:--==+**#%%@@',
    '   |@@%#*++=-::..:::-=++*#%%@',
    '   |@%##*+=-:..   ..:-=+*##%@',
    '   |@%#*+=-:..     ..:-=+*#%@',
    ' 0 |@%#*+=-:..  1  ..:-=+*#%@',
    '   |@%#*+=-:..     ..:-=+*#%@',
    '   |@%##*+=-:..   ..:-=+*##%@',
    '   |@@%#*++=-::..:::-=++*#%%@',
    '-1 |@@%%#**+==--:--==+**#%%@@',
    '   +-------------------------',
    '    -2          0           2 x',
  ])
})

test('a graph in plain letters and in dots', () => {
  const terminal = { width: 40, colors: 'none', unicode: false } as const
  expect(terminalCurve(well, terminal)).toEqual([
    '      L',
    '  0.414 |',
    '        |*                            *',
    '        |*                            *',
    '        |*                            *',
    '        |**                          **',
    '        | *                          *',
    '        | *           ****           *',
    '        | *          **  **          *',
    '  0.195 | *         **    **         *',
    '        | **       **      **       **',
    '        |  *       *        *       *',
    '        |  *      **        **      *',
    '        |  *     **          **     *',
    '        |  **   **            **   **',
    '        |   *   *              *   *',
    '        |   **1**              **2**',
    '-0.0234 |',
    '        +------------------------------',
    '         -1.5          0            1.5 x',
  ])
  const dotted = terminalCurve(well, { ...terminal, unicode: true }).join('\n')
  expect(dotted).toMatch(/[\u2801-\u28ff]/)
})

test('a map in colours has two pixels a letter, and ends every line without colour', () => {
  const visible = (line: string | undefined) => line?.replaceAll('\u001b', 'E')
  const full = terminalSurface(bowl, { width: 30, colors: 'true', unicode: true })
  expect(visible(full[1])).toMatch(/^ 1 │(E\[38;2;\d+;\d+;\d+mE\[48;2;\d+;\d+;\d+m▀)+E\[0m$/)
  const few = terminalSurface(bowl, { width: 30, colors: '256', unicode: false })
  expect(visible(few[1])).toMatch(/^ 1 \|(E\[48;5;\d+m )+E\[0m$/)
})
