import { compileScalar, NamedValues } from '@driftfarm/formula'
import type { Model } from '../model/model.ts'
import { etaFactors } from '../model/network.ts'
import { newName, stepsTaken } from '../model/rule.ts'
import { gaussian } from '../streams/normal.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'
import { drifter } from './drift.ts'
import type { ScalarLandscape } from './landscape.ts'
import { scaleFunctionOf } from './scaleFunction.ts'
import type { Tilt } from './tilt.ts'

export function updater(model: Model, landscape: ScalarLandscape, tilt: Tilt) {
  const { theta } = landscape
  const scalesAt = scaleFunctionOf(model.scales)
  const rule = ruleOf(model)
  const factors = etaFactors(model.cell)
  const decay = model.cell.update.decoupledDecay
  const drift = drifter(model, landscape, tilt)
  let taken = 0
  return {
    begin() {
      rule.begin()
      taken = 0
    },
    /** Must be called when theta is theta_0. */
    refer: drift.begin,
    step(n: number, stream: Xoshiro) {
      const scales = scalesAt(n)
      const { gradient, eta, steps } = drift.act(n, scales.eta, scales.drift, stream)
      for (let i = 0; i < theta.length; i++) {
        const own = eta * factors[i]!
        const decayed = decay === undefined ? theta[i]! : theta[i]! * (1 - own * decay)
        theta[i] = rule.step(i, { g: gradient[i]!, theta: decayed, eta: own, n, [stepsTaken]: taken }, stream)
        for (const noise of steps) theta[i] = theta[i]! + noise[i]!
      }
      taken++
    },
  }
}

type Inputs = Readonly<Record<'g' | 'theta' | 'eta' | 'n' | typeof stepsTaken, number>>

function ruleOf({ rule, dimension }: Model) {
  const states = rule.states.map(() => new Float64Array(dimension))
  const names = rule.states.map(({ name }) => name)
  const renewed = names.map(newName)
  const known = ['g', 'theta', 'eta', 'n', stepsTaken, 'xi', ...rule.parameters.keys()]
  const named = new NamedValues([...known, ...names, ...renewed])
  named.putAll(rule.parameters)
  const nexts = rule.states.map(({ next }) => compileScalar(next, named.slots))
  const thetaOf = compileScalar(rule.theta, named.slots)
  return {
    begin() {
      rule.states.forEach(({ initial }, index) => {
        states[index]!.fill(initial)
      })
    },
    /**
     * Returns the next theta of coordinate i, and updates the states of the rule. Must be called for coordinates in
     * order, because the rule may draw a random number for each coordinate.
     */
    step(i: number, known: Inputs, stream: Xoshiro): number {
      named.putAll(Object.entries(known))
      if (rule.draws) named.put('xi', gaussian(stream))
      for (const [index, name] of names.entries()) named.put(name, states[index]![i]!)
      for (const [index, next] of nexts.entries()) states[index]![i] = next(named.values, [])
      for (const [index, name] of renewed.entries()) named.put(name, states[index]![i]!)
      return thetaOf(named.values, [])
    },
  }
}
