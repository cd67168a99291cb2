import { logGamma } from '../../packages/statistics/src/index.ts'

const logChoose = (n: number, k: number): number => logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1)

/**
 * Fisher's exact test of equal probabilities, for a events of n against b of m: twice the smaller tail, at most 1. It
 * conditions on the sum of the events and needs no approximation, so it also holds for 1 of 1,000.
 */
export function fisher(a: number, n: number, b: number, m: number): number {
  const events = a + b
  const all = logChoose(n + m, events)
  const [least, most] = [Math.max(0, events - m), Math.min(n, events)]
  let [below, above] = [0, 0]
  for (let k = least; k <= most; k++) {
    const share = Math.exp(logChoose(n, k) + logChoose(m, events - k) - all)
    if (k <= a) below += share
    if (k >= a) above += share
  }
  return Math.min(1, 2 * Math.min(below, above))
}
