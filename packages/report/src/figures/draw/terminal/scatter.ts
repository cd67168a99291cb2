import type { Figure, LayerOf } from '../../figure.ts'
import { colorAt } from '../colormap.ts'
import { paintCode, reset } from '../paint.ts'
import { shareOf } from '../scale.ts'
import { signOf } from '../signs.ts'
import { framed, marginOf, placerOf } from './axes.ts'
import type { Pen } from './pen.ts'
import { rampLine } from './rampLine.ts'

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
    const painted = colors === 'none' || isNone ? text : `${paintCode(38, colorAt(share), colors)}${text}${reset}`
    seen.set((rows - 1 - up(point.y)) * columns + across(point.x), painted)
  }
  const body = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => seen.get(row * columns + column) ?? ' ').join(''),
  )
  return [rampLine(color, pen, tenths), ...framed(body, figure, columns, margin, up, pen)]
}
