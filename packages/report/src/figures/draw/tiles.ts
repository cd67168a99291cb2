import * as Plot from '@observablehq/plot'
import { encode } from 'fast-png'
import type { TileEdges } from '../edges.ts'
import type { Axis, LayerOf, Place } from '../figure.ts'
import { shareOf } from './scale.ts'

/** Pixels of a picture of a map, on each side at most. */
const mostPixels = 400

/** A map of very many tiles as one picture: a pixel a tile where tiles are alike in size, else as many as are seen. */
export function rasterOf(
  tiles: LayerOf<'tiles'>['tiles'],
  { x, y }: { readonly x: Axis; readonly y: Axis },
  across: TileEdges,
  up: TileEdges,
  fillOf: (value: number | null) => string,
  { width, height }: { readonly width: number; readonly height: number },
): Plot.Markish {
  const columns = placesOn(
    x,
    across,
    tiles.map((tile) => tile.x),
    Math.min(mostPixels, Math.ceil(width)),
  )
  const rows = placesOn(
    y,
    up,
    tiles.map((tile) => tile.y),
    Math.min(mostPixels, Math.ceil(height)),
  )
  const fills = new Map(tiles.map((tile) => [`${tile.x} ${tile.y}`, fillOf(tile.value)]))
  const fillAt = (column: number, row: number) => fills.get(`${columns[column]} ${rows[row]}`)
  return pictureOf({ columns: columns.length, rows: rows.length }, fillAt, { width, height })
}

/** A picture that fills the frame, its pixels numbered from the lower left; grey where there is none. */
export function pictureOf(
  { columns, rows }: { readonly columns: number; readonly rows: number },
  fillAt: (column: number, row: number) => string | undefined,
  { width, height }: { readonly width: number; readonly height: number },
): Plot.Markish {
  const none = [200, 200, 207]
  const data = new Uint8Array(3 * columns * rows)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const fill = fillAt(column, row)
      const color = fill?.startsWith('#')
        ? [1, 3, 5].map((place) => Number.parseInt(fill.slice(place, place + 2), 16))
        : none
      data.set(color, 3 * ((rows - 1 - row) * columns + column))
    }
  const png = encode({ width: columns, height: rows, data, channels: 3, depth: 8 })
  const uri = `data:image/png;base64,${base64(png)}`
  // Anchored to the frame: the picture covers exactly the inside of the axes.
  return Plot.image([0], {
    src: () => uri,
    frameAnchor: 'middle',
    width,
    height,
    preserveAspectRatio: 'none',
    imageRendering: 'pixelated',
  })
}

/** The place that each pixel along an axis belongs to. */
function placesOn(axis: Axis, edges: TileEdges, found: readonly Place[], pixels: number): readonly (Place | null)[] {
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

function base64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192))
  return btoa(text)
}
