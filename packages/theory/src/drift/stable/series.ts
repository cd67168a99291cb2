import { elementary } from '@driftfarm/formula'
import { logGamma } from '@driftfarm/statistics'

const { exp, log, power, sin } = elementary

/** A series that is accurate to double precision either up to `limit` or from `limit` on. */
export interface Series {
  readonly limit: number
  density(x: number): number
  upper(x: number): number
}

/** Term k (from 1) of P(S > x) = 1/pi sum_k wave_k exp(logSize_k) x^(-alpha k). */
export interface TailTerm {
  readonly logSize: number
  readonly wave: number
}

export function tailTerm(alpha: number, k: number): TailTerm {
  // A large argument of the sine would lose digits.
  const turns = (alpha * k) / 2
  return {
    logSize: logGamma(alpha * k) - logGamma(k + 1),
    wave: (k % 2 === 1 ? 1 : -1) * sin(Math.PI * (turns - 2 * Math.floor(turns / 2))),
  }
}

/** Relative to the first term. */
const truncationError = 1e-17
const logTruncationError = log(truncationError)
const negligible = 1e-18
const maxTerms = { origin: 30, tail: 50 } as const

/**
 * For 0 <= x <= limit, the density is 1/(pi alpha) sum_k (-1)^k Gamma((2 k + 1) / alpha) / (2 k)! x^(2 k). The series
 * converges for alpha > 1 and is asymptotic for smaller alpha (Feller, Probability Theory II, XVII.6).
 */
export function originSeries(alpha: number): Series {
  const logSize = (k: number) => logGamma((2 * k + 1) / alpha) - logGamma(2 * k + 1)
  const first = logSize(0)
  // ln of the largest x at which the second term is at most a quarter of the first, so that the terms hardly cancel.
  const calm = 0.5 * (first - logSize(1) - log(4))
  let count = 0
  let logLimit = Number.NEGATIVE_INFINITY
  for (let k = 2; k <= maxTerms.origin && logLimit < calm; k++) {
    const here = Math.min(calm, (logTruncationError + first - logSize(k)) / (2 * k))
    if (here > logLimit) {
      logLimit = here
      count = k
    }
  }
  const limit = exp(logLimit)
  const terms = Float64Array.from(
    { length: count },
    (_, k) => ((k % 2 === 0 ? 1 : -1) * exp(logSize(k) + 2 * k * logLimit)) / (Math.PI * alpha),
  )
  const integrated = terms.map((term, k) => (term * limit) / (2 * k + 1))
  return {
    limit,
    density: (x) => horner(terms, (x / limit) * (x / limit)),
    upper: (x) => 0.5 - (x / limit) * horner(integrated, (x / limit) * (x / limit)),
  }
}

/**
 * For x >= limit, a series in powers of x^-alpha. The series converges for alpha < 1 and is asymptotic for larger alpha
 * (Bergstroem, Ark. Mat. 2, 1952).
 */
export function tailSeries(alpha: number): Series {
  const first = tailTerm(alpha, 1)
  const second = tailTerm(alpha, 2)
  const logFirst = first.logSize + log(first.wave)
  // ln of the smallest x beyond which the second term of the density is at most half of the first.
  const calm = second.wave === 0 ? 0 : (second.logSize + log(4 * Math.abs(second.wave)) - logFirst) / alpha
  let count = 0
  let logLimit = Number.POSITIVE_INFINITY
  for (let k = 3; k <= maxTerms.tail && logLimit > calm; k++) {
    const here = Math.max(
      calm,
      (tailTerm(alpha, k).logSize + log(k) - logFirst - logTruncationError) / (alpha * (k - 1)),
    )
    if (here < logLimit) {
      logLimit = here
      count = k
    }
  }
  const limit = exp(logLimit)
  const terms = Float64Array.from({ length: count }, (_, index) => {
    const { logSize, wave } = tailTerm(alpha, index + 1)
    return (wave * exp(logSize - alpha * (index + 1) * logLimit)) / Math.PI
  })
  const derived = terms.map((term, index) => term * alpha * (index + 1))
  return {
    limit,
    density: (x) => {
      const q = power(x / limit, -alpha)
      return falling(derived, q) / x
    },
    upper: (x) => falling(terms, power(x / limit, -alpha)),
  }
}

/** sum_k terms_k q^(k + 1) for 0 <= q <= 1. */
function falling(terms: Float64Array, q: number): number {
  let sum = 0
  let each = q
  for (let k = 0; k < terms.length && each > negligible * q; k++) {
    sum += terms[k]! * each
    each *= q
  }
  return sum
}

function horner(terms: Float64Array, x: number): number {
  let sum = 0
  for (let k = terms.length - 1; k >= 0; k--) sum = sum * x + terms[k]!
  return sum
}
