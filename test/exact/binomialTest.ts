/** ln of the binomial probability of k events in n trials. */
function logProbability(k: number, n: number, p: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p)
}

/**
 * Stirling's series with the argument raised above 10: absolute error below 1e-10 here, which is ample for a p-value.
 */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  while (z < 10) {
    shift -= Math.log(z)
    z += 1
  }
  const inverse = 1 / (z * z)
  return (
    shift +
    (z - 0.5) * Math.log(z) -
    z +
    0.5 * Math.log(2 * Math.PI) +
    (1 / 12 - (1 / 360 - (1 / 1260 - inverse / 1680) * inverse) * inverse) / z
  )
}

/** Exact two-sided p-value (twice the smaller tail, at most 1) of k events in n trials of probability p. */
export function binomialPValue(k: number, n: number, p: number): number {
  return Math.min(1, 2 * Math.min(tail(k, n, p, 1), tail(k, n, p, -1)))
}

function tail(from: number, n: number, p: number, direction: 1 | -1): number {
  const top = logProbability(from, n, p)
  let total = 0
  for (let k = from; k >= 0 && k <= n; k += direction) {
    const term = Math.exp(logProbability(k, n, p) - top)
    total += term
    if (term < 1e-17 * total) break
    // Towards the mode terms grow: the tail is then more than a half and never the smaller one.
    if (total > 1e300) return 1
  }
  return Math.exp(top) * total
}
