import {
  type HorizonTally,
  type MarkSteps,
  namedExits,
  type RecordLayout,
  type Tally,
  type ValueSums,
  type ValueTally,
} from '@driftfarm/kernel'
import { type Demand, talliedHorizons } from '@driftfarm/spec'
import { StatisticsError } from '../error.ts'

type Json<T> = T extends bigint ? string : T extends object ? { readonly [Key in keyof T]: Json<T[Key]> } : T

/** A tally as plain JSON. Numbers that can exceed 2^53 are decimal strings. */
export type TallyJson = Json<Tally>

export function tallyToJson({ horizons, atRisk, markSteps, values, ...tally }: Tally): TallyJson {
  return {
    ...tally,
    ...(values === undefined ? {} : { values: valuesToJson(values) }),
    steps: String(tally.steps),
    escapeSteps: String(tally.escapeSteps),
    escapeStepsSquared: String(tally.escapeStepsSquared),
    horizons: horizons.map(({ atRisk, ...each }) => ({
      ...each,
      ...(atRisk !== undefined && { atRisk: String(atRisk) }),
    })),
    ...(atRisk !== undefined && { atRisk: String(atRisk) }),
    ...(markSteps !== undefined && { markSteps: markSteps.map(written) }),
  }
}

/** Integers that can exceed 2^53, such as the sums of `MarkSteps`. */
type Sums<Key extends string> = Readonly<Record<Key, bigint>>

type SumsJson<Key extends string> = Readonly<Record<Key, string>>

function written<Key extends string>(sums: Sums<Key>): SumsJson<Key> {
  return Object.fromEntries(Object.entries(sums).map(([key, sum]) => [key, String(sum)])) as SumsJson<Key>
}

function read<Key extends string>(sums: SumsJson<Key>, keys: readonly Key[], field?: string): Sums<Key> {
  return Object.fromEntries(keys.map((key) => [key, integer(field ?? key, sums[key])])) as Sums<Key>
}

/** Reads a tally from JSON, without rounding. Throws a StatisticsError if the JSON cannot be a tally of this layout. */
export function tallyFromJson(json: TallyJson, layout: RecordLayout): Tally {
  const trials = count('trials', json.trials)
  const { atRisk, joint, markSteps, unreached } = json
  const tally: Tally = {
    trials,
    ends: counts('ends', json.ends, 4),
    escaped: count('escaped', json.escaped),
    exits: counts('exits', json.exits, layout.exits.length),
    settled: counts('settled', json.settled, layout.minima.length + 1),
    classes: counts('classes', json.classes, layout.classes.length === 0 ? 0 : layout.classes.length + 1),
    marks: counts('marks', json.marks, layout.marks.length),
    steps: integer('steps', json.steps),
    escapeSteps: integer('escapeSteps', json.escapeSteps),
    escapeStepsSquared: integer('escapeStepsSquared', json.escapeStepsSquared),
    escapeHistogram: histogram('escapeHistogram', json.escapeHistogram),
    convergeHistogram: histogram('convergeHistogram', json.convergeHistogram),
    horizons: json.horizons.map((each) => horizonTally(each, layout)),
    ...valuesOf(json, layout),
    ...(unreached !== undefined && { unreached: count('unreached', unreached) }),
    ...(atRisk !== undefined && { atRisk: integer('atRisk', atRisk) }),
    ...(joint !== undefined && { joint: jointCounts(joint, trials, layout) }),
    ...(markSteps !== undefined && { markSteps: marksFromJson(markSteps, layout) }),
  }
  if (tally.ends.reduce((sum, each) => sum + each, 0) !== trials)
    throw refuse('ends', JSON.stringify(json.ends), `the counts must add up to ${trials} trials`)
  return tally
}

/** Whether a stored tally has all horizons that a request needs. If not, the trials must be recomputed. */
export function suffices({ horizons }: TallyJson, demand: Pick<Demand, 'horizons' | 'rateAfter'>): boolean {
  return talliedHorizons(demand).every((horizon) => horizons.some((each) => each.horizon === horizon))
}

function valuesToJson({ all, exits, decades, ...rest }: ValueTally): Json<ValueTally> {
  return {
    ...rest,
    all: written(all),
    exits: exits.map(written),
    decades: decades.map(([decade, times, scores]) => [decade, times, String(scores)]),
  }
}

/** A tally must have values if and only if the cell's method produces them; else no estimate could be made from it. */
function valuesOf({ values }: TallyJson, layout: RecordLayout): Pick<Tally, 'values'> {
  if ((values === undefined) !== (layout.valued === undefined))
    throw refuse(
      'values',
      JSON.stringify(values),
      layout.valued === undefined
        ? 'remove `values`, which only cells with splitting or tilt have'
        : `add \`values\`, which this cell computes from its ${layout.valued}`,
    )
  return values === undefined ? {} : { values: valuesFromJson(values, layout) }
}

function valuesFromJson(json: Json<ValueTally>, layout: RecordLayout): ValueTally {
  const sums = (each: Json<ValueSums>) => read(each, ['sum', 'squares'])
  const exits = namedExits(layout).length
  if (json.exits.length !== exits)
    throw refuse('values.exits', JSON.stringify(json.exits), `the length must be ${exits} for this cell`)
  return {
    all: sums(json.all),
    exits: json.exits.map(sums),
    extinct: count('extinct', json.extinct),
    levels: count('levels', json.levels),
    histogram: histogram('values.histogram', json.histogram),
    decades: json.decades.map(([decade, times, scores], i) => {
      if (i > 0 && json.decades[i - 1]![0] >= decade)
        throw refuse('values.decades', JSON.stringify(json.decades), 'decades must be in ascending order')
      return [count('decade', decade), count('replicas', times), signed('scores', scores)]
    }),
  }
}

function horizonTally(json: Json<HorizonTally>, layout: RecordLayout): HorizonTally {
  const { atRisk, departed } = json
  return {
    horizon: count('horizon', json.horizon),
    escaped: count('escaped', json.escaped),
    converged: count('converged', json.converged),
    diverged: count('diverged', json.diverged),
    exits: counts('exits', json.exits, layout.exits.length),
    marks: counts('marks', json.marks, layout.marks.length),
    ...(atRisk !== undefined && { atRisk: integer('atRisk', atRisk) }),
    ...(departed !== undefined && { departed: count('departed', departed) }),
  }
}

function jointCounts(pairs: NonNullable<TallyJson['joint']>, trials: number, layout: RecordLayout): [number, number][] {
  const joint = histogram('joint', pairs)
  const places = 8 * (layout.minima.length + 2)
  if (joint.some(([place]) => place >= places))
    throw refuse('joint', JSON.stringify(pairs), `the first number of each pair must be below ${places}`)
  if (joint.reduce((sum, [, times]) => sum + times, 0) !== trials)
    throw refuse('joint', JSON.stringify(pairs), `the counts must add up to ${trials} trials`)
  return joint
}

function marksFromJson(values: NonNullable<TallyJson['markSteps']>, layout: RecordLayout): MarkSteps[] {
  if (!Array.isArray(values) || values.length !== layout.marks.length)
    throw refuse('markSteps', JSON.stringify(values), `the length must be ${layout.marks.length} for this cell`)
  return values.map((each) => read(each, ['steps', 'stepsSquared', 'reached', 'reachedSquared'], 'markSteps'))
}

function count(field: string, value: number): number {
  if (!Number.isSafeInteger(value) || value < 0)
    throw refuse(field, String(value), 'counts must be integers, 0 or greater')
  return value
}

function counts(field: string, values: readonly number[], length: number): number[] {
  if (!Array.isArray(values) || values.length !== length)
    throw refuse(field, JSON.stringify(values), `the length must be ${length} for this cell`)
  return values.map((value) => count(field, value))
}

function histogram(field: string, pairs: Tally['escapeHistogram']): [number, number][] {
  return pairs.map(([bin, times], index) => {
    if (index > 0 && pairs[index - 1]![0] >= bin)
      throw refuse(field, JSON.stringify(pairs), 'bins must be in ascending order')
    return [count(field, bin), count(field, times)]
  })
}

function signed(field: string, text: string): bigint {
  if (!/^-?\d+$/.test(text)) throw refuse(field, String(text), 'it must be an integer as a decimal string')
  return BigInt(text)
}

function integer(field: string, text: string): bigint {
  if (!/^\d+$/.test(text)) throw refuse(field, String(text), 'it must be an integer, 0 or greater, as a decimal string')
  return BigInt(text)
}

function refuse(field: string, found: string, hint: string): StatisticsError {
  return new StatisticsError('TALLY', `${field} = ${found}`, hint)
}
