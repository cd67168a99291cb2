import { compileScalar, type Slots } from '@driftfarm/formula'
import type { Model } from '../model.ts'
import { stepsTaken } from '../rule.ts'
import { valueAt } from '../schedule.ts'
import type { Xoshiro } from '../xoshiro.ts'
import { drifter } from './drift.ts'
import type { ScalarLandscape } from './landscape.ts'
import { ruleOf } from './rule.ts'

export interface Update {
  /** Puts the rule at rest. */
  begin(): void
  /** At theta_0: computes what the drift keeps of this point. */
  refer(): void
  /** Takes theta_n to theta_(n+1). */
  step(n: number, stream: Xoshiro): void
}

export function updater(model: Model, landscape: ScalarLandscape): Update {
  const { theta } = landscape
  const { parameters, pieces } = model.scales
  const slots: Slots = {
    names: new Map(['n', ...parameters.keys(), ...pieces.keys()].map((name, slot) => [name, slot])),
    arrays: new Map(),
  }
  const values = new Float64Array(slots.names.size)
  values.set([...parameters.values()], 1)
  const firstOfPieces = 1 + parameters.size
  const etaOf = compileScalar(model.scales.eta, slots)
  const scalesOf = model.scales.drift.map((scale) => compileScalar(scale, slots))
  const rule = ruleOf(model)
  const drift = drifter(model, landscape)
  let taken = 0
  return {
    begin() {
      rule.begin()
      taken = 0
    },
    refer: drift.begin,
    step(n, stream) {
      values[0] = n
      values.set(
        [...pieces.values()].map((those) => valueAt(those, n)),
        firstOfPieces,
      )
      const scales = scalesOf.map((scaleOf) => scaleOf(values, []))
      const { gradient, eta, steps } = drift.act(n, etaOf(values, []), scales, stream)
      for (let i = 0; i < theta.length; i++) {
        theta[i] = rule.step(i, { g: gradient[i]!, theta: theta[i]!, eta, n, [stepsTaken]: taken }, stream)
        for (const noise of steps) theta[i] = theta[i]! + noise[i]!
      }
      taken++
    },
  }
}
