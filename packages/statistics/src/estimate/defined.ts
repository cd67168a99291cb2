import { namedExits, type RecordLayout } from '@driftfarm/kernel'
import type { Cell, EventNames } from '@driftfarm/spec'
import type { Estimate } from './estimate.ts'

/** The settings of a cell's trials that estimates need, in addition to the record layout. */
export type Events = Pick<Cell['trial'], 'escape' | 'converge' | 'quench' | 'afterEscape' | 'afterConverge'>

/** Without `events`, the cell is assumed to have a convergence event. */
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

/** Returns which of two different events the cell measures: a first escape, or an escape before convergence. */
export function escapeLabel(events: Events): NonNullable<Estimate['event']> {
  const competes = events.converge !== null && events.afterEscape === 'stop' && events.afterConverge === 'stop'
  return competes ? 'escape before converging' : 'first escape'
}
