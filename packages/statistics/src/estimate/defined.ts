import { namedExits, type RecordLayout } from '@driftfarm/kernel'
import type { Cell, EventNames } from '@driftfarm/spec'
import type { Estimate } from './estimate.ts'

/** What of a cell's events an estimate depends on beyond the layout of its records. */
export type Events = Pick<Cell['trial'], 'escape' | 'converge' | 'quench' | 'afterEscape' | 'afterConverge'>

/** The names that a layout gives to estimates. Without `events`, a convergence event is taken to be there. */
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

/** First exit and exit before convergence are different events; the answer says which it is. */
export function escapeLabel(events: Events): NonNullable<Estimate['event']> {
  const competes = events.converge !== null && events.afterEscape === 'stop' && events.afterConverge === 'stop'
  return competes ? 'escape before converging' : 'first escape'
}
