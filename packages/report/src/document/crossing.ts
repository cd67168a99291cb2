import { count, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { integerShape } from './number.ts'
import { paramsShape } from './origin.ts'

const number = z.number()

export const crossingShape = z
  .strictObject({
    params: paramsShape.describe('Values of the other swept paths.'),
    estimate: z.string(),
    equals: share.describe('The value that is crossed.'),
    over: z.string().describe('The path along which the crossing is searched.'),
    from: number.describe('Start of the searched range, which ends at `to`.'),
    to: number,
    step: number.describe('Distance between neighbouring points of the search grid.'),
    found: z
      .enum(['one', 'several', 'none', 'undecided'])
      .describe(
        'none: all visited points are on one side. undecided: some points may be on either side, and no two are ' +
          'known to be on different sides.',
      ),
    crossings: z.array(
      z.strictObject({
        value: number.describe('The point at which the estimates reach the value, by linear interpolation.'),
        low: number.describe('The probability crosses the value between low and high.'),
        high: number,
        direction: z.enum(['rising', 'falling']).describe('Direction of the probability along the path.'),
        cells: z
          .tuple([count, count])
          .describe('Indices of the cells at low and at high, which are on different sides.'),
      }),
    ),
    side: z
      .enum(['above', 'below'])
      .nullable()
      .describe('Side of all visited points if no crossing is found; else null.'),
    located: z
      .boolean()
      .describe('Whether low and high are at most two steps apart and no point outside them is undecided.'),
    points: count.describe('Number of grid points visited.'),
    grid: count.describe('Number of grid points.'),
    trials: integerShape.describe('Number of trials at all visited points.'),
    confidence: share.describe('Simultaneous confidence of the limits of all crossings of the sweep.'),
  })
  .describe('Where a probability crosses a value, for one combination of values of the other axes.')
export type CrossingResult = Plain<z.infer<typeof crossingShape>>
