import type { Extension } from '@driftfarm/database'
import type { Demand } from '@driftfarm/spec'
import { wideningOf } from '@driftfarm/statistics'

/**
 * Describes how intervals change if another number of trials or another stopping rule is requested after an interim
 * look. Returns lines of text.
 */
export function describeWidening(
  { already, more, cells, example, methods }: Extension,
  next: Demand,
): readonly string[] {
  const change = more ? 'more trials were requested' : 'another number of trials or stopping rule was requested'
  const head = already
    ? 'intervals stay the wider ones that hold at any number of trials, because the number was chosen after an ' +
      'interim look'
    : `${change} after an interim look, so intervals will be the wider ones that hold at any number of trials`
  if (!methods.includes('direct') || example === null || next.trials === null) return [head]
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
    `  cell ${index}: the interval of escape ${Number(escape.value.toPrecision(3))} has width ${width(escape)} at ` +
      `${trials} trials; at ${next.trials} its width will be about ${width(anytime)}. It would be ${width(fixed)} if ` +
      'this number had been requested from the start',
  ]
}
