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
    over: z.string().describe('The path that is searched.'),
    from: number.describe('The range that is searched, with `to`.'),
    to: number,
    step: number.describe('Neighbours on the grid of the search are so far apart.'),
    found: z
      .enum(['one', 'several', 'none', 'undecided'])
      .describe(
        'none: all points that were visited lie on one side. undecided: some may lie on either, and no two lie on ' +
          'different ones.',
      ),
    crossings: z.array(
      z.strictObject({
        value: number.describe('Where the estimates reach it, interpolated linearly.'),
        low: number.describe('The probability crosses the value between low and high.'),
        high: number,
        direction: z.enum(['rising', 'falling']).describe('Of the probability, along the path.'),
        cells: z.tuple([count, count]).describe('The cells at low and at high: they lie on different sides.'),
      }),
    ),
    side: z.enum(['above', 'below']).nullable().describe('Of all points that were visited, where none is found.'),
    located: z
      .boolean()
      .describe('Whether low and high are at most two steps apart, and no point outside of them is undecided.'),
    points: count.describe('Points of the grid that were visited.'),
    grid: count.describe('Points of the grid.'),
    trials: integerShape.describe('Trials of them all.'),
    confidence: share.describe('All crossings of the sweep hold together with this probability.'),
  })
  .describe('Where a probability crosses a value, in one cell of the other axes.')
export type CrossingResult = Plain<z.infer<typeof crossingShape>>
