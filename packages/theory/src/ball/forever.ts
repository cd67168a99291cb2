import { elementary } from '@driftfarm/formula'
import type { Cell, Schedule } from '@driftfarm/spec'
import { expMinusOne, logGamma, logGammaUpperTail, logOnePlus } from '@driftfarm/statistics'
import { refuse } from '../refusal.ts'
import type { Forever } from '../shapes/index.ts'
import type { Contraction } from './contraction.ts'
import { costOf, type Factor, isNegligible, Moments, type Spread, tailOf } from './product.ts'

const { exp, log } = elementary

const minTerms = 64
const maxTerms = 400_000
/** The bound on the later tails must be at most this share of the sum of the tails so far. */
const maxRestShare = 1e-7
const negligible = 1e-290

/** If the estimated time for the tails of a `Path` exceeds this, no bound is returned. In microseconds. */
const maxWork = 2e6
/** The time to return a factor that is already known, in microseconds. */
const costOfKnown = 0.02

/**
 * The means and variances of the chain after step `first`. Let D be the distance from the minimum at this step. One
 * path serves for every D, because the variances do not depend on D and the means are proportional to D. After enough
 * steps, the means are so small that D does not affect the tails.
 */
export class Path {
  /** The estimated time for the tails computed so far, in microseconds. */
  work = 0
  readonly #moments: Moments
  readonly #variances: number[] = []
  /** Entry n is the product of rho_first to rho_{first + n}. */
  readonly #products: number[] = []
  /**
   * Entry n is the factor after n steps. It is kept only if the mean is too small to affect the tail P(R_n >= r),
   * because the factor is then the same for every distance at step `first`.
   */
  readonly #central: (Factor | undefined)[] = []

  constructor(
    readonly contraction: Contraction,
    readonly radius: number,
    readonly first: number,
  ) {
    this.#moments = new Moments(contraction, 1, first)
  }

  /** The mean and the variance after n >= 1 steps from the distance `start`. */
  after(n: number, start: number): Spread {
    while (this.#variances.length < n) {
      this.#moments.step()
      this.#variances.push(this.#moments.variance)
      this.#products.push(this.#moments.mean)
    }
    return { mean: start * this.#products[n - 1]!, variance: this.#variances[n - 1]! }
  }

  factor(n: number, start: number): Factor {
    const spread = this.after(n, start)
    const isCentral = isNegligible(spread, this.radius)
    const known = isCentral ? this.#central[n] : undefined
    if (known !== undefined) {
      this.work += costOfKnown
      return known
    }
    this.work += costOf(spread, this.radius)
    const found = tailOf(spread, this.radius, this.contraction.dimension)
    if (isCentral) this.#central[n] = found
    return found
  }
}

/**
 * Theorem 1 (iii): the product of P(R_n < r) over the steps up to K, times 1 minus a bound on the sum of all later
 * tails P(R_n >= r). R_n is the length of a Gaussian vector whose mean has the length m_n and whose coordinates have
 * the variance v_n. Let w_n = s_n^2 / (1 - rho_n^2) fall at least as fast as (place + n)^-e. Then v_n <= c w_K ((place
 * + n) / (place + K))^-e for n >= K, with c = max(1 / (1 - delta), v_K / w_K) and delta = e / ((place + K) (1 -
 * rho_K^2)). Each later tail is at most Chernoff's bound on a chi-square tail at (r - m_K)^2 / v_n, and the sum of
 * these bounds is bounded by an integral over n. K is doubled until the bound on the later tails is small.
 */
export function foreverBound(path: Path, decay: Decay, start: number): Omit<Forever, 'restart'> {
  const { radius, first } = path
  if (!(start < radius)) return { stay: 0, escape: 1, terms: 0, tail: 0 }
  if (decay.from - first > maxTerms)
    refuse(
      `the schedules settle only after ${decay.from} steps, ` +
        'and the tail probabilities of so many steps take too long to compute',
    )
  let logStay = 0
  let sum = 0
  let n = 0
  for (let goal = minTerms; goal <= maxTerms; goal *= 2) {
    for (; n < goal || first + n < decay.from; n++) {
      if (path.work > maxWork) refuse(`the tail probabilities of more than ${n} steps take too long to compute`)
      const { tail, logInside } = path.factor(n + 1, start)
      sum += tail
      logStay += logInside
    }
    const rest = tailBound(path, decay, path.after(n, start), first + n)
    if (rest !== null && (rest <= maxRestShare * sum || rest <= negligible)) {
      const logAll = logStay + logOnePlus(-rest)
      return { stay: exp(logAll), escape: 0 - expMinusOne(logAll), terms: n, tail: rest }
    }
  }
  return refuse(`the tail probabilities of the steps after the first ${maxTerms} steps could not be bounded`)
}

/** Returns a bound on the sum over n > K of P(R_n >= r); null if the schedules have not yet fallen far enough. */
function tailBound({ contraction, radius }: Path, decay: Decay, { mean, variance }: Spread, at: number): number | null {
  const { dimension: d } = contraction
  const rho = contraction.rho(at)
  const shrink = 1 - rho * rho
  // The bound requires rho_n = 1 - eta_n mu from this step on. The number 1 - eta_n mu grows as eta_n falls. So if
  // rho_n falls, rho_n is still its other possible value, eta_n Lambda - 1.
  if (decay.p > 0 && contraction.rho(at + 1) < rho) return null
  const scale = contraction.scale(at)
  const gap = radius - mean
  if (!(gap > 0 && shrink > 0)) return null
  // If the drift is 0 from this step on, v_n falls by the factor rho_n^2 in each step. With the `e` below, the relative
  // decrease of the power (place + n)^-e per step is at most half of 1 - rho_n^2. The power falls more slowly than v_n,
  // so it gives an upper bound on v_n.
  const { place, e } = decay.silent
    ? { place: decay.offset, e: 0.5 * shrink * (decay.offset + at) }
    : decay.fall(at, shrink)
  const delta = e / ((Math.min(decay.p === 0 ? place : decay.offset, place) + at) * shrink)
  if (!(delta < 1 && e > 0)) return null
  const limit = decay.silent ? 0 : (scale * scale) / shrink
  const ceiling = Math.max(limit / (1 - delta), variance)
  if (ceiling === 0) return 0
  const x = (gap * gap) / ceiling
  if (!(x > d)) return null
  const shape = 1 / e + d / 2
  const logBound =
    log((place + at) / e) -
    log(x) / e +
    (d / 2) * (1 - log(d)) +
    shape * Math.LN2 +
    logGamma(shape) +
    logGammaUpperTail(x / 2, shape)
  return exp(logBound)
}

export type Decay = ReturnType<typeof decayOf>

/**
 * A geometric schedule is bounded by a power of n that falls more slowly. In each step, the relative decrease of this
 * power is at most `share` times 1 - rho_K^2, the rate at which the chain forgets its start.
 */
const share = 0.5

/**
 * From some step K on, eta_n falls as (offset + n)^-p with 0 <= p <= 1, and s_n^2 / eta_n falls at least as fast as
 * (place + n)^-e. The infinite product s_inf of Theorem 1 (iii) has a factor for each step, and these rates bound the
 * factors after step K.
 */
export function decayOf({ update, trial }: Cell) {
  const { warmup = 0 } = update
  if (warmup > trial.steps) refuse('eta still rises after the horizon')
  const eta = lawOf(update.eta)
  if (eta === null) refuse('eta is an expression in n, so the values of eta beyond the horizon are not known')
  if (eta.fall > 0 || eta.exponent > 1) refuse('the step sizes have a finite sum, so descent stops before the minimum')
  if (eta.zero) refuse('eta ends at 0, so descent stops before the minimum')
  if (eta.exponent < 0) refuse('eta grows')
  const [entry] = update.drift
  const noise = entry === undefined ? { ...still, zero: true } : lawOf(entry.amount)
  if (noise === null) refuse('the drift is an expression in n, so the drift beyond the horizon is not known')
  const from = Math.max(eta.from, noise.from, warmup)
  const base = {
    /** The schedules have these forms from this step on. */
    from,
    /** eta_n = eta_K ((offset + n) / (offset + K))^-p. */
    offset: eta.offset,
    p: eta.exponent,
    /** Whether the noise is 0 from step `from` on. */
    silent: noise.zero,
  }
  if (noise.zero) return { ...base, fall: (_: number, _contraction: number) => ({ place: 1, e: 1 }) }
  const scale = entry?.form === 'additive' ? entry.scale : 'sigma'
  // Depending on `scale`, s_n^2 / eta_n is eta sigma^2, s^2 / eta or 2 T. If sigma, s or T is a power of n, then
  // s_n^2 / eta_n is the product of two powers. The power that comes from eta has the exponent -ofEta, and the power
  // that comes from the noise has the exponent -amount.
  const ofEta = { sigma: 1, step: -1, temperature: 0 }[scale] * eta.exponent
  const times = scale === 'temperature' ? 1 : 2
  const amount = times * noise.exponent
  const isGeometric = noise.fall > 0
  if (!isGeometric && ofEta + amount <= 0)
    refuse(scale === 'temperature' ? 'the temperature does not decrease' : 'the drift does not decrease')
  // To bound the product by a single power of n, both powers get the same offset. With this offset, the single power
  // falls at most as fast as the product.
  const place = isGeometric ? eta.offset : placeOf(eta, noise, ofEta, amount)
  if (place === null) refuse('s_n^2 / eta_n may grow before it falls, so no single power of n bounds it')
  return {
    ...base,
    /**
     * Returns place and e such that s_n^2 / eta_n <= s_K^2 / eta_K ((place + n) / (place + K))^-e for n >= K.
     * `contraction` is 1 - rho_K^2.
     */
    fall(k: number, contraction: number) {
      if (!isGeometric) return { place, e: ofEta + amount }
      // rate^(n - k) <= ((place + n) / (place + k))^-q as long as q <= ln(1 / rate) (place + k).
      const q = times * noise.fall * (place + k)
      return { place, e: Math.min(ofEta + q, share * contraction * (place + k)) }
    },
  }
}

function placeOf(eta: Law, noise: Law, ofEta: number, amount: number): number | null {
  if (ofEta === 0) return noise.offset
  if (amount === 0) return eta.offset
  if (ofEta > 0 && amount > 0) return Math.max(eta.offset, noise.offset)
  // One power falls and the other grows. The common offset is the offset of the falling power. If this offset
  // exceeds the offset of the growing power, the bound would underestimate the growth, so the result is null.
  if (ofEta > 0) return eta.offset <= noise.offset ? eta.offset : null
  return noise.offset <= eta.offset ? noise.offset : null
}

/**
 * A schedule for all n >= from: a constant times (offset + n)^-exponent, or times rate^n. `fall` is ln(1 / rate) of a
 * geometric schedule, else 0. `zero` says whether the schedule is 0 from step `from` on.
 */
type Law = typeof still

const still = { from: 0, offset: 1, exponent: 0, fall: 0, zero: false }

function lawOf(schedule: Schedule): Law | null {
  switch (schedule.kind) {
    case 'constant':
      return { ...still, zero: schedule.value === 0 }
    case 'power':
      return { ...still, offset: schedule.offset, exponent: schedule.exponent, zero: schedule.initial === 0 }
    case 'exponential':
      if (schedule.rate > 1) return { ...still, exponent: -1 }
      return {
        ...still,
        fall: schedule.rate > 0 ? -elementary.log(schedule.rate) : 0,
        zero: schedule.initial === 0 || schedule.rate === 0,
        from: schedule.rate === 0 ? 1 : 0,
      }
    case 'cosine':
      return { ...still, from: schedule.steps, zero: schedule.final === 0 }
    case 'piecewise': {
      const [from, value] = schedule.points.at(-1)!
      return { ...still, from, zero: value === 0 }
    }
    case 'expression':
      return null
  }
}
