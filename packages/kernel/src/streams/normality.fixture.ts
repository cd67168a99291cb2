import type { NormalCounts } from './streams.fixture.ts'
import { tailsAt } from './streams.fixture.ts'

/** Upper tail of the standard normal at 0, 1/64, ..., 8 would lose digits as 1 - Phi: erfc by continued fraction. */
export function upperTail(x: number): number {
  if (x < 0) return 1 - upperTail(-x)
  if (x < 2.5) {
    // Phi(x) - 1/2 = phi(x) (x + x^3/3 + x^5/(3 5) + ...)
    let [term, sum] = [x, x]
    for (let k = 3; term > sum * 1e-17; k += 2) {
      term *= (x * x) / k
      sum += term
    }
    return 0.5 - density(x) * sum
  }
  let fraction = 0
  for (let k = 200; k > 0; k--) fraction = k / (x + fraction)
  return density(x) / (x + fraction)
}

function density(x: number): number {
  return Math.exp(-0.5 * x * x) / Math.sqrt(2 * Math.PI)
}

/** Two-sided Poisson test of a count: twice the smaller tail, by sums of masses. */
export function poissonTest(count: number, mean: number): number {
  const tail = (step: 1 | -1) => {
    let total = 0
    for (let k = count; k >= 0; k += step) {
      const mass = Math.exp(k * Math.log(mean) - mean - logFactorial(k))
      total += mass
      if (mass < total * 1e-16 && (k - mean) * step > 0) break
    }
    return total
  }
  return Math.min(1, 2 * Math.min(tail(1), tail(-1)))
}

function logFactorial(n: number): number {
  if (n < 20) return Array.from({ length: n }, (_, i) => Math.log(i + 1)).reduce((sum, one) => sum + one, 0)
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n) - 1 / (360 * n ** 3)
}

/** Probability that a standard normal is further from 0 than z. */
export function twoSided(z: number): number {
  return 2 * upperTail(Math.abs(z))
}

/** Upper tail of chi square by the cube root of Wilson and Hilferty: right to a few per cent of its logarithm. */
export function chiSquareTail(value: number, freedom: number): number {
  const spread = 2 / (9 * freedom)
  return upperTail((Math.cbrt(value / freedom) - 1 + spread) / Math.sqrt(spread))
}

/** What is wrong with the counts, if anything: the p-value of each check by name. */
export function normalityTests({ n, sums, tails, bins }: NormalCounts): ReadonlyMap<string, number> {
  const tests = new Map<string, number>()
  // Moments 0, 1, 0, 3 with the variances of x, x^2, x^3, x^4.
  for (const [k, [mean, variance]] of (
    [
      [0, 1],
      [1, 2],
      [0, 15],
      [3, 96],
    ] as const
  ).entries()) {
    tests.set(`moment ${k + 1}`, twoSided((sums[k]! / n - mean) / Math.sqrt(variance / n)))
  }
  for (const [i, [above, below]] of tails.entries()) {
    const mean = n * upperTail(tailsAt[i]!)
    tests.set(`above ${tailsAt[i]}`, poissonTest(above, mean))
    tests.set(`below -${tailsAt[i]}`, poissonTest(below, mean))
  }
  let [chiSquare, freedom, seen, expectedSeen] = [0, -1, 0, 0]
  const add = (count: number, expected: number): void => {
    chiSquare += (count - expected) ** 2 / expected
    freedom += 1
    seen += count
    expectedSeen += expected
  }
  for (const [index, count] of bins.entries()) {
    const from = (index - 512) / 64
    // Differences of the smaller tail keep their digits.
    const p = from >= 0 ? upperTail(from) - upperTail(from + 1 / 64) : upperTail(-from - 1 / 64) - upperTail(-from)
    if (n * p >= 20) add(count, n * p)
  }
  add(n - seen, n - expectedSeen)
  tests.set('bins of 1/64', chiSquareTail(chiSquare, freedom))
  return tests
}
