import { type EstimateKind, type EventNames, estimateKinds, kindOf } from './kinds.ts'
import { parseEstimate, printEstimate } from './name.ts'

const kinds = Object.keys(estimateKinds) as EstimateKind[]
const isOfEvent = (kind: EstimateKind): boolean => kindOf(kind).value === 'event'

function namesOf(events: EventNames, some: readonly EstimateKind[]): string[] {
  return some.flatMap((kind) =>
    kindOf(kind)
      .of(events)
      .map((name) => printEstimate({ kind, name })),
  )
}

/** Names of probabilities, in the order of results. */
export function probabilityNames(events: EventNames): string[] {
  return namesOf(events, kinds.filter(isOfEvent))
}

/** Names of rates, times and costs, in the order of results. */
export function otherNames(events: EventNames): string[] {
  return namesOf(
    events,
    kinds.filter((kind) => !isOfEvent(kind) && kindOf(kind).value !== 'together'),
  )
}

/**
 * Returns the names of the estimates at shorter horizons, such as `escape@100`. They are made from the names in `names`
 * whose event happens at a particular step, with each of `horizons`.
 */
export function atHorizons(names: readonly string[], horizons: readonly number[]): string[] {
  if (horizons.length === 0) return []
  const timed = names.flatMap((text) => {
    const parsed = parseEstimate(text)
    return parsed !== null && parsed.horizon === null && kindOf(parsed.kind).timed ? [parsed] : []
  })
  return horizons.flatMap((horizon) => timed.map((name) => printEstimate({ ...name, horizon })))
}

export function estimateNames(events: EventNames, horizons: readonly number[]): string[] {
  return [...namesOf(events, kinds), ...atHorizons(probabilityNames(events), horizons)]
}
