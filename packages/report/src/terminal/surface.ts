import type { Place } from '../axes/sweptAxes.ts'
import { type Figure, type LayerOf, signOf } from '../figure/figure.ts'
import { markLetter } from '../format/label.ts'
import { colorAt } from '../scale/colors.ts'
import { quantiles, shareOf } from '../scale/ticks.ts'
import { framed, marginOf, placerOf } from './axes.ts'
import { type Pen, paintCode, rampLine, shades } from './pen.ts'

/** With colours and Unicode, a half block (▀) in two colours shows the surface at an upper and a lower point. */
export function surfaceOf(
  figure: Figure,
  { columns: nodes, rows: lines, values }: LayerOf<'surface'>,
  width: number,
  pen: Pen,
): readonly string[] {
  const margin = marginOf(figure.y, 5)
  const columns = Math.min(72, width - margin - 2)
  const [x0, x1] = figure.x.domain!
  const [y0, y1] = figure.y.domain!
  // A character is about twice as high as it is wide.
  const rows = Math.max(9, Math.min(27, 2 * Math.floor((columns * (y1 - y0)) / (x1 - x0) / 4) + 1))
  const levels = quantiles(values, 20)
  const half = pen.terminal.colors !== 'none' && pen.terminal.unicode ? 2 : 1
  const shareAt = (column: number, row: number): number => {
    const i = Math.min(nodes - 1, Math.floor(((column + 0.5) * nodes) / columns))
    const j = Math.min(lines - 1, Math.floor(((rows * half - row - 0.5) * lines) / (rows * half)))
    const value = values[j * nodes + i] ?? null
    if (value === null) return 1
    return levels.filter((level) => value >= level).length / Math.max(1, levels.length)
  }
  const marks = new Map<number, string>()
  const across = placerOf(figure.x, columns)
  const up = placerOf(figure.y, rows)
  const put = (at: { readonly x: Place; readonly y: number }, mark: string) =>
    marks.set((rows - 1 - up(at.y)) * columns + across(at.x), mark)
  for (const layer of figure.layers) {
    if (layer.type === 'line') for (const point of layer.points) put(point, '·')
    if (layer.type === 'marks') for (const [place, mark] of layer.marks.entries()) put(mark, markLetter(place))
  }
  const body = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => {
      const mark = marks.get(row * columns + column)
      const share = shareAt(column, row * half)
      if (pen.terminal.colors === 'none') return mark ?? shades[Math.round(share * (shades.length - 1))]!
      if (mark !== undefined) return pen.ground(mark, [255, 255, 255])
      if (half === 1) return pen.ground(' ', colorAt(share))
      const ground = paintCode(48, colorAt(shareAt(column, row * half + 1)), pen.terminal.colors)
      return pen.fore(`${ground}▀`, colorAt(share))
    }).join(''),
  )
  return framed(body, figure, columns, margin, up, pen)
}

const rows = 20

/** Without colours, the digit of a point says which tenth of the scale contains its value. */
const tenths = '0123456789'

/** If several cells have the same character position, the last cell is visible. */
export function scatterOf(figure: Figure, { points }: LayerOf<'scatter'>, width: number, pen: Pen): readonly string[] {
  const color = figure.color!
  const margin = marginOf(figure.y, 5)
  const columns = width - margin - 2
  const across = placerOf(figure.x, columns)
  const up = placerOf(figure.y, rows)
  const { colors, unicode } = pen.terminal
  const seen = new Map<number, string>()
  for (const point of points) {
    const { value } = point
    const isNone = value === null || (color.scale === 'log' && value <= 0)
    const share = isNone ? 0 : Math.max(0, Math.min(1, shareOf(color, value)))
    const sign = signOf(point)
    const plain = isNone ? '-' : tenths[Math.min(9, Math.floor(10 * share))]!
    const text = sign !== '' ? sign : colors === 'none' ? plain : isNone ? '-' : unicode ? '●' : 'o'
    seen.set((rows - 1 - up(point.y)) * columns + across(point.x), isNone ? text : pen.fore(text, colorAt(share)))
  }
  const body = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => seen.get(row * columns + column) ?? ' ').join(''),
  )
  return [rampLine(color, pen, tenths), ...framed(body, figure, columns, margin, up, pen)]
}
