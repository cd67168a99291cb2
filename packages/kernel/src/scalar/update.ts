import type { Model } from '../model/model.ts'
import { stepsTaken } from '../model/rule.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'
import { drifter } from './drift.ts'
import type { ScalarLandscape } from './landscape.ts'
import { ruleOf } from './rule.ts'
import { scaleFunctionOf } from './scaleFunction.ts'
import type { Tilt } from './tilt.ts'

export interface Update {
  begin(): void
  /** Must be called when theta is theta_0 (see `Drifter.begin`). */
  refer(): void
  step(n: number, stream: Xoshiro): void
}

export function updater(model: Model, landscape: ScalarLandscape, tilt: Tilt): Update {
  const { theta } = landscape
  const scalesAt = scaleFunctionOf(model.scales)
  const rule = ruleOf(model)
  const drift = drifter(model, landscape, tilt)
  let taken = 0
  return {
    begin() {
      rule.begin()
      taken = 0
    },
    refer: drift.begin,
    step(n, stream) {
      const scales = scalesAt(n)
      const { gradient, eta, steps } = drift.act(n, scales.eta, scales.drift, stream)
      for (let i = 0; i < theta.length; i++) {
        theta[i] = rule.step(i, { g: gradient[i]!, theta: theta[i]!, eta, n, [stepsTaken]: taken }, stream)
        for (const noise of steps) theta[i] = theta[i]! + noise[i]!
      }
      taken++
    },
  }
}
