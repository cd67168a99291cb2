import { elementary } from '@driftfarm/formula'
import { binStart, type Outcome, stepBin } from '@driftfarm/kernel'
import type { Estimate, Exponentiality } from '../evidence/estimate.ts'
import { type EstimateEntry, type Evidence, mayHaveEscaped } from '../evidence/evidence.ts'
import { described } from '../evidence/probability.ts'
import { poissonAt } from '../interval/fixedSize.ts'
import { alphaIn, isFixed } from '../interval/guard.ts'
import type { Interval } from '../interval/interval.ts'
import { betaBinomialLimits } from '../interval/sequence.ts'
import { gammaUpperTail } from '../special/gamma.ts'
import { countWhere } from './joint.ts'

const { exp, log } = elementary

const maxGroups = 20
const minExpected = 5
/**
 * In a run of bins, uncertain steps at risk make the expected number of escapes uncertain. If they could change this
 * number by more than this share of its standard deviation, `exponentiality` returns null.
 */
const mostSlack = 0.25

/**
 * Escapes per step at risk, both counted after the burn-in: the maximum likelihood estimate of a constant rate per step
 * with right censoring. The limits are those of a Poisson count over the steps at risk. If the interval must be valid
 * at any interim look, the limits are those of the beta-binomial mixture with each step as one trial. The upper limit
 * counts each trial whose escape is unknown as an escape at its first step. Null if no step was at risk.
 */
export function escapeRateOf(evidence: Evidence): Estimate | null {
  const { tally, layout, trial, guard, rateAfter: after = 0 } = evidence
  const within = after === 0 ? null : tally.horizons.find(({ horizon }) => horizon === after)
  const atRisk = within === null ? tally.atRisk : within?.atRisk
  if (!atRisk) return null
  const escapes = tally.escaped - (within?.escaped ?? 0)
  const steps = Number(atRisk)
  const alpha = alphaIn(guard)
  const isPoisson = isFixed(guard)
  const limitsAt = (k: number, of: number): Interval => {
    if (!isPoisson) return betaBinomialLimits(k, of, alpha)
    const mean = poissonAt(k, alpha)
    return { low: mean.low / of, high: mean.high / of }
  }
  const known = limitsAt(escapes, steps)
  const more = mayHaveEscaped(tally, trial)
  // Up to `more` further trials may have escaped. Each of them adds at most `horizon - after` steps to `steps`. If it
  // escaped at its first step, only one of these steps was at risk, so the others are subtracted.
  const least = Math.max(escapes + more, steps - more * (layout.horizon - after - 1))
  return {
    value: escapes / steps,
    low: known.low,
    high: more === 0 ? known.high : limitsAt(escapes + more, least).high,
    ...described(isPoisson ? 'poisson' : 'beta-binomial', guard),
    events: escapes,
    atRisk: String(atRisk),
    after,
    exponentiality: exponentiality(evidence),
  }
}

type Counts = Omit<Evidence, 'guard'>

interface Group {
  escapes: number
  atRisk: number
  /** Number of steps at risk that are uncertain, because histograms do not give the exact steps. */
  slack: number
}

/**
 * Tests whether first escapes come at a constant rate per step after the burn-in (a geometric waiting time, the
 * discrete exponential). The histogram's bins are grouped into runs with about equal expected numbers of escapes. The
 * statistic is the sum of (O - q T)^2 / (q (1 - q) T) over the runs. O and T are the escapes and the steps at risk in a
 * run, and q is the ratio of all escapes to all steps at risk. The statistic is compared with a chi-square distribution
 * that has one degree of freedom fewer than there are runs. A trial that ends without an escape, at the horizon or
 * earlier, is at risk until its end.
 *
 * The test is approximate: it rejects a true geometric distribution at p < 0.05 in about 5 % of all cells. The burn-in
 * is extended to the end of its bin. Within a bin, escapes are placed by the fitted distribution, and trials that end
 * in another way are placed in the middle. Returns null if there are fewer than 10 escapes after the burn-in, or if the
 * uncertain steps at risk could change the result noticeably.
 */
export function exponentiality(evidence: Counts): Exponentiality | null {
  if (evidence.tally.escaped < 2 * minExpected) return null
  const bins = binsAfter(evidence)
  if (bins === null) return null
  const escapes = bins.reduce((sum, bin) => sum + bin.escapes, 0)
  if (escapes < 2 * minExpected) return null
  let q = 0
  let mean = meansWithin(q)
  // The rate determines where escapes are placed within bins, and these places determine the rate. A few iterations
  // suffice.
  for (let round = 0; round < 4; round++) {
    mean = meansWithin(q)
    let atRisk = 0
    for (const bin of bins) atRisk += stepsAtRisk(bin, mean)
    q = escapes / atRisk
  }
  if (q >= 1) return null
  const runs = runsOf(bins, mean, q, Math.max(minExpected, escapes / maxGroups))
  if (runs.length < 2) return null
  if (runs.some(({ atRisk, slack }) => q * slack > mostSlack * Math.sqrt(q * atRisk))) return null
  const statistic = runs.reduce((sum, run) => sum + (run.escapes - q * run.atRisk) ** 2 / (q * (1 - q) * run.atRisk), 0)
  const degreesOfFreedom = runs.length - 1
  return { statistic, degreesOfFreedom, pValue: gammaUpperTail(statistic / 2, degreesOfFreedom / 2) }
}

interface Bin {
  readonly length: number
  readonly escapes: number
  readonly others: number
  readonly beyond: number
  /** Trials that end in an unknown bin. */
  readonly unplaced: number
}

function binsAfter({ tally, layout, trial, rateAfter = 0 }: Counts): Bin[] | null {
  const goesOn = trial?.afterEscape === 'continue'
  const count = (end: Outcome['end']) => countWhere(tally, layout, (other) => !other.escaped && other.end === end)
  const settling = trial?.afterConverge === 'continue' ? [] : tally.convergeHistogram
  if (goesOn && settling.reduce((sum, [, times]) => sum + times, 0) > count('converged')) return null
  const unplaced = count('diverged')

  const escapesIn = new Map(tally.escapeHistogram)
  const othersIn = new Map(settling)
  const first = stepBin(rateAfter + 1)
  const from = binStart(first) > rateAfter ? first : first + 1
  const gone = [...tally.escapeHistogram, ...settling].filter(([bin]) => bin < from)
  let left = tally.trials - unplaced - gone.reduce((sum, [, times]) => sum + times, 0)
  const bins: Bin[] = []
  let start = binStart(from)
  for (let bin = from; left > 0 && start <= layout.horizon; bin++) {
    const escapes = escapesIn.get(bin) ?? 0
    const others = othersIn.get(bin) ?? 0
    left -= escapes + others
    const next = binStart(bin + 1)
    const length = Math.min(next, layout.horizon + 1) - start
    start = next
    bins.push({ length, escapes, others, beyond: left, unplaced })
  }
  return bins
}

type Means = (length: number) => number

function stepsAtRisk({ length, escapes, others, beyond, unplaced }: Bin, mean: Means): number {
  return beyond * length + escapes * mean(length) + (others * (length + 1)) / 2 + (unplaced * length) / 2
}

/** Caches the last result, since neighbouring bins usually have the same length. */
function meansWithin(q: number): Means {
  const rate = q < 1 ? log(1 - q) : Number.NaN
  let last = Number.NaN
  let mean = Number.NaN
  return (length) => {
    if (length === last) return mean
    last = length
    mean = meanWithin(length, q, rate)
    return mean
  }
}

/** The mean of a geometric waiting time, given that it is at most `length`. `rate` is log(1 - q), unused if q >= 1. */
function meanWithin(length: number, q: number, rate: number): number {
  // Two terms of the series, since the closed form would lose digits here.
  if (q * length < 1e-3 || q >= 1) return (length + 1) / 2 - (q * (length * length - 1)) / 12
  const survive = exp(length * rate)
  return 1 / q - (length * survive) / (1 - survive)
}

/** Runs of bins, each with at least `expected` escapes expected at the rate `q`. The rest joins the last run. */
function runsOf(bins: readonly Bin[], mean: Means, q: number, expected: number): Group[] {
  const runs: Group[] = []
  let open: Group = { escapes: 0, atRisk: 0, slack: 0 }
  for (const bin of bins) {
    const { length, escapes, others, unplaced } = bin
    open.escapes += escapes
    open.atRisk += stepsAtRisk(bin, mean)
    open.slack += (others * (length - 1)) / 2 + (unplaced * length) / 2
    if (q * open.atRisk < expected) continue
    runs.push(open)
    open = { escapes: 0, atRisk: 0, slack: 0 }
  }
  const last = runs.at(-1)
  if (last === undefined) return []
  last.escapes += open.escapes
  last.atRisk += open.atRisk
  last.slack += open.slack
  return runs
}

export const escapeRate: EstimateEntry = {
  make: (_, evidence) => escapeRateOf(evidence),
  saysWhichEscape: true,
  fit: 'poisson',
  meaning: 'escapes per step',
}
