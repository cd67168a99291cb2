import { areMonotone, type CellsData, sweptAxes } from '@driftfarm/report'
import { numberText } from '../../parts/format.ts'

export interface Neighbour {
  /** The index of the cell. */
  readonly index: number
  /** For example `eta 0.1 → 0.2`. */
  readonly name: string
  /** The key that goes there; null if the sweep has too many axes. */
  readonly key: string | null
}

/** The keys towards smaller and larger values of each axis. */
const keys = [
  ['ArrowLeft', 'ArrowRight'],
  ['ArrowDown', 'ArrowUp'],
  ['Shift+ArrowLeft', 'Shift+ArrowRight'],
  ['Shift+ArrowDown', 'Shift+ArrowUp'],
] as const

/**
 * The nearest cells along each axis. They have the same values on all other axes. If there are none, as in a random
 * design, the neighbours are the previous and the next cell.
 */
export function neighboursOf(
  { index: indices, params }: Pick<CellsData, 'index' | 'params'>,
  index: number,
): Neighbour[] {
  const rows = indices.map((each, at) => ({
    index: each,
    params: Object.fromEntries(Object.entries(params).map(([path, values]) => [path, values[at]])),
  }))
  const here = rows.find((row) => row.index === index)
  if (here === undefined) return []
  const all = sweptAxes(rows).filter(({ places }) => places.length > 1)
  // Zipped axes change together, so the first of them stands for all.
  const axes = all.filter((axis, at) => !all.slice(0, at).some((earlier) => areMonotone(earlier, axis, rows)))
  const found = axes.flatMap((axis, at) => {
    const place = axis.placeOf(here.params)
    if (place === null) return []
    const others = axes.filter((other) => other !== axis)
    const line = rows.filter(({ params }) =>
      others.every((other) => other.placeOf(params) === other.placeOf(here.params)),
    )
    const byPlace = new Map(line.map((row) => [axis.placeOf(row.params), row.index]))
    const from = axis.places.indexOf(place)
    const textOf = (each: number | string) => (typeof each === 'number' ? numberText(each) : cutTo(each, longest))
    return ([-1, 1] as const).flatMap((direction, side): Neighbour[] => {
      for (let to = from + direction; to >= 0 && to < axis.places.length; to += direction) {
        const next = axis.places[to]!
        const there = byPlace.get(next)
        if (there === undefined) continue
        const name = `${axis.title} ${textOf(place)} → ${textOf(next)}`
        return [{ index: there, name, key: keys[at]?.[side] ?? null }]
      }
      return []
    })
  })
  if (found.length > 0) return found
  const at = rows.indexOf(here)
  return [rows[at - 1], rows[at + 1]].flatMap((row, side) =>
    row === undefined ? [] : [{ index: row.index, name: `cell ${index} → ${row.index}`, key: keys[0][side]! }],
  )
}

/** Labels of mappings can be long. */
const longest = 32
const cutTo = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

/** The key of an event as in `Neighbour`; null with a modifier that browsers use. */
export const keyOf = ({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): string | null =>
  ctrlKey || altKey || metaKey ? null : `${shiftKey ? 'Shift+' : ''}${key}`
