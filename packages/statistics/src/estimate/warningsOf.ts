import { exactUnits, type Tally } from '@driftfarm/kernel'
import type { Estimate, Spread } from './estimate.ts'

export type WarningCode =
  | 'NO_EVENTS'
  | 'ALWAYS'
  | 'DIVERGED'
  | 'FEW_ESCAPES'
  | 'RATE_VARIES'
  | 'NOT_REACHED'
  | 'EXTINCT'
  | 'NO_ESCAPE'
  | 'FEW_REPLICAS'
  | 'ONE_REPLICA'
  | 'FAR_APART'
  | 'NO_WEIGHT'
  | 'NO_TILT'
  | 'FEW_WEIGHTS'
  | 'ONE_WEIGHT'

/** Something a reader of an estimate should know, about one cell. */
export interface Warning {
  readonly code: WarningCode
  /** The estimate it is about. */
  readonly estimate: string
  readonly message: string
}

/** Rates that fit are called varying in one cell of a thousand. */
const varies = 0.001

/** Only of estimates that were asked for; those at shorter horizons say nothing new. */
export function warningsOf(estimates: Readonly<Record<string, Estimate>>, tally: Tally): readonly Warning[] {
  const { escape: escaping, escapeRate, escapeStep } = estimates
  const trials = tally.trials
  if (escaping?.replicas !== undefined) return ofReplicas(escaping.replicas)
  if (escaping?.weights !== undefined) return [...ofWeights(escaping, tally), ...diverging(tally)]
  const warnings: Warning[] = []
  if (escaping?.events === 0)
    warnings.push({
      code: 'NO_EVENTS',
      estimate: 'escape',
      message: `no escape in ${trials} trials: only the upper limit ${escaping.high.toPrecision(2)} is known`,
    })
  if (escaping !== undefined && trials > 0 && escaping.events === trials)
    warnings.push({
      code: 'ALWAYS',
      estimate: 'escape',
      message: `all ${trials} trials escaped: only the lower limit ${escaping.low.toPrecision(6)} is known`,
    })
  warnings.push(...diverging(tally))
  if (escapeStep?.method.startsWith('bounded') && escapeStep.events > 0)
    warnings.push({
      code: 'FEW_ESCAPES',
      estimate: 'escapeStep',
      message: `escapeStep rests on ${escapeStep.events} escape${escapeStep.events === 1 ? '' : 's'}: its interval is a bound`,
    })
  const fit = escapeRate?.exponentiality
  if (fit && fit.pValue < varies)
    warnings.push({
      code: 'RATE_VARIES',
      estimate: 'escapeRate',
      message: `escapes do not come at one rate ${escapeRate.after === 0 ? 'from the start on' : `after step ${escapeRate.after}`} (chi-square ${fit.statistic.toPrecision(4)}, ${fit.degreesOfFreedom} degrees of freedom): ${escapeRate.after === 0 ? 'leave out the first steps by rate: {after: n}' : 'escapeRate is a mean, and a later rate: {after: n} another'}`,
    })
  for (const [name, { value }] of Object.entries(estimates))
    if (name.startsWith('cost:') && value === Number.POSITIVE_INFINITY)
      warnings.push({
        code: 'NOT_REACHED',
        estimate: name,
        message: `no trial reached ${name.slice('cost:'.length)}: ${name} has a lower limit only`,
      })
  return warnings
}

function diverging(tally: Tally): Warning[] {
  const { ends, trials } = tally
  const diverged = ends[2] ?? 0
  const message = `${diverged} of ${trials} trials diverged: ${divergingFor(tally)}`
  return diverged === 0 ? [] : [{ code: 'DIVERGED', estimate: 'diverge', message }]
}

/** Why trials diverge: those with values that do are weighted ones. */
export function divergingFor({ values }: Tally): string {
  return values === undefined
    ? 'the step size may be beyond stability'
    : 'method.tilt.shift may lead too far, or the step size be beyond stability'
}

/** Below so many, Student's interval of skewed replicas covers too rarely. */
const fewestReplicas = 30

/** One value with more of the sum than this is one of few that matter, and others like it may be missing. */
const mostHeld = 0.1
/** Beyond, the 95 % interval of 64 ideal replicas covers nine times in ten or less: see coverage.test.ts. */
const mostVariance = 2

/** What makes the mean of replicas, or its interval, doubtful. */
export function ofReplicas({ count, extinct, relativeVariance, largestShare }: Spread): Warning[] {
  return [
    ...about(
      'EXTINCT',
      extinct === count,
      `all ${count} replicas died out: only an upper limit is known; take more particles or another score`,
    ),
    ...about(
      'NO_ESCAPE',
      extinct < count && largestShare === 0,
      `no particle of ${count} replicas escaped: only an upper limit is known; take a higher target, or more particles`,
    ),
    ...about(
      'FEW_REPLICAS',
      count < fewestReplicas,
      `${count} replicas are few: their interval covers less often than it says below ${fewestReplicas}`,
    ),
    ...about(
      'ONE_REPLICA',
      extinct < count && largestShare > mostHeld && count >= fewestReplicas,
      `one replica holds ${(100 * largestShare).toFixed(0)} % of the estimate: a way may be found by few; take more particles or another score`,
    ),
    ...about(
      'FAR_APART',
      relativeVariance > mostVariance,
      `the replicas lie far apart (relative variance ${relativeVariance.toPrecision(2)}): take more particles or another score`,
    ),
  ]
}

/** Fewer events of equal weight than this say little about the spread either. */
const fewestEffective = 30

/** What makes the mean of weighted trials, or its interval, doubtful. */
export function ofWeights({ method, high, weights }: Estimate, { trials, escaped, values }: Tally): Warning[] {
  const { largestShare, effectiveEvents } = weights!
  const none = `no trial of ${trials} escaped`
  return [
    ...about(
      'NO_WEIGHT',
      effectiveEvents === 0,
      method.startsWith('no-weight')
        ? `${none}: nothing is known, since with \`original: 0\` one that was not drawn may weigh any amount; an original above 0 bounds the weights`
        : `${none}: only the upper limit ${high.toPrecision(2)} is known, by the share that keeps the original noise; another shift (too weak a one does not lead there, too strong a one leads elsewhere), more trials, or splitting`,
    ),
    ...about(
      'NO_TILT',
      effectiveEvents > 0 && values?.all.sum === BigInt(escaped) * exactUnits(1),
      'every weight is 1: method.tilt.shift is 0 wherever trials went, or no number (NaN, or 1e150 and more in size), which counts as 0; correct it, or take `method: direct`',
    ),
    ...about(
      'FEW_WEIGHTS',
      effectiveEvents > 0 && effectiveEvents < fewestEffective,
      `the weights are worth ${effectiveEvents.toPrecision(2)} events: the interval may be far too narrow; another tilt, or splitting`,
    ),
    ...about(
      'ONE_WEIGHT',
      largestShare > mostHeld,
      `one trial holds ${(100 * largestShare).toFixed(0)} % of the estimate: another tilt, or a larger share of original trials`,
    ),
  ]
}

const about = (code: WarningCode, holds: boolean, message: string): Warning[] =>
  holds ? [{ code, estimate: 'escape', message }] : []
