import type { Trial } from '../cell.ts'

/** Names of the probabilities that the events of a trial define, in the order of results. */
export function probabilitiesOf(trial: Trial): string[] {
  const { converge, minima, classify, marks } = trial
  const exits =
    trial.escape?.kind === 'exits' ? trial.escape.exits.map(([name]) => name).filter((name) => name !== '') : []
  return [
    ...(trial.escape === null ? [] : ['escape']),
    ...(converge === null ? [] : ['converge']),
    'diverge',
    ...exits.map((name) => `exit:${name}`),
    ...(converge === null ? [] : [...minima.map(([name]) => name), 'other'].map((name) => `settle:${name}`)),
    ...(classify.length === 0 ? [] : [...classify.map(([name]) => name), 'other'].map((name) => `class:${name}`)),
    ...marks.map(([name]) => `mark:${name}`),
  ]
}

/** All estimates that can be asked of a trial. */
export function estimatesOf(trial: Trial): string[] {
  return [...probabilitiesOf(trial), ...(trial.escape === null ? [] : ['escapeRate', 'escapeStep'])]
}
