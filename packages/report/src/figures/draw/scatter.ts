import * as Plot from '@observablehq/plot'
import { type Axis, type Figure, type LayerOf, maxMarkedTiles, type Tile } from '../figure.ts'
import { colorAt, hex } from './colormap.ts'
import { pictureOf, rgbOf } from './picture.ts'
import { shareOf } from './scale.ts'
import { signOf } from './signs.ts'
import { ink, missing } from './theme.ts'

/** Grey if the value is null; white if a log scale cannot show the value. */
export const fillBy =
  (color: Axis) =>
  (value: number | null): string => {
    if (value === null) return missing
    if (color.scale === 'log' && value <= 0) return '#ffffff'
    return hex(colorAt(shareOf(color, value)))
  }

export function signed(tiles: readonly Tile[]): readonly (Tile & { readonly sign: string })[] {
  return tiles.flatMap((one) => {
    const sign = signOf(one)
    return sign === '' ? [] : [{ ...one, sign }]
  })
}

export const signStyle = {
  fill: '#fff',
  stroke: '#000',
  strokeWidth: 2.5,
  fontWeight: 'bold',
  fontSize: 12,
} as const

interface Size {
  readonly width: number
  readonly height: number
}

/** More than `maxMarkedTiles` points are drawn as one bitmap. */
export function scatterMarks({ points }: LayerOf<'scatter'>, { x, y, color }: Figure, size: Size): Plot.Markish[] {
  const fillOf = fillBy(color!)
  const placed = points.filter((one) => isPlaced(x, one.x) && isPlaced(y, one.y))
  if (placed.length > maxMarkedTiles) return [crowd(placed, { x, y }, fillOf, size)]
  // The radius follows from the mean distance between points, so that points seldom overlap.
  const r = Math.max(2.5, Math.min(9, 0.3 * Math.sqrt((size.width * size.height) / Math.max(1, placed.length))))
  return [
    Plot.dot(placed, {
      x: 'x',
      y: 'y',
      r,
      fill: (one: Tile) => fillOf(one.value),
      stroke: ink,
      strokeWidth: 0.6,
      title: 'text',
    }),
    Plot.text(signed(placed), { x: 'x', y: 'y', text: 'sign', ...signStyle }),
  ]
}

/** A log axis cannot show 0 or negative numbers. */
const isPlaced = ({ categories, scale }: Axis, place: Tile['x']): boolean =>
  categories !== null || (typeof place === 'number' && (scale !== 'log' || place > 0))

/**
 * The bitmap has about as many pixels as there are points, at most 400 on each side. If several points are in one
 * pixel, the pixel shows the last of them.
 */
function crowd(
  points: readonly Tile[],
  { x, y }: { readonly x: Axis; readonly y: Axis },
  fillOf: (value: number | null) => string,
  size: Size,
): Plot.Markish {
  const side = Math.min(400, Math.floor(Math.sqrt(points.length)))
  const at = (axis: Axis, place: Tile['x']): number => {
    const share =
      axis.categories === null
        ? shareOf(axis, place as number)
        : (axis.categories.indexOf(String(place)) + 0.5) / axis.categories.length
    return Math.max(0, Math.min(side - 1, Math.floor(share * side)))
  }
  const fills = new Map(points.map((one) => [at(y, one.y) * side + at(x, one.x), fillOf(one.value)]))
  const data = new Uint8Array(3 * side * side)
  for (let row = 0; row < side; row++)
    for (let column = 0; column < side; column++)
      data.set(rgbOf(fills.get(row * side + column)), 3 * ((side - 1 - row) * side + column))
  return pictureOf({ width: side, height: side, data }, size)
}
