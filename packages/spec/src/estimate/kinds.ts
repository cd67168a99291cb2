import type { Trial } from '../cell.ts'

/**
 * The events of a trial. The names of estimates contain the names of these events. Results list events in the order of
 * these lists.
 */
export interface EventNames {
  readonly escapes: boolean
  /** Names of exits. If the escape is a single condition, its exit has no name and is not listed. */
  readonly exits: readonly string[]
  readonly converges: boolean
  /** Whether trials settle in a minimum: by convergence, or by a quench. */
  readonly settles: boolean
  readonly minima: readonly string[]
  readonly classes: readonly string[]
  readonly marks: readonly string[]
}

interface Kind {
  /**
   *  - event: the probability of an event. Stopping rules and contrasts can use only such estimates.
   *  - together: the probabilities of combinations of events, one for each combination that occurred.
   */
  readonly value: 'event' | 'rate' | 'steps' | 'mean' | 'together'
  /** Whether a name follows after a colon, as in `exit:upper`. For `joint`, a name follows only in results. */
  readonly named?: true | 'in results'
  /**
   * Whether the event happens at a particular step of a trial. If so, its probability can also be estimated at a
   * shorter horizon, as in `escape@100`.
   */
  readonly timed?: true
  /**
   * Whether the event is an escape, through any exit or a named one. The methods `splitting` and `tilt` can estimate
   * only escapes.
   */
  readonly escapes?: true
  /**
   * The most similar kind of probability, for a kind that is not a probability. Where only probabilities are allowed, a
   * hint suggests it: `mark` instead of `cost`.
   */
  readonly near?: 'mark'
  /** The key that a spec needs for estimates of this kind. Absent if the kind is always available. */
  readonly needs?: string
  /**
   * Returns, for each estimate of this kind, the text after the colon: `upper` for `exit:upper`, '' if there is no
   * colon.
   */
  readonly of: (events: EventNames) => readonly string[]
}

const whenever = (): readonly string[] => ['']
const ofEscape = ({ escapes }: EventNames): readonly string[] => (escapes ? [''] : [])
const withOther = (names: readonly string[]): readonly string[] => (names.length === 0 ? [] : [...names, 'other'])

/** The kinds of estimate, in the order in which results list them. */
export const estimateKinds = {
  escape: { value: 'event', timed: true, escapes: true, needs: 'trial.escape', of: ofEscape },
  exit: {
    value: 'event',
    named: true,
    timed: true,
    escapes: true,
    needs: 'trial.escape with named exits',
    of: ({ exits }) => exits,
  },
  converge: { value: 'event', timed: true, needs: 'trial.converge', of: ({ converges }) => (converges ? [''] : []) },
  diverge: { value: 'event', timed: true, of: whenever },
  stay: { value: 'event', timed: true, needs: 'trial.escape', of: ofEscape },
  settle: {
    value: 'event',
    named: true,
    needs: 'trial.converge or trial.quench, and named minima',
    // Without named minima, every trial that settles would settle in "other", which is not informative.
    of: ({ settles, minima }) => (settles ? withOther(minima) : []),
  },
  class: { value: 'event', named: true, needs: 'trial.classify', of: ({ classes }) => withOther(classes) },
  mark: { value: 'event', named: true, timed: true, needs: 'trial.marks', of: ({ marks }) => marks },
  escapeRate: { value: 'rate', needs: 'trial.escape', of: ofEscape },
  escapeStep: { value: 'steps', needs: 'trial.escape', of: ofEscape },
  cost: { value: 'steps', named: true, near: 'mark', needs: 'trial.marks', of: ({ marks }) => marks },
  /** The request names observed values, not the events of the trial (`observedNames`). */
  observe: { value: 'mean', named: true, needs: 'observe', of: () => [] },
  /** A spec requests `joint`; results name each combination that occurred, such as `joint:escaped,converged,left`. */
  joint: { value: 'together', named: 'in results', of: whenever },
} as const satisfies Readonly<Record<string, Kind>>

export type EstimateKind = keyof typeof estimateKinds
export type EventKind = {
  [K in EstimateKind]: (typeof estimateKinds)[K]['value'] extends 'event' ? K : never
}[EstimateKind]

export const kindOf = (kind: EstimateKind): Kind => estimateKinds[kind]

export function eventNamesOf({ escape, converge, quench, minima, classify, marks }: Trial): EventNames {
  const names = (pairs: readonly (readonly [string, ...unknown[]])[]) => pairs.map(([name]) => name)
  return {
    escapes: escape !== null,
    exits: escape?.kind === 'exits' ? names(escape.exits).filter((name) => name !== '') : [],
    converges: converge !== null,
    settles: converge !== null || quench !== null,
    minima: names(minima),
    classes: names(classify),
    marks: names(marks),
  }
}
