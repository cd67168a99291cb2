import { constants, elementary } from '@driftfarm/formula'
import { isSpherical, type Law, type VectorLaw } from '@driftfarm/spec'
import { gaussian, isNegative, nextFraction } from '../streams/normal.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'

const { cos, exp, log, max, sin, sinh, sqrt, tan } = elementary
const pi = constants.get('pi')!
const halfPi = pi / 2
const rootHalf = sqrt(0.5)
const rootTwo = sqrt(2)

/**
 * Kind of an argument of a `RuntimeDraw`. `bits`: 64 random bits. `normal`: a standard normal. `stream`: the address of
 * a random stream, from which the function draws what it needs.
 */
export type DrawInput = 'bits' | 'normal' | 'stream'

/**
 * A function of the runtime that draws one random number for each of the two lanes. Its last argument is the parameter
 * of the distribution, if the distribution has one.
 */
export interface RuntimeDraw {
  readonly name: string
  readonly takes: readonly DrawInput[]
}

/**
 * How a random number is drawn: `code` by the generated code, `scalar` by the scalar reference. Both must give the same
 * bits.
 */
interface Drawn {
  /** The function of the runtime; null if the number is a standard normal. */
  readonly code: RuntimeDraw | null
  scalar(stream: Xoshiro, number: number): number
}

interface KernelLaw {
  /** Draws a single coordinate. For `sphere` and `ball`, the coordinate has their distribution in dimension one. */
  readonly draw: Drawn
  /**
   * How coordinates depend on each other in the spherical form of the distribution. `mixture`: independent normals are
   * all multiplied by one random factor. `sphere`, `ball`: the vector is a point on a sphere or in a ball.
   */
  readonly spherical: JointLaw
  /** Draws the common factor sqrt(A), if the coordinates are a Gaussian scale mixture xi = z sqrt(A). */
  readonly mixing?: Drawn
}

export type JointLaw = 'independent' | 'mixture' | 'sphere' | 'ball'

const uniform: Drawn = {
  code: { name: 'uniform', takes: ['bits'] },
  scalar: (stream) => signed(stream, nextFraction(stream) * 1.7320508075688772),
}
const sign: Drawn = {
  code: { name: 'rademacher', takes: ['bits'] },
  scalar(stream) {
    stream.next()
    return signed(stream, 1)
  },
}

/** A new distribution needs a row here and a function in `assembly/laws.ts`. */
export const laws: Readonly<Record<Law['kind'], KernelLaw>> = {
  gaussian: { draw: { code: null, scalar: gaussian }, spherical: 'independent' },
  uniform: { draw: uniform, spherical: 'ball' },
  rademacher: { draw: sign, spherical: 'sphere' },
  laplace: {
    draw: {
      code: { name: 'laplace', takes: ['bits'] },
      scalar: (stream) => signed(stream, -log(nextFraction(stream)) * rootHalf),
    },
    spherical: 'mixture',
    mixing: {
      code: { name: 'laplaceFactor', takes: ['bits'] },
      scalar: (stream) => sqrt(-log(nextFraction(stream))),
    },
  },
  cauchy: {
    draw: {
      code: { name: 'cauchy', takes: ['bits'] },
      scalar: (stream) => signed(stream, 1 / tan(nextFraction(stream) * halfPi)),
    },
    spherical: 'mixture',
    mixing: {
      code: { name: 'cauchyFactor', takes: ['normal'] },
      scalar: (stream) => 1 / Math.abs(gaussian(stream)),
    },
  },
  student: {
    draw: {
      code: { name: 'student', takes: ['bits', 'bits'] },
      scalar(stream, nu) {
        const h = -log(nextFraction(stream)) / nu
        const length = sqrt((nu + nu) * sinh(h)) * exp(h * 0.5)
        return signed(stream, length * cos(nextFraction(stream) * halfPi))
      },
    },
    spherical: 'mixture',
    mixing: { code: { name: 'studentFactor', takes: ['stream'] }, scalar: studentFactor },
  },
  stable: {
    draw: { code: { name: 'stable', takes: ['bits', 'bits'] }, scalar: stable },
    spherical: 'mixture',
    mixing: { code: { name: 'stableFactor', takes: ['bits', 'bits'] }, scalar: stableFactor },
  },
  sphere: { draw: sign, spherical: 'sphere' },
  ball: { draw: uniform, spherical: 'ball' },
}

export function jointLaw({ law, isotropic }: VectorLaw): JointLaw {
  return isSpherical(law.kind, isotropic) ? laws[law.kind].spherical : 'independent'
}

const drawn = Object.values(laws).flatMap(({ draw, mixing }) => [draw.code, mixing?.code])
/** Names of the functions in `assembly/laws.ts`. */
export const lawFunctions: readonly string[] = [...new Set(drawn.flatMap((recipe) => recipe?.name ?? []))].sort()

/** Returns `magnitude` with the sign bit of the last draw from `stream`. */
function signed(stream: Xoshiro, magnitude: number): number {
  return isNegative(stream) ? -magnitude : magnitude
}

function stable(stream: Xoshiro, alpha: number): number {
  const c = nextFraction(stream) * halfPi
  const negative = isNegative(stream)
  const v = halfPi - c
  const ratio = log(cos((1 - alpha) * v)) - log(-log(nextFraction(stream)))
  const x = sin(alpha * v) * exp(((1 - alpha) * ratio - log(sin(c))) / alpha)
  return negative ? -x : x
}

function stableFactor(stream: Xoshiro, alpha: number): number {
  const a = alpha * 0.5
  const c = nextFraction(stream) * pi
  const u = pi - c
  const sine = max(2.2250738585072014e-308, sin((1 - a) * u))
  const ratio = log(sine) - log(-log(nextFraction(stream)))
  const logarithm = log(sin(a * u)) + ((1 - a) * ratio - log(sin(c))) / a
  return rootTwo * exp(0.5 * logarithm)
}

function studentFactor(stream: Xoshiro, nu: number): number {
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
