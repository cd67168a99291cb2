import { namedExits, type RecordLayout } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import type { Estimate } from './estimate.ts'

/** What of a cell's events an estimate depends on beyond the layout of its records. */
export type Events = Pick<Cell['trial'], 'escape' | 'converge' | 'quench' | 'afterEscape' | 'afterConverge'>

/** Names of all probabilities that the events of a cell define, in the order of reports. Without `events`, a convergence event is taken to be there. */
export function probabilityNames(layout: RecordLayout, events?: Events): string[] {
  const converges = events === undefined || events.converge !== null
  const settles = converges || events.quench !== null
  return [
    ...(layout.exits.length > 0 ? ['escape'] : []),
    ...namedExits(layout).map((name) => `exit:${name}`),
    ...(converges ? ['converge'] : []),
    'diverge',
    ...(layout.exits.length > 0 ? ['stay'] : []),
    // Without named minima every trial that settles is "other", which says nothing new.
    ...(settles && layout.minima.length > 0 ? [...layout.minima, 'other'].map((name) => `settle:${name}`) : []),
    ...(layout.classes.length > 0 ? [...layout.classes, 'other'].map((name) => `class:${name}`) : []),
    ...layout.marks.map((name) => `mark:${name}`),
  ]
}

/** Names of the costs of the marks. */
export function costNames(layout: RecordLayout): string[] {
  return layout.marks.map((name) => `cost:${name}`)
}

/** Of names, those at shorter horizons, where an outcome has a step: `escape@100`. */
export function horizonNames(names: readonly string[], horizons: readonly number[]): string[] {
  const timed = names.filter((name) => !/^(settle:|class:|cost:|joint$|escapeRate$|escapeStep$)/.test(name))
  return horizons.flatMap((horizon) => timed.map((name) => `${name}@${horizon}`))
}

/** First exit and exit before convergence are different events; the answer says which it is. */
export function escapeLabel(events: Events): NonNullable<Estimate['event']> {
  const competes = events.converge !== null && events.afterEscape === 'stop' && events.afterConverge === 'stop'
  return competes ? 'escape before converging' : 'first escape'
}
