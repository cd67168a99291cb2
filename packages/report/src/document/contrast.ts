import { type Contrast, canonicalJson } from '@driftfarm/spec'
import { type ContrastEstimate, count, type Plain, share } from '@driftfarm/statistics'
import * as z from 'zod'
import { real, realShape } from './number.ts'
import { type Params, paramsShape } from './origin.ts'

const own = '(clopper-pearson|wilson|jeffreys|inverse-binomial|beta-binomial)(/[0-9]+)?'

/** A contrast as in `ContrastEstimate`. Numbers that JSON lacks, such as Infinity, are written as strings. */
export const contrastShape = z
  .strictObject({
    of: z.string(),
    kind: z.enum(['difference', 'ratio']).describe('difference: first minus second; ratio: first divided by second.'),
    between: z
      .record(z.string(), z.tuple([z.unknown(), z.unknown()]))
      .describe('The swept path in which the two cells differ, with its two values.'),
    params: paramsShape.describe('Values of the swept paths that the two cells share.'),
    cells: z.tuple([count, count]).describe('Indices of the two cells.'),
    /** The ratio is 'Infinity' if the second cell has no events, and 'NaN' for 0 / 0. */
    value: realShape,
    low: realShape,
    high: realShape,
    confidence: share,
    method: z
      .string()
      .regex(new RegExp(`^(miettinen-nurminen|tango|tang|bonferroni:${own}(,${own})?)$`))
      .describe(
        'miettinen-nurminen: for independent cells. tango, tang: for paired trials. bonferroni: combines the ' +
          'intervals of the two cells, each with error probability (1 - confidence)/2; used if the number of trials ' +
          'may depend on the data.',
      ),
    paired: z
      .strictObject({ both: count, first: count, second: count, neither: count })
      .nullable()
      .describe(
        'Pairs of trials with equal index, counted by which of the two cells had the event; null if the cells are ' +
          'independent.',
      ),
    pValue: share
      .nullable()
      .describe(
        "P-value of McNemar's exact test of equal probabilities; null without pairs, or if the number of trials may " +
          'depend on the data.',
      ),
    simultaneous: z.exactOptional(
      count.describe('Number of contrasts among which the error probability 1 - confidence is divided.'),
    ),
  })
  .describe('A probability in one cell compared with the same probability in another.')
export type ContrastResult = Plain<z.infer<typeof contrastShape>>

export function contrastResult(
  { of, kind, path, between }: Contrast,
  cells: readonly [number, number],
  [first, second]: readonly [Params, Params],
  estimate: ContrastEstimate,
): ContrastResult {
  const { value, low, high, confidence, method, paired, pValue, simultaneous } = estimate
  const shared = Object.entries(first).filter(
    ([key, value]) => key !== path && canonicalJson(value) === canonicalJson(second[key]),
  )
  return {
    of,
    kind,
    between: { [path]: between },
    params: Object.fromEntries(shared),
    cells,
    value: real(value),
    low: real(low),
    high: real(high),
    confidence,
    method,
    paired,
    pValue,
    ...(simultaneous === undefined ? {} : { simultaneous }),
  }
}
