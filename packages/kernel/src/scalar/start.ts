import type { Broadcast } from '@driftfarm/spec'
import type { Model } from '../model/model.ts'
import { initRuns, startPlan } from '../model/start.ts'
import { gaussian } from '../streams/normal.ts'
import { type StreamKey, trialStream } from '../streams/streams.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'
import { descend } from './descent.ts'
import type { LossFunction } from './loss.ts'

/** The returned function gives the theta of a trial before any warm-up. */
export function starter({ cell }: Model, key: StreamKey, loss: LossFunction): (trial: number) => Float64Array {
  const { landscape, start } = cell
  const { drawn, descents } = startPlan(start)
  const point = (coordinate: (i: number) => number) =>
    Float64Array.from({ length: landscape.dimension }, (_, i) => coordinate(i))
  const from = (stream: Xoshiro): Float64Array => {
    switch (drawn.kind) {
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
  return (trial) => {
    const theta = from(trialStream(key, trial, 'start'))
    for (const descent of descents) descend(loss, theta, descent)
    return theta
  }
}

function at(value: Broadcast): (i: number) => number {
  return (i) => (typeof value === 'number' ? value : value[i]!)
}
