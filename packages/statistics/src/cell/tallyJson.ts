import {
  type ExactSum,
  histogramWidths,
  type Observed,
  type ObservedTally,
  type RecordLayout,
  type Tally,
  zeroTally,
} from '@driftfarm/kernel'
import { type Demand, observedKeys, talliedHorizons } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'

type Json<T> = T extends bigint ? string : T extends object ? { readonly [Key in keyof T]: Json<T[Key]> } : T

/** A tally as plain JSON. Integers that can exceed 2^53 are decimal strings. */
export type TallyJson = Json<Tally>

export const tallyToJson = (tally: Tally): TallyJson => withDecimals(tally) as TallyJson

function withDecimals(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(withDecimals)
  if (typeof value !== 'object' || value === null) return value
  const found: Record<string, unknown> = {}
  for (const key in value) found[key] = withDecimals((value as Fields)[key])
  return found
}

/** Reads a tally from JSON, without rounding. Throws a StatisticsError if the JSON cannot be a tally of this layout. */
export function tallyFromJson({ observed, ...json }: TallyJson, layout: RecordLayout): Tally {
  const { trials, ends, joint, values, unreached } = json
  if ((values === undefined) !== (layout.valued === undefined))
    throw refuse(
      'values',
      JSON.stringify(values),
      layout.valued === undefined
        ? 'remove `values`, which only cells with splitting or tilt have'
        : `add \`values\`, which this cell computes from its ${layout.valued}`,
    )
  const zero = zeroTally(layout, [0])
  const [horizon] = zero.horizons
  const like = {
    ...zero,
    horizons: json.horizons.map(() => horizon),
    ...(unreached !== undefined && { unreached: 0 }),
  }
  const tally = readAs(like, json, '') as Tally
  requireSum('ends', ends, ends, trials)
  if (joint !== undefined) {
    const places = 8 * (layout.minima.length + 2)
    if (joint.some(([place]) => place >= places))
      throw refuse('joint', JSON.stringify(joint), `the first number of each pair must be below ${places}`)
    const counts = joint.map(([, times]) => times)
    requireSum('joint', joint, counts, trials)
  }
  return observed === undefined ? tally : { ...tally, observed: observedFrom(observed) }
}

function observedFrom(json: NonNullable<TallyJson['observed']>): Observed {
  const sumOf = ([digits, exponent]: Json<ExactSum>): ExactSum => [integerOf('sum', digits, /^-?\d+$/), exponent]
  const tallyOf = (each: Json<ObservedTally>): ObservedTally => ({
    ...each,
    sum: sumOf(each.sum),
    squares: sumOf(each.squares),
  })
  return Object.fromEntries(Object.entries(json).map(([key, points]) => [key, points.map(tallyOf)]))
}

/** Whether a stored tally has all horizons and values that a request needs. If not, the trials must be recomputed. */
export function suffices(
  { horizons, observed = {} }: TallyJson,
  demand: Pick<Demand, 'horizons' | 'rateAfter' | 'observe'>,
): boolean {
  return (
    talliedHorizons(demand).every((horizon) => horizons.some((each) => each.horizon === horizon)) &&
    observedKeys(demand.observe).every((key) => Object.hasOwn(observed, key))
  )
}

/** A tally without the horizons and the observed values that a request does not need. It must suffice (see above). */
export function requestedPart(
  { observed = {}, ...tally }: Tally,
  { observe, ...demand }: Pick<Demand, 'horizons' | 'rateAfter' | 'observe'>,
): Tally {
  const wanted = talliedHorizons(demand)
  const keys = observedKeys(observe)
  return {
    ...tally,
    horizons: tally.horizons.filter(({ horizon }) => wanted.includes(horizon)),
    ...(keys.length > 0 && { observed: Object.fromEntries(keys.map((key) => [key, observed[key]!])) }),
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Reads JSON of the form of `like`: the same keys, lists of the same lengths, and the same kinds of numbers. */
function readAs(like: unknown, json: unknown, field: string): unknown {
  if (typeof like === 'number') return countOf(field, json)
  if (typeof like === 'bigint') return integerOf(field, json, /^\d+$/)
  const width = histogramWidths[field]
  if (width !== undefined) return histogramOf(field, json as readonly (readonly unknown[])[], width)
  if (Array.isArray(like)) {
    if (!Array.isArray(json) || json.length !== like.length)
      throw refuse(field, JSON.stringify(json), `the length must be ${like.length} for this cell`)
    return like.map((each, at) => readAs(each, json[at], field))
  }
  const found: Record<string, unknown> = {}
  for (const key in like as Fields) found[key] = readAs((like as Fields)[key], (json as Fields | undefined)?.[key], key)
  return found
}

function histogramOf(field: string, entries: readonly (readonly unknown[])[], width: number) {
  return entries.map((entry, at) => {
    if (at > 0 && (entries[at - 1]![0] as number) >= (entry[0] as number))
      throw refuse(field, JSON.stringify(entries), 'bins must be in ascending order')
    const counts = [countOf(field, entry[0]), countOf(field, entry[1])]
    return width === 2 ? counts : [...counts, integerOf(field, entry[2], /^-?\d+$/)]
  })
}

function countOf(field: string, value: unknown): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0)
    throw refuse(field, String(value), 'counts must be integers, 0 or greater')
  return value as number
}

function integerOf(field: string, text: unknown, form: RegExp): bigint {
  if (typeof text !== 'string' || !form.test(text))
    throw refuse(field, String(text), 'it must be an integer, 0 or greater, as a decimal string')
  return BigInt(text)
}

function requireSum(field: string, found: unknown, counts: readonly number[], trials: number): void {
  if (counts.reduce((sum, each) => sum + each, 0) !== trials)
    throw refuse(field, JSON.stringify(found), `the counts must add up to ${trials} trials`)
}

function refuse(field: string, found: string, hint: string): StatisticsError {
  return new StatisticsError('TALLY', `${field} = ${found}`, hint)
}
