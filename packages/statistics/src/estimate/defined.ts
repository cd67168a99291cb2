import { namedExits, type RecordLayout } from '@driftfarm/kernel'
import type { Cell, EventNames } from '@driftfarm/spec'
import type { Estimate } from './estimate.ts'

/** The events of a cell that an estimate depends on, beyond the layout of its records. */
export type Events = Pick<Cell['trial'], 'escape' | 'converge' | 'quench' | 'afterEscape' | 'afterConverge'>

/**
 * The names that a record layout gives to estimates. Without `events` the cell is assumed to have a convergence event.
 */
export function eventNamesIn(layout: RecordLayout, events?: Events): EventNames {
  const converges = events === undefined || events.converge !== null
  return {
    escapes: layout.exits.length > 0,
    exits: namedExits(layout),
    converges,
    settles: converges || events.quench !== null,
    minima: layout.minima,
    classes: layout.classes,
    marks: layout.marks,
  }
}

/** A first escape and an escape before convergence are different events; this says which one the cell measures. */
export function escapeLabel(events: Events): NonNullable<Estimate['event']> {
  const competes = events.converge !== null && events.afterEscape === 'stop' && events.afterConverge === 'stop'
  return competes ? 'escape before converging' : 'first escape'
}
