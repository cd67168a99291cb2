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
    method: z
      .string()
      .describe(
        'A method of contrasts, or `both`. With `both`, the interval is computed from the intervals of the two ' +
          'estimates, and `confidence` is their joint confidence.',
      ),
  })
  .describe('Difference or ratio of the first and the second estimate, with its interval.')

const comparedShape = z.strictObject({
  first: sideShape,
  second: sideShape,
  confidence: share.describe('Confidence of the difference and of the ratio.'),
  difference: contrastShape.describe('First estimate minus second estimate.'),
  ratio: contrastShape
    .nullable()
    .describe('First estimate divided by second estimate; null if the estimate is neither a share nor a rate.'),
  paired: z.boolean().describe('Whether trials of equal index share their noise and were compared in pairs.'),
  differs: z.boolean().describe('Whether the interval of the difference excludes 0.'),
})
export type ComparedEstimate = Plain<z.infer<typeof comparedShape>>

const cellShape = z.strictObject({
  cells: z.tuple([count, count]).describe('Cell indices in the first and in the second sweep.'),
  params: paramsShape,
  trials: z.tuple([integerShape, integerShape]),
  estimates: z.record(z.string(), comparedShape).describe('Estimates that both cells have.'),
})
export type ComparedCell = Plain<z.infer<typeof cellShape>>

/** Two sweeps side by side, or the first trials of one sweep beside the later ones. */
export const comparisonShape = z.strictObject({
  sweeps: z.tuple([sweepShape, sweepShape]),
  split: count
    .nullable()
    .describe(
      'For one sweep: the first side has the trials below this index, and the second side has the rest. Null if two ' +
        'sweeps are compared.',
    ),
  settings: z
    .array(z.strictObject({ path: z.string(), first: z.string(), second: z.string() }))
    .describe('Settings in which the specs differ. The value `swept` means that the sweep varies the setting.'),
  matchedBy: z.array(z.string()).describe('Paths that have the same values in matched cells.'),
  only: z
    .strictObject({ first: z.array(count), second: z.array(count) })
    .describe('Indices of the cells without a match.'),
  cells: z.array(cellShape),
})
export type ComparisonData = Plain<z.infer<typeof comparisonShape>>
