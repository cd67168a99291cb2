import { constants, elementary } from '@driftfarm/formula'
import type { Law, VectorLaw } from '@driftfarm/spec'
import type { Xoshiro } from '../streams/xoshiro.ts'
import { gaussian, isNegative, nextFraction } from './draw.ts'

const { cos, exp, log, max, power, sin, sinh, sqrt, tan } = elementary
const pi = constants.get('pi')!
const halfPi = pi / 2
const rootHalf = sqrt(0.5)
const rootTwo = sqrt(2)

/** One draw of a law of one coordinate; sphere and ball are those of dimension one. */
export function draw(law: Law, stream: Xoshiro): number {
  switch (law.kind) {
    case 'gaussian':
      return gaussian(stream)
    case 'uniform':
    case 'ball':
      return signed(stream, nextFraction(stream) * 1.7320508075688772)
    case 'rademacher':
    case 'sphere':
      stream.next()
      return signed(stream, 1)
    case 'laplace':
      return signed(stream, -log(nextFraction(stream)) * rootHalf)
    case 'cauchy':
      return signed(stream, 1 / tan(nextFraction(stream) * halfPi))
    case 'student': {
      const h = -log(nextFraction(stream)) / law.nu
      const length = sqrt((law.nu + law.nu) * sinh(h)) * exp(h * 0.5)
      return signed(stream, length * cos(nextFraction(stream) * halfPi))
    }
    case 'stable':
      return stable(law.alpha, stream)
  }
}

/** Gives `magnitude` the sign of the last draw. */
function signed(stream: Xoshiro, magnitude: number): number {
  return isNegative(stream) ? -magnitude : magnitude
}

function stable(alpha: number, stream: Xoshiro): number {
  const c = nextFraction(stream) * halfPi
  const negative = isNegative(stream)
  const v = halfPi - c
  const ratio = log(cos((1 - alpha) * v)) - log(-log(nextFraction(stream)))
  const x = sin(alpha * v) * exp(((1 - alpha) * ratio - log(sin(c))) / alpha)
  return negative ? -x : x
}

/** One xi a coordinate. */
export function drawVector({ law, isotropic }: VectorLaw, dimension: number, stream: Xoshiro): Float64Array {
  const xi = new Float64Array(dimension)
  const joint = isotropic ? isotropicLaw[law.kind] : law.kind
  if (joint === 'sphere' || joint === 'ball') {
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
  if (!isotropic || law.kind === 'gaussian') return xi.map(() => draw(law, stream))
  const factor = mixing(law, stream)
  return xi.map(() => factor * gaussian(stream))
}

const isotropicLaw: Readonly<Record<Law['kind'], Law['kind']>> = {
  gaussian: 'gaussian',
  uniform: 'ball',
  rademacher: 'sphere',
  laplace: 'laplace',
  cauchy: 'cauchy',
  student: 'student',
  stable: 'stable',
  sphere: 'sphere',
  ball: 'ball',
}

/** The root of the mixing variable A: xi = z sqrt(A). */
function mixing(law: Law, stream: Xoshiro): number {
  switch (law.kind) {
    case 'laplace':
      return sqrt(-log(nextFraction(stream)))
    case 'cauchy':
      return 1 / Math.abs(gaussian(stream))
    case 'student':
      return studentFactor(law.nu, stream)
    case 'stable':
      return stableFactor(law.alpha, stream)
    default:
      throw new TypeError(`${law.kind} is no scale mixture`)
  }
}

function stableFactor(alpha: number, stream: Xoshiro): number {
  const a = alpha * 0.5
  const c = nextFraction(stream) * pi
  const u = pi - c
  const sine = max(2.2250738585072014e-308, sin((1 - a) * u))
  const ratio = log(sine) - log(-log(nextFraction(stream)))
  const logarithm = log(sin(a * u)) + ((1 - a) * ratio - log(sin(c))) / a
  return rootTwo * exp(0.5 * logarithm)
}

function studentFactor(nu: number, stream: Xoshiro): number {
  const shape = nu * 0.5
  const boosted = shape < 1
  const d = (boosted ? shape + 1 : shape) - 1 / 3
  const c = 1 / sqrt(9 * d)
  for (;;) {
    const z = gaussian(stream)
    const t = 1 + c * z
    if (t <= 0) continue
    const v = t * t * t
    const u = nextFraction(stream)
    if (log(u) >= 0.5 * (z * z) + (d - d * v + d * log(v))) continue
    const root = sqrt(nu / (2 * (d * v)))
    return boosted ? root * exp(-log(nextFraction(stream)) / nu) : root
  }
}
