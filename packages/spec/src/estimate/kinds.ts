import type { Trial } from '../cell.ts'

/** The names that the events of a trial give to estimates, each list in the order of results. */
export interface EventNames {
  readonly escapes: boolean
  /** Exits with a name of their own. */
  readonly exits: readonly string[]
  readonly converges: boolean
  /** Whether trials settle, by convergence or by a quench. */
  readonly settles: boolean
  readonly minima: readonly string[]
  readonly classes: readonly string[]
  readonly marks: readonly string[]
}

interface Kind {
  /**
   * What the number is. event: the probability of what each trial has or has not, so that two cells can be compared, a
   * cell stopped and its trials counted by it; together: probabilities of several events at once, all that occurred.
   */
  readonly value: 'event' | 'rate' | 'steps' | 'together'
  /** Whether a name stands after a colon: `exit:upper`; of `joint` it does in results alone. */
  readonly named: boolean | 'in results'
  /** It happens at a step, so that it can be asked at a shorter horizon too: `escape@100`. */
  readonly timed: boolean
  /** It is an escape, by any exit or by one: splitting and tilt tell these alone. */
  readonly escapes?: true
  /** The kind of the probability that is of the same event, where a reader may have meant that. */
  readonly near?: 'mark'
  /** What a spec needs for it; null: it is always there. */
  readonly needs: string | null
  /** Which of them there are, by what stands after the colon: `upper` for `exit:upper`; '' has no colon. */
  readonly of: (events: EventNames) => readonly string[]
}

const one = (there: boolean): readonly string[] => (there ? [''] : [])
const withOther = (names: readonly string[]): readonly string[] => (names.length === 0 ? [] : [...names, 'other'])

/** The kinds of estimate, in the order of results. */
export const estimateKinds = {
  escape: {
    value: 'event',
    named: false,
    timed: true,
    escapes: true,
    needs: 'trial.escape',
    of: ({ escapes }) => one(escapes),
  },
  exit: {
    value: 'event',
    named: true,
    timed: true,
    escapes: true,
    needs: 'trial.escape with names for its exits',
    of: ({ exits }) => exits,
  },
  converge: {
    value: 'event',
    named: false,
    timed: true,
    needs: 'trial.converge',
    of: ({ converges }) => one(converges),
  },
  diverge: { value: 'event', named: false, timed: true, needs: null, of: () => one(true) },
  stay: { value: 'event', named: false, timed: true, needs: 'trial.escape', of: ({ escapes }) => one(escapes) },
  settle: {
    value: 'event',
    named: true,
    timed: false,
    needs: 'trial.converge or trial.quench, and named minima',
    // Without named minima every trial that settles is "other", which says nothing new.
    of: ({ settles, minima }) => (settles ? withOther(minima) : []),
  },
  class: {
    value: 'event',
    named: true,
    timed: false,
    needs: 'trial.classify',
    of: ({ classes }) => withOther(classes),
  },
  mark: { value: 'event', named: true, timed: true, needs: 'trial.marks', of: ({ marks }) => marks },
  escapeRate: { value: 'rate', named: false, timed: false, needs: 'trial.escape', of: ({ escapes }) => one(escapes) },
  escapeStep: { value: 'steps', named: false, timed: false, needs: 'trial.escape', of: ({ escapes }) => one(escapes) },
  cost: { value: 'steps', named: true, timed: false, near: 'mark', needs: 'trial.marks', of: ({ marks }) => marks },
  /** Asked for by this one word; results name what occurred: `joint:escaped,converged,left`. */
  joint: { value: 'together', named: 'in results', timed: false, needs: null, of: () => one(true) },
} as const satisfies Readonly<Record<string, Kind>>

export type EstimateKind = keyof typeof estimateKinds
export type EventKind = {
  [K in EstimateKind]: (typeof estimateKinds)[K]['value'] extends 'event' ? K : never
}[EstimateKind]

export const kindOf = (kind: EstimateKind): Kind => estimateKinds[kind]

export function eventNamesOf({ escape, converge, quench, minima, classify, marks }: Trial): EventNames {
  const names = (pairs: readonly (readonly [string, unknown])[]) => pairs.map(([name]) => name)
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
