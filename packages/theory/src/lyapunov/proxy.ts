import { elementary } from '@driftfarm/formula'

/**
 * Relative increase of the result of `proxyVariance`. It covers the rounding error of the logarithm if
 * v < `nearly` M^2, where v is the bound on the variance and M is the bound on |X|.
 */
const margin = 1e-12
/**
 * If v is at least this share of M^2, `proxyVariance` returns Hoeffding's proxy M^2. The least proxy is then hardly
 * smaller than M^2, and its formula loses digits because it divides by log(M^2 / v).
 */
const nearly = 0.999

/**
 * Returns the proxy variance of a random variable X with mean 0, variance at most v and |X| <= M. The proxy variance
 * satisfies E exp(t X) <= exp(t^2 proxy / 2) for all t. Among such X, E exp(t X) is largest for the variable that takes
 * only the values M and -v / M (Bennett 1962). The least proxy of that variable is (M^4 - v^2) / (2 M^2 log(M^2 / v))
 * (Kearns and Saul 1998), which is between v and M^2.
 */
export function proxyVariance(variance: number, largest: number): number {
  const square = largest * largest
  if (square === 0 || variance === 0) return 0
  if (!Number.isFinite(square) || !(variance < nearly * square)) return square
  const q = variance / square
  return (square * (1 - q * q) * (1 + margin)) / (-2 * elementary.log(q))
}
