import type { Model } from '../model/model.ts'
import type { ObservedPlan, Watch } from '../model/observed.ts'
import type { OnStep } from './trial.ts'

/** Returns a function that stores the observed values of a trial in `values` while the trial runs. */
export function observer(model: Model, { watches }: ObservedPlan, values: Float64Array): OnStep {
  const marks = model.cell.trial.marks.map(([name]) => `mark:${name}`)
  const placeOf = ({ kind, argument, at }: Watch, n: number, events: readonly string[]): number | null => {
    if (kind === 'step') return n === argument ? at : null
    if (kind === 'every') return n % argument === 0 ? at + n / argument : null
    const word = kind === 'mark' ? marks[argument]! : kind
    const happens = events.some((event) => event === word || (kind !== 'mark' && event.startsWith(`${word}:`)))
    return happens ? at : null
  }
  return (n, landscape, events) => {
    for (const watch of watches) {
      const place = placeOf(watch, n, events)
      // -0 is stored as 0, as in records.
      if (place !== null) values[place] = landscape.valueOf(model.observed[watch.value]!) + 0
    }
  }
}
