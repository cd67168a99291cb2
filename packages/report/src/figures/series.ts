import type { Params } from '../document/origin.ts'
import { short } from '../table/quantity.ts'
import type { SweptAxis } from './axes.ts'

/** The cells of one colour. */
export interface Series {
  /** Null for the only one. */
  readonly name: string | null
  has(params: Params): boolean
}

/** One series for each value of an axis that cells have; a single one without a name where there is no axis. */
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

/** A swept number as a legend writes it. */
const numberText = (value: number): string =>
  Number.isInteger(value) && value >= 10_000 ? short(value) : String(Number(value.toPrecision(6)))
