import type { Broadcast, Cell, Descent } from '@driftfarm/spec'
import type { Model } from '../model/model.ts'
import { initRuns, startPlan } from '../model/start.ts'
import { gaussian } from '../streams/normal.ts'
import { type StreamKey, trialStream } from '../streams/streams.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'
import { dot, type LossFunction } from './lossFunction.ts'

export type StartOf = (trial: number) => Float64Array

/**
 * The returned function gives the theta of a trial before any warm-up. `trained` gives the end of a trial's own
 * training run; null if the cell has none.
 */
export function starter({ cell }: Model, key: StreamKey, loss: LossFunction, trained: StartOf | null): StartOf {
  const draw = drawer(cell, key, trained)
  const { descents } = startPlan(cell.start)
  return (trial) => {
    const theta = draw(trial)
    for (const descent of descents) descend(loss, theta, descent)
    return theta
  }
}

export function drawer({ landscape, start }: Cell, key: StreamKey, trained: StartOf | null): StartOf {
  const { drawn } = startPlan(start)
  if (drawn.kind === 'train' && trained !== null) return trained
  const point = (coordinate: (i: number) => number) =>
    Float64Array.from({ length: landscape.dimension }, (_, i) => coordinate(i))
  const from = (stream: Xoshiro): Float64Array => {
    switch (drawn.kind) {
      case 'stored':
      case 'train':
        throw new Error(`internal error: the start is ${drawn.kind}`)
      case 'point':
        return Float64Array.from(drawn.point)
      case 'uniform': {
        const [low, high] = [at(drawn.low), at(drawn.high)]
        return point((i) => low(i) + (high(i) - low(i)) * stream.uniform())
      }
      case 'gaussian': {
        const [mean, sigma] = [at(drawn.mean), at(drawn.sigma)]
        return point((i) => mean(i) + sigma(i) * gaussian(stream))
      }
      case 'init':
        return Float64Array.from(
          initRuns(landscape, drawn.law).flatMap(({ weights, sigma, biases }) => [
            ...Array.from({ length: weights }, () => sigma * gaussian(stream)),
            ...new Array<number>(biases).fill(0),
          ]),
        )
    }
  }
  return (trial) => from(trialStream(key, trial, 'start'))
}

function at(value: Broadcast): (i: number) => number {
  return (i) => (typeof value === 'number' ? value : value[i]!)
}

export type Arrival = 'reached' | 'not finite' | 'out of steps'

/** Moves theta by noise-free steps over all samples. */
export function descend(loss: Pick<LossFunction, 'gradient'>, theta: Float64Array, descent: Descent): Arrival {
  const { gradient, eta, steps } = descent
  const slope = new Float64Array(theta.length)
  for (let taken = 0; ; taken++) {
    loss.gradient(theta, slope)
    const square = dot(slope, slope)
    if (!theta.every(Number.isFinite)) return 'not finite'
    if (square <= gradient * gradient) return 'reached'
    if (taken === steps) return 'out of steps'
    for (let i = 0; i < theta.length; i++) theta[i] = theta[i]! - eta * slope[i]!
  }
}
