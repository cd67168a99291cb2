import { count, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { integerShape } from './number.ts'
import { paramsShape } from './origin.ts'

const number = z.number()

export const crossingShape = z
  .strictObject({
    params: paramsShape.describe('Values of the swept paths other than `over`.'),
    estimate: z.string(),
    equals: share.describe('The threshold.'),
    over: z.string().describe('The swept path along which a crossing is searched for.'),
    from: number.describe('Start of the searched range, which ends at `to`.'),
    to: number,
    step: number.describe('Distance between neighbouring points of the search grid.'),
    found: z
      .enum(['one', 'several', 'none', 'undecided'])
      .describe(
        'none: all visited points are on one side of the threshold. undecided: the side of some visited points is ' +
          'unknown, and no two points are known to be on different sides.',
      ),
    crossings: z.array(
      z.strictObject({
        value: number.describe('The point at which the estimates reach the threshold, by linear interpolation.'),
        low: number.describe('The probability crosses the threshold between `low` and `high`.'),
        high: number,
        direction: z
          .enum(['rising', 'falling'])
          .describe('Whether the probability rises or falls from `low` to `high`.'),
        cells: z
          .tuple([count, count])
          .describe('Indices of the cells at `low` and `high`, on different sides of the threshold.'),
      }),
    ),
    side: z
      .enum(['above', 'below'])
      .nullable()
      .describe('The side of the threshold on which all visited points lie, if `found` is `none`; else null.'),
    located: z
      .boolean()
      .describe(
        'Whether `low` and `high` of every crossing are at most two grid steps apart; false if `found` is undecided.',
      ),
    points: count.describe('Number of grid points visited.'),
    grid: count.describe('Number of all grid points, visited or not.'),
    trials: integerShape.describe('Number of trials at all visited points.'),
    confidence: share.describe('Confidence with which the limits of all crossings hold simultaneously.'),
  })
  .describe('Where a probability crosses a threshold, for one combination of values of the other axes.')
export type CrossingResult = Plain<z.infer<typeof crossingShape>>
