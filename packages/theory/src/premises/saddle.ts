import { distance, norm } from '@driftfarm/formula'
import { basinRelation, gradientAt } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import type { SaddlePremise } from '@driftfarm/statistics'
import { escapeTest } from '../escapeTest.ts'
import { eigensystem } from '../linear/spectrum.ts'
import { hessian } from '../minima/critical.ts'
import { curvaturesAt, scattered } from './curvatures.ts'
import type { LandmarkDescent, Landmarks, Study } from './landmarks.ts'
import type { Probe } from './probe.ts'

/**
 * The largest dimension in which eigenvectors are computed. In more dimensions, theta is pushed along a generic
 * direction, which has a component along the smallest curvature.
 */
const largestSystem = 40
/** Curvatures below `flat` times the largest one, or below `smallest`, may be due to rounding and are not trusted. */
const flat = 1e-6
const smallest = 1e-8
/** How far theta is pushed from a critical point, in units of 1 plus the root mean square of its coordinates. */
const pushes = [1e-3, 3e-2] as const
const comparedSteps = [0, 10, 30, 100, 300, 1000, 3000] as const
const assumedDescentSteps = 10_000
/** Smaller gradients are lost in rounding. */
const tolerance = 1e-12
/**
 * A descent has left the critical point if its loss fell by more than this many times the decrease that the remaining
 * gradient can explain.
 */
const clearly = 4

/**
 * Returns the share of starts from which descent ends at a saddle or a maximum, including starts that are such points
 * themselves. A trial stays at such a point until its noise pushes it away. The descent that follows the push is not an
 * escape from a minimum. The check pushes theta along the eigenvector of the smallest eigenvalue of the Hessian. If
 * this eigenvalue is 0, the Hessian does not show whether the point is a minimum: x^4 has a minimum at 0, x^3 has none.
 * In this case, the descent after the push decides.
 *
 * Returns null if no such start is found, or if the cell requests no escape, convergence, class or quench. `allowance`
 * is the total kernel time in nanoseconds; if it is short, fewer starts are examined.
 */
export function saddlePremise({ cell, tables, landmarks, allowance }: Omit<Study, 'module'>): SaddlePremise | null {
  const { escape, converge, quench, classify } = cell.trial
  if (escape === null && converge === null && quench === null && classify.length === 0) return null
  const { probe, starts, minimum, descend } = landmarks()
  const judged: Judged[] = []
  const room = { left: allowance }
  let saddles = 0
  let looked = 0
  let first: Fallen | null = null
  for (const [i, start] of starts().entries()) {
    let known = judged.find((each) => distance(each.start, start) === 0)
    if (known === undefined) {
      if (i > 0 && room.left <= 0) break
      room.left -= i === 0 ? 0 : assumedDescentSteps * probe.stepCost
      const end = i === 0 ? minimum() : descend(start)
      // If the descent from the first start ran out of steps, the descents from the other starts would do so, too.
      if (end === null || !end.reached) {
        if (i === 0) return null
        continue
      }
      const same = judged.find((each) => distance(each.end, end.theta) <= 1e-6 * scaleOf(each.end))
      known = { start, end: end.theta, found: same === undefined ? fallsFrom(landmarks(), end, room) : same.found }
      judged.push(known)
    }
    looked += 1
    if (known.found === null) continue
    saddles += 1
    first ??= known.found
  }
  if (first === null) return null
  const { curvature, ends } = first
  return { starts: looked, share: saddles / looked, curvature, ...outcomes(cell, tables, landmarks(), ends) }
}

interface Judged {
  readonly start: Float64Array
  readonly end: Float64Array
  readonly found: Fallen | null
}

type Fallen = NonNullable<ReturnType<typeof fallsFrom>>

/**
 * Returns the smallest eigenvalue of the Hessian, and the points where the descents end: one for each side of the
 * critical point on which the loss falls. Returns null if it falls on neither side.
 */
function fallsFrom(
  { probe, descend: toEnd }: Landmarks,
  { theta, tolerance: endTolerance }: LandmarkDescent,
  room: { left: number },
) {
  const { values, directions } = bends(probe, theta, room)
  const [least, largest] = [values[0]!, Math.max(...values.map(Math.abs))]
  const loss = probe.landscape.loss(theta)
  const isLower = ({ direction }: { readonly direction: Float64Array }) =>
    [1, -1].some((sign) => probe.landscape.loss(moved(theta, direction, sign * pushes[1] * scaleOf(theta))) < loss)
  // At a kink, the curvature averaged over the two sides may be positive although the loss falls on one side.
  if (least > Math.max(flat * largest, smallest) && !directions.some(isLower)) return null
  const eta = 0.5 / Math.max(largest, steepness(probe, theta, directions[0]!.direction), smallest)
  const bar = (other: Float64Array) =>
    clearly * (endTolerance * distance(theta, other) + probe.landscape.rounding * (1 + Math.abs(loss)))
  const descend = (from: Float64Array, steps: number) => {
    room.left -= steps * probe.stepCost
    return probe.descend(from, { gradient: tolerance, eta, steps }).theta
  }
  const fell = (other: Float64Array) =>
    other.every(Number.isFinite) &&
    loss - probe.landscape.loss(other) > bar(other) &&
    basinRelation(probe.landscape, theta, other, endTolerance) === 'above'
  /**
   * Descends from theta and from `beside`. If only the descent from `beside` lowers the loss, returns the point that
   * this descent has reached. Returns null if the descent from theta lowers the loss: then the earlier descent to theta
   * was not finished.
   */
  const fallenFrom = (beside: Float64Array): Float64Array | null => {
    let taken = 0
    let [own, other] = [theta, beside]
    for (const steps of comparedSteps) {
      if (room.left <= 0) return null
      other = descend(other, steps - taken)
      own = descend(own, steps - taken)
      taken = steps
      if (fell(own)) return null
      if (fell(other)) return other
    }
    return null
  }
  const ends: Float64Array[] = []
  for (const { direction, exact } of directions) {
    for (const sign of [1, -1]) {
      for (const push of pushes) {
        const beside = moved(theta, direction, sign * push * scaleOf(theta))
        // If the loss rises along the eigenvector, the point is a minimum on this side.
        if (exact && probe.landscape.loss(beside) > loss + probe.landscape.rounding * (1 + Math.abs(loss))) break
        const fallen = fallenFrom(beside)
        if (fallen === null) continue
        ends.push(toEnd(fallen)?.theta ?? fallen)
        room.left -= assumedDescentSteps * probe.stepCost
        break
      }
    }
    if (ends.length > 0) break
  }
  return ends.length === 0 ? null : { curvature: least, ends }
}

/**
 * Estimates the curvature along `direction` from the gradients on both sides of theta. The estimate may be positive
 * even if the curvature at theta itself is 0.
 */
function steepness(probe: Probe, theta: Float64Array, direction: Float64Array): number {
  const by = pushes.at(-1)! * scaleOf(theta)
  return Math.max(
    ...[by, -by].map((signed) => norm(gradientAt(probe.landscape.gradient, moved(theta, direction, signed))) / by),
  )
}

/**
 * `values` are in ascending order. A direction is `exact` if it is an eigenvector of the smallest eigenvalue. The last
 * direction is generic: if several directions are flat, it has a component along each of them.
 */
function bends(probe: Probe, theta: Float64Array, room: { left: number }) {
  const generic = { direction: scattered(theta.length), exact: false }
  if (theta.length > largestSystem) {
    const values = curvaturesAt(probe, theta, Math.max(0, room.left / 2))
    room.left /= 2
    return { values, directions: [generic] }
  }
  room.left -= 2 * theta.length * probe.cost
  const { values, vectors } = eigensystem(hessian(probe.landscape, theta))
  return { values: [...values], directions: [{ direction: vectors[0]!, exact: true }, generic] }
}

/**
 * A critical point has two sides, from which descent may end at different points. `escapes` is the share of sides (0,
 * 0.5 or 1) whose descent ends where the escape condition holds. For escape from a basin, `escapes` is 1.
 */
function outcomes(
  cell: Cell,
  tables: Tables,
  { probe: { landscape }, starts }: Landmarks,
  ends: readonly Float64Array[],
): Pick<SaddlePremise, 'into' | 'escapes'> {
  const into = ends.flatMap((end) => {
    const found = cell.trial.minima.find(
      ([, at]) => basinRelation(landscape, end, Float64Array.from(at), 1e-6) === 'one',
    )
    return found === undefined ? [] : [found[0]]
  })
  const { escape } = cell.trial
  if (escape === null) return { into, escapes: 0 }
  if (escape.kind === 'basin') return { into, escapes: 1 }
  return { into, escapes: ends.filter(escapeTest(cell, tables, starts()[0]!)).length / 2 }
}

function moved(theta: Float64Array, direction: Float64Array, by: number): Float64Array {
  return theta.map((x, i) => x + by * direction[i]!)
}

function scaleOf(theta: Float64Array): number {
  return 1 + norm(theta) / Math.sqrt(theta.length)
}
