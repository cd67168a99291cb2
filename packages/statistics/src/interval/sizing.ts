import { elementary } from '@driftfarm/formula'
import { StatisticsError } from '../error.ts'
import { betaLowerQuantile, betaUpperQuantile } from '../special/beta.ts'
import { smallestInteger } from '../special/root.ts'
import { clopperPearsonAt } from './fixedSize.ts'
import { alphaOf } from './interval.ts'
import { betaBinomialSequence } from './sequence.ts'

const { exp, log } = elementary

/** The expected width of the Clopper-Pearson interval with a fixed number of trials. */
export interface Sizing {
  readonly probability: number
  readonly trials: number
  readonly confidence: number
  /** high - low. */
  readonly width: number
  /** (high - low) / 2 divided by the probability; null if the probability is 0. */
  readonly relative: number | null
}

/** Exactly two of the maximum width (`width` or `relative`), the confidence and the number of trials. */
export interface SizingTarget {
  readonly width?: number | undefined
  readonly relative?: number | undefined
  readonly confidence?: number | undefined
  readonly trials?: number | undefined
  /** Number of cells by which 1 - confidence is divided (Bonferroni); default 1. */
  readonly cells?: number | undefined
}

const maxTrials = 1e15
/**
 * The smallest 1 - confidence. Doubles just below 1 are 1.1e-16 apart, so a smaller 1 - confidence would be inexact.
 */
const minAlpha = 1e-15

/**
 * Given two of width, confidence and trials, computes the third. The width is the width of the Clopper-Pearson interval
 * if the number of events equals its expectation. This width decreases with every trial. Returns null if no confidence,
 * or no number of trials up to 10^15, makes the interval as narrow as requested.
 *
 *     sizingOf(0.5, { width: 0.02, confidence: 0.95 }) // { trials: 9701, ... }
 */
export function sizingOf(probability: number, target: SizingTarget): Sizing | null {
  const { confidence, trials, cells = 1 } = target
  const wanted = wantedWidth(probability, target)
  if ([wanted, confidence, trials].filter((each) => each !== undefined).length !== 2)
    throw new StatisticsError(
      'SIZING',
      Object.entries(target)
        .flatMap(([name, value]) => (value === undefined ? [] : [name]))
        .join(', ') || 'nothing',
      'give exactly two of width, confidence and trials',
    )
  const sizing = (n: number, alpha: number): Sizing => {
    const width = expectedWidth(probability, n, alpha / cells)
    return {
      probability,
      trials: n,
      confidence: confidence ?? 1 - alpha,
      width,
      relative: probability === 0 ? null : width / 2 / probability,
    }
  }
  if (wanted === undefined) return sizing(trials!, alphaOf(confidence!))
  const fits = (n: number, alpha: number) => expectedWidth(probability, n, alpha / cells) <= wanted
  if (trials === undefined) {
    const alpha = alphaOf(confidence!)
    const n = smallestInteger(1, maxTrials, (n) => fits(n, alpha))
    return n === null ? null : sizing(n, alpha)
  }
  const alpha = minLevel((alpha) => fits(trials, alpha))
  return alpha === null ? null : sizing(trials, alpha)
}

function wantedWidth(probability: number, { width, relative }: SizingTarget): number | undefined {
  if (relative === undefined) return width
  if (width !== undefined) throw new StatisticsError('SIZING', 'width and relative', 'give only one of them')
  if (probability === 0)
    throw new StatisticsError('SIZING', 'a relative width at probability 0', 'give an expected probability above 0')
  return 2 * relative * probability
}

/** The expected count need not be an integer. */
function expectedWidth(probability: number, n: number, alpha: number): number {
  const k = probability * n
  const none = k < 0.5
  const all = n - k < 0.5
  const low = none ? 0 : betaLowerQuantile(alpha / 2, all ? n : k, all ? 1 : n - k + 1)
  const high = all ? 1 : betaUpperQuantile(alpha / 2, none ? 1 : k + 1, none ? n : n - k)
  return high - low
}

function minLevel(fits: (alpha: number) => boolean): number | null {
  if (fits(minAlpha)) return minAlpha
  let low = log(minAlpha)
  let high = log(1 - minAlpha)
  if (!fits(exp(high))) return null
  for (let round = 0; round < 60; round++) {
    const middle = (low + high) / 2
    if (fits(exp(middle))) high = middle
    else low = middle
  }
  return exp(high)
}

/**
 * The intervals to expect if `trials` trials are requested after the first results have been seen, and if events stay
 * as frequent as so far (`events` in `counted` trials). `simultaneous` is the number of cells among which
 * 1 - confidence is divided.
 */
export function wideningOf(
  { events, counted }: { readonly events: number; readonly counted: number },
  trials: number,
  confidence: number,
  simultaneous = 1,
) {
  const expected = Math.round((events / counted) * trials)
  const alpha = (1 - confidence) / simultaneous
  return {
    trials,
    /** The interval after such a request. It is valid at any number of trials. */
    anytime: betaBinomialSequence(expected, trials, alpha),
    /** The interval that would be valid if all these trials had been requested from the beginning. */
    fixed: clopperPearsonAt(expected, trials, alpha),
  }
}
