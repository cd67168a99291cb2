import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { Demand } from '@driftfarm/spec'
import { type Asked, type Guard, guardOf } from '../stopping/guard.ts'
import type { How } from '../stopping/how.ts'
import { cost } from './cost.ts'
import { countOf, tells } from './count.ts'
import { costNames, type Events, escapeLabel, horizonNames, probabilityNames } from './defined.ts'
import { escapeRate } from './escapeRate.ts'
import { escapeStep } from './escapeStep.ts'
import type { Estimate } from './estimate.ts'
import { jointNames } from './joint.ts'
import { probability } from './probability.ts'
import { undecidedOf } from './undecided.ts'
import { valuedEstimate, valuedNames } from './valued.ts'

/**
 * All estimates that a demand asks of a tally, by name, each with an interval that is right for how its trials came
 * to be as many as they are. Without trials there are none. An estimate that the tally cannot tell is left out: for want
 * of its horizon, or because it was stored before what it needs was counted (`suffices`).
 *
 *     estimatesOf(tally, layout, demand, { kind: 'fixed' }).escape
 *     // { value: 0.0012, low: 0.0006..., high: 0.0020..., confidence: 0.95, method: 'clopper-pearson', events: 12 }
 */
export function estimatesOf(
  tally: Tally,
  layout: RecordLayout,
  demand: Asked & Pick<Demand, 'estimates' | 'horizons' | 'rateAfter'>,
  how: How,
): Record<string, Estimate> {
  if (tally.trials === 0) return {}
  const guard = guardOf(demand, how, tally)
  const horizons = demand.horizons.filter((horizon) => tally.horizons.some((each) => each.horizon === horizon))
  const estimates: Record<string, Estimate> = {}
  if (layout.valued) {
    for (const name of valuedNames(layout).filter((each) => demand.estimates?.includes(each) ?? true)) {
      const estimate = valuedEstimate(name, tally, layout, guard, how.original)
      if (estimate !== null) estimates[name] = labelled(name, estimate, how.trial)
    }
    return estimates
  }
  for (const name of namesAsked(layout, demand.estimates, horizons, how.trial)) {
    if (name === 'joint') Object.assign(estimates, jointEstimates(tally, layout, guard))
    else {
      const estimate = estimateOf(name, tally, layout, guard, how.trial, demand.rateAfter, how.samples)
      if (estimate !== null) estimates[name] = estimate
    }
  }
  return estimates
}

/** One estimate by name; null where the tally cannot tell it. */
export function estimateOf(
  name: string,
  tally: Tally,
  layout: RecordLayout,
  guard: Guard,
  events?: Events,
  rateAfter = 0,
  samples = 1,
): Estimate | null {
  if (name.startsWith('cost:')) return cost(name.slice('cost:'.length), tally, layout, guard, samples)
  const estimate =
    name === 'escapeRate'
      ? escapeRate(tally, layout, guard, events, rateAfter)
      : name === 'escapeStep'
        ? escapeStep(tally, layout, guard)
        : tells(name, tally)
          ? probability(name, countOf(name, tally, layout), tally.trials, guard, undecidedOf(name, tally, events))
          : null
  return estimate === null ? null : labelled(name, estimate, events)
}

function labelled(name: string, estimate: Estimate, events: Events | undefined): Estimate {
  if (events === undefined || !/^(escape|exit:)/.test(name)) return estimate
  return { ...estimate, event: escapeLabel(events) }
}

/** Of all combinations of escape, end and settling that occurred. */
function jointEstimates({ joint = [], trials }: Tally, layout: RecordLayout, guard: Guard): Record<string, Estimate> {
  const names = jointNames(layout)
  const named = joint.map(([place, count]) => [names[place]!, count] as const)
  return Object.fromEntries(named.map(([name, count]) => [name, probability(name, count, trials, guard)]))
}

function namesAsked(
  layout: RecordLayout,
  asked: readonly string[] | null,
  horizons: readonly number[],
  events?: Events,
): string[] {
  const times = layout.exits.length > 0 ? ['escapeRate', 'escapeStep'] : []
  if (asked === null) {
    const names = probabilityNames(layout, events)
    return [...names, ...horizonNames(names, horizons), ...times, ...costNames(layout)]
  }
  const atFullHorizon = asked.filter((name) => !name.includes('@'))
  const atHorizons = horizonNames(atFullHorizon, horizons)
  const explicit = asked.filter((name) => name.includes('@') && horizons.some((each) => name.endsWith(`@${each}`)))
  return [...new Set([...atFullHorizon, ...explicit, ...atHorizons])]
}
