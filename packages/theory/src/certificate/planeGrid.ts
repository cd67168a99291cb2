import type { Box } from '../interval/box.ts'
import type { Interval } from '../interval/interval.ts'
import type { EventsOver } from './escape.ts'

/**
 * Functions on the grid are bilinear in each cell and 1 outside the grid. They are 1 at the edge of the grid and at all
 * nodes of cells in which trials may have escaped.
 */
export interface PlaneGrid {
  readonly nodes: readonly [Float64Array, Float64Array]
  /** `free`, `escaped` or `ended` for the node (i, j), at index i * nodes[1].length + j. */
  readonly kinds: Uint8Array
  /** 1 if trials may continue in the cell (i, j), at index i * (nodes[1].length - 1) + j. */
  readonly open: Uint8Array
}

/** Trials continue at `free` nodes, where the value is unknown. The value is 1 at `escaped` and 0 at `ended` nodes. */
export const free = 0
export const escaped = 1
export const ended = 2

/**
 * A cell whose escape is undecided counts as escaped. A cell for which `isReachable` is false also counts as escaped.
 * Trials hardly ever reach such a cell, because the loss is too high there.
 */
export function planeGrid(
  nodes: readonly [Float64Array, Float64Array],
  events: EventsOver,
  isReachable: (cell: Box) => boolean,
): PlaneGrid {
  const [wide, high] = [nodes[0].length, nodes[1].length]
  const cells = (wide - 1) * (high - 1)
  const [open, done] = [new Uint8Array(cells), new Uint8Array(cells)]
  for (let i = 0, at = 0; i + 1 < wide; i++)
    for (let j = 0; j + 1 < high; j++, at++) {
      const box = cellBox(nodes, i, j)
      const verdict = events(box)
      if (verdict.exit[1] === 1 || !isReachable(box)) continue
      if (verdict.ended[0] === 1) done[at] = 1
      else open[at] = 1
    }
  const kinds = new Uint8Array(wide * high)
  for (let i = 0, at = 0; i < wide; i++)
    for (let j = 0; j < high; j++, at++) {
      const around = [i - 1, i].flatMap((a) =>
        [j - 1, j].map((b) => (a < 0 || b < 0 || a + 1 >= wide || b + 1 >= high ? -1 : a * (high - 1) + b)),
      )
      const isOut = around.some((cell) => cell < 0 || (open[cell] === 0 && done[cell] === 0))
      kinds[at] = isOut ? escaped : around.every((cell) => done[cell] === 1) ? ended : free
    }
  return { nodes, kinds, open }
}

export function cellBox(nodes: readonly [Float64Array, Float64Array], i: number, j: number): Box {
  const side = (axis: Float64Array, k: number): Interval => [axis[k]!, axis[k + 1]!]
  return [side(nodes[0], i), side(nodes[1], j)]
}
