import type { Extension } from '@driftfarm/database'
import type { Demand } from '@driftfarm/spec'
import { wideningOf } from '@driftfarm/statistics'

/**
 * Describes how the intervals change when another number of trials or another stopping rule is requested after an
 * interim look. Returns lines of text.
 */
export function describeWidening(
  { already, more, cells, example, methods }: Extension,
  next: Demand,
): readonly string[] {
  const change = more ? 'more trials were requested' : 'another number of trials or another stopping rule was requested'
  const head = already
    ? 'the number of trials was chosen after an interim look, so intervals are wider: they hold at any number of trials'
    : `${change} after an interim look, so intervals will be wider: they will hold at any number of trials`
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
    `  cell ${index}: escape is ${Number(escape.value.toPrecision(3))}; the width of its interval is ` +
      `${width(escape)} at ${trials} trials and will be about ${width(anytime)} at ${next.trials} ` +
      `(${width(fixed)} if ${next.trials} had been requested from the start)`,
  ]
}
