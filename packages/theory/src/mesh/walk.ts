import { type Cell, type DataTable, isPlain } from '@driftfarm/spec'
import { type AdditiveChain, additiveChain, type NotApplicable, type Scales, scalesOf } from '../chain.ts'
import type { ScalarLaw } from '../distribution/scalarLaw.ts'
import { driftLaw } from '../drift.ts'
import { randomStart, startPoint } from '../question/startPoint.ts'
import type { Step } from './spread.ts'

export interface OracleChain extends Scales {
  readonly start: readonly number[]
  readonly stationary: boolean
  step(n: number): Step
  eta(n: number): number
  gradient(theta: Float64Array, into: Float64Array): void
  readonly chain: AdditiveChain
  readonly law: ScalarLaw
  readonly beta: number
  /**
   * The scale at which theta_n must be sampled: the scale of the step to theta_n or of the next step, whichever is
   * smaller.
   */
  finest(n: number): number
}

const meshScaleRatio = 1.25

const silent = { reason: 'the drift is 0 at some step, but quadrature needs a density at every step' }

export function oracleChain(cell: Cell, data: DataTable | null): OracleChain | NotApplicable {
  const { trial, update, landscape } = cell
  const { rule } = update
  const random = randomStart(cell)
  if (random !== null) return random
  const isHeavyBall = rule.kind === 'momentum' && !isPlain(rule)
  if (isHeavyBall) {
    const [entry] = update.drift
    if (landscape.dimension > 1) return { reason: 'momentum is supported only in one dimension' }
    if (entry?.form === 'additive' && entry.scale !== 'sigma')
      return { reason: 'with momentum, the drift must act on the gradient (`sigma`)' }
  }
  const chain = additiveChain(isHeavyBall ? { ...cell, update: { ...update, rule: { kind: 'gradient' } } } : cell, data)
  if ('reason' in chain) return chain
  const { isStandardNormal, scalar } = driftLaw(chain.law)
  const law = scalar()
  if ('reason' in law) return law
  if (landscape.dimension === 2) {
    if (chain.isotropic && !isStandardNormal)
      return { reason: `the isotropic ${chain.law.kind} distribution is not supported in two dimensions` }
    if (law.kinks.length > 0 || law.reach === Number.POSITIVE_INFINITY)
      return { reason: `the ${chain.law.kind} distribution is not supported in two dimensions` }
  }
  const beta = isHeavyBall ? rule.beta : 0
  const scales = scalesOf(chain, trial.steps, silent, beta)
  if ('reason' in scales) return scales
  const { smallest, largest } = scales
  const start = startPoint(cell, data)
  if ('reason' in start) return start
  return {
    chain,
    law,
    beta,
    ...scales,
    finest: (n) => {
      // With momentum, states are pairs of nodes, and all pairs need the same mesh.
      if (chain.stationary || beta > 0) return smallest
      const scale = Math.min(Math.abs(chain.scale(n - 1)), Math.abs(chain.scale(Math.min(n, trial.steps - 1))))
      // Scales are rounded down to a geometric grid, so that steps with similar scales use the same mesh.
      let level = largest
      while (level > scale) level /= meshScaleRatio
      return Math.max(level, smallest)
    },
    start: start.point,
    stationary: chain.stationary,
    step: (n) => ({
      law,
      scale: Math.abs(chain.scale(n)),
      reach: law.reach,
    }),
    eta: chain.eta,
    gradient: chain.landscape.gradient,
  }
}
