import type { Trial } from '@driftfarm/spec'

export type ConditionKind = 'exit' | 'mark' | 'converge' | 'class'
export type ByKind<Each> = Readonly<Record<ConditionKind, readonly Each[]>>

/** A condition of a trial that is an expression. */
export interface TrialCondition {
  readonly kind: ConditionKind
  /** Index among the conditions of its kind. */
  readonly index: number
  /** Null without `every`: a step evaluates the condition, or the end of the trial if it is a class. */
  readonly timed: Timed | null
}

/** The code of a step does not evaluate a condition with `every`. Those with equal `every` form a group. */
export interface Timed {
  readonly every: number
  readonly group: number
  /** Index among all conditions with `every`; the classes come last. */
  readonly place: number
}

type Written = readonly [name: string, text: string, every?: number | undefined]

/** The conditions of a trial as they are written. */
export function conditionsIn({ escape, marks, converge, classify }: Trial) {
  const groups: number[] = []
  let places = 0
  const timedBy = (every: number | undefined): Timed | null => {
    if (every === undefined) return null
    if (!groups.includes(every)) groups.push(every)
    return { every, group: groups.indexOf(every), place: places++ }
  }
  const list = (kind: ConditionKind, written: readonly Written[]) =>
    written.map(([name, text, every], index) => ({ kind, index, timed: timedBy(every), name, text }))
  return {
    exit: list('exit', escape?.kind === 'exits' ? escape.exits : []),
    mark: list('mark', marks),
    converge: list('converge', converge?.kind === 'when' ? [['', converge.when, converge.every]] : []),
    class: list('class', classify),
  } satisfies ByKind<TrialCondition>
}

export function allOf<Each>(conditions: ByKind<Each>): readonly Each[] {
  return Object.values(conditions).flat()
}

/** The value of `every` of each group. */
export function everyValues(trial: Trial): readonly number[] {
  return [...new Set(allOf(conditionsIn(trial)).flatMap(({ timed }) => timed?.every ?? []))]
}
