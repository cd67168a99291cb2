import type { Params, SweptAxis } from '../axes/sweptAxes.ts'
import { short } from '../format/quantity.ts'

export interface Series {
  /** Null if there is only one series. */
  readonly name: string | null
  has(params: Params): boolean
}

/** Colours cannot distinguish more series than this. */
const maxSeries = 8

/** Selects at most `most` evenly spaced elements, including the first and the last. */
export function spread<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all
  return Array.from({ length: most }, (_, i) => all[Math.round((i * (all.length - 1)) / (most - 1))]!)
}

export function colouredSeries<Cell extends { readonly params: Params }>(
  by: SweptAxis | undefined,
  cells: readonly Cell[],
): { readonly series: readonly Series[]; readonly cells: readonly Cell[]; readonly sentences: readonly string[] } {
  const all = seriesOf(by, cells)
  if (all.length <= maxSeries) return { series: all, cells, sentences: [] }
  const series = spread(all, maxSeries)
  return {
    series,
    cells: cells.filter(({ params }) => series.some(({ has }) => has(params))),
    sentences: [`${maxSeries} of ${all.length} values of ${by!.title} are drawn; choose other values with --where.`],
  }
}

export function seriesOf(by: SweptAxis | undefined, cells: readonly { readonly params: Params }[]): readonly Series[] {
  if (by === undefined) return [{ name: null, has: () => true }]
  const there = new Set(cells.map(({ params }) => by.placeOf(params)))
  return by.places
    .filter((place) => there.has(place))
    .map((place) => ({
      name: typeof place === 'number' ? numberText(place) : place,
      has: (params) => by.placeOf(params) === place,
    }))
}

const numberText = (value: number): string =>
  Number.isInteger(value) && value >= 10_000 ? short(value) : String(Number(value.toPrecision(6)))
