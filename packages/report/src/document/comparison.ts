import { count, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { integerShape, realShape } from './number.ts'
import { paramsShape } from './origin.ts'
import { sweepShape } from './sweep.ts'

const sideShape = z.strictObject({ value: realShape, low: realShape, high: realShape, method: z.string() })

const contrastShape = z
  .strictObject({
    value: realShape,
    low: realShape,
    high: realShape,
    method: z.string().describe('As of contrasts; both: of the two intervals, which together hold at the confidence.'),
  })
  .describe('Of the first and the second: what is asked, with its interval.')

const comparedShape = z.strictObject({
  first: sideShape,
  second: sideShape,
  confidence: share.describe('Of the difference and of the ratio.'),
  difference: contrastShape.describe('First minus second.'),
  ratio: contrastShape.nullable().describe('First by second; null where an estimate is no share or rate.'),
  paired: z.boolean().describe('Whether trials of equal index share their noise and were compared in pairs.'),
  differs: z.boolean().describe('Whether the interval of the difference leaves 0 out.'),
})
export type ComparedEstimate = Plain<z.infer<typeof comparedShape>>

const cellShape = z.strictObject({
  cells: z.tuple([count, count]).describe('Indices in the first and in the second sweep.'),
  params: paramsShape,
  trials: z.tuple([integerShape, integerShape]),
  estimates: z.record(z.string(), comparedShape).describe('Those that both cells have.'),
})
export type ComparedCell = Plain<z.infer<typeof cellShape>>

/** Two sweeps beside one another, or the first trials of one beside those after. */
export const comparisonShape = z.strictObject({
  sweeps: z.tuple([sweepShape, sweepShape]),
  split: count
    .nullable()
    .describe('First are the trials below this one, second those from it on; null for two sweeps.'),
  settings: z
    .array(z.strictObject({ path: z.string(), first: z.string(), second: z.string() }))
    .describe('What the specs have in different ways; `swept` where cells have several values.'),
  matchedBy: z.array(z.string()).describe('Paths of which matched cells have the same values.'),
  only: z
    .strictObject({ first: z.array(count), second: z.array(count) })
    .describe('Indices of the cells without a match.'),
  cells: z.array(cellShape),
})
export type ComparisonData = Plain<z.infer<typeof comparisonShape>>
