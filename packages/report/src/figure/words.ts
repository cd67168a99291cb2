import { type EstimateKind, parseEstimate } from '@driftfarm/spec'
import type { Estimate } from '@driftfarm/statistics'
import type { Params, SweptAxis } from '../axes/sweptAxes.ts'
import { type SweepSummary, unitsOf } from '../document/fields.ts'
import type { Doubt } from '../document/findings.ts'
import { countText, estimateText, grouped, methodText, parameterText, short } from '../format/quantity.ts'
import { texts } from '../format/text.ts'
import type { Point } from './figure.ts'

export function quantityOf(text: string) {
  const name = parseEstimate(text)
  if (name === null) return { label: text, isShare: false }
  const until = name.horizon === null ? '' : ` by step ${grouped(name.horizon)}`
  const label = labels[name.kind]?.(name.name)
  if (label !== undefined) return { label, isShare: false }
  return { label: `P(${name.kind}${name.name === '' ? '' : ` ${name.name}`}${until})`, isShare: true }
}

/** The estimates that are not probabilities. */
const labels: Readonly<Partial<Record<EstimateKind, (name: string) => string>>> = {
  escapeRate: () => 'escape rate (per step at risk)',
  escapeStep: () => 'mean of min(escape step, horizon) (steps)',
  cost: (name) => `cost of ${name} (steps)`,
  observe: (name) => `mean of ${name}`,
}

/** Says which expression an observed value has. `of` is the name of an estimate. */
export function expressionSentence(of: string | null, { observe }: Pick<SweepSummary, 'observe'>, where = '') {
  const name = of?.match(/^observe:([^@]+)/)?.[1] ?? ''
  return observe?.[name] !== undefined && `${name}${where} is the value of ${observe[name]}.`
}

export function intervalsSentence(estimates: readonly Estimate[]): string[] {
  const methods = [...new Set(estimates.map((each) => methodText(each)))]
  if (methods.length === 0) return []
  const isAlone = methods.length === 1 && estimates.every(({ simultaneous }) => simultaneous === undefined)
  return [`Intervals: ${methods.join(' or ')}${isAlone ? ', each valid on its own (not simultaneously)' : ''}.`]
}

/**
 * The only limit that the trials determine: `upper` if no trial had the event, `lower` if every trial had it. Null if
 * the trials determine both limits.
 */
export function oneSidedLimit({ value, events }: Estimate, isShare: boolean): Point['limit'] {
  if (events === 0 && value === 0) return 'upper'
  return isShare && value === 1 ? 'lower' : null
}

/** For example `eta 0.1, rule adam`. */
export const placeText = (axes: readonly SweptAxis[], params: Params): string =>
  axes.map((axis) => `${axis.title} ${axis.textOf(axis.placeOf(params) ?? 'none')}`).join(', ')

/** For example `cell 7 · eta 0.1, rule adam`. */
export const cellText = (
  axes: readonly SweptAxis[],
  { index, params }: { readonly index: number; readonly params: Params },
) => [`cell ${index}`, placeText(axes, params)].filter((text) => text !== '').join(' · ')

/** Shown when the pointer is on the cell. */
export function pointText(cell: string, label: string, estimate: Estimate, trials: number | string) {
  const counts =
    (estimate.replicas ?? estimate.weights) === undefined
      ? `${shortCount(estimate.events, 'event')} in ${shortCount(BigInt(trials), 'trial')}`
      : // A replica is an event as soon as one of its particles escapes, and a tilt makes events frequent.
        `${short(BigInt(trials))} ${unitsOf(estimate.replicas === undefined ? 'tilt' : 'splitting')}`
  return `${cell} · ${label} ${parameterText(estimate).join(' ')} · ${counts}`
}

function shortCount(count: number | bigint, noun: string): string {
  const text = short(count)
  return `${text} ${noun}${text === '1' ? '' : 's'}`
}

/** A figure draws an unbounded interval to its frame. */
export function unboundedSentence(points: readonly Pick<Point, 'low' | 'high'>[]): string | false {
  const count = points.filter(({ low, high }) => low === null || high === null).length
  const bars = 'the bars run to the frame, or are missing if both limits are infinite'
  return count > 0 && `Unbounded intervals (${count} of ${points.length}): ${bars}.`
}

export function doubtSentences(all: readonly { readonly doubt: Doubt }[], marks: 'points' | 'signs'): string[] {
  const told = (doubt: Doubt, text: string) => {
    const count = all.filter((each) => each.doubt === doubt).length
    return count > 0 && `${text} (${count} of ${countText(all.length, 'cell')}).`
  }
  const [wrong, doubtful] = marks === 'points' ? ['Crossed out', 'Hollow'] : ['!', '?']
  return texts(
    told('wrong', `${wrong}: the estimate does not measure what was requested`),
    told('doubtful', `${doubtful}: the estimate may be misleading`),
  )
}

/** What the trials tell where no trial, or every trial, had the event. */
export function limitSentences(
  all: readonly Pick<Point, 'low' | 'high' | 'limit'>[],
  marks: 'arrows' | 'signs',
): string[] {
  const is = (direction: string, which: string): string =>
    marks === 'arrows' ? `${direction} arrow marks ${which} limit` : `Only ${which} limit is known`
  const told = (limit: Point['limit'], text: string) => {
    const found = all.filter((each) => each.limit === limit && each.low !== null && each.high !== null)
    const intervals = found.map(({ low, high }) => estimateText({ value: low!, low: low!, high: high! }).interval)
    const ends = [...new Set([intervals[0], intervals.at(-1)])]
    return found.length > 0 && `${text}: ${countText(found.length, 'cell')}, ${ends.join(' .. ')}.`
  }
  return texts(
    told('upper', `${is('A downward', 'an upper')}, because no event was observed`),
    told('lower', `${is('An upward', 'a lower')}, because every trial had the event`),
  )
}
