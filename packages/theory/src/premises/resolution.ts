import { type Cell, stepsByEta } from '@driftfarm/spec'
import type { ResolutionPremise } from '@driftfarm/statistics'
import { driftLaw } from '../drift.ts'
import { norm } from '../linear/matrix.ts'
import type { Landmarks } from './landmarks.ts'
import { scalesAt } from './stepNoiseAt.ts'

/**
 * Returns step and noise divided by the largest coordinate of the start. The radius of a ball is divided by the largest
 * coordinate of the ball's centre; `radius` is the smallest of these quotients.
 */
export function resolutionPremise(cell: Cell, landmarks: Landmarks): ResolutionPremise | null {
  const { eta, drift } = scalesAt(cell, 0)
  const start = landmarks.starts()[0]!
  const coordinate = largest(start)
  const noise = relative(noiseOf(cell, eta, drift), coordinate)
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
 * custom rules and rules that divide by the size of gradients, because the effect of this noise is not known.
 */
function noiseOf({ update }: Cell, eta: number, scales: readonly number[]): number | null {
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

function stepOf({ update: { rule } }: Cell, eta: number, landmarks: Landmarks): number | null {
  if (rule.kind === 'custom' || !(eta > 0)) return null
  if (stepsByEta(rule.kind)) return eta
  const { probe, starts } = landmarks
  const start = starts()[0]!
  const gradient = new Float64Array(start.length)
  probe.gradient(start, gradient)
  const length = eta * Math.max(norm(gradient), largestCurvature(landmarks) * largest(start))
  return length > 0 ? length : null
}

function largestCurvature({ nearCurvatures }: Landmarks): number {
  return Math.max(0, nearCurvatures().values.at(-1)!)
}

function radiusOf({ trial: { escape, converge } }: Cell): number | null {
  const balls = [
    ...(escape?.kind === 'outside' ? [relative(escape.radius, largest(escape.of))] : []),
    ...(converge?.kind === 'within' ? converge.of.map(([, centre]) => relative(converge.radius, largest(centre))) : []),
  ].filter((ball) => ball !== null)
  return balls.length === 0 ? null : Math.min(...balls)
}

function largest(point: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < point.length; i++) most = Math.max(most, Math.abs(point[i]!))
  return most
}
