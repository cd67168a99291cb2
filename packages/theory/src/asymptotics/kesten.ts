import { elementary, largestEntry, type Matrix, norm } from '@driftfarm/formula'
import { landscapeFunction, scaleFunction } from '@driftfarm/kernel'
import type { Cell, Drift, Tables } from '@driftfarm/spec'
import { growUntil } from '../bisect.ts'
import { requireFullDescent } from '../chain.ts'
import { atoms, type Factor, rotationFactor, tailExponent } from '../distribution/factor.ts'
import { driftLaw } from '../drift.ts'
import { spectrum } from '../linear/spectrum.ts'
import { hessian } from '../minima/critical.ts'
import { refuse } from '../refusal.ts'
import { type Applied, fourDigits, pointText } from './asymptotic.ts'
import { isSame } from './saddles.ts'
import { type Well, wellOf } from './well.ts'

const scaling: ReadonlySet<Drift['form']> = new Set(['multiplicative', 'rate', 'flip', 'rotation'])

/**
 * Applies Kesten's theorem to drift that scales with the gradient. Along an eigenvector with curvature h, each step
 * multiplies theta by a random factor: theta' = A theta with A = 1 - z (1 + sigma xi) and z = eta h. For a flip, z
 * changes its sign with probability q; for a rotation, A = |1 - z e^(i sigma xi)|. theta converges almost surely if and
 * only if E log |A| < 0, and in mean square if and only if E A^2 < 1. The tails of theta fall with the power alpha that
 * solves E |A|^alpha = 1.
 */
export function kesten(cell: Cell, tables: Tables): Applied {
  const { well, form, amount, eta, curvatures, factor, quadratic, withAdditive } = scaledChain(cell, tables)
  const sizes = curvatures.map((h) => eta * h)
  const factors = sizes.map((z) => factor(z, amount))
  const slowest = factors.reduce((a, b) => (b.expectedLog > a.expectedLog ? b : a))
  const meanSquare = Math.max(...factors.map((each) => each.meanSquare))
  const tails = factors.map(tailExponent).filter((alpha) => alpha !== null)
  const tail = slowest.expectedLog < 0 && tails.length > 0 ? Math.min(...tails) : null
  const symbol = form === 'flip' ? 'q' : 'sigma'
  const most = form === 'flip' ? 1 : form === 'rotation' ? 100 : 1e3 / Math.min(...sizes)
  const worst = (at: number, of: (factor: Factor) => number) => Math.max(...sizes.map((z) => of(factor(z, at))))
  const threshold = largestBelow((at) => worst(at, ({ expectedLog }) => expectedLog) < 0, most)
  const squared = largestBelow((at) => worst(at, ({ meanSquare }) => meanSquare) < 1, most)
  const isOneFactor = form !== 'multiplicative' || well.theta.length === 1
  const bound =
    tail === null || withAdditive || !quadratic || !(isOneFactor || tail >= 2)
      ? null
      : escapeBound(cell, well, curvatures, tail)
  const converges = slowest.expectedLog < 0
  const title = symbol === 'q' ? 'Q' : 'Sigma'
  const place = pointText(well.theta)
  const least = fourDigits(Math.min(...sizes))
  const largest = fourDigits(Math.max(...sizes))
  const fate = withAdditive
    ? 'because of the additive drift, theta has a stationary distribution with power-law tails of exponent ' +
      'tailExponent'
    : quadratic
      ? `theta converges to ${place} almost surely`
      : `theta converges to ${place} from nearby starts, with a probability below 1`
  const inMeanSquare =
    meanSquare >= 1
      ? 'theta does not converge in mean square'
      : withAdditive
        ? 'without the additive drift, theta would converge in mean square'
        : 'theta also converges in mean square'
  return {
    values: {
      [symbol]: amount,
      expectedLog: finite(slowest.expectedLog),
      meanSquare: finite(meanSquare),
      [`threshold${title}`]: threshold,
      [`meanSquare${title}`]: squared,
      tailExponent: tail,
      escapeBound: bound,
    },
    conditions: [
      converges ? `E log|A| < 0: ${fate}` : 'E log|A| >= 0: theta does not converge',
      `E A^2 ${meanSquare < 1 ? '<' : '>='} 1: ${inMeanSquare}`,
      `at the minimum ${place}, eta times the curvature ` +
        (least === largest ? `is ${least}` : `ranges from ${least} to ${largest}`),
      quadratic
        ? 'the landscape is quadratic'
        : 'the landscape is not quadratic, so results hold only near the minimum, where the gradient is almost linear',
      ...(threshold === null
        ? [`up to ${symbol} = ${fourDigits(most)}, whether theta converges does not depend on ${symbol}`]
        : []),
      ...(bound === null ? [] : ['escapeBound is Ville’s bound on the probability of ever reaching the radius']),
    ],
    error: quadratic
      ? 'none: the result is exact for the chain'
      : 'of order |theta - minimum|, because the gradient is treated as linear',
    source: 'Kesten, Acta Math. 131 (1973); Goldie, Ann. Appl. Probab. 1 (1991)',
  }
}

const finite = (value: number) => (Number.isFinite(value) ? value : null)

/** In more dimensions than this, finding a minimum and its Hessian takes seconds. */
const largestDimension = 200

function scaledChain(cell: Cell, tables: Tables) {
  const { drift, eta, warmup } = cell.update
  requireFullDescent(cell)
  const [entry, second] = drift.filter(({ form }) => scaling.has(form))
  const rest = drift.filter(({ form }) => !scaling.has(form))
  if (entry === undefined)
    refuse(`no drift entry scales with the gradient (${drift.map(({ form }) => form).join(', ') || 'none'})`)
  if (second !== undefined) refuse('several drift entries scale with the gradient')
  const unscaled = rest.find(({ form }) => form !== 'additive')
  if (unscaled !== undefined) refuse(`there is also ${unscaled.form} drift, which does not scale with the gradient`)
  if (entry.when !== null || entry.every !== 1) refuse('the drift does not act at every step')
  if (eta.kind !== 'constant' || warmup !== undefined || entry.amount.kind !== 'constant')
    refuse('the step size or the noise scale changes with n')
  if (cell.landscape.dimension > largestDimension)
    refuse(
      `the dimension is ${cell.landscape.dimension}; ` +
        `this asymptotic formula covers at most ${largestDimension} dimensions`,
    )
  const landscape = landscapeFunction(cell, tables)
  const well = wellOf(cell, tables, landscape)
  const scales = scaleFunction(cell)(0)
  const amount = scales.drift[drift.indexOf(entry)]!
  if (!(amount > 0)) refuse('there is no drift')
  const curvature = hessian(landscape, well.theta)
  return {
    well,
    form: entry.form,
    amount,
    eta: scales.eta,
    curvatures: distinct(Array.from(spectrum(curvature))),
    factor: factorFor(entry, curvature),
    quadratic: isQuadratic(well, curvature),
    withAdditive: rest.length > 0,
  }
}

/** Returns A as a function of z and of the amount of drift (sigma or q). */
function factorFor(entry: Drift, curvature: Matrix): (z: number, amount: number) => Factor {
  const { size, values } = curvature
  if (entry.form === 'flip')
    return (z, q) =>
      atoms([
        [1 - z, 1 - q],
        [1 + z, q],
      ])
  const { kind } = entry.law
  const law = driftLaw(entry.law)
  const limit = 1e-8 * largestEntry(curvature)
  const offDiagonal = values.some((value, at) => at % (size + 1) !== 0 && Math.abs(value) > limit)
  if (entry.form === 'rotation') {
    const uneven = values.some((value, at) => at % (size + 1) === 0 && Math.abs(value - values[0]!) > limit)
    if (offDiagonal || uneven) refuse('rotated gradients mix directions of different curvature')
    if (rotationFactor(law, 0.5, 1) === null) refuse(`E log|A| is not known for angles with the ${kind} distribution`)
    return (z, sigma) => rotationFactor(law, z, sigma)!
  }
  if (entry.form === 'multiplicative' && size > 1) {
    if (offDiagonal) refuse('the Hessian is not diagonal, so it mixes coordinates whose noise is independent')
    // All unbounded drift distributions are scale mixtures of normal distributions. So if they are made isotropic, each
    // coordinate keeps the distribution that it has in one dimension.
    if (law.isJoint || (entry.isotropic && Number.isFinite(law.largest)))
      refuse(
        `E log|A| is not known for a single coordinate of the ${entry.isotropic ? 'isotropic ' : ''}${kind} ` +
          'distribution',
      )
  }
  if (law.factor(0.9, 0.1) === null) refuse(`E log|A| is not known for the ${kind} distribution`)
  return (z, sigma) => law.factor(1 - z, z * sigma)!
}

function distinct(values: readonly number[]): number[] {
  return values.filter((value, i) => i === 0 || value - values[i - 1]! > 1e-8 * value)
}

/** Compares the Hessian at a few points numerically, so the result is not proven. */
function isQuadratic({ landscape, theta, start }: Well, curvature: Matrix): boolean {
  const limit = 1e-6 * largestEntry(curvature)
  const axes = Array.from(theta.slice(0, 10), (_, i) => theta.map((x, j) => (i === j ? x + 1 : x)))
  return [start, ...axes].every((point) =>
    hessian(landscape, point).values.every((value, at) => Math.abs(value - curvature.values[at]!) <= limit),
  )
}

/**
 * Searches downwards from `most` for the largest amount at which `holds` is true. Returns null if `holds(most)` is
 * true, or if `holds` is false for every amount that is tried.
 */
function largestBelow(holds: (amount: number) => boolean, most: number): number | null {
  if (holds(most)) return null
  const found = growUntil(holds, { from: most, growth: 1 / 1.1, most: 1e-9 * most })
  return found && (found[0] + found[1]) / 2
}

/**
 * Returns the bound P(|theta_n - minimum| >= r for some n) <= (D_0 / r)^alpha. D_0 is the distance of the start from
 * the minimum, and each step multiplies the distance by |A|. If each coordinate has its own factor, the bound holds for
 * alpha >= 2, by Jensen's inequality: E (sum p_i A_i^2)^(alpha/2) <= sum p_i E |A_i|^alpha = 1.
 */
function escapeBound(
  { trial }: Cell,
  { theta, start }: Well,
  curvatures: readonly number[],
  alpha: number,
): number | null {
  const { escape } = trial
  if (escape?.kind !== 'outside' || curvatures.length > 1 || !isSame(Float64Array.from(escape.of), theta)) return null
  const distance = norm(start.map((x, i) => x - theta[i]!))
  return distance < escape.radius ? elementary.power(distance / escape.radius, alpha) : null
}
