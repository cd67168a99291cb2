import { elementary } from '@driftfarm/formula'
import { type Law, lawNumber, type VectorLaw } from '@driftfarm/spec'
import { jointLaw, laws } from '../laws/laws.ts'
import { gaussian, nextFraction } from '../streams/normal.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'

const { power, sqrt } = elementary

/** Draws a single coordinate. For `sphere` and `ball`, this is the distribution in dimension one. */
export function draw(law: Law, stream: Xoshiro): number {
  return laws[law.kind].draw.scalar(stream, lawNumber(law) ?? Number.NaN)
}

export function drawVector({ law, isotropic }: VectorLaw, dimension: number, stream: Xoshiro): Float64Array {
  const xi = new Float64Array(dimension)
  const joint = jointLaw({ law, isotropic })
  if (joint === 'independent') return xi.map(() => draw(law, stream))
  if (joint === 'mixture') {
    const factor = laws[law.kind].mixing!.scalar(stream, lawNumber(law) ?? Number.NaN)
    return xi.map(() => factor * gaussian(stream))
  }
  let square = 0
  for (let i = 0; i < dimension; i++) {
    xi[i] = gaussian(stream)
    square = i === 0 ? xi[i]! * xi[i]! : square + xi[i]! * xi[i]!
  }
  const factor =
    joint === 'sphere'
      ? sqrt(dimension / square)
      : sqrt((dimension + 2) / square) * power(nextFraction(stream), 1 / dimension)
  return xi.map((z) => factor * z)
}
