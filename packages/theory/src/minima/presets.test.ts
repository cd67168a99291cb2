import { norm } from '@driftfarm/formula'
import { landscapeFunction } from '@driftfarm/kernel'
import { presets, resolveLandscape } from '@driftfarm/spec'
import { describe, expect, test } from 'vitest'
import { cellOf } from '../cells.fixture.ts'
import { spectrum } from '../linear/spectrum.ts'
import { hessian } from './critical.ts'

const landscapeOf = (preset: string) =>
  landscapeFunction(cellOf(preset, {}, resolveLandscape(preset).landscape.dimension), [])

/**
 * Loss of every named minimum. Exact where the formula gives it. three-hole, mueller-brown and six-hump-camel: Newton's
 * method in 40 digits (mpmath.findroot on the gradient; the literature's values are their first digits: -146.6995,
 * -108.1667, -80.7678; -1.0316284535). styblinski-tang: -39.16616570377142 a coordinate, from the root of 4 x^3 - 32 x
 * + 5.
 */
const losses: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'double-well': { left: 0, right: 0 },
  'tilted-double-well': { left: -0.10238607380003642, right: 0.09736055822621544 },
  quadratic: { origin: 0 },
  banana: { left: 0, right: 0 },
  'three-hole': { left: -3.9948606018542625, right: -3.9948606018542625, top: -2.172153622994325 },
  'mueller-brown': { left: -146.69951720995402, middle: -80.76781812965903, right: -108.16672411685235 },
  himmelblau: { northeast: 0, northwest: 0, southwest: 0, southeast: 0 },
  'six-hump-camel': {
    lower: -1.0316284534898774,
    upper: -1.0316284534898774,
    'left-upper': -0.21546382438371764,
    'right-lower': -0.21546382438371764,
    'right-upper': 2.1042503103112584,
    'left-lower': 2.1042503103112584,
  },
  rosenbrock: { global: 0 },
  rastrigin: { origin: 0 },
  ackley: { origin: 0 },
  'styblinski-tang': { global: -78.33233140754282 },
}

describe.each(presets.map(({ name }) => name))('%s', (name) => {
  const landscape = landscapeOf(name)
  const { minima } = resolveLandscape(name)

  test('named minima have the loss of the literature', () => {
    expect(minima.map(([minimum]) => minimum)).toEqual(Object.keys(losses[name]!))
    for (const [minimum, point] of minima) {
      const exact = losses[name]![minimum]!
      expect(Math.abs(landscape.loss(Float64Array.from(point)) - exact)).toBeLessThan(1e-13 * (1 + Math.abs(exact)))
    }
  })

  test('there the gradient vanishes and the Hessian is positive definite', () => {
    for (const [, point] of minima) {
      const theta = Float64Array.from(point)
      const gradient = new Float64Array(theta.length)
      landscape.gradient(theta, gradient)
      const [smallest] = spectrum(hessian(landscape, theta))
      expect(norm(gradient)).toBeLessThan(2e-11)
      // The cusp of ackley has no second derivatives: differences of the gradient across it are large and positive.
      expect(smallest).toBeGreaterThan(0.05)
      const elsewhere = theta.map((x) => x + 0.01)
      landscape.gradient(elsewhere, gradient)
      expect(norm(gradient)).toBeGreaterThan(1e-4)
    }
  })
})
