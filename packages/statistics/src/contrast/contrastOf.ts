import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { Contrast } from '@driftfarm/spec'
import * as z from 'zod'
import { countOf } from '../cell/events.ts'
import { guardOf, type IntervalRequest, type SampleSizeChoice } from '../cell/guard.ts'
import { limits, probability } from '../evidence/probability.ts'
import type { IntervalGuard, NamedInterval } from '../interval/guard.ts'
import { alphaOf } from '../interval/interval.ts'
import { count, type Plain, share } from '../shape.ts'
import { type PairTally, pairTallyShape, trialsOf } from './pairs.ts'
import { type Counted, differenceScore, mcnemar, pairedDifference, pairedRatio, ratioScore } from './score.ts'

const own = '(clopper-pearson|wilson|jeffreys|inverse-binomial|beta-binomial)(/[0-9]+)?'

/**
 * Difference or ratio of a probability in two cells, with its interval. `real` is the shape of a number that may be NaN
 * or infinite: a ratio is NaN if neither cell has events, and Infinity if only the second cell has none.
 */
export const contrastEstimateShape = <Real extends z.ZodType>(real: Real) =>
  z.strictObject({
    value: real,
    low: real,
    high: real,
    confidence: share,
    method: z
      .string()
      .regex(new RegExp(`^(miettinen-nurminen|tango|tang|bonferroni:${own}(,${own})?)$`))
      .describe(
        'miettinen-nurminen: for independent cells. tango, tang: for paired trials. bonferroni: combines the ' +
          'intervals of the two cells, each with error probability (1 - confidence)/2; used if the number of trials ' +
          'may depend on the data.',
      ),
    paired: pairTallyShape
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
export type ContrastEstimate = Plain<z.infer<ReturnType<typeof contrastEstimateShape<z.ZodNumber>>>>

/** One of the two cells. */
export interface Side {
  readonly tally: Tally
  readonly layout: RecordLayout
  readonly choice: SampleSizeChoice
  /**
   * The request of the cell's own sweep, if the two cells belong to different sweeps. Default: the request of the
   * contrast.
   */
  readonly asked?: IntervalRequest
}

/**
 * Computes the contrast of two cells that have trials. `pairs` is null for independent cells, and while the counts are
 * unknown. `contrasts` is the number of contrasts among which alpha is divided if the request is simultaneous.
 */
export function contrastOf(
  { of, kind }: Pick<Contrast, 'of' | 'kind'>,
  compared: readonly [Side, Side],
  requested: IntervalRequest,
  {
    independent,
    pairs,
    contrasts,
  }: { readonly independent: boolean; readonly pairs: PairTally | null; readonly contrasts: number },
): ContrastEstimate {
  const simultaneous = requested.simultaneous ? contrasts : null
  const sides = both(compared, (side) => sideOf(of, side, requested, simultaneous))
  const [{ guard }] = sides
  const alpha = alphaOf(guard.confidence) / (simultaneous ?? 1)
  const known = independent || (pairs !== null && sides.every(({ trials }) => trials === trialsOf(pairs)))
  const fixed = known && sides.every((side) => side.guard.kind === 'fixed')
  const { low, high, method } = fixed ? score(kind, sides, pairs, alpha) : bonferroni(of, kind, sides)
  const [p, q] = both(sides, ({ events, trials, guard }) => probability({ of, events, trials, guard }).value)
  return {
    value: kind === 'difference' ? p - q : p / q,
    low,
    high,
    confidence: guard.confidence,
    method,
    paired: pairs,
    pValue: fixed && pairs !== null ? mcnemar(pairs) : null,
    ...(simultaneous === null ? {} : { simultaneous }),
  }
}

const both = <From, To>([first, second]: readonly [From, From], of: (side: From) => To): [To, To] => [
  of(first),
  of(second),
]

type Guarded = Counted & { readonly guard: IntervalGuard }

/**
 * Alpha is divided by the number of simultaneous contrasts, not of cells. The confidence level is the one requested for
 * the contrast, even if the sweep of the cell requested another one.
 */
function sideOf(
  of: string,
  { tally, layout, choice, asked: own }: Side,
  requested: IntervalRequest,
  simultaneous: number | null,
): Guarded {
  const guard = guardOf({ ...(own ?? requested), simultaneous: false }, choice, tally)
  const confidence = requested.until?.confidence ?? requested.confidence
  return {
    events: countOf(of, tally, layout),
    trials: tally.trials,
    guard: { ...guard, confidence, alpha: alphaOf(confidence) / (simultaneous ?? 1) },
  }
}

/**
 * The numbers of trials must have been fixed beforehand. If there are pairs, each cell must have as many trials as
 * there are pairs.
 */
function score(
  kind: Contrast['kind'],
  [a, b]: readonly [Guarded, Guarded],
  pairs: PairTally | null,
  alpha: number,
): NamedInterval {
  const difference = kind === 'difference'
  if (pairs !== null)
    return difference
      ? { ...pairedDifference(pairs, alpha), method: 'tango' }
      : { ...pairedRatio(pairs, alpha), method: 'tang' }
  return { ...(difference ? differenceScore(a, b, alpha) : ratioScore(a, b, alpha)), method: 'miettinen-nurminen' }
}

/**
 * Combines the two cells' own intervals, each at alpha / 2. With probability at least 1 - alpha, both intervals contain
 * the true probabilities, even if the cells are dependent.
 */
function bonferroni(of: string, kind: Contrast['kind'], sides: readonly [Guarded, Guarded]): NamedInterval {
  const [p, q] = both(sides, ({ events, trials, guard }) =>
    limits(of, events, trials, { ...guard, alpha: guard.alpha / 2 }),
  )
  const method = `bonferroni:${p.method === q.method ? p.method : `${p.method},${q.method}`}`
  if (kind === 'difference') return { low: p.low - q.high, high: p.high - q.low, method }
  return { low: p.low / q.high, high: q.low === 0 ? Number.POSITIVE_INFINITY : p.high / q.low, method }
}
