import type { Params, Place, SweptAxis } from './sweptAxes.ts'

type Cells = readonly { readonly params: Params }[]

/**
 * A pair is a value of one axis with a value of another. The two axes form a grid only if more than this share of all
 * pairs have cells.
 */
const gridShare = 1 / 3

/**
 * Whether two axes vary together, so that the cells form no grid over them, as in a design, a table of points, or
 * zipped lists.
 */
export function varyTogether(a: SweptAxis, b: SweptAxis, cells: Cells): boolean {
  const most = gridShare * a.places.length * b.places.length
  const seen = new Map<Place | null, Set<Place | null>>()
  let pairs = 0
  for (const { params } of cells) {
    const [x, y] = [a.placeOf(params), b.placeOf(params)]
    const there = seen.get(x) ?? new Set()
    if (there.has(y)) continue
    seen.set(x, there.add(y))
    if (++pairs > most) break
  }
  return pairs <= most || areMonotone(a, b, cells)
}

/** Whether each value of the first axis occurs with only one value of the second axis, as in a design. */
export function identifies(a: SweptAxis, b: SweptAxis, cells: Cells): boolean {
  const partners = new Map<Place | null, Place | null>()
  return cells.every(({ params }) => {
    const [x, y] = [a.placeOf(params), b.placeOf(params)]
    if (!partners.has(x)) partners.set(x, y)
    return partners.get(x) === y
  })
}

/**
 * Whether the k-th value of one axis occurs only with the k-th value of the other, or only with the k-th from the end,
 * as in zipped lists. Such axes are in fact one axis: each value of one path determines the value of the other path.
 */
export function areMonotone(a: SweptAxis, b: SweptAxis, cells: Cells): boolean {
  if (a.places.length !== b.places.length) return false
  const matches = (places: readonly Place[]): boolean => {
    const partners = new Map(a.places.map((place, rank) => [place, places[rank]!]))
    return cells.every(({ params }) => {
      const place = a.placeOf(params)
      return place !== null && partners.get(place) === b.placeOf(params)
    })
  }
  return matches(b.places) || matches(b.places.toReversed())
}

export function hiddenAxesSentence(axes: readonly SweptAxis[]): readonly string[] {
  if (axes.length === 0) return []
  const names = axes.map(({ title }) => title)
  const [vary, are] = names.length === 1 ? ['varies', 'is'] : ['vary', 'are']
  return [`${names.join(' and ')} also ${vary} from cell to cell but ${are} not shown.`]
}
