import type { RecordLayout, Tally } from '@driftfarm/kernel'
import {
  atHorizons,
  type Demand,
  type EstimateKind,
  observedNames,
  otherNames,
  parseEstimate,
  probabilityNames,
} from '@driftfarm/spec'
import { jointNames } from '../estimate/joint.ts'
import { estimate as entries } from '../estimate.generated.ts'
import type { Estimate } from '../evidence/estimate.ts'
import { noSuchEstimate } from '../evidence/event.ts'
import { type EstimateEntry, type Events, type Evidence, escapeLabel, eventNamesIn } from '../evidence/evidence.ts'
import { guardOf, type IntervalRequest, type SampleSizeChoice } from './guard.ts'
import { valued, valuedNames } from './valued.ts'

const estimates: Readonly<Record<EstimateKind, EstimateEntry>> = entries

/** How estimates of this kind are made from counts. */
export const entryOfKind = (kind: EstimateKind): EstimateEntry => estimates[kind]

/** Returns an explanation of an estimate of this kind; undefined if the name explains itself. */
export const meaningOf = (kind: EstimateKind): string | undefined => estimates[kind].meaning

function entryOf(text: string, layout: RecordLayout) {
  const name = parseEstimate(text)
  if (name === null) throw noSuchEstimate(text)
  return { name, entry: layout.valued ? valued : estimates[name.kind] }
}

/**
 * Returns the requested estimates by name, with intervals that allow for how the number of trials was chosen. Empty if
 * there are no trials. An estimate is left out if the tally lacks its horizon.
 *
 *     estimatesOf(tally, layout, request, { kind: 'fixed' }).escape
 *     // { value: 0.0012, low: 0.0006..., high: 0.0020..., confidence: 0.95, method: 'clopper-pearson', events: 12 }
 */
export function estimatesOf(
  tally: Tally,
  layout: RecordLayout,
  demand: IntervalRequest & Pick<Demand, 'estimates' | 'horizons' | 'rateAfter' | 'observe'>,
  choice: SampleSizeChoice,
): Record<string, Estimate> {
  if (tally.trials === 0) return {}
  const { trial, samples, original } = choice
  const { estimates: asked, rateAfter, observe } = demand
  const evidence = {
    tally,
    layout,
    guard: guardOf(demand, choice, tally),
    trial,
    rateAfter,
    observe,
    samples,
    original,
  }
  const horizons = demand.horizons.filter((horizon) => tally.horizons.some((each) => each.horizon === horizon))
  const found: Record<string, Estimate> = {}
  for (const text of namesOfEstimates(layout, { estimates: asked, horizons, observe }, trial)) {
    const known = entryOf(text, layout)
    if (known.entry.makeAll !== undefined && known.name.name === '') Object.assign(found, known.entry.makeAll(evidence))
    else {
      const estimate = madeBy(known, evidence)
      if (estimate !== null) found[text] = estimate
    }
  }
  return found
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

/**
 * The names of the requested estimates, before any trial has run. `joint` stands for all combinations of events, since
 * only combinations that occurred get names.
 */
export function namesOfEstimates(
  layout: RecordLayout,
  {
    estimates,
    horizons,
    observe,
  }: Pick<Demand, 'estimates' | 'horizons'> & { readonly observe?: Demand['observe'] | undefined },
  trial?: Events,
): readonly string[] {
  if (layout.valued) return valuedNames(layout).filter((each) => estimates?.includes(each) ?? true)
  const names = estimates === null ? defaultNames(layout, horizons, trial) : requestedNames(estimates, horizons)
  // Whoever writes `observe` wants its means, whatever `estimates` lists.
  return observe === undefined ? names : [...new Set([...names, ...observedNames(observe)])]
}

/** `escape` also requests `escape@N` for every horizon N. A requested `escape@N` is left out if N is not a horizon. */
function requestedNames(requested: readonly string[], horizons: readonly number[]): string[] {
  const horizonOf = (name: string) => parseEstimate(name)?.horizon ?? null
  const whole = requested.filter((name) => horizonOf(name) === null)
  const explicit = requested.filter((name) => horizons.some((each) => each === horizonOf(name)))
  return [...new Set([...whole, ...explicit, ...atHorizons(whole, horizons)])]
}

/** Cached, because most cells of a sweep have the same estimates. */
let latest: { readonly key: string; readonly names: readonly string[] } | null = null

/** Returns the names of the estimates that are computed if the spec does not name any. */
function defaultNames(layout: RecordLayout, horizons: readonly number[], of?: Events): readonly string[] {
  const events = eventNamesIn(layout, of)
  const key = JSON.stringify([events, horizons])
  if (latest?.key !== key) {
    const probabilities = probabilityNames(events)
    latest = { key, names: [...probabilities, ...atHorizons(probabilities, horizons), ...otherNames(events)] }
  }
  return latest.names
}

/** All estimates in the order of documents: those of `defaultNames`, observed values, then combinations of events. */
export function orderOfEstimates(
  layout: RecordLayout,
  { horizons, observe }: Pick<Demand, 'horizons' | 'observe'>,
): string[] {
  return [...defaultNames(layout, horizons), ...observedNames(observe), ...jointNames(layout)]
}
