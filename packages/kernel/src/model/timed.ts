import type { Trial } from '@driftfarm/spec'

/**
 * A condition with `every`. The code of a step does not evaluate it. Conditions with equal `every` are evaluated
 * together, as one group.
 */
export interface TimedCondition {
  readonly kind: 'exit' | 'mark' | 'converge' | 'class'
  /** Index among the exits, marks or classes of the trial. */
  readonly index: number
  readonly group: number
}

/** All conditions with `every`; the classes come last. */
export function timedConditions(trial: Trial): readonly TimedCondition[] {
  const every = everyValues(trial)
  return written(trial).map(({ kind, index, every: steps }) => ({ kind, index, group: every.indexOf(steps) }))
}

/** The value of `every` of each group. */
export function everyValues(trial: Trial): readonly number[] {
  return [...new Set(written(trial).map(({ every }) => every))]
}

function written({ escape, marks, converge, classify }: Trial) {
  const list = (
    kind: TimedCondition['kind'],
    conditions: readonly (readonly [string, string, (number | undefined)?])[],
  ) => conditions.flatMap(([, , every], index) => (every === undefined ? [] : [{ kind, index, every }]))
  return [
    ...list('exit', escape?.kind === 'exits' ? escape.exits : []),
    ...list('mark', marks),
    ...list('converge', converge?.kind === 'when' ? [['', converge.when, converge.every]] : []),
    ...list('class', classify),
  ]
}
