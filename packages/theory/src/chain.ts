import { type LandscapeFunction, landscapeFunction, scaleFunction } from '@driftfarm/kernel'
import type { Cell, DataTable, Law } from '@driftfarm/spec'

/**
 * The chain theta_{n+1} = theta_n - eta_n grad L(theta_n) + s_n xi_{n+1} that a cell's trials are: plain gradient
 * descent over all samples with one additive drift, or none.
 */
export interface AdditiveChain {
  readonly landscape: LandscapeFunction
  eta(n: number): number
  /** Scale of the step, s_n: eta_n sigma_n, or what the spec says of the step itself; 0 without drift. */
  scale(n: number): number
  /** Of each coordinate of xi, or of the whole vector if isotropic. */
  readonly law: Law
  readonly isotropic: boolean
  /** Whether eta_n and s_n are the same at every n. */
  readonly stationary: boolean
}

/** Why a cell is not what a statement of theory speaks of. */
export interface Refusal {
  readonly reason: string
}

/** The additive chain of a cell, or why its trials are none. */
export function additiveChain(cell: Cell, data: DataTable | null): AdditiveChain | Refusal {
  const { rule, drift, eta } = cell.update
  if (rule.kind !== 'gradient') return { reason: `the rule is ${rule.kind}, not gradient` }
  if ('batch' in cell.landscape && cell.landscape.batch !== null)
    return { reason: 'steps are taken on minibatches, which are random as well' }
  if (drift.length > 1) return { reason: `${drift.length} drift entries act together` }
  const [entry] = drift
  if (entry !== undefined && entry.form !== 'additive') return { reason: `the drift is ${entry.form}, not additive` }
  if (entry !== undefined && (entry.when !== null || entry.every !== 1))
    return { reason: 'the drift does not act at every step' }
  const scales = scaleFunction(cell)
  return {
    landscape: landscapeFunction(cell, data),
    eta: (n) => scales(n).eta,
    scale: (n) => {
      const { eta, drift } = scales(n)
      const [amount = 0] = drift
      return entry?.form === 'additive' && entry.scale === 'sigma' ? eta * amount : amount
    },
    law: entry?.law ?? { kind: 'gaussian' },
    isotropic: entry?.isotropic ?? false,
    stationary: eta.kind === 'constant' && (entry === undefined || entry.amount.kind === 'constant'),
  }
}
