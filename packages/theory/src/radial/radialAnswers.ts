import { distance, largestEntry } from '@driftfarm/formula'
import { gradientAt, type LandscapeFunction } from '@driftfarm/kernel'
import { type Cell, eventNamesOf, kindOf, printEstimate, type Tables } from '@driftfarm/spec'
import { type BallStart, type Contraction, maxSteps } from '../ball/contraction.ts'
import { additiveChain } from '../chain.ts'
import { describedChain } from '../describedChain.ts'
import { driftLaw } from '../drift.ts'
import { requireOneStart, startPoint } from '../question/startPoint.ts'
import { refuse, unlessRefused } from '../refusal.ts'
import type { ExactAnswer, OracleAnswer } from '../shapes/oracle.ts'
import { radialEver, radialSurvival } from './survival.ts'

/**
 * Limit for the rounding error of entry i of a gradient. It is relative to the sum of two magnitudes: the largest entry
 * of this gradient, and entry i of the gradient at theta = 0.
 */
const gradientRounding = 1e-12

/**
 * Returns the loss as an isotropic quadratic of any dimension, curvature |theta - centre|^2 / 2 + constant. Refuses if
 * it is not one. The gradient is tested at points near and far, because another loss may agree with the quadratic at
 * some points by accident.
 */
export function isotropicQuadratic({ dimension, gradient }: LandscapeFunction) {
  const origin = gradientAt(gradient, new Float64Array(dimension))
  const unit = new Float64Array(dimension)
  unit[0] = 1
  const curvature = gradientAt(gradient, unit)[0]! - origin[0]!
  if (!(curvature > 0 && Number.isFinite(curvature))) refuse('the loss is not a quadratic with a minimum')
  for (const [size, seed] of probes) {
    // Points in general position, from multiples of the golden ratio modulo 1.
    const theta = Float64Array.from(
      { length: dimension },
      (_, i) => size * (2 * (((i + seed) * 0.6180339887498949) % 1) - 1),
    )
    const found = gradientAt(gradient, theta)
    const largest = largestEntry({ values: found })
    for (let i = 0; i < dimension; i++) {
      const off = Math.abs(found[i]! - origin[i]! - curvature * theta[i]!)
      if (!(off <= gradientRounding * (largest + Math.abs(origin[i]!))))
        refuse('the loss is not an isotropic quadratic')
    }
  }
  return { curvature, centre: Array.from(origin, (g) => 0 - g / curvature) }
}

const probes = [
  [0.01, 1],
  [1, 2],
  [1, 7],
  [30, 4],
] as const

/**
 * If the distance between the ball's centre and the minimum is below this, in units of the radius, it is rounding
 * error.
 */
const centreTolerance = 1e-12
/** The relative rounding error of the density of a step. Comparing two resolutions does not show this error. */
const rounding = 1e-12
type Ever = ReturnType<typeof radialEver>

/** Two resolutions, in nodes per step scale. The difference between their results is the estimate of the error. */
const nodeDensities = [3.5, 5] as const
/** In units of the step scale. For a larger radius, elimination would take longer than a few seconds. */
const maxRadius = 250

/**
 * Returns exact answers, in any dimension, if the loss is an isotropic quadratic and trials escape from a ball about
 * the minimum. The method works because the distance from the minimum is itself a Markov chain.
 */
export function radialAnswers(cell: Cell, tables: Tables, horizons: readonly number[]): OracleAnswer {
  const { chain, within } = ballExit(cell, tables)
  const last = cell.trial.steps
  const answers: ExactAnswer[] = []
  const missing = new Map<string, string>()
  for (const horizon of horizons) {
    const name = printEstimate({ kind: 'escape', horizon: horizon === last ? null : horizon })
    const survival = unlessRefused(() => radialSurvival(chain, { ...within, steps: horizon }))
    if ('reason' in survival) {
      missing.set(name, survival.reason)
      continue
    }
    const { exit, survive, error } = survival
    const put = (of: string, value: number) =>
      answers.push({ name: of, value, error: Math.max(error, rounding), method: 'radial-nystrom' })
    put(name, exit)
    if (horizon === last) put('undecided', survive)
  }
  const ever = unlessRefused(() =>
    chain.stationary ? everOf(chain, within) : refuse('the step size or the noise scale changes with the step'),
  )
  if ('reason' in ever) for (const name of ['meanExitStep', 'rate']) missing.set(name, ever.reason)
  else
    answers.push(
      { name: 'meanExitStep', ...ever.meanExit, method: 'radial-gth' },
      { name: 'rate', ...ever.rate, method: 'radial-gth' },
    )
  for (const name of unanswerableNames(cell))
    missing.set(name, 'this answer cannot be computed from the distance to the centre')
  if (answers.length === 0) refuse([...missing.values()][0]!)
  return {
    chain: { ...describedChain(cell), scale: chain.scale(0) },
    answers,
    missing: [...missing].map(([name, reason]) => ({ name, reason })),
  }
}

function ballExit(cell: Cell, tables: Tables) {
  const { trial, landscape } = cell
  const { escape, divergence, steps } = trial
  requireOneStart(cell)
  const chain = additiveChain(cell, tables)
  const { curvature, centre } = isotropicQuadratic(chain.landscape)
  if (escape?.kind !== 'outside') refuse('the escape event is not `outside` a ball')
  const { radius } = escape
  if (distance(centre, escape.of) > centreTolerance * radius) refuse('the ball is not centred on the minimum')
  if (trial.converge !== null) refuse('trials can also converge')
  if (centre.some((x) => !(Math.abs(x) + radius <= divergence)))
    refuse('part of the ball lies beyond the divergence limit')
  const from = distance(startPoint(cell, tables), centre)
  if (!(from < radius)) refuse('the start is outside the ball')
  if (!driftLaw(chain.law).isStandardNormal) refuse(`the drift is ${chain.law.kind}, not gaussian`)
  // Taking absolute values is safe, because a reflection does not change the distribution of a vector's length.
  const rho = (n: number) => Math.abs(1 - chain.eta(n) * curvature)
  const scale = (n: number) => Math.abs(chain.scale(n))
  const { stationary } = chain
  const eta = chain.eta(0)
  if (eta === 0) refuse('eta is 0')
  for (let n = 0; n < (stationary ? 1 : Math.min(steps, maxSteps)); n++)
    if (!(rho(n) <= 1))
      refuse(
        `eta times the curvature is ${chain.eta(n) * curvature}, not from 0 to 2, ` +
          'so steps lead away from the minimum',
      )
  if (stationary && scale(0) === 0) refuse('the steps have no drift, so all trials are the same')
  const { dimension } = landscape
  return { chain: { dimension, rho, scale, stationary }, within: { radius, start: from, steps } }
}

function everOf(chain: Contraction, within: BallStart) {
  const radius = within.radius / chain.scale(0)
  if (radius > maxRadius)
    refuse(`the ball's radius is ${Math.round(radius)} times the scale of a step, more than the limit of ${maxRadius}`)
  const [coarse, fine] = nodeDensities.map((density) => radialEver(chain, within, density)) as [Ever, Ever]
  if (!Number.isFinite(fine.meanExit)) refuse('the mean exit step exceeds the largest double')
  const of = (key: 'meanExit' | 'rate') => ({
    value: fine[key],
    error: Math.max(Math.abs(coarse[key] / fine[key] - 1), rounding),
  })
  return { meanExit: of('meanExit'), rate: of('rate') }
}

/**
 * The estimates that the method cannot compute. If trials stop when they leave the ball, they never diverge, so
 * `diverge` is not among these estimates.
 */
function unanswerableNames({ trial }: Cell): string[] {
  const events = eventNamesOf(trial)
  return [
    ...(trial.afterEscape === 'stop' ? [] : ['diverge']),
    ...(['mark', 'class'] as const).flatMap((kind) =>
      kindOf(kind)
        .of(events)
        .map((name) => printEstimate({ kind, name })),
    ),
  ]
}
