import type { Cell, Method } from '@driftfarm/spec'

export type Splitting = Extract<Method, { readonly kind: 'splitting' }>

/** Returns a cell whose trials are single trajectories: particles of a replica, weighted trials or direct trials. */
export function particleCell(cell: Cell): Cell {
  if (cell.method.kind === 'direct') return cell
  const { trial } = cell
  const bare = { marks: [], classify: [], minima: [], quench: null }
  return { ...cell, trial: { ...trial, ...bare, afterEscape: 'stop' } }
}
