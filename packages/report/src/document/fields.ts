import { sweepStateNames } from '@driftfarm/spec'
import { count, decimal, nonNegative, type Plain, parameterShape, preciseHalfWidth } from '@driftfarm/statistics'
import * as z from 'zod'
import { plainText } from '../addressShapes.ts'
import { documentJson } from '../format/json.ts'
import { percent } from '../format/quantity.ts'

/** An integer in a document: a number if a double holds it exactly, else a decimal string. */
export const integerShape = z.union([count, decimal])
type Integer = z.infer<typeof integerShape>

export function integer(value: number | bigint): Integer {
  const near = Number(value)
  return Number.isSafeInteger(near) ? near : String(value)
}

/**
 * A double in a document: NaN and infinities, which JSON lacks, are written as strings. The shape is not an enum,
 * because declaration files cannot express an enum with the key `-Infinity`.
 */
export const realShape = z.union([z.number(), z.literal(['NaN', 'Infinity', '-Infinity'])])
type Real = z.infer<typeof realShape>

export function real(value: number): Real {
  return Number.isFinite(value) ? value : (String(value) as Real)
}

/** A value with its limits. */
export const limitedShape = parameterShape(realShape)

/** Copies a value of plain data. NaN and infinities become text, as `real` writes them. */
export const withRealsAsText = <Data>(value: unknown): Data => JSON.parse(documentJson(value)) as Data

/** A time in ISO 8601, UTC. */
export const timeShape = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)

export const idShape = z.string().regex(/^[0-9a-f]{32}$/)

export const paramsShape = z.record(z.string(), z.unknown()).describe('Values of the swept paths.')

export const originShape = z.strictObject({ index: count, id: idShape, params: paramsShape })
export type Origin = Plain<z.infer<typeof originShape>>

/** paramsText({ 'update.eta': 0.1 }) is ' (update.eta=0.1)'; '' if nothing is swept. */
export function paramsText(params: Origin['params']): string {
  const entries = Object.entries(params).map(([path, value]) => `${path}=${JSON.stringify(value)}`)
  return entries.length === 0 ? '' : ` (${entries.join(', ')})`
}

export const stateShape = z.enum(sweepStateNames)

/** A cell by the width of its interval. */
export const widestShape = z.strictObject({ cell: count, estimate: z.string(), relative: nonNegative }).nullable()

/** The values of a swept path. */
export const rangeShape = z.strictObject({
  path: z.string(),
  from: z.unknown().describe('The smallest number; for values that are not numbers, the first one.'),
  to: z.unknown().describe('The largest number, or the last value.'),
  count: count.nullable().describe('Number of distinct values; null if there are more than 10,000.'),
})
export type SweptRange = Plain<z.infer<typeof rangeShape>>

const { relative, absolute } = preciseHalfWidth
/** What the number of precise cells is called. */
export const precisionTitle = 'Narrow intervals'
/** When a cell counts as precise. */
export const precisionMeaning =
  `A confidence interval is narrow if half its width is at most ${percent(relative)} of the estimate ` +
  `or, for a probability, at most ${absolute}. Only finished cells are counted.`

/** How precise the finished cells are. */
export const precisionShape = z
  .strictObject({
    finished: count.describe('Finished cells that have the leading estimate.'),
    precise: count.describe(precisionMeaning),
    widest: z
      .strictObject({ cell: count, estimate: z.string(), half: nonNegative })
      .nullable()
      .describe('The finished cell with the widest finite interval: half its width.'),
  })
  .describe('The precision of the first requested estimate, or of the one that the stopping rule names.')
export type PrecisionData = Plain<z.infer<typeof precisionShape>>

/** For example `72 of 80 cells (widest ±0.012 in cell 7)`. */
export function precisionText({ finished, precise, widest }: PrecisionData): string {
  const where = widest === null ? '' : ` (widest ±${Number(widest.half.toPrecision(2))} in cell ${widest.cell})`
  return `${precise} of ${finished} finished cells${where}`
}

/** What somebody wrote about a sweep after its submission. */
export const descriptionKeys = {
  title: z.exactOptional(z.string().describe('A title for people. It is not part of the identity of the sweep.')),
  notes: z.exactOptional(z.string()),
  precision: z.exactOptional(precisionShape),
}

/** Changes of what people wrote about a sweep. Absent parts stay as they are, and null removes a part. */
export const describeShape = z
  .strictObject({
    title: plainText(200).nullable().describe('Shown instead of the name.'),
    notes: z
      .string()
      .max(4000)
      .regex(/^(?:[^\p{Cc}\p{Cs}]|[\n\t])*$/u, 'must not contain control characters')
      .nullable(),
    tags: z
      .record(plainText(100).min(1), plainText(200))
      .refine((tags) => Object.keys(tags).length <= 100, 'must be at most 100 tags')
      .nullable()
      .describe('Used instead of the tags of the spec; null: the tags of the spec.'),
  })
  .partial()
export type SweepDescription = Plain<z.infer<typeof describeShape>>

const units = { splitting: 'replicas', tilt: 'weighted trials', several: 'trials and replicas' } as const
type Counted = keyof typeof units

export const methodShape = z
  .enum(Object.keys(units) as [Counted, ...Counted[]])
  .describe(
    'What numbers of trials count. splitting: replicas. tilt: weighted trials. several: trials and replicas, ' +
      'if cells have different methods. Absent: trials.',
  )

/** The name of what a method repeats, such as `replicas`. */
export const unitsOf = (method?: string): string => units[method as Counted] ?? 'trials'

/** The title of a column. If there are several methods, their own column is beside it. */
export const unitsColumn = (method?: string): string => (method === 'several' ? 'trials' : unitsOf(method))

/** The description of a sweep in its results. */
export const sweepShape = z.strictObject({
  id: idShape,
  name: z.string(),
  state: stateShape,
  /** Decimal text of an integer in 0 .. 2^64-1. */
  seed: decimal,
  cells: count,
  /** Number of counted trials over all cells. */
  trials: integerShape,
  method: z.exactOptional(methodShape),
  observe: z.exactOptional(z.record(z.string(), z.string()).describe('Expressions of observed values, by name.')),
})
export type SweepSummary = Plain<z.infer<typeof sweepShape>>
