import { type Cell, type DataTable, isPlain } from '@driftfarm/spec'
import { type AdditiveChain, additiveChain, type NotApplicable } from '../chain.ts'
import { fullBatch } from '../premises/noiseFreeCell.ts'

/**
 * The chain of Theorem 3: v_{n+1} = beta v_n - eta_n (g_n + noise), theta_{n+1} = theta_n + v_{n+1}, v_0 = 0. Here g_n
 * is the gradient over all samples or over a mini-batch drawn with replacement. There is at most one additive drift.
 */
export interface NoisyChain {
  readonly kind: 'momentum' | 'minibatch'
  /** 0 for the gradient rule. */
  readonly beta: number
  /** The number of samples in a mini-batch; null for all samples. */
  readonly batch: number | null
  /** The chain of the same cell with the gradient rule and all samples. It provides eta_n and the drift scale s_n. */
  readonly additive: AdditiveChain
  /** Whether the drift is part of the gradient, so that it also moves the velocity. Otherwise it moves only theta. */
  readonly onGradient: boolean
}

/** Returns null for a cell with neither momentum nor mini-batches. */
export function noisyChain(cell: Cell, data: DataTable | null): NoisyChain | NotApplicable | null {
  const { landscape, update, trial } = cell
  const { rule, drift } = update
  const batch = 'batch' in landscape ? landscape.batch : null
  const isMomentum = rule.kind === 'momentum' && !isPlain(rule)
  if (!isMomentum && (!isPlain(rule) || batch === null)) return null
  if (batch?.sampling === 'shuffle')
    return {
      reason:
        'mini-batches are shuffled: given the earlier batches, the expected gradient of the next batch is not the ' +
        'full gradient',
    }
  const whole: Cell = {
    ...cell,
    landscape: fullBatch(landscape),
    update: { ...update, rule: { kind: 'gradient' } },
  }
  const additive = additiveChain(whole, data)
  if ('reason' in additive) return additive
  if (isMomentum && !additive.stationary)
    return {
      reason: 'with momentum, eta and the drift must be constant, because the bounds use the same norm for every step',
    }
  if (isMomentum && trial.warmup > 0) return { reason: 'after a warm-up, the velocity at step 0 is not known' }
  const [entry] = drift
  return {
    kind: isMomentum ? 'momentum' : 'minibatch',
    beta: isMomentum ? rule.beta : 0,
    batch: batch?.size ?? null,
    additive,
    onGradient: entry?.form !== 'additive' || entry.scale === 'sigma',
  }
}
