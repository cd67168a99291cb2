import { exactUnits, type Tally } from '@driftfarm/kernel'
import type { Estimate, Spread } from '../evidence/estimate.ts'
import type { CellFindings, CheckEntry } from '../finding/cellFindings.ts'
import { doubtful, good, percent, type Statement } from '../finding/check.ts'

/** If each replica finds a route with probability 1/10, ten replicas miss the route in over a third of all cells. */
const minReplicas = 10
/**
 * If one replica or trial contributes more than this share of the estimate, other contributions of this size may be
 * missing.
 */
const maxHeld = 0.1
/** With fewer replicas than this, one of them may have a share above `maxHeld` by chance. */
const minForShare = 30
/** Above this relative variance, the 95 % interval of ideal replicas covers less than 95 % (see coverage.test.ts). */
const maxVariance = 2
/** With fewer effective events, the spread itself is poorly estimated. */
const minEffective = 30

/** Returns no checks for the method `direct`, whose estimates have neither replicas nor weights. */
export function spreadChecks(estimate: Estimate, { tally }: CellFindings): readonly Statement[] {
  const { replicas, weights } = estimate
  if (replicas !== undefined) {
    const { count, relativeVariance } = replicas
    const text = `${count} replicas, relative variance ${relativeVariance.toPrecision(2)}`
    return orGood(ofReplicas(replicas), text)
  }
  if (weights === undefined) return []
  const { effectiveEvents, relativeVariance } = weights
  const text =
    `effective number of events ${effectiveEvents.toPrecision(3)}, relative variance ` +
    `${relativeVariance.toPrecision(2)}`
  return orGood(ofWeights(estimate, tally), text)
}

const orGood = (doubts: readonly Statement[], text: string): readonly Statement[] =>
  doubts.length > 0 ? doubts : [good(text)]

const about = (holds: boolean, text: string, hint: string): Statement[] => (holds ? [doubtful(text, hint)] : [])

const moreParticles = 'use more `particles`, or another `score`'

export function ofReplicas({ count, extinct, relativeVariance, largestShare }: Spread): Statement[] {
  return [
    ...about(extinct === count, `all ${count} replicas died out: only an upper limit is known`, moreParticles),
    ...about(
      extinct < count && largestShare === 0,
      `in ${count} replicas, no particle escaped: only an upper limit is known`,
      'raise `target`, the highest score at which a level is placed, or use more `particles`',
    ),
    ...about(
      count < minReplicas,
      `only ${count} replicas: with fewer than ${minReplicas}, their spread is poorly estimated`,
      'use more `replicas`',
    ),
    ...about(
      extinct < count && largestShare > maxHeld && count >= minForShare,
      `one replica contributes ${percent(largestShare)} of the estimate: there may be a rare route that few ` +
        'replicas find',
      moreParticles,
    ),
    ...about(
      relativeVariance > maxVariance,
      `the replicas vary widely (relative variance ${relativeVariance.toPrecision(2)})`,
      moreParticles,
    ),
  ]
}

export function ofWeights({ method, high, weights }: Estimate, { trials, escaped, values }: Tally): Statement[] {
  const { largestShare, effectiveEvents } = weights!
  const none = `none of ${trials} trials escaped`
  return [
    ...about(
      effectiveEvents === 0,
      method.startsWith('no-weight')
        ? `${none}: nothing is known, because with \`original: 0\` the weight of an escape has no upper limit`
        : `${none}: only the upper limit ${high.toPrecision(2)} is known, from the share of trials that keep the ` +
            `original noise`,
      'use another `method.tilt.shift` (too weak a shift does not reach the escape, too strong a shift leads ' +
        'elsewhere), more trials, or splitting',
    ),
    ...about(
      effectiveEvents > 0 && values?.all.sum === BigInt(escaped) * exactUnits(1),
      'every weight is 1: at every point that trials reached, `method.tilt.shift` is 0, or counts as 0 because it is ' +
        'not a number or is too large (1e150 or more)',
      'correct the shift, or use `method: direct`',
    ),
    ...about(
      effectiveEvents > 0 && effectiveEvents < minEffective,
      `the effective number of events is ${effectiveEvents.toPrecision(2)}: the interval may be far too narrow`,
      'use another `method.tilt.shift`, or splitting',
    ),
    ...about(
      largestShare > maxHeld,
      `one trial contributes ${percent(largestShare)} of the estimate`,
      'use another `method.tilt.shift`, or a larger `method.tilt.original`',
    ),
  ]
}

export const spread: CheckEntry = {
  ofTrials: (cell, main) => (main === null ? [] : spreadChecks(main[1], cell)),
  proposesTrials: true,
}
