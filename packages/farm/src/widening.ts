import type { Extension } from '@driftfarm/database'
import type { Demand } from '@driftfarm/spec'
import { wideningOf } from '@driftfarm/statistics'

/** How asking for more or fewer trials, or for another stop rule, after a look affects the intervals, in lines. */
export function wideningLines({ already, more, cells, example, methods }: Extension, next: Demand): readonly string[] {
  const change = more ? 'more trials are asked for' : 'another end is asked for'
  const head = already
    ? 'intervals stay those that hold at any number of trials, since their number was chosen after a look'
    : `${change} after a look at the first: intervals will be those that hold at any number of trials`
  if (!methods.includes('direct') || example === null || next.trials === null) return [`${head}; they are wider`]
  const { index, trials, escape } = example
  const simultaneous = next.simultaneous ? cells : 1
  const { anytime, fixed } = wideningOf(
    { events: escape.events, counted: trials },
    next.trials,
    next.confidence,
    simultaneous,
  )
  const width = ({ low, high }: { readonly low: number; readonly high: number }) => Number((high - low).toPrecision(2))
  return [
    `${head} (beta-binomial)`,
    `  cell ${index}: escape ${Number(escape.value.toPrecision(3))} has a width of ${width(escape)} at ${trials} ` +
      `trials; at ${next.trials} it will be about ${width(anytime)}, and ${width(fixed)} had so many been asked ` +
      'for at first',
  ]
}
