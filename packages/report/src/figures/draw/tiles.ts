import type * as Plot from '@observablehq/plot'
import type { TileEdges } from '../edges.ts'
import type { Axis, LayerOf, Place } from '../figure.ts'
import { hatchAt } from './hatch.ts'
import { type Pixels, pictureOf, rgbOf } from './picture.ts'
import { shareOf } from './scale.ts'

/** Maximum number of columns and of rows of a bitmap whose tiles have different sizes. */
const maxPixels = 400

/** Draws a map of very many tiles as one bitmap, with one pixel per tile if all tiles have equal sizes. */
export function rasterOf(
  tiles: LayerOf<'tiles'>['tiles'],
  { x, y }: { readonly x: Axis; readonly y: Axis },
  across: TileEdges,
  up: TileEdges,
  fillOf: (value: number | null) => string,
  { width, height }: { readonly width: number; readonly height: number },
): Plot.Markish {
  const columns = placesOfPixels(
    x,
    across,
    tiles.map((tile) => tile.x),
    Math.min(maxPixels, Math.ceil(width)),
  )
  const rows = placesOfPixels(
    y,
    up,
    tiles.map((tile) => tile.y),
    Math.min(maxPixels, Math.ceil(height)),
  )
  return pictureOf(pixelsOf(tiles, columns, rows, fillOf, { width, height }), { width, height })
}

/**
 * If some tiles are hatched, the bitmap is about as large as the map in the figure, so that the hatching lines can be
 * drawn.
 */
function pixelsOf(
  tiles: LayerOf<'tiles'>['tiles'],
  columns: readonly (Place | null)[],
  rows: readonly (Place | null)[],
  fillOf: (value: number | null) => string,
  room: { readonly width: number; readonly height: number },
): Pixels {
  const shown = new Map(tiles.map((tile) => [`${tile.x} ${tile.y}`, tile]))
  const isHatched = tiles.some(({ state }) => state === 'below target')
  const wide = isHatched ? Math.max(1, Math.round(room.width / columns.length)) : 1
  const high = isHatched ? Math.max(1, Math.round(room.height / rows.length)) : 1
  const width = columns.length * wide
  const height = rows.length * high
  const data = new Uint8Array(3 * width * height)
  rows.toReversed().forEach((row, j) => {
    columns.forEach((column, i) => {
      const tile = shown.get(`${column} ${row}`)
      const color = rgbOf(tile === undefined ? undefined : fillOf(tile.value))
      for (let down = j * high; down < (j + 1) * high; down++)
        for (let along = i * wide; along < (i + 1) * wide; along++) {
          const mark = tile?.state === 'below target' ? hatchAt(along, down) : null
          data.set(mark === null ? color : mark === 'line' ? dark : light, 3 * (down * width + along))
        }
    })
  })
  return { width, height, data }
}

const dark = [0, 0, 0] as const
const light = [255, 255, 255] as const

function placesOfPixels(
  axis: Axis,
  edges: TileEdges,
  found: readonly Place[],
  pixels: number,
): readonly (Place | null)[] {
  if (axis.categories !== null) return axis.categories
  const places = [...new Set(found)].sort((a, b) => (a as number) - (b as number))
  const sizes = places.map((place) => {
    const [low, high] = edges.of(place)
    return shareOf(axis, high) - shareOf(axis, low)
  })
  const alike = Math.max(...sizes) - Math.min(...sizes) < 1e-6 * Math.max(...sizes)
  if (alike) return places
  const whole = sizes.reduce((sum, size) => sum + size, 0)
  const all: Place[] = []
  let ends = 0
  places.forEach((place, at) => {
    ends += (sizes[at]! / whole) * pixels
    while (all.length < Math.round(ends)) all.push(place)
  })
  return all
}
