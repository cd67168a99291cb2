import * as Plot from '@observablehq/plot'
import { encode } from 'fast-png'
import type { Place } from '../axes/sweptAxes.ts'
import { ascending, placesOn, type TileEdges } from '../figure/edges.ts'
import { type Axis, type Figure, isHatched, type LayerOf, maxMarkedTiles, signOf, type Tile } from '../figure/figure.ts'
import { base64 } from '../format/base64.ts'
import { colorAt, hex, ink, missing, rgbOf } from '../scale/colors.ts'
import { shareOf } from '../scale/ticks.ts'
import { arrows, hatchAt } from './legend.ts'

/** Maximum number of columns and of rows of a bitmap whose tiles have different sizes. */
const maxPixels = 400

/** Draws a map of very many tiles as one bitmap, with one pixel per tile if all tiles have equal sizes. */
export function rasterOf(
  tiles: readonly Tile[],
  { x, y, color }: Figure,
  [across, up]: readonly [TileEdges, TileEdges],
  size: Size,
): Plot.Markish {
  const columns = placesOfPixels(x, across, placesOn(tiles, 'x'), size.width)
  const rows = placesOfPixels(y, up, placesOn(tiles, 'y'), size.height)
  const fillOf = fillBy(color!)
  const shown = new Map(tiles.map((tile) => [`${tile.x} ${tile.y}`, tile]))
  // If some tiles are hatched, the bitmap is about as large as the map in the figure, so that the hatching lines can be
  // drawn.
  const hasHatching = tiles.some(isHatched)
  const wide = hasHatching ? Math.max(1, Math.round(size.width / columns.length)) : 1
  const high = hasHatching ? Math.max(1, Math.round(size.height / rows.length)) : 1
  return pictureOf(size, { width: columns.length * wide, height: rows.length * high }, (i, j) => {
    const tile = shown.get(`${columns[Math.floor(i / wide)]} ${rows[rows.length - 1 - Math.floor(j / high)]}`)
    const mark = tile !== undefined && isHatched(tile) ? hatchAt(i, j) : null
    return mark === null ? shownColor(tile && fillOf(tile.value)) : mark === 'line' ? dark : light
  })
}

const dark = [0, 0, 0] as const
const light = [255, 255, 255] as const

function placesOfPixels(axis: Axis, edges: TileEdges, found: readonly Place[], pixels: number) {
  if (axis.categories !== null) return axis.categories
  const places = ascending(found)
  const ends = places.map((place) => shareOf(axis, edges.of(place)[1]))
  const sizes = ends.map((end, i) => end - (ends[i - 1] ?? 0))
  const alike = Math.max(...sizes) - Math.min(...sizes) < 1e-6 * Math.max(...sizes)
  const count = alike ? places.length : Math.min(maxPixels, Math.ceil(pixels))
  return Array.from({ length: count }, (_, i) => places[ends.findIndex((end) => end >= (i + 0.5) / count)] ?? null)
}

/** Grey if the value is null; white if a log scale cannot show the value. */
export const fillBy =
  (color: Axis) =>
  (value: number | null): string => {
    if (value === null) return missing
    if (color.scale === 'log' && value <= 0) return '#ffffff'
    return hex(colorAt(shareOf(color, value), color))
  }

export function signed(tiles: readonly Tile[]): readonly (Tile & { readonly sign: string })[] {
  return tiles.flatMap((one) => {
    const sign = (one.limit === null ? '' : arrows[one.limit]) + signOf(one)
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

export interface Size {
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
  return pictureOf(size, { width: side, height: side }, (i, j) => shownColor(fills.get((side - 1 - j) * side + i)))
}

const none = [200, 200, 207] as const

/** Returns a grey if `fill` is not a colour such as #1b1b1f. */
const shownColor = (fill: string | undefined): readonly number[] => (fill?.startsWith('#') ? rgbOf(fill) : none)

/**
 * A bitmap of `pixels.width` times `pixels.height` pixels that covers exactly the area inside the axes of a plot.
 * Pixels are counted from the upper left.
 */
export function pictureOf(
  { width, height }: Size,
  pixels: Size,
  colorAt: (column: number, row: number) => readonly number[],
): Plot.Markish {
  const data = new Uint8Array(3 * pixels.width * pixels.height)
  for (let row = 0; row < pixels.height; row++)
    for (let column = 0; column < pixels.width; column++)
      data.set(colorAt(column, row), 3 * (row * pixels.width + column))
  const uri = `data:image/png;base64,${base64(encode({ ...pixels, data, channels: 3, depth: 8 }))}`
  return Plot.image([0], {
    src: () => uri,
    frameAnchor: 'middle',
    width,
    height,
    preserveAspectRatio: 'none',
    imageRendering: 'pixelated',
  })
}
