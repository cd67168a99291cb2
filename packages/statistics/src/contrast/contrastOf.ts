import type { RecordLayout, Tally } from '@driftfarm/kernel'
import type { Contrast } from '@driftfarm/spec'
import { countOf } from '../cell/events.ts'
import { guardOf, type IntervalRequest, type SampleSizeChoice } from '../cell/guard.ts'
import { limits, probability } from '../evidence/probability.ts'
import type { IntervalGuard } from '../interval/guard.ts'
import { alphaOf, type Interval } from '../interval/interval.ts'
import { type PairTally, trialsOf } from './pairs.ts'
import { type Counted, differenceScore, mcnemar, pairedDifference, pairedRatio, ratioScore } from './score.ts'

/** Difference or ratio of a probability in two cells, with its interval and the method of the interval. */
export interface ContrastEstimate {
  /** A ratio is NaN if neither cell has events, and Infinity if only the second cell has none. */
  readonly value: number
  readonly low: number
  readonly high: number
  readonly confidence: number
  /**
   * If the number of trials was fixed beforehand: miettinen-nurminen for independent cells, tango (difference) or tang
   * (ratio) for paired trials. If the number of trials was not fixed, the method combines the two cells' own intervals,
   * each at alpha / 2. Its name is `bonferroni:`, followed by the methods of these intervals.
   */
  readonly method: string
  /** Counts of the pairs of trials with equal indices; null for independent cells and for unknown counts. */
  readonly paired: PairTally | null
  /**
   * P-value of McNemar's exact test of equal probabilities; null without pairs, or if the number of trials was not
   * fixed.
   */
  readonly pValue: number | null
  /** Number of contrasts among which 1 - confidence is divided, if intervals are simultaneous. */
  readonly simultaneous?: number
}

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
  const made = fixed ? score(kind, sides, pairs, alpha) : bonferroni(of, kind, sides)
  const [p, q] = both(sides, ({ events, trials, guard }) => probability({ of, events, trials, guard }).value)
  return {
    value: kind === 'difference' ? p - q : p / q,
    ...made,
    confidence: guard.confidence,
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
): Interval & { readonly method: string } {
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
function bonferroni(
  of: string,
  kind: Contrast['kind'],
  sides: readonly [Guarded, Guarded],
): Interval & { readonly method: string } {
  const [p, q] = both(sides, ({ events, trials, guard }) =>
    limits(of, events, trials, { ...guard, alpha: guard.alpha / 2 }),
  )
  const method = `bonferroni:${p.method === q.method ? p.method : `${p.method},${q.method}`}`
  if (kind === 'difference') return { low: p.low - q.high, high: p.high - q.low, method }
  return { low: p.low / q.high, high: q.low === 0 ? Number.POSITIVE_INFINITY : p.high / q.low, method }
}
