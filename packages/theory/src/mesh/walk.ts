import { type Cell, isPlain, type Tables } from '@driftfarm/spec'
import { additiveChain, scalesOf } from '../chain.ts'
import { driftLaw } from '../drift.ts'
import { requireOneStart, startPoint } from '../question/startPoint.ts'
import { refuse } from '../refusal.ts'
import type { Step } from './spread.ts'

export type OracleChain = ReturnType<typeof oracleChain>

const meshScaleRatio = 1.25

const silent = 'the drift is 0 at some step, but quadrature needs a density at every step'

export function oracleChain(cell: Cell, tables: Tables) {
  const { trial, update, landscape } = cell
  const { rule } = update
  requireOneStart(cell)
  const isHeavyBall = rule.kind === 'momentum' && !isPlain(rule)
  if (isHeavyBall) {
    const [entry] = update.drift
    if (landscape.dimension > 1) refuse('momentum is supported only in one dimension')
    if (entry?.form === 'additive' && entry.scale !== 'sigma')
      refuse('with momentum, the drift must act on the gradient (`sigma`)')
  }
  const chain = additiveChain(
    isHeavyBall ? { ...cell, update: { ...update, rule: { kind: 'gradient' } } } : cell,
    tables,
  )
  const { isStandardNormal, scalar } = driftLaw(chain.law)
  const law = scalar()
  if (landscape.dimension === 2) {
    if (chain.isotropic && !isStandardNormal)
      refuse(`the isotropic ${chain.law.kind} distribution is not supported in two dimensions`)
    if (law.kinks.length > 0 || law.reach === Number.POSITIVE_INFINITY)
      refuse(`the ${chain.law.kind} distribution is not supported in two dimensions`)
  }
  const beta = isHeavyBall ? rule.beta : 0
  const scales = scalesOf(chain, trial.steps, silent, beta)
  const { smallest, largest } = scales
  const start = startPoint(cell, tables)
  return {
    chain,
    law,
    beta,
    ...scales,
    /**
     * The scale at which theta_n must be sampled: the scale of the step to theta_n or of the next step, whichever is
     * smaller.
     */
    finest: (n: number) => {
      // With momentum, states are pairs of nodes, and all pairs need the same mesh.
      if (chain.stationary || beta > 0) return smallest
      const scale = Math.min(Math.abs(chain.scale(n - 1)), Math.abs(chain.scale(Math.min(n, trial.steps - 1))))
      // Scales are rounded down to a geometric grid, so that steps with similar scales use the same mesh.
      let level = largest
      while (level > scale) level /= meshScaleRatio
      return Math.max(level, smallest)
    },
    start,
    stationary: chain.stationary,
    step: (n: number): Step => ({ law, scale: Math.abs(chain.scale(n)), reach: law.reach }),
    eta: chain.eta,
    gradient: chain.landscape.gradient,
  }
}
