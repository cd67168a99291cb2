import type { Cell, Method } from '@driftfarm/spec'

export type Splitting = Extract<Method, { readonly kind: 'splitting' }>

/** The cell of the trajectories behind values: they end with the escape, and nothing but ends is told of them. */
export function particleCell(cell: Cell): Cell {
  if (cell.method.kind === 'direct') return cell
  const { trial } = cell
  const bare = { marks: [], classify: [], minima: [], quench: null }
  return { ...cell, trial: { ...trial, ...bare, afterEscape: 'stop' } }
}
