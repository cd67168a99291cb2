import { type Cell, type DataTable, isPlain } from '@driftfarm/spec'
import { type AdditiveChain, additiveChain, type NotApplicable } from '../chain.ts'
import type { ScalarLaw } from '../distribution/scalarLaw.ts'
import { driftLaw } from '../drift.ts'
import { randomStart, startPoint } from '../question/startPoint.ts'
import type { Step } from './spread.ts'

export interface OracleChain {
  readonly start: readonly number[]
  readonly stationary: boolean
  step(n: number): Step
  eta(n: number): number
  gradient(theta: Float64Array, into: Float64Array): void
  readonly chain: AdditiveChain
  readonly law: ScalarLaw
  readonly beta: number
  readonly smallest: number
  readonly largest: number
  /**
   * The scale at which theta_n must be sampled: the scale of the step to theta_n or of the next step, whichever is
   * smaller.
   */
  finest(n: number): number
  /**
   * The largest s^2 / (2 eta (1 - beta)) of all steps, the temperature of the diffusion that approximates the chain.
   */
  readonly temperature: number
}

const meshScaleRatio = 1.25

/** A longer schedule would take too much work. */
const maxSteps = 100_000

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
  const steps = chain.stationary ? 1 : trial.steps
  if (steps > maxSteps) return { reason: `the schedule has ${trial.steps} steps, more than ${maxSteps}` }
  const beta = isHeavyBall ? rule.beta : 0
  let smallest = Number.POSITIVE_INFINITY
  let largest = 0
  let temperature = 0
  for (let n = 0; n < steps; n++) {
    const scale = Math.abs(chain.scale(n))
    smallest = Math.min(smallest, scale)
    largest = Math.max(largest, scale)
    temperature = Math.max(temperature, (scale * scale) / (2 * Math.abs(chain.eta(n)) * (1 - beta)))
  }
  if (!(smallest > 0)) return { reason: 'the drift is 0 at some step, but quadrature needs a density at every step' }
  if (!Number.isFinite(temperature)) return { reason: 'eta is 0' }
  const start = startPoint(cell, data)
  if ('reason' in start) return start
  return {
    chain,
    law,
    beta,
    smallest,
    largest,
    finest: (n) => {
      // With momentum, states are pairs of nodes, and all pairs need the same mesh.
      if (chain.stationary || beta > 0) return smallest
      const scale = Math.min(Math.abs(chain.scale(n - 1)), Math.abs(chain.scale(Math.min(n, steps - 1))))
      // Scales are rounded down to a geometric grid, so that steps with similar scales use the same mesh.
      let level = largest
      while (level > scale) level /= meshScaleRatio
      return Math.max(level, smallest)
    },
    temperature,
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
