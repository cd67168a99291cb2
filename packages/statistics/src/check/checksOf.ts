import type { Tally } from '@driftfarm/kernel'
import type { Estimate } from '../estimate/estimate.ts'
import { divergingFor, ofReplicas, ofWeights } from '../estimate/warningsOf.ts'
import type { Check, CheckName } from './check.ts'

/** What a cell came to, as far as belief in it goes. */
export interface Believed {
  readonly tally: Tally
  readonly estimates: Readonly<Record<string, Estimate>>
  /** The rule that ended the cell; null while trials are still to come. */
  readonly ended: string | null
  /** trial.steps. */
  readonly horizon: number
}

/** Fewer events, or trials without, and the half-width is more than half of the probability or of what it lacks to 1. */
const fewestEvents = 16
/** More of the trials than this without any end make a probability of ends one of the horizon. */
const mostUndecided = 0.01
/** Beyond this share of the trials, divergence is no accident any more. */
const mostDiverged = 1e-3

/**
 * Whether the probability of escape (or the first one that was asked for) is to be believed, question by question; those that
 * do not arise are left out. Agreement of methods needs two cells: `agreement`.
 */
export function checksOf(cell: Believed): readonly Check[] {
  if (cell.tally.trials === 0) return []
  const found = mainOf(cell.estimates)
  if (found === null) return [...divergence(cell), stopReason(cell)]
  const [name, estimate] = found
  return [
    ...(cell.tally.values === undefined ? [enough(name, estimate, cell)] : []),
    intervalKind(estimate),
    ...(cell.tally.values === undefined ? horizonLength(name, estimate, cell) : []),
    ...divergence(cell),
    stopReason(cell),
    ...spread(estimate, cell),
  ]
}

function mainOf(estimates: Believed['estimates']): readonly [string, Estimate] | null {
  if (estimates.escape !== undefined) return ['escape', estimates.escape]
  return Object.entries(estimates).find(([name]) => /^(converge|exit:|settle:|class:|mark:)/.test(name)) ?? null
}

const check = (name: CheckName, verdict: Check['verdict'], text: string): Check => ({ name, verdict, text })

/** Two digits, and never an exponent where people read hundreds. */
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`

function enough(name: string, { value, low, high, events }: Estimate, { tally }: Believed): Check {
  const { trials } = tally
  const rare = Math.min(events, trials - events)
  const what = `${events} of ${trials} trials have ${name}`
  if (rare === 0) return check('events', 'doubtful', `${what}: only one limit is known`)
  const relative = (high - low) / 2 / Math.min(value, 1 - value)
  const width = `half-width ${percent(relative)} of ${value <= 0.5 ? 'the probability' : 'what it lacks to 1'}`
  return check('events', rare >= fewestEvents ? 'good' : 'doubtful', `${what}: ${width}`)
}

function intervalKind({ method }: Estimate): Check {
  const [kind = '', parts] = method.split('/')
  const share = parts === undefined ? '' : `, at 1/${parts} of alpha for the looks at the data`
  switch (kind) {
    case 'wilson':
    case 'jeffreys':
      return check('interval', 'doubtful', `${kind} covers on average, not always: clopper-pearson does`)
    case 'beta-binomial':
      return check('interval', 'good', 'right at any number of trials, whenever one looks (beta-binomial)')
    case 'replicas':
    case 'weights':
    case 'asymptotic-sequence':
      return check('interval', 'good', `of a mean of many values (${method}): as right as their spread is known`)
    case 'alike':
      return check('interval', 'doubtful', 'all values are alike: their number alone bounds how often one differs')
    case 'no-weight':
      return check(
        'interval',
        'bad',
        'nothing bounds the weight of a trial that was not drawn: the interval is all that is possible',
      )
    case 'original-noise':
      return check(
        'interval',
        'good',
        'an upper limit by the share of trials that keep the original noise, whatever the tilt',
      )
    default:
      return check('interval', 'good', `exact for how the trials were ended (${kind}${share})`)
  }
}

/** A first exit is of its horizon by definition; one that competes with convergence is decided only once either happened. */
function horizonLength(name: string, { event }: Estimate, { tally, horizon }: Believed): readonly Check[] {
  const undecided = tally.ends[3]! / tally.trials
  const share = percent(undecided)
  const competes = event === 'escape before converging' || name === 'converge' || name.startsWith('settle:')
  if (!competes) return [check('horizon', 'good', `the probability is that of ${horizon} steps`)]
  return undecided <= mostUndecided
    ? [check('horizon', 'good', `${share} of the trials were undecided after ${horizon} steps`)]
    : [
        check(
          'horizon',
          'doubtful',
          `${share} of the trials were undecided after ${horizon} steps: more steps would change the answer`,
        ),
      ]
}

function divergence({ tally }: Believed): readonly Check[] {
  const diverged = tally.ends[2]!
  // Replicas do not tell how their particles ended.
  if (diverged === 0) return tally.values === undefined ? [check('diverged', 'good', 'no trial diverged')] : []
  const share = diverged / tally.trials
  const verdict = share > mostDiverged && diverged >= tally.escaped ? 'bad' : 'doubtful'
  const text = `${percent(share)} of the trials diverged: ${divergingFor(tally)}`
  return [check('diverged', verdict, text)]
}

function stopReason({ ended }: Believed): Check {
  switch (ended) {
    case null:
      return check('stop', 'doubtful', 'trials are still to come')
    case 'max':
      return check('stop', 'doubtful', 'ended at its maximum of trials, no stop rule met')
    case 'budget':
      return check('stop', 'doubtful', 'ended with the budget, no stop rule met')
    case 'trials':
      return check('stop', 'good', 'ended at its number of trials')
    default:
      return check('stop', 'good', `ended by its rule ${ended}`)
  }
}

function spread(estimate: Estimate, { tally }: Believed): readonly Check[] {
  const { replicas, weights } = estimate
  if (replicas === undefined && weights === undefined) return []
  const doubts = replicas === undefined ? ofWeights(estimate, tally) : ofReplicas(replicas)
  if (doubts.length > 0) return [check('spread', 'doubtful', doubts.map(({ message }) => message).join('; '))]
  const variance = (replicas ?? weights)!.relativeVariance.toPrecision(2)
  const what =
    replicas === undefined
      ? `${weights!.effectiveEvents.toPrecision(3)} events of equal weight`
      : `${replicas.count} replicas`
  return [check('spread', 'good', `${what}, relative variance ${variance}`)]
}
