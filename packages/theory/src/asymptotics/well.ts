import { norm } from '@driftfarm/formula'
import { gradientAt, type LandscapeFunction } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import type { AdditiveChain } from '../chain.ts'
import { driftLaw } from '../drift.ts'
import { type CriticalPoint, critical, polish } from '../minima/critical.ts'
import { originOf, startPoint } from '../question/startPoint.ts'
import { refuse } from '../refusal.ts'
import { fourDigits, pointText } from './asymptotic.ts'

export type Well = ReturnType<typeof wellOf>

/** Returns the critical point at which steepest descent from theta ends, to full precision. */
export function bottomOf(landscape: LandscapeFunction, theta: Float64Array): CriticalPoint {
  const end = steepestDescentPath(landscape, theta).at(-1)!
  // If the gradient is shorter than about the square root of the rounding error of the loss, a step no longer lowers
  // the computed loss. Descent therefore ends with a gradient of about that size.
  const near = 1e-5 * (1 + Math.abs(landscape.loss(end)))
  return critical(landscape, polish(landscape, end, { near, steps: 200 }))
}

/** `theta` is the point of the minimum. */
export function wellOf(cell: Cell, tables: Tables, landscape: LandscapeFunction) {
  if (originOf(cell.start).kind !== 'point') refuse(`trials start at many points (${cell.start.kind}), not in one well`)
  const start = Float64Array.from(startPoint(cell, tables))
  const minimum = bottomOf(landscape, start)
  if (minimum.kind !== 'minimum')
    refuse(
      `descent from the start ends at ${pointText(minimum.point)} (${minimum.kind}), ` +
        'which is not a minimum of positive curvature',
    )
  return { landscape, start, minimum, theta: Float64Array.from(minimum.point) }
}

export type GaussianSteps = ReturnType<typeof gaussianSteps>

/**
 * Kramers' rates require a constant eta, a constant scale and Gaussian drift. The temperature is s^2 / (2 eta), in
 * units of the loss.
 */
export function gaussianSteps(chain: AdditiveChain) {
  const { eta, scale } = constantSteps(chain)
  if (!driftLaw(chain.law).isStandardNormal) refuse(`the drift is ${chain.law.kind}, not gaussian`)
  return { eta, scale, temperature: (scale * scale) / (2 * eta) }
}

export function constantSteps(chain: AdditiveChain) {
  if (!chain.stationary) refuse('the step size or the noise scale changes with n')
  const [eta, scale] = [chain.eta(0), chain.scale(0)]
  if (!(scale > 0)) refuse('there is no drift')
  if (!(eta > 0)) refuse(`the step size is ${fourDigits(eta)}; this asymptotic formula requires a positive one`)
  return { eta, scale }
}

/** Refuses if the escape event cannot be the first exit from the start's well, counted from step 0. */
export function requireFirstExit({ trial }: Cell): void {
  if (trial.escape === null) refuse('the cell has no escape event')
  if (trial.warmup > 0) refuse(`trials may leave the well during their ${trial.warmup} warm-up steps`)
  if (trial.converge !== null && trial.afterConverge === 'stop')
    refuse('convergence ends trials, so the event is an escape before converging, not a first exit')
}

/** The longest step, in units of 1 + |theta|: short compared with the wells that asymptotics describe. */
const longest = 0.02
const maxSteps = 5000

/** Follows steepest descent in steps so short that the path stays in its basin. */
export function steepestDescentPath(landscape: LandscapeFunction, start: Float64Array): readonly Float64Array[] {
  const path = [Float64Array.from(start)]
  let theta = path[0]!
  let loss = landscape.loss(theta)
  let rate = 1
  let steepest = 0
  for (let step = 0; step < maxSteps; step++) {
    const gradient = gradientAt(landscape.gradient, theta)
    const slope = norm(gradient)
    steepest = Math.max(steepest, slope)
    if (!(slope > 1e-3 * steepest) || !Number.isFinite(slope)) break
    rate = Math.min(2 * rate, (longest * (1 + norm(theta))) / slope)
    let next = theta
    let lower = loss
    for (; rate * slope > 1e-12; rate /= 2) {
      next = theta.map((x, i) => x - rate * gradient[i]!)
      lower = landscape.loss(next)
      if (lower <= loss - 0.3 * rate * slope * slope) break
    }
    if (!(lower < loss)) break
    theta = next
    loss = lower
    path.push(theta)
  }
  return path
}
