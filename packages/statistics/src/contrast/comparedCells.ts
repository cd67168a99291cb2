import { type Contrast, contrastPairs } from '@driftfarm/spec'

export interface ContrastedCell {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Two cells that a requested contrast compares. */
export interface ComparedCells<Cell extends ContrastedCell> {
  /** Index of the contrast in the request. */
  readonly place: number
  readonly first: Cell
  readonly second: Cell
}

/** Returns the pairs of cells that the contrasts compare, ordered by contrast, then by the indices of the cells. */
export function comparedCells<Cell extends ContrastedCell>(
  contrasts: readonly Contrast[],
  cells: readonly Cell[],
): ComparedCells<Cell>[] {
  const byIndex = new Map(cells.map((cell) => [cell.index, cell]))
  return contrasts.flatMap((contrast, place) =>
    [...contrastPairs(contrast, cells)]
      .sort(([a, b], [c, d]) => a - c || b - d)
      .map(([first, second]) => ({ place, first: byIndex.get(first)!, second: byIndex.get(second)! })),
  )
}

export const keyOf = ({ place, first, second }: Readonly<Record<'place' | 'first' | 'second', number>>): string =>
  `${place} ${first} ${second}`

export const keyOfCells = ({ place, first, second }: ComparedCells<ContrastedCell>): string =>
  keyOf({ place, first: first.index, second: second.index })

/** Whether the result of the contrast is final, so that it can be stored. */
export const bothDone = <Cell extends ContrastedCell & { readonly state: string }>({
  first,
  second,
}: ComparedCells<Cell>): boolean => first.state === 'done' && second.state === 'done'
