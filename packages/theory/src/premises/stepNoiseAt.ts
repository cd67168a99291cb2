import { type StepScales, scaleFunction } from '@driftfarm/kernel'
import type { Cell } from '@driftfarm/spec'
import { driftLaw } from '../drift.ts'
import type { StepNoise } from './recursion.ts'

export interface StepNoiseAt {
  readonly eta: number
  /** null if the noise depends on theta, acts only in some steps, or has no finite variance. */
  readonly noise: StepNoise | null
}

export function stepNoiseAt(cell: Cell, n: number): StepNoiseAt {
  const scales = scalesAt(cell, n)
  const batches = cell.landscape.kind !== 'population' && cell.landscape.batch !== null
  return { eta: scales.eta, noise: batches ? null : noiseOf(cell, scales) }
}

/**
 * The step size and the scales agree bit for bit with those of the trials. If they are all constant, as in most sweeps,
 * no expressions are evaluated.
 */
export function scalesAt(cell: Cell, n: number): StepScales {
  const { eta, drift } = cell.update
  if (eta.kind !== 'constant') return scaleFunction(cell)(n)
  const scales: number[] = []
  for (const entry of drift) {
    if (entry.amount.kind !== 'constant') return scaleFunction(cell)(n)
    const { value } = entry.amount
    const isTemperature = entry.form === 'additive' && entry.scale === 'temperature'
    scales.push(isTemperature ? Math.sqrt(2 * eta.value * value) : value)
  }
  return { eta: eta.value, drift: scales }
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
 * Returns the largest eta at the examined steps. If eta is an expression, only 200 steps are examined, and eta may be
 * larger at another step. Any other eta is monotone between the examined steps, so the result is the maximum over all
 * steps.
 */
export function largestEta(cell: Cell): number {
  const { eta } = cell.update
  if (eta.kind === 'constant') return eta.value
  const at = scaleFunction({ ...cell, update: { ...cell.update, drift: [] } })
  return sampledSteps(cell).reduce((most, n) => Math.max(most, at(n).eta), at(0).eta)
}

const sampleCount = 200

function sampledSteps({ update: { eta }, trial: { steps } }: Cell): readonly number[] {
  const last = steps - 1
  switch (eta.kind) {
    case 'piecewise':
      return eta.points.map(([from]) => from).filter((from) => from <= last)
    case 'expression':
      return Array.from({ length: sampleCount }, (_, i) => Math.floor((last * i) / (sampleCount - 1)))
    default:
      return [0, last]
  }
}

export function isStationary({ update }: Cell): boolean {
  return update.eta.kind === 'constant' && update.drift.every(({ amount }) => amount.kind === 'constant')
}
