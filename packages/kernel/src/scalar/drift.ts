import { elementary } from '@driftfarm/formula'
import { type Drift, type Law, lawNumber, type Shape, type VectorLaw } from '@driftfarm/spec'
import { jointLaw, laws } from '../laws/laws.ts'
import { samplesOf } from '../model/cell.ts'
import type { Model } from '../model/model.ts'
import { etaFactors } from '../model/network.ts'
import { gaussian, nextFraction } from '../streams/normal.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'
import type { ScalarLandscape } from './landscape.ts'
import { dot, sum } from './lossFunction.ts'
import { ruleGradient } from './ruleGradient.ts'
import { spectralShape } from './shape.ts'
import type { Tilt } from './tilt.ts'

const { cos, max, power, sin, sqrt } = elementary

export function drifter(model: Model, landscape: ScalarLandscape, tilt: Tilt) {
  const { drift } = model.cell.update
  const { theta } = landscape
  const rows = samplesOf(model.cell)?.rows ?? 0
  const roots = etaFactors(model.cell).map(sqrt)
  const atStart = new Map<Drift, Float64Array[]>()

  const rowsOf = (entry: Drift, shape: Shape): readonly ArrayLike<number>[] => {
    if (shape.kind === 'matrix') return shape.rows
    if (shape.kind === 'diagonal') throw new TypeError('internal error: a diagonal matrix has no rows')
    return shape.at === 'start' ? atStart.get(entry)! : spectralShape(shape, landscape.own, rows, theta)
  }
  const product = (entry: Drift, shape: Shape, xi: Float64Array): Float64Array =>
    shape.kind === 'diagonal'
      ? xi.map((x, i) => shape.values[i]! * x)
      : Float64Array.from(rowsOf(entry, shape), (row) => sum(xi.map((x, j) => row[j]! * x)))

  return {
    /** Computes the drift matrices that are fixed at theta_0. Must be called when theta is theta_0. */
    begin() {
      for (const entry of drift) {
        if (entry.form !== 'anisotropic') continue
        const { shape } = entry
        if ((shape.kind === 'hessian' || shape.kind === 'covariance') && shape.at === 'start') {
          atStart.set(entry, spectralShape(shape, landscape.own, rows, theta))
        }
      }
    },
    /** `steps` are vectors to add to theta, in order, after the rule has moved theta. */
    act(n: number, nominal: number, scales: readonly number[], stream: Xoshiro) {
      const acts = drift.map(({ every }, index) => {
        const when = model.when[index]!
        return n % every === 0 && (when === null || landscape.holds(when))
      })
      const rootOfLoss = drift.some(({ form }) => form === 'loss-scaled') ? sqrt(max(landscape.loss(), 0)) : 0
      landscape.beginStep()
      const plain = landscape.stepGradient(theta)
      let gradient = ruleGradient(landscape, model.cell.update, plain)
      let eta = nominal
      const steps: Float64Array[] = []
      drift.forEach((entry, index) => {
        const scale = scales[index]!
        const change = (changed: Float64Array) => {
          if (acts[index]) gradient = changed
        }
        switch (entry.form) {
          case 'additive': {
            const xi = tilt.shifted(drawVector(entry, theta.length, stream), plain)
            const noise = xi.map((x, i) => (entry.scale === 'temperature' ? scale * roots[i]! : scale) * x)
            if (entry.scale === 'sigma') change(gradient.map((g, i) => g + noise[i]!))
            else if (acts[index]) steps.push(noise)
            break
          }
          case 'loss-scaled': {
            const amount = scale * rootOfLoss
            const xi = drawVector(entry, theta.length, stream)
            change(gradient.map((g, i) => g + amount * xi[i]!))
            break
          }
          case 'multiplicative': {
            const xi = drawVector(entry, theta.length, stream)
            change(gradient.map((g, i) => g * (1 + scale * xi[i]!)))
            break
          }
          case 'anisotropic': {
            const turned = product(entry, entry.shape, drawVector(entry, theta.length, stream))
            change(gradient.map((g, i) => g + scale * turned[i]!))
            break
          }
          case 'rate': {
            const factor = 1 + scale * draw(entry.law, stream)
            if (acts[index]) eta = eta * factor
            break
          }
          case 'flip':
            if (nextFraction(stream) < scale) change(gradient.map((g) => -g))
            break
          case 'rotation': {
            const angle = scale * draw(entry.law, stream)
            const z = drawVector({ law: { kind: 'gaussian' }, isotropic: false }, theta.length, stream)
            change(rotated(gradient, angle, z))
          }
        }
      })
      return { gradient, eta, steps }
    },
  }
}

/** g rotated by the angle in the plane of g and z; g itself if g and z do not span a plane. */
function rotated(g: Float64Array, angle: number, z: Float64Array): Float64Array {
  const length = sum(g.map((x) => x * x))
  const share = sum(z.map((x, i) => x * g[i]!)) / length
  const w = z.map((x, i) => x - g[i]! * share)
  const across = sum(w.map((x) => x * x))
  if (!(length > 0 && across > 0)) return g
  const sine = sin(angle) * (sqrt(length) / sqrt(across))
  const cosine = cos(angle)
  return g.map((x, i) => cosine * x + sine * w[i]!)
}

/** Draws a single coordinate. For `sphere` and `ball`, this is the distribution in dimension one. */
export function draw(law: Law, stream: Xoshiro): number {
  return laws[law.kind].draw?.scalar(stream, lawNumber(law) ?? Number.NaN) ?? gaussian(stream)
}

export function drawVector({ law, isotropic }: VectorLaw, dimension: number, stream: Xoshiro): Float64Array {
  const xi = new Float64Array(dimension)
  const joint = jointLaw({ law, isotropic })
  if (joint === 'independent') return xi.map(() => draw(law, stream))
  if (joint === 'mixture') {
    const factor = laws[law.kind].mixing!.scalar(stream, lawNumber(law) ?? Number.NaN)
    return xi.map(() => factor * gaussian(stream))
  }
  const z = xi.map(() => gaussian(stream))
  const square = dot(z, z)
  const factor =
    joint === 'sphere'
      ? sqrt(dimension / square)
      : sqrt((dimension + 2) / square) * power(nextFraction(stream), 1 / dimension)
  return z.map((each) => factor * each)
}
