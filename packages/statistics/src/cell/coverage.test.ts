import { elementary } from '@driftfarm/formula'
import { expect, it } from 'vitest'
import { spreadChecks } from '../check/spread.ts'
import { isDoubt } from '../finding/check.ts'
import { uniforms } from '../fixtures/draws.ts'
import { demand } from '../fixtures/samples.ts'
import { replicaLayout, tallyOfValues } from '../fixtures/values.ts'
import { logGamma } from '../special/series.ts'
import { estimatesOf } from './estimates.ts'

// The ideal law of adaptive multilevel splitting with n particles, one killed at a time: J levels, Poisson with mean -n
// ln p, and the estimate (1 - 1/n)^J (Brehier, Lelievre, Rousset 2015). Coverage of the 95 % interval of R replicas at
// p = 1e-9, and of Student's in its place, by 20,000 sweeps with NumPy 2.4 and SciPy 1.17:
//   x = (1 - 1/n) ** rng.poisson(-n * log(p), (20000, R)) / p; m = x.mean(1); t = stats.t.ppf(0.975, R - 1)
//   c = t * x.std(1, ddof=1) / m / sqrt(R); mean((m * (1 - c) <= 1) & ((c >= 1) | (m >= 1 - c)))

const { exp, log } = elementary
const p = 1e-9
const sweeps = process.env.DRIFTFARM_TEST_TIER === 'full' ? 4000 : 400

/** A Poisson count by its distribution function. */
function poisson(mean: number): (u: number) => number {
  const most = Math.ceil(mean + 12 * Math.sqrt(mean))
  const below = new Float64Array(most + 1)
  let sum = 0
  for (let k = 0; k <= most; k++) {
    sum += exp(k * log(mean) - mean - logGamma(k + 1))
    below[k] = sum
  }
  return (u) => {
    let [low, high] = [0, most]
    while (low < high) {
      const middle = (low + high) >> 1
      if (below[middle]! < u) low = middle + 1
      else high = middle
    }
    return low
  }
}

/**
 * Shares of sweeps whose interval holds p, those whose Student's interval would, and whose spread is doubtful; mean of
 * the estimates over p.
 */
function simulate(replicas: number, particles: number, seed: number) {
  const draw = uniforms(seed)
  const levels = poisson(-particles * log(p))
  const ratio = log(1 - 1 / particles)
  let [covers, student, warns, sum] = [0, 0, 0, 0]
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const tally = tallyOfValues(Array.from({ length: replicas }, () => exp(levels(draw()) * ratio)))
    const estimates = estimatesOf(tally, replicaLayout, demand, { kind: 'fixed' })
    const escaping = estimates.escape!
    const { value, low, high } = escaping
    if (low <= p && p <= high) covers++
    if (low <= p && p <= 2 * value - low) student++
    if (spreadChecks(escaping, { tally, estimates }).some(isDoubt)) warns++
    sum += value / p
  }
  return { covers: covers / sweeps, student: student / sweeps, warns: warns / sweeps, mean: sum / sweeps }
}

/** Four standard errors of a share: by chance once in 15,000 tests. */
const near = (share: number) => 4 * Math.sqrt((share * (1 - share)) / sweeps)

it.each([
  { replicas: 16, particles: 100, coverage: 0.958, byStudent: 0.929, warned: [0, 0.05] },
  { replicas: 16, particles: 19, coverage: 0.946, byStudent: 0.848, warned: [0.05, 0.3] },
  { replicas: 64, particles: 100, coverage: 0.958, byStudent: 0.944, warned: [0, 0] },
  { replicas: 64, particles: 19, coverage: 0.948, byStudent: 0.905, warned: [0.2, 0.9] },
  { replicas: 64, particles: 10, coverage: 0.93, byStudent: 0.838, warned: [0.85, 1] },
  { replicas: 64, particles: 5, coverage: 0.882, byStudent: 0.692, warned: [0.99, 1] },
] as const)(
  '$replicas replicas of $particles particles: the interval covers $coverage',
  ({ replicas, particles, coverage, byStudent, warned }) => {
    const { covers, student, warns, mean } = simulate(replicas, particles, replicas + particles)
    expect(Math.abs(covers - coverage)).toBeLessThan(near(coverage))
    expect(Math.abs(student - byStudent)).toBeLessThan(near(byStudent))
    expect(warns).toBeGreaterThanOrEqual(warned[0])
    expect(warns).toBeLessThanOrEqual(warned[1])
    // The relative variance of one replica is p^(-1/n) - 1.
    const spread = Math.sqrt((exp(-log(p) / particles) - 1) / replicas / sweeps)
    expect(Math.abs(mean - 1)).toBeLessThan(5 * spread)
  },
)
