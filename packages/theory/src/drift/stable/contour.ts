import { elementary } from '@driftfarm/formula'

const { cos, exp, log, sin } = elementary

export interface StablePoint {
  readonly density: number
  readonly upper: number
}

const quarter = 0.5 * Math.PI
const firstStep = 0.25
const maxHalvings = 12
/**
 * The step is halved until the relative difference of the last two sums is below this limit. Halving the step squares
 * the error, so the last sum is then accurate to the last digit.
 */
const agreement = 1e-10
/** Newton's method squares its error at each step, so after a step this small another would change nothing. */
const settled = 1e-8
/** Points with a larger E are omitted, because exp(-80) is negligible compared with power tails. */
const highest = 80
/** The line begins where the larger of r and r^alpha is exp(-50). */
const lowest = 50

/**
 * Returns the density and the tail, at x > 0, of the symmetric stable distribution with the characteristic function
 * exp(-|t|^alpha), 0 < alpha < 2. The relative error is 1e-14. Near alpha = 2, it is 2e-15 / (2 - alpha) if x >= 0.5;
 * for smaller x, the tail is less accurate.
 *
 * f(x) = 1/pi Re int exp(-t^alpha + i x t) dt is integrated along the line t = r exp(i a) on which the exponent -E is
 * real: x cos a = r^(alpha - 1) sin(alpha a), E = x r cos((alpha - 1) a) / sin(alpha a). Integration by parts gives,
 * with b = pi/2 - a,
 *
 *     f(x) = 1/pi int r cos(a) exp(-E) dE,   P(S > x) = 1/pi int b exp(-E) dE,
 *
 * where neither integrand is negative. This is Zolotarev's integral (One-dimensional Stable Distributions, 1986, 2.2;
 * Nolan, Stochastic Models 13, 1997) with the variable r instead of the angle a. For alpha = 1, a is constant along the
 * line, so it cannot be the variable.
 */
export function onContour(alpha: number, x: number): StablePoint {
  const line = lineOf(alpha, x)
  // The logarithm of a radius at which E is about 1.
  const middle = -0.5 * log(1 + x * x)
  const left = -log(lowest / Math.min(1, alpha))
  let right = 0
  while (line.at(middle + right).energy < highest) right += 1
  let density = 0
  let upper = 0
  const add = (v: number) => {
    const { radius, cosine, angle, energy, slope } = line.at(middle + v - exp(-v))
    const weight = exp(-energy) * slope * (1 + exp(-v))
    density += weight * radius * cosine
    upper += weight * angle
  }
  right += 1
  const steps = (right - left) / firstStep
  for (let i = 0; i <= steps; i++) add(left + i * firstStep)
  let step = firstStep
  for (let halving = 0; halving < maxHalvings; halving++) {
    const before = { density: 2 * density, upper: 2 * upper }
    const count = (right - left) / step
    for (let i = 0; i < count; i++) add(left + (i + 0.5) * step)
    step /= 2
    if (Math.abs(before.density / density - 1) < agreement && Math.abs(before.upper / upper - 1) < agreement) break
  }
  return { density: (density * step) / Math.PI, upper: (upper * step) / Math.PI }
}

interface LinePoint {
  readonly radius: number
  /** The angle b. Computing it as pi/2 - a would lose digits where b is small. */
  readonly angle: number
  readonly cosine: number
  /** E, and its derivative with respect to u. */
  readonly energy: number
  readonly slope: number
}

/**
 * The variable along the line is u = ln r + bend * b. Near alpha = 2 the line has a corner, where b changes but ln r
 * hardly changes.
 */
function lineOf(alpha: number, x: number): { at(u: number): LinePoint } {
  const bend = Math.max(0, alpha - 1)
  const logX = log(x)
  const odd = alpha - 1
  let lastRoot = 0

  const shapeAt = (w: number) => {
    const b = quarter / (1 + exp(-w))
    const a = quarter / (1 + exp(w))
    const cosine = b < quarter / 2 ? sin(b) : cos(a)
    const sine = a < quarter / 2 ? sin(a) : cos(b)
    const wide = alpha * a
    const sineWide = wide < quarter ? sin(wide) : sin((2 - alpha) * quarter + alpha * b)
    // (sin(a) sin(alpha a) + alpha cos(a) cos(alpha a)) / sin(alpha a), which is positive.
    const steep = sine + (alpha * cosine * cos(wide)) / sineWide
    return { a, b, cosine, sineWide, steep }
  }

  /** ln(sin(alpha a) / cos(a)) - ln x + (alpha - 1) ln r decreases with w = ln(b / a) and is 0 on the line. */
  const solve = (u: number) => {
    let low = Number.NEGATIVE_INFINITY
    let high = Number.POSITIVE_INFINITY
    let w = lastRoot
    for (let round = 0; round < 100; round++) {
      const shape = shapeAt(w)
      const { a, b, cosine, sineWide, steep } = shape
      const off = log(sineWide / cosine) - logX + odd * (u - bend * b)
      if (off > 0) low = w
      else high = w
      const fall = ((steep / cosine + odd * bend) * a * b) / quarter
      let next = w + off / fall
      if (Math.abs(next - w) < settled) {
        w = next
        break
      }
      if (!(next > low && next < high))
        next = low === Number.NEGATIVE_INFINITY ? w - 8 : high === Number.POSITIVE_INFINITY ? w + 8 : 0.5 * (low + high)
      if (next === w) break
      w = next
    }
    lastRoot = w
    return shapeAt(w)
  }

  return {
    at(u) {
      const { a, b, cosine, sineWide, steep } = solve(u)
      const radius = exp(u - bend * b)
      const turn = odd / (steep / cosine + odd * bend)
      return {
        radius,
        angle: b,
        cosine,
        energy: (x * radius * cos(odd * a)) / sineWide,
        slope: x * radius * (steep * (1 - bend * turn) + odd * cosine * turn),
      }
    },
  }
}
