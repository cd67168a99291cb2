import type { Place } from '../axes/sweptAxes.ts'
import { doubtSign } from '../document/findings.ts'
import { ascending, placesOn } from '../figure/edges.ts'
import { type Axis, type Figure, isHatched, type LayerOf } from '../figure/figure.ts'
import { tickFormat, tickText } from '../format/digits.ts'
import { abbreviate, padEnd } from '../format/text.ts'
import { colorAt } from '../scale/colors.ts'
import { shareOf } from '../scale/ticks.ts'
import { center, framed, marginOf, placerOf } from './axes.ts'
import { type Pen, rampLine, shades } from './pen.ts'

/** Wide tiles contain their numbers. Narrow tiles show only their colours, or shades if the terminal has no colours. */
export function tilesOf(figure: Figure, { tiles }: LayerOf<'tiles'>, width: number, pen: Pen): readonly string[] {
  const { x, y, color } = figure
  const xs = placesOf(x, placesOn(tiles, 'x'))
  const ys = placesOf(y, placesOn(tiles, 'y'))
  const shownYs = ys.length <= 40 ? ys : thinned(ys, 40)
  const up = named(y, shownYs)
  const margin = marginOf(up, 0)
  const columns = width - margin - 1
  const wide = Math.min(9, Math.floor(columns / xs.length))
  // If there are more tiles than columns, each character shows the tile at its centre.
  const shownXs = wide >= 1 ? xs : thinned(xs, columns)
  const size = Math.max(1, wide)
  const at = new Map(tiles.map((tile) => [`${tile.x}\n${tile.y}`, tile]))
  const text = (tile: (typeof tiles)[number]): string => {
    const sign = `${doubtSign(tile.doubt)}${isHatched(tile) ? '/' : ''}`
    if (size < 5) return sign
    const number = tile.value === null ? '' : tickText(Number(tile.value.toPrecision(size >= 7 ? 3 : 2)))
    return abbreviate(`${number}${sign}`, size - 1)
  }
  const cellText = (tile: (typeof tiles)[number] | undefined): string => {
    if (tile === undefined) return ' '.repeat(size)
    if (tile.value === null) return padEnd(center('·', size), size)
    const share = color!.scale === 'log' && tile.value <= 0 ? 0 : Math.max(0, Math.min(1, shareOf(color!, tile.value)))
    const inside = padEnd(center(text(tile), size), size)
    if (pen.terminal.colors !== 'none') return pen.ground(inside, colorAt(share, color!))
    return size >= 5
      ? inside
      : (text(tile) || shades[Math.round(share * (shades.length - 1))]!).repeat(size).slice(0, size)
  }
  const rows = shownYs
    .toReversed()
    .map((row) => shownXs.map((column) => cellText(at.get(`${column}\n${row}`))).join(''))
  const axes = { x: named(x, shownXs), y: up }
  return [rampLine(color!, pen), ...framed(rows, axes, shownXs.length * size, margin, placerOf(up, rows.length), pen)]
}

/** The axis with the names of the places where tiles stand, equally far apart. */
function named(axis: Axis, places: readonly Place[]): Axis {
  const textOf = tickFormat(places.filter((place) => typeof place === 'number'))
  return {
    ...axis,
    domain: null,
    categories: places.map((place) => (typeof place === 'number' ? textOf(place) : place)),
  }
}

const placesOf = ({ categories }: Axis, found: readonly Place[]): readonly Place[] =>
  categories === null ? ascending(found) : [...categories, 'none'].filter((place) => found.includes(place))

function thinned<T>(all: readonly T[], most: number): readonly T[] {
  const length = Math.min(most, all.length)
  return Array.from({ length }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / length)]!)
}
