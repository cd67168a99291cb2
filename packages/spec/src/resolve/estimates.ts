import type { Trial } from '../cell.ts'

/** Names of the probabilities that the events of a trial define, in the order of results. */
export function probabilitiesOf(trial: Trial): string[] {
  const { escape, converge, quench, minima, classify, marks } = trial
  const exits = escape?.kind === 'exits' ? escape.exits.map(([name]) => name).filter((name) => name !== '') : []
  const settles = minima.length > 0 && (converge !== null || quench !== null)
  return [
    ...(escape === null ? [] : ['escape']),
    ...exits.map((name) => `exit:${name}`),
    ...(converge === null ? [] : ['converge']),
    'diverge',
    ...(escape === null ? [] : ['stay']),
    ...(settles ? [...minima.map(([name]) => name), 'other'].map((name) => `settle:${name}`) : []),
    ...(classify.length === 0 ? [] : [...classify.map(([name]) => name), 'other'].map((name) => `class:${name}`)),
    ...marks.map(([name]) => `mark:${name}`),
  ]
}

/** All estimates that can be asked of a trial; those that have a step also at each of the horizons: `escape@100`. */
export function estimatesOf(trial: Trial, horizons: readonly number[]): string[] {
  const probabilities = probabilitiesOf(trial)
  const timed = probabilities.filter((name) => !/^(settle|class):/.test(name))
  return [
    ...probabilities,
    ...(trial.escape === null ? [] : ['escapeRate', 'escapeStep']),
    ...trial.marks.map(([name]) => `cost:${name}`),
    'joint',
    ...horizons.flatMap((horizon) => timed.map((name) => `${name}@${horizon}`)),
  ]
}
