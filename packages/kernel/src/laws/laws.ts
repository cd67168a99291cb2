import { compileScalar, elementary, freeNames, NamedValues, parse } from '@driftfarm/formula'
import { isSpherical, type Law, type VectorLaw } from '@driftfarm/spec'
import { gaussian, isNegative, nextFraction } from '../streams/normal.ts'
import type { Xoshiro } from '../streams/xoshiro.ts'

/** `f`, `g`: fractions in (0, 1), each from 64 random bits. `z`: a standard normal. */
type Drawn = 'f' | 'g' | 'z'

/** A random number as a formula in draws and in the parameter of the distribution. */
interface DrawFormula {
  /** The draws, in order. */
  readonly takes: readonly Drawn[]
  /** The fraction whose bits also give the sign of the number; absent if the number has the sign of the formula. */
  readonly signedBy?: 'f' | 'g'
  readonly text: string
}

const halfPi = '1.5707963267948966'
const stableAngle = `(f*${halfPi})`
const stableRest = `(${halfPi} - ${stableAngle})`
const kanterAngle = '(f*pi)'
const kanterSine = `max(2.2250738585072014e-308, sin((1 - alpha*0.5)*(pi - ${kanterAngle})))`

/**
 * The formulas of distributions. Those named `Factor` draw sqrt(A), where A is the mixing variable of a Gaussian scale
 * mixture xi = z sqrt(A).
 */
const formulas = {
  uniform: { takes: ['f'], signedBy: 'f', text: 'f*1.7320508075688772' },
  rademacher: { takes: ['f'], signedBy: 'f', text: '1' },
  laplace: { takes: ['f'], signedBy: 'f', text: '-log(f)*0.7071067811865476' },
  /** A ~ Exp(1). */
  laplaceFactor: { takes: ['f'], text: 'sqrt(-log(f))' },
  /** The far tail comes from small f, so it keeps its digits. */
  cauchy: { takes: ['f'], signedBy: 'f', text: `1/tan(f*${halfPi})` },
  /** A = 1 / chi^2_1, from the normal z. */
  cauchyFactor: { takes: ['z'], text: '1/abs(z)' },
  /** sqrt(nu (f^(-2/nu) - 1)) cos(angle) (Bailey 1994), with f^(-2/nu) - 1 = 2 sinh(h) exp(h), h = -log(f)/nu. */
  student: {
    takes: ['f', 'g'],
    signedBy: 'g',
    text: `sqrt((nu + nu)*sinh(-log(f)/nu))*exp(-log(f)/nu*0.5)*cos(g*${halfPi})`,
  },
  /** Symmetric, with the characteristic function exp(-|t|^alpha) (Chambers, Mallows, Stuck 1976). */
  stable: {
    takes: ['f', 'g'],
    signedBy: 'f',
    text:
      `exp(((1 - alpha)*(log(cos((1 - alpha)*${stableRest})) - log(-log(g))) - log(sin(${stableAngle})))/alpha)*` +
      `sin(alpha*${stableRest})`,
  },
  /** A = 2 S with S positive (alpha/2)-stable (Kanter 1975). For alpha = 2 the sine is 0, and so is its weight. */
  stableFactor: {
    takes: ['f', 'g'],
    text:
      `1.4142135623730951*exp(0.5*(log(sin(alpha*0.5*(pi - ${kanterAngle}))) + ` +
      `((1 - alpha*0.5)*(log(${kanterSine}) - log(-log(g))) - log(sin(${kanterAngle})))/(alpha*0.5)))`,
  },
} as const satisfies Record<string, DrawFormula>

export type FormulaName = keyof typeof formulas

/** How a random number is drawn. The generated code and the scalar reference must give the same bits. */
export type Draw = { scalar(stream: Xoshiro, number: number): number } & (
  | { readonly formula: FormulaName }
  /** A function of `assembly/laws.ts` that makes its own draws, as in rejection sampling. */
  | { readonly runtime: string }
)

interface KernelLaw {
  /**
   * Draws a single coordinate; null for a standard normal. For `sphere` and `ball`, the coordinate has their
   * distribution in dimension one.
   */
  readonly draw: Draw | null
  /**
   * How coordinates depend on each other in the spherical form of the distribution. `mixture`: independent normals are
   * all multiplied by one random factor. `sphere`, `ball`: the vector is a point on a sphere or in a ball.
   */
  readonly spherical: JointLaw
  /** Draws the common factor sqrt(A), if the coordinates are a Gaussian scale mixture xi = z sqrt(A). */
  readonly mixing?: Draw
}

export type JointLaw = 'independent' | 'mixture' | 'sphere' | 'ball'

/** A new distribution needs a row here, and its formulas. */
export const laws: Readonly<Record<Law['kind'], KernelLaw>> = {
  gaussian: { draw: null, spherical: 'independent' },
  uniform: { draw: by('uniform'), spherical: 'ball' },
  rademacher: { draw: by('rademacher'), spherical: 'sphere' },
  laplace: { draw: by('laplace'), spherical: 'mixture', mixing: by('laplaceFactor') },
  cauchy: { draw: by('cauchy'), spherical: 'mixture', mixing: by('cauchyFactor') },
  student: { draw: by('student'), spherical: 'mixture', mixing: { runtime: 'studentFactor', scalar: studentFactor } },
  stable: { draw: by('stable'), spherical: 'mixture', mixing: by('stableFactor') },
  sphere: { draw: by('rademacher'), spherical: 'sphere' },
  ball: { draw: by('uniform'), spherical: 'ball' },
}

/** `parameters` has the name of the parameter of the distribution, if the formula has one. */
export function formulaOf(name: FormulaName) {
  const { takes, signedBy, text }: DrawFormula = formulas[name]
  const value = parse(text)
  const parameters = [...freeNames(value).names].filter((each) => !['f', 'g', 'z'].includes(each))
  return { takes, signedBy, value, parameters }
}

function by(formula: FormulaName): Draw {
  const { takes, signedBy, value, parameters } = formulaOf(formula)
  const named = new NamedValues([...takes, ...parameters])
  const code = compileScalar(value, named.slots)
  return {
    formula,
    scalar(stream, number) {
      for (const name of parameters) named.put(name, number)
      let negative = false
      for (const drawn of takes) {
        named.put(drawn, drawn === 'z' ? gaussian(stream) : nextFraction(stream))
        if (drawn === signedBy) negative = isNegative(stream)
      }
      const magnitude = code(named.values, [])
      return negative ? -magnitude : magnitude
    },
  }
}

export function jointLaw({ law, isotropic }: VectorLaw): JointLaw {
  return isSpherical(law.kind, isotropic) ? laws[law.kind].spherical : 'independent'
}

function studentFactor(stream: Xoshiro, nu: number): number {
  const shape = nu * 0.5
  const boosted = shape < 1
  const d = (boosted ? shape + 1 : shape) - 1 / 3
  const c = 1 / elementary.sqrt(9 * d)
  for (;;) {
    const z = gaussian(stream)
    const t = 1 + c * z
    if (t <= 0) continue
    const v = t * t * t
    const u = nextFraction(stream)
    if (elementary.log(u) >= 0.5 * (z * z) + (d - d * v + d * elementary.log(v))) continue
    const root = elementary.sqrt(nu / (2 * (d * v)))
    return boosted ? root * elementary.exp(-elementary.log(nextFraction(stream)) / nu) : root
  }
}
