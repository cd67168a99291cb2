import { exactUnits, type Tally } from '@driftfarm/kernel'
import type { Estimate, Spread } from '../estimate/estimate.ts'
import type { Found } from './believed.ts'
import { type Check, check } from './check.ts'
import { percent } from './percent.ts'

/** Fewer replicas hardly tell their own spread, and a way that one in ten finds is missed by a third of such cells. */
const fewestReplicas = 10
/** If one value holds more than this share of the sum, few values matter, and others like it may be missing. */
const mostHeld = 0.1
/** With fewer replicas one of them may hold so much by chance. */
const fewestForShare = 30
/** Beyond this relative variance the 95 % interval of ideal replicas covers less than 95 %: see coverage.test.ts. */
const mostVariance = 2
/** With fewer effective events the spread itself is hardly known. */
const fewestEffective = 30

/** Reasons to doubt the mean of replicas or of weighted trials, or its interval. Empty for plain trials. */
export function spreadChecks(estimate: Estimate, { tally }: Found): readonly Check[] {
  const { replicas, weights } = estimate
  if (replicas !== undefined) {
    const { count, relativeVariance } = replicas
    const text = `${count} replicas, relative variance ${relativeVariance.toPrecision(2)}`
    return orGood(ofReplicas(replicas), text)
  }
  if (weights === undefined) return []
  const { effectiveEvents, relativeVariance } = weights
  const text =
    `${effectiveEvents.toPrecision(3)} events of equal weight, relative variance ` +
    `${relativeVariance.toPrecision(2)}`
  return orGood(ofWeights(estimate, tally), text)
}

const orGood = (doubts: readonly Check[], text: string): readonly Check[] =>
  doubts.length > 0 ? doubts : [check('spread', 'good', text)]

const about = (holds: boolean, text: string, mend: string): Check[] =>
  holds ? [check('spread', 'doubtful', text, mend)] : []

const moreParticles = 'take more `particles`, or another `score`'

export function ofReplicas({ count, extinct, relativeVariance, largestShare }: Spread): Check[] {
  return [
    ...about(extinct === count, `all ${count} replicas died out: only an upper limit is known`, moreParticles),
    ...about(
      extinct < count && largestShare === 0,
      `no particle of ${count} replicas escaped: only an upper limit is known`,
      'take a higher `target`, or more `particles`',
    ),
    ...about(
      count < fewestReplicas,
      `${count} replicas are few: below ${fewestReplicas} their spread is hardly known`,
      'take more `replicas`',
    ),
    ...about(
      extinct < count && largestShare > mostHeld && count >= fewestForShare,
      `one replica holds ${percent(largestShare)} of the estimate: a way may be found by few`,
      moreParticles,
    ),
    ...about(
      relativeVariance > mostVariance,
      `the replicas lie far apart (relative variance ${relativeVariance.toPrecision(2)})`,
      moreParticles,
    ),
  ]
}

export function ofWeights({ method, high, weights }: Estimate, { trials, escaped, values }: Tally): Check[] {
  const { largestShare, effectiveEvents } = weights!
  const none = `no trial of ${trials} escaped`
  return [
    ...about(
      effectiveEvents === 0,
      method.startsWith('no-weight')
        ? `${none}: nothing is known, since with \`original: 0\` one that was not drawn may weigh any amount`
        : `${none}: only the upper limit ${high.toPrecision(2)} is known, by the share that keeps the original noise`,
      'take another `method.tilt.shift` (too weak a one does not lead there, too strong a one leads elsewhere), ' +
        'more trials, or splitting',
    ),
    ...about(
      effectiveEvents > 0 && values?.all.sum === BigInt(escaped) * exactUnits(1),
      'every weight is 1: method.tilt.shift is 0 wherever trials went, or no number (NaN, or 1e150 and more in ' +
        'size), which counts as 0',
      'correct it, or take `method: direct`',
    ),
    ...about(
      effectiveEvents > 0 && effectiveEvents < fewestEffective,
      `the weights are worth ${effectiveEvents.toPrecision(2)} events: the interval may be far too narrow`,
      'take another `method.tilt.shift`, or splitting',
    ),
    ...about(
      largestShare > mostHeld,
      `one trial holds ${percent(largestShare)} of the estimate`,
      'take another `method.tilt.shift`, or a larger share of `original` trials',
    ),
  ]
}
