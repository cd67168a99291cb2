import type { RecordLayout, Tally } from '@driftfarm/kernel'
import { atHorizons, type Demand, parseEstimate } from '@driftfarm/spec'
import { guardOf, type IntervalRequest } from '../stopping/guard.ts'
import type { SampleSizeChoice } from '../stopping/sampleSizeChoice.ts'
import { type Events, escapeLabel } from './defined.ts'
import type { Estimate } from './estimate.ts'
import type { Evidence } from './evidence.ts'
import { estimateNames } from './order.ts'
import { entryOf } from './registry.ts'
import { valuedNames } from './valued.ts'

/**
 * Returns the requested estimates by name, with intervals that allow for how the number of trials was chosen. Empty if
 * there are no trials. An estimate is left out if the tally lacks its horizon or its counts (`suffices`).
 *
 *     estimatesOf(tally, layout, request, { kind: 'fixed' }).escape
 *     // { value: 0.0012, low: 0.0006..., high: 0.0020..., confidence: 0.95, method: 'clopper-pearson', events: 12 }
 */
export function estimatesOf(
  tally: Tally,
  layout: RecordLayout,
  demand: IntervalRequest & Pick<Demand, 'estimates' | 'horizons' | 'rateAfter'>,
  choice: SampleSizeChoice,
): Record<string, Estimate> {
  if (tally.trials === 0) return {}
  const { trial, samples, original } = choice
  const { estimates: asked, rateAfter } = demand
  const evidence = { tally, layout, guard: guardOf(demand, choice, tally), trial, rateAfter, samples, original }
  const horizons = demand.horizons.filter((horizon) => tally.horizons.some((each) => each.horizon === horizon))
  const names = namesOf(layout, { estimates: asked, horizons }, trial)
  const estimates: Record<string, Estimate> = {}
  for (const text of names) {
    const known = entryOf(text, layout)
    const { name, entry } = known
    if (entry.makeAll !== undefined && name.name === '') Object.assign(estimates, entry.makeAll(evidence))
    else {
      const estimate = madeBy(known, evidence)
      if (estimate !== null) estimates[text] = estimate
    }
  }
  return estimates
}

/**
 * The names of the requested estimates, before any trial has run. `joint` stands for all combinations of events, since
 * only combinations that occurred get names.
 */
export function namesOf(
  layout: RecordLayout,
  { estimates, horizons }: Pick<Demand, 'estimates' | 'horizons'>,
  trial?: Events,
): readonly string[] {
  if (layout.valued) return valuedNames(layout).filter((each) => estimates?.includes(each) ?? true)
  return estimates === null ? estimateNames(layout, horizons, trial) : requestedNames(estimates, horizons)
}

export function estimateOf(text: string, evidence: Evidence): Estimate | null {
  return madeBy(entryOf(text, evidence.layout), evidence)
}

function madeBy({ name, entry }: ReturnType<typeof entryOf>, evidence: Evidence): Estimate | null {
  const estimate = entry.make(name, evidence)
  const { trial } = evidence
  return estimate !== null && entry.saysWhichEscape && trial !== undefined
    ? Object.assign(estimate, { event: escapeLabel(trial) })
    : estimate
}

/** `escape` also requests `escape@N` for every horizon N. A requested `escape@N` is left out if N is not a horizon. */
function requestedNames(requested: readonly string[], horizons: readonly number[]): string[] {
  const horizonOf = (name: string) => parseEstimate(name)?.horizon ?? null
  const whole = requested.filter((name) => horizonOf(name) === null)
  const explicit = requested.filter((name) => horizons.some((each) => each === horizonOf(name)))
  return [...new Set([...whole, ...explicit, ...atHorizons(whole, horizons)])]
}
