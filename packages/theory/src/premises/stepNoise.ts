import { largestEntry, norm } from '@driftfarm/formula'
import { gradientAt, type StepScales, scaleFunction } from '@driftfarm/kernel'
import { type Cell, changeOfSteps, stepsByEta, trainingNoise } from '@driftfarm/spec'
import type { ResolutionPremise } from '@driftfarm/statistics'
import { driftLaw } from '../drift.ts'
import type { Landmarks } from './landmarks.ts'
import type { StepNoise } from './linearRule.ts'

/**
 * The step size and the scales are those of the trials. `noise` is null if it depends on theta, acts only in some
 * steps, or has no finite variance.
 */
export function stepNoiseAt(cell: Cell, n: number): { readonly eta: number; readonly noise: StepNoise | null } {
  const scales = scaleFunction(cell)(n)
  return { eta: scales.eta, noise: trainingNoise(cell.landscape).length > 0 ? null : noiseOf(cell, scales) }
}

function noiseOf({ update }: Cell, { drift }: StepScales): StepNoise | null {
  const squares = { gradient: 0, theta: 0 }
  for (const [i, entry] of update.drift.entries()) {
    if (entry.form !== 'additive' || entry.when !== null || entry.every !== 1) return null
    const variance = driftLaw(entry.law).variance
    if (variance === null) return null
    squares[entry.scale === 'sigma' ? 'gradient' : 'theta'] += drift[i]! * drift[i]! * variance
  }
  const noise = { gradient: Math.sqrt(squares.gradient), theta: Math.sqrt(squares.theta) }
  return Number.isFinite(noise.gradient) && Number.isFinite(noise.theta) ? noise : null
}

/**
 * Returns the largest eta at the examined steps. If eta is an expression or has a warm-up, only 200 steps are examined,
 * and eta may be larger at another step. Any other eta is monotone between the examined steps, so the result is the
 * maximum over all steps.
 */
export function largestEta(cell: Cell): number {
  const at = scaleFunction(cell)
  return sampledSteps(cell).reduce((most, n) => Math.max(most, at(n).eta), at(0).eta)
}

const sampleCount = 200

/** Steps from the first to the last. */
export function spreadSteps(steps: number): readonly number[] {
  return Array.from({ length: sampleCount }, (_, i) => Math.floor(((steps - 1) * i) / (sampleCount - 1)))
}

function sampledSteps({ update: { eta, warmup }, trial: { steps } }: Cell): readonly number[] {
  const last = steps - 1
  if (warmup !== undefined) return [...spreadSteps(steps), Math.min(last, warmup - 1)]
  switch (eta.kind) {
    case 'piecewise':
      return eta.points.map(([from]) => from).filter((from) => from <= last)
    case 'expression':
      return spreadSteps(steps)
    default:
      return [0, last]
  }
}

/**
 * Returns step and noise divided by the largest coordinate of the start. The radius of a ball is divided by the largest
 * coordinate of the ball's centre; `radius` is the smallest of these quotients.
 */
export function resolutionPremise(cell: Cell, landmarks: Landmarks): ResolutionPremise | null {
  const { eta, drift } = scaleFunction(cell)(0)
  const start = landmarks.starts()[0]!
  const coordinate = largestEntry({ values: start })
  const noise = relative(noiseLength(cell, eta, drift), coordinate)
  const step = relative(stepOf(cell, eta, landmarks), coordinate)
  const radius = radiusOf(cell)
  return noise === null && step === null && radius === null ? null : { noise, step, radius }
}

/** Returns null if the coordinate is 0, because a sum with 0 loses nothing to rounding. */
function relative(length: number | null, coordinate: number): number | null {
  if (length === null || coordinate === 0) return null
  const share = length / coordinate
  return Number.isFinite(share) ? share : null
}

/**
 * Returns the standard deviation of the noise of one coordinate in one step. Noise on the gradient is not counted for
 * custom rules and rules that divide by the size of gradients, because the effect of this noise is not known. With
 * step sizes by layer, there is no noise of one coordinate.
 */
function noiseLength({ update }: Cell, eta: number, scales: readonly number[]): number | null {
  if (update.etaByLayer !== undefined) return null
  const plain = update.rule.kind !== 'custom' && !stepsByEta(update.rule.kind)
  let square = 0
  for (const [i, entry] of update.drift.entries()) {
    if (entry.form !== 'additive' || (entry.scale === 'sigma' && !plain)) continue
    const size = scales[i]! * Math.sqrt(driftLaw(entry.law).variance ?? 1)
    const moved = entry.scale === 'sigma' ? eta * size : size
    square += moved * moved
  }
  return square > 0 ? Math.sqrt(square) : null
}

function stepOf({ update }: Cell, eta: number, landmarks: Landmarks): number | null {
  const { rule } = update
  if (rule.kind === 'custom' || !(eta > 0) || changeOfSteps(update) !== null) return null
  if (stepsByEta(rule.kind)) return eta
  const { probe, starts, nearCurvatures } = landmarks
  const start = starts()[0]!
  // First the curvature, because it is refused if the gradients of the cell take too long.
  const curvature = Math.max(0, nearCurvatures().values.at(-1)!)
  const length =
    eta * Math.max(norm(gradientAt(probe.landscape.gradient, start)), curvature * largestEntry({ values: start }))
  return length > 0 ? length : null
}

function radiusOf({ trial: { escape, converge } }: Cell): number | null {
  const balls = [
    ...(escape?.kind === 'outside' ? [relative(escape.radius, largestEntry({ values: escape.of }))] : []),
    ...(converge?.kind === 'within'
      ? converge.of.map(([, centre]) => relative(converge.radius, largestEntry({ values: centre })))
      : []),
  ].filter((ball) => ball !== null)
  return balls.length === 0 ? null : Math.min(...balls)
}
