import type { Cell, Method } from '@driftfarm/spec'

export type Splitting = Extract<Method, { readonly kind: 'splitting' }>

/**
 * The cell whose trials are the trajectories of replicas or of weighted trials. These trajectories end with the escape,
 * and have no marks, classes, minima or quench.
 */
export function particleCell(cell: Cell): Cell {
  if (cell.method.kind === 'direct') return cell
  const { trial } = cell
  const bare = { marks: [], classify: [], minima: [], quench: null }
  return { ...cell, trial: { ...trial, ...bare, afterEscape: 'stop' } }
}
