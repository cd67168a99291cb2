import type { CellsData } from '@driftfarm/report'
import { numberText } from '../../parts/format.ts'
import { viewAxes } from '../sweep/axes.ts'

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
export function neighboursOf(cells: Pick<CellsData, 'index' | 'params'>, index: number): readonly Neighbour[] {
  const here = cells.index.indexOf(index)
  if (here < 0) return []
  // Axes that change together are one axis.
  const axes = viewAxes(cells).filter(({ values }) => values.length > 1)
  const found = axes.flatMap((axis, which) => {
    const others = axes.filter((other) => other !== axis)
    const line = cells.index.flatMap((cell, at) =>
      others.every(({ positions }) => positions[at] === positions[here]) ? [[axis.positions[at]!, cell] as const] : [],
    )
    const byPlace = new Map(line.filter(([place]) => place >= 0).sort(([a], [b]) => a - b))
    const textOf = (place: number): string => {
      const value = axis.values[place]
      return typeof value === 'number' ? numberText(value) : cutTo(axis.labelOf(place), longest)
    }
    return beside(
      [...byPlace],
      axis.positions[here]!,
      keys[which],
      (from, to) => `${axis.title} ${textOf(from)} → ${textOf(to)}`,
    )
  })
  if (found.length > 0) return found
  return beside(
    cells.index.map((cell) => [cell, cell]),
    index,
    keys[0],
    (from, to) => `cell ${from} → ${to}`,
  )
}

/** The cells before and after a place in a list of places with their cells. */
function beside(
  cells: readonly (readonly [place: number, cell: number])[],
  place: number,
  along: (typeof keys)[number] | undefined,
  name: (from: number, to: number) => string,
): readonly Neighbour[] {
  const at = cells.findIndex(([each]) => each === place)
  return [cells[at - 1], cells[at + 1]].flatMap((next, side) =>
    at < 0 || next === undefined ? [] : [{ index: next[1], name: name(place, next[0]), key: along?.[side] ?? null }],
  )
}

/** Labels of mappings can be long. */
const longest = 32
const cutTo = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`)

/** The key of an event as in `Neighbour`; null with a modifier that browsers use. */
export const keyOf = ({ key, shiftKey, ctrlKey, altKey, metaKey }: KeyboardEvent): string | null =>
  ctrlKey || altKey || metaKey ? null : `${shiftKey ? 'Shift+' : ''}${key}`
