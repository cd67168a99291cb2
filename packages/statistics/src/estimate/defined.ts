import { namedExits, type RecordLayout } from '@driftfarm/kernel'
import type { Cell, EventNames } from '@driftfarm/spec'
import type { Estimate } from './estimate.ts'

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

/** If convergence also ends trials, the cell measures escapes before convergence, otherwise first escapes. */
export function escapeLabel(events: Events): NonNullable<Estimate['event']> {
  const competes = events.converge !== null && events.afterEscape === 'stop' && events.afterConverge === 'stop'
  return competes ? 'escape before converging' : 'first escape'
}
