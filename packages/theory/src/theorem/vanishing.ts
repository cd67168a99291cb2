import { elementary, nullIf } from '@driftfarm/formula'
import type { Cell, Drift, Law } from '@driftfarm/spec'
import type { BallStart } from '../ball/contraction.ts'
import { bisect } from '../bisect.ts'
import { requireFullDescent } from '../chain.ts'
import { meanOver } from '../distribution/quadrature.ts'
import { driftLaw } from '../drift.ts'
import { Refusal, refuse, unlessRefused } from '../refusal.ts'
import type { Curvature, VanishingBound } from '../shapes/index.ts'
import { condition, outsideText, short } from './conditions.ts'
import type { Statement } from './statement.ts'

const { cos, exp, log, power } = elementary

/** Theorem 1': one drift that is proportional to the gradient, so that it vanishes at the minimum. */
export function vanishingStatement(vanishing: VanishingDrift, dimension: number): Statement {
  const boundIn = ({ meanMu: mu, meanLambda: lambda }: Curvature, within: BallStart) =>
    vanishingBound(vanishing, { dimension, mu, lambda }, within)
  return {
    kind: 'vanishing',
    score: (curvature, within) => nullIf(Refusal, () => boundIn(curvature, within))?.escape ?? Number.POSITIVE_INFINITY,
    apply(known, within, isBasin) {
      const { meanMu, meanLambda } = known.curvature
      const { start, radius } = within
      const { eta } = vanishing
      const second = condition(
        2,
        eta > 0,
        `eta = ${short(eta)}; in Theorem 1' the condition on the drift replaces condition 2`,
        { eta, etaLast: eta, limit: 2 / meanLambda, rho: Math.max(0, 1 - eta * meanMu, eta * meanLambda - 1) },
      )
      const forever = { reason: "the drift is not additive: see Theorem 1'" }
      const bound = unlessRefused(() => boundIn(known.curvature, within))
      if ('reason' in bound) return { conditions: [second, condition(3, false, bound.reason, { start })], forever }
      const { alpha } = bound
      const text =
        `the drift vanishes at the minimum: E (D'/D)^alpha <= 1 for alpha = ${short(alpha)} ` +
        `(${bound.text})${outsideText(known)}`
      const third = condition(3, start < radius, text, { start, alpha })
      return {
        conditions: [second, third],
        vanishing: isBasin && second.holds && third.holds ? bound : null,
        forever,
      }
    },
  }
}

export type VanishingDrift = ReturnType<typeof vanishingDrift>

export function vanishingDrift(cell: Cell) {
  requireFullDescent(cell)
  const { drift, eta, warmup } = cell.update
  const [entry, ...others] = drift
  if (entry === undefined || others.length > 0) refuse(`the update has ${drift.length} drift entries instead of one`)
  if (!['multiplicative', 'rate', 'flip', 'rotation'].includes(entry.form))
    refuse(`${entry.form} drift does not vanish at the minimum, or is not proportional to the gradient`)
  if (entry.when !== null || entry.every !== 1) refuse('the drift does not act at every step')
  if (eta.kind !== 'constant' || warmup !== undefined || entry.amount.kind !== 'constant')
    refuse("Theorem 1' requires a constant eta and a constant drift")
  return { drift: entry, eta: eta.value, amount: entry.amount.value }
}

const distances = "D and D' are the distances from the minimum before and after a step"

/** Beyond this alpha, (D_0/r)^alpha is negligible unless D_0 is nearly r. */
const largestAlpha = 400

/**
 * Returns the largest alpha found for which E (D'/D)^alpha <= 1 for all mean Hessians with eigenvalues in [mu, Lambda].
 * In the eigenbasis of such a Hessian, `rate` and `flip` drift give (D'/D)^2 = sum p_i (1 - eta U h_i)^2 with U random
 * and weights p_i. For alpha >= 2 it follows that E (D'/D)^alpha <= max over h = mu, Lambda of E |1 - eta U h|^alpha,
 * by Jensen's inequality and convexity in h. In one dimension this bound already holds for alpha >= 1, and it
 * holds for multiplicative drift too. For smaller alpha the bound is proven only if mu = Lambda.
 *
 * For a rotation with mu = Lambda, the exponent is exact (`rotationExponent`). In all other cases, alpha is 2,
 * provided that the upper bound on E (D'/D)^2 is below 1. This bound is the maximum over h = mu, Lambda of
 * 1 - 2 eta b h + eta^2 c h^2, where b and c are the moments that `secondMoment` describes.
 */
export function vanishingBound(
  { drift, eta, amount }: VanishingDrift,
  { dimension, mu, lambda }: { dimension: number; mu: number; lambda: number },
  { start, radius }: Pick<BallStart, 'start' | 'radius'>,
): VanishingBound {
  if (!(mu > 0)) refuse('the curvature is not positive in the whole ball')
  const found = exponentOf(drift, { dimension, eta, amount, ends: mu === lambda ? [mu] : [mu, lambda] })
  const ratio = start / radius
  const escape =
    ratio === 0 ? 0 : found.alpha === Number.POSITIVE_INFINITY ? (ratio < 1 ? 0 : 1) : exp(found.alpha * log(ratio))
  return { ...found, stay: 1 - escape, escape }
}

interface Question {
  readonly dimension: number
  readonly eta: number
  readonly amount: number
  /** The eigenvalue bounds mu and Lambda; a single number if they are equal. */
  readonly ends: readonly number[]
}

type Exponent = Pick<VanishingBound, 'alpha' | 'text'>

function exponentOf(drift: Drift, question: Question): Exponent {
  const { dimension, eta, amount } = question
  if (drift.form === 'flip') {
    const at = (alpha: number, h: number) =>
      (1 - amount) * power(Math.abs(1 - eta * h), alpha) + amount * power(1 + eta * h, alpha)
    const never = (h: number) => amount === 0 && Math.abs(1 - eta * h) < 1
    return perEnd(question, at, never, 'exact mean over flipped and unflipped steps')
  }
  if (drift.form === 'rotation') return rotationExponent(drift, question)
  if (drift.form !== 'multiplicative' && drift.form !== 'rate') refuse(`${drift.form} drift`)
  const { moment, isJoint, largest: reach } = driftLaw(drift.law)
  const isVector = drift.form === 'multiplicative' && dimension > 1
  if (moment === null || (isVector && isJoint))
    refuse(`Drift Farm cannot compute moments of the ${drift.law.kind} distribution for this drift`)
  if (isVector) return secondMoment(question, 1, 1 + amount * amount)
  const spread = amount === 0 ? 0 : Math.abs(amount) * reach
  return perEnd(
    question,
    (alpha, h) => {
      const spread = Math.abs(eta * h * amount)
      return spread === 0 ? power(Math.abs(1 - eta * h), alpha) : moment.of(alpha, 1 - eta * h, spread)
    },
    (h) => Math.abs(1 - eta * h) < 1 && Math.abs(1 - eta * h) + eta * h * spread <= 1,
    moment.text,
  )
}

/** `at(alpha, h)` is E |1 - eta U h|^alpha. */
function perEnd(
  { dimension, ends }: Question,
  at: (alpha: number, h: number) => number,
  never: (h: number) => boolean,
  text: string,
): Exponent {
  const worst = (alpha: number) => ends.reduce((most, h) => Math.max(most, at(alpha, h)), 0)
  const found = largest(worst, ends.every(never), text)
  const least = dimension === 1 ? 1 : 2
  if (found.alpha < least && ends.length > 1)
    refuse(`alpha is ${found.alpha.toPrecision(4)}; below ${least}, the bound is proven only for constant curvature`)
  return found
}

/**
 * The drift replaces a gradient g by a random vector v. `b` is the mean component of v along g, divided by |g|, and `c`
 * is the mean of |v|^2 / |g|^2.
 */
function secondMoment({ eta, ends }: Question, b: number, c: number): Exponent {
  const worst = ends.reduce((most, h) => Math.max(most, 1 - 2 * eta * b * h + eta * eta * c * h * h), 0)
  if (!(worst < 1))
    refuse(
      `the upper bound on E (D'/D)^2 is ${worst.toPrecision(5)}, which is not below 1 (${distances}). In several ` +
        'dimensions, no other moment is computed for this drift',
    )
  return { alpha: 2, text: `second moments: E (D'/D)^2 <= ${worst.toPrecision(5)}` }
}

/** If all curvatures equal h, then D'/D = |1 - eta h e^(i phi)| for the angle phi, and the exponent is exact. */
function rotationExponent(drift: Extract<Drift, { form: 'rotation' }>, question: Question): Exponent {
  const { eta, amount, ends } = question
  const cosine = meanOfAngle(drift.law, amount, cos)
  if (cosine === null)
    return refuse(`Drift Farm cannot compute the mean cosine of angles with a ${drift.law.kind} distribution`)
  const [h] = ends as [number]
  if (ends.length > 1) return secondMoment(question, cosine, 1)
  const z = eta * h
  const at = (alpha: number) =>
    meanOfAngle(drift.law, amount, (phi) => power(1 - 2 * z * cos(phi) + z * z, alpha / 2)) ?? Number.POSITIVE_INFINITY
  return largest(at, amount === 0 && Math.abs(1 - z) < 1, 'quadrature over the angle')
}

function meanOfAngle(law: Law, amount: number, f: (phi: number) => number): number | null {
  const { isSign, isJoint, moment, scalar } = driftLaw(law)
  if (isJoint || moment === null) return null
  return isSign ? (f(amount) + f(-amount)) / 2 : meanOver(scalar(), (xi) => f(amount * xi), amount)
}

/**
 * Returns the root alpha > 0 of f = 1, rounded down by a relative 1e-12. Because f(0) = 1 and f is log-convex, f is at
 * most 1 up to the root.
 */
function largest(f: (alpha: number) => number, never: boolean, text: string): Exponent {
  if (never) return { alpha: Number.POSITIVE_INFINITY, text: 'no step can increase the distance from the minimum' }
  const small = 1e-6
  if (!(f(small) < 1))
    refuse(
      `E log(D'/D) >= 0 (${distances}): on average, a step does not reduce log D, ` +
        "so no alpha > 0 gives E (D'/D)^alpha <= 1",
    )
  let [low, high] = [small, 1]
  while (high < largestAlpha && f(high) <= 1) [low, high] = [high, 2 * high]
  if (high >= largestAlpha && f(largestAlpha) <= 1) return { alpha: largestAlpha, text }
  const [before] = bisect(low, high, (alpha) => !(f(alpha) <= 1))
  return { alpha: before * (1 - 1e-12), text }
}
