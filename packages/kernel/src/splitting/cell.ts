import type { Cell, Method } from '@driftfarm/spec'

export type Splitting = Extract<Method, { readonly kind: 'splitting' }>

/**
 * Returns a cell whose trials are single trajectories: the particles of a replica, or weighted trials. Such a trial
 * stops when it escapes, and has no marks, classes, minima or quench. A cell of direct trials is returned unchanged.
 */
export function particleCell(cell: Cell): Cell {
  if (cell.method.kind === 'direct') return cell
  const { trial } = cell
  const bare = { marks: [], classify: [], minima: [], quench: null }
  return { ...cell, trial: { ...trial, ...bare, afterEscape: 'stop' } }
}
