import type { Place } from '../axes/sweptAxes.ts'
import type { Axis, Tile } from './figure.ts'

export const placesOn = (tiles: readonly Tile[], side: 'x' | 'y'): Place[] => tiles.map((tile) => tile[side])

/** The distinct numbers among places. */
export const ascending = (places: readonly Place[]): readonly number[] =>
  [...new Set(places.filter((place) => typeof place === 'number'))].sort((a, b) => a - b)

export type TileEdges = ReturnType<typeof tileEdges>

/** Tile edges are halfway between neighbouring places, on the scale of the axis. */
export function tileEdges(axis: Axis, found: readonly Place[]) {
  const places = ascending(found)
  const to = axis.scale === 'log' ? Math.log : (value: number) => value
  const from = axis.scale === 'log' ? Math.exp : (value: number) => value
  const index = new Map(places.map((place, i) => [place, i]))
  const edge = (i: number): number => {
    if (places.length === 1) return to(places[0]!) + (i - 0.5) * (Math.abs(to(places[0]!)) || 1)
    if (i === 0) return to(places[0]!) - (to(places[1]!) - to(places[0]!)) / 2
    if (i === places.length) return to(places[i - 1]!) + (to(places[i - 1]!) - to(places[i - 2]!)) / 2
    return (to(places[i - 1]!) + to(places[i]!)) / 2
  }
  const of = (place: Place): readonly [number, number] => {
    const i = index.get(place as number) ?? 0
    return [from(edge(i)), from(edge(i + 1))]
  }
  /** The value at a distance from the lower end of the axis, in tiles. */
  const at = (distance: number): number => {
    const i = Math.min(Math.floor(distance), places.length - 1)
    return from(edge(i) + (distance - i) * (edge(i + 1) - edge(i)))
  }
  const middle = (place: Place): number => {
    const [low, high] = of(place)
    return from((to(low) + to(high)) / 2)
  }
  return { isNumeric: axis.categories === null, of, middle, at }
}

export function withWholeTiles(axis: Axis, places: readonly Place[]): Axis {
  if (axis.domain === null) return axis
  const edges = tileEdges(axis, places)
  const [low, high] = axis.domain
  return { ...axis, domain: [edges.of(low)[0], edges.of(high)[1]] }
}
