/**
 * The p-value of the two-sample test of Kolmogorov and Smirnov: the probability of so large a distance between the
 * empirical distributions if both samples have the same distribution. It uses the asymptotic formula with Stephens's
 * correction (J. R. Stat. Soc. B 32, 1970), which is accurate to a few per cent for samples of a hundred and more.
 */
export function twoSamplePValue(first: readonly number[], second: readonly number[]): number {
  const [a, b] = [first.toSorted((x, y) => x - y), second.toSorted((x, y) => x - y)]
  let [i, j, distance] = [0, 0, 0]
  while (i < a.length && j < b.length) {
    const x = Math.min(a[i]!, b[j]!)
    while (i < a.length && a[i]! <= x) i++
    while (j < b.length && b[j]! <= x) j++
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length))
  }
  const root = Math.sqrt((a.length * b.length) / (a.length + b.length))
  const scaled = (root + 0.12 + 0.11 / root) * distance
  let sum = 0
  for (let k = 1; k <= 100; k++) sum += 2 * (-1) ** (k - 1) * Math.exp(-2 * k * k * scaled * scaled)
  return Math.min(1, Math.max(0, scaled < 0.2 ? 1 : sum))
}
