import { type Contrast, contrastPairs } from '@driftfarm/spec'

/** A cell as far as it is told which are compared. */
export interface ContrastedCell {
  readonly index: number
  readonly id: string
  readonly params: Readonly<Record<string, unknown>>
}

/** Two cells that a contrast of the demand compares. */
export interface ComparedCells<Cell extends ContrastedCell> {
  /** Of the contrast, in the demand. */
  readonly place: number
  readonly first: Cell
  readonly second: Cell
}

/** Of all contrasts, in their order, then that of the cells. */
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

/** A contrast of two cells by the indices of both. */
export interface ContrastKey {
  readonly place: number
  readonly first: number
  readonly second: number
}

export const keyOf = ({ place, first, second }: ContrastKey): string => `${place} ${first} ${second}`

export const keyOfCells = ({ place, first, second }: ComparedCells<ContrastedCell>): string =>
  keyOf({ place, first: first.index, second: second.index })

/** Only of cells that have ended so is there an answer to store. */
export const bothDone = <Cell extends ContrastedCell & { readonly state: string }>({
  first,
  second,
}: ComparedCells<Cell>): boolean => first.state === 'done' && second.state === 'done'
