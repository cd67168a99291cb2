import { compileScalar } from '@driftfarm/formula'
import { additiveDrift, type Model } from '../model.ts'
import type { Xoshiro } from '../xoshiro.ts'
import { draw } from './draw.ts'
import type { ScalarLandscape } from './landscape.ts'

export type Update = (n: number, velocity: Float64Array, stream: Xoshiro) => void

/** Takes theta_n to theta_(n+1). */
export function updater(model: Model, landscape: ScalarLandscape): Update {
  const { rule } = model.cell.update
  const drift = additiveDrift(model)
  const { theta } = landscape
  const { parameters } = model.scales
  const slots = { names: new Map(['n', ...parameters.keys()].map((name, slot) => [name, slot])), arrays: new Map() }
  const values = Float64Array.of(0, ...parameters.values())
  const eta = compileScalar(model.scales.eta, slots)
  const scales = model.scales.drift.map((scale) => compileScalar(scale, slots))
  return (n, velocity, stream) => {
    values[0] = n
    const gradient = Float64Array.from(landscape.computeRuleGradient())
    const noise = drift.map(({ law }, entry) => {
      const scale = scales[entry]!(values, [])
      return Float64Array.from(theta, () => scale * draw(law, stream))
    })
    drift.forEach(({ scale }, entry) => {
      if (scale !== 'sigma') return
      for (let i = 0; i < gradient.length; i++) gradient[i] = gradient[i]! + noise[entry]![i]!
    })
    const rate = eta(values, [])
    for (let i = 0; i < theta.length; i++) {
      const push = rate * gradient[i]!
      if (rule.kind === 'momentum') {
        velocity[i] = rule.beta * velocity[i]! - push
        theta[i] = theta[i]! + velocity[i]!
      } else theta[i] = theta[i]! - push
      drift.forEach(({ scale }, entry) => {
        if (scale !== 'sigma') theta[i] = theta[i]! + noise[entry]![i]!
      })
    }
  }
}
