import type { Interval } from '../interval/interval.ts'
import { type CertifiedLaw, precision } from './law.ts'

/**
 * `nodes` are in ascending order. For each step, only the nodes up to about `reach` times `scale` from the mean of the
 * step are used.
 */
export interface Axis {
  readonly nodes: Float64Array
  readonly scale: number
  readonly law: CertifiedLaw
  readonly reach: number
}

export interface AxisRow {
  readonly first: number
  readonly weights: Float64Array
  /**
   * An upper bound on the probability that the step lands before the first or after the last node that has a weight.
   */
  readonly beyond: number
}

/** An upper bound on the relative rounding error of a difference of two doubles. */
const rounding = 4e-16

/**
 * For a function V that is linear between the nodes, E V(mean + scale xi) is a weighted sum of the values at the nodes,
 * apart from steps that land beyond the nodes. Returns upper bounds on the weights.
 */
export function axisRow({ nodes, scale, law, reach }: Axis, mean: Interval): AxisRow {
  const center = 0.5 * (mean[0] + mean[1])
  const shift = ((mean[1] - mean[0]) / scale) * 0.5 + (Math.abs(center) / scale) * rounding
  // If the interval of the mean is unbounded, the step counts as landing beyond the nodes.
  if (!(shift < Number.POSITIVE_INFINITY)) return { first: 0, weights: new Float64Array(0), beyond: 1 }
  const z = (i: number): number => (nodes[i]! - center) / scale
  const { first, end } = nearNodes(nodes, center - reach * scale, center + reach * scale)
  const weights = new Float64Array(end - first)
  for (let i = first; i + 1 < end; i++) {
    const { falling, rising } = law.hats(z(i), z(i + 1), shift)
    weights[i - first]! += falling
    weights[i + 1 - first]! += rising
  }
  const isNone = end - first < 2
  const beyond = isNone
    ? 1
    : law.mass(Number.NEGATIVE_INFINITY, z(first), shift) + law.mass(z(end - 1), Number.POSITIVE_INFINITY, shift)
  return { first, weights: isNone ? new Float64Array(0) : weights, beyond }
}

/** Returns the smallest range of nodes that covers `low` to `high`, as far as the nodes reach. */
function nearNodes(nodes: Float64Array, low: number, high: number): { readonly first: number; readonly end: number } {
  let first = 0
  while (first + 1 < nodes.length && nodes[first + 1]! <= low) first++
  let end = nodes.length
  while (end > first && nodes[end - 2]! >= high) end--
  return { first, end }
}

/**
 * Bounds that hold for all means in an interval: on the density at each node, on the weight of its hat function, and on
 * the probability of the interval from this node to the next.
 */
export interface AxisRange {
  readonly first: number
  readonly size: number
  readonly leastDensity: Float64Array
  readonly mostDensity: Float64Array
  readonly leastHat: Float64Array
  readonly mostHat: Float64Array
  readonly leastMass: Float64Array
  readonly mostMass: Float64Array
}

/** The density falls with |xi|, so its extremes over an interval of xi are at the ends of the interval or at 0. */
export function axisRange({ nodes, scale, law, reach }: Axis, mean: Interval): AxisRange {
  const { first, end } = nearNodes(nodes, mean[0] - reach * scale, mean[1] + reach * scale)
  const size = Math.max(0, end - first)
  // Even indices are nodes, odd indices are midpoints between neighbouring nodes.
  const places = Math.max(0, 2 * size - 1)
  const [atLow, atHigh] = [new Float64Array(places), new Float64Array(places)]
  const [zLow, zHigh] = [new Float64Array(places), new Float64Array(places)]
  for (let k = 0; k < places; k++) {
    const i = first + (k >> 1)
    const t = k % 2 === 0 ? nodes[i]! : 0.5 * (nodes[i]! + nodes[i + 1]!)
    const [low, high] = [(t - mean[1]) / scale, (t - mean[0]) / scale]
    zLow[k] = low - rounding * Math.abs(low)
    zHigh[k] = high + rounding * Math.abs(high)
    atLow[k] = law.density(zLow[k]!)
    atHigh[k] = law.density(zHigh[k]!)
  }
  const peak = law.density(0)
  const [lower, upper] = [1 - precision, 1 + precision]
  const least = (from: number, to: number): number => Math.min(atLow[from]!, atHigh[to]!) * lower
  const most = (from: number, to: number): number =>
    (zLow[from]! <= 0 && zHigh[to]! >= 0 ? peak : Math.max(atLow[from]!, atHigh[to]!)) * upper
  const made = () => new Float64Array(size)
  const range = {
    first,
    size,
    leastDensity: made(),
    mostDensity: made(),
    leastHat: made(),
    mostHat: made(),
    leastMass: made(),
    mostMass: made(),
  }
  for (let k = 0; k < size; k++) {
    range.leastDensity[k] = least(2 * k, 2 * k)
    range.mostDensity[k] = most(2 * k, 2 * k)
    if (k + 1 === size) continue
    const half = (0.5 * (nodes[first + k + 1]! - nodes[first + k]!)) / scale
    const [nearLeast, nearMost] = [least(2 * k, 2 * k + 1) * half, most(2 * k, 2 * k + 1) * half]
    const [farLeast, farMost] = [least(2 * k + 1, 2 * k + 2) * half, most(2 * k + 1, 2 * k + 2) * half]
    range.leastMass[k] = nearLeast + farLeast
    range.mostMass[k] = nearMost + farMost
    // Between two nodes, the hat function of either node has the mean 0.75 over the half next to this node, and 0.25
    // over the other half.
    range.leastHat[k]! += 0.75 * nearLeast + 0.25 * farLeast
    range.mostHat[k]! += 0.75 * nearMost + 0.25 * farMost
    range.leastHat[k + 1]! += 0.25 * nearLeast + 0.75 * farLeast
    range.mostHat[k + 1]! += 0.25 * nearMost + 0.75 * farMost
  }
  return range
}
