import { basinRelation, exitFunction } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import type { SaddlePremise } from '@driftfarm/statistics'
import { eigensystem } from '../linear/eigensystem.ts'
import { norm } from '../linear/matrix.ts'
import { hessian } from '../minima/curvature.ts'
import { curvaturesAt, scattered } from './curvatures.ts'
import type { LandmarkDescent, Landmarks } from './landmarks.ts'
import { eventsCell } from './plainCell.ts'
import type { Probe } from './probe.ts'

/**
 * Up to this dimension the direction of the smallest curvature is computed. In more dimensions a generic direction is
 * used, because it has a component along the direction of the smallest curvature.
 */
const largestSystem = 40
/** Curvatures below `flat` times the largest one, or below `smallest`, may be due to rounding and are not trusted. */
const flat = 1e-6
const smallest = 1e-8
/** How far theta is pushed from a critical point, in units of 1 plus the root mean square of its coordinates. */
const pushes = [1e-3, 3e-2] as const
/** The numbers of steps after which the descents from a point and from a point beside it are compared. */
const pieces = [0, 10, 30, 100, 300, 1000, 3000] as const
/** The number of steps assumed for a complete descent. A `LandmarkDescent` takes at most twice this number. */
const longDescent = 10_000
/** The gradient tolerance of descents that start beside a critical point. Smaller gradients are lost in rounding. */
const tolerance = 1e-12
/**
 * A descent has left the critical point if its loss fell by more than this many times the decrease that the remaining
 * gradient can explain.
 */
const clearly = 4

/**
 * Returns the share of starts from which descent ends at a saddle or a maximum, including starts that are such points
 * themselves. At such a point the gradient vanishes, but theta descends after a push in some direction. A trial stays
 * at the point until its noise pushes it, and then descends. Such a descent is not an escape from a minimum. The push
 * is along the eigenvector of the smallest eigenvalue of the Hessian. If this eigenvalue is 0, the Hessian does not
 * show whether the point is a minimum: x^4 has a minimum at 0, x^3 has none. The descent after the push then decides.
 *
 * Returns null if no such start is found, or if the cell requests no escape, convergence, class or quench. `allowance`
 * is the total kernel time in nanoseconds; if it is short, fewer starts are examined.
 */
export function saddlePremise(
  cell: Cell,
  data: DataTable | null,
  landmarks: () => Landmarks,
  allowance: number,
): SaddlePremise | null {
  const { escape, converge, quench, classify } = cell.trial
  if (escape === null && converge === null && quench === null && classify.length === 0) return null
  const { probe, starts, minimum, descend } = landmarks()
  const judged: Judged[] = []
  const room = { left: allowance }
  let saddles = 0
  let looked = 0
  let first: Fallen | null = null
  for (const [i, start] of starts().entries()) {
    let known = judged.find((each) => apart(each.start, start) === 0)
    if (known === undefined) {
      if (i > 0 && room.left <= 0) break
      room.left -= i === 0 ? 0 : longDescent * probe.stepCost
      const end = i === 0 ? minimum() : descend(start)
      // A descent that ran out of steps has not reached a critical point. If the first descent ran out of steps, the
      // others would too.
      if (end === null || !end.reached) {
        if (i === 0) return null
        continue
      }
      const same = judged.find(({ theta }) => apart(theta, end.theta) <= 1e-6 * scaleOf(theta))
      known = { start, theta: end.theta, found: same === undefined ? fallsFrom(landmarks(), end, room) : same.found }
      judged.push(known)
    }
    looked += 1
    if (known.found === null) continue
    saddles += 1
    first ??= known.found
  }
  if (first === null) return null
  return {
    starts: looked,
    share: saddles / looked,
    curvature: first.curvature,
    ...outcomes(cell, data, probe, { start: starts()[0]!, ends: first.ends }),
  }
}

interface Judged {
  readonly start: Float64Array
  /** The end of the descent from the start. */
  readonly theta: Float64Array
  readonly found: Fallen | null
}

interface Direction {
  readonly direction: Float64Array
  /** Whether this is the direction of the smallest eigenvalue. */
  readonly exact: boolean
}

/**
 * The ends of the descents that start beside a critical point that is not a minimum. There is one end for each side on
 * which the loss falls.
 */
interface Fallen {
  /** The smallest eigenvalue of the Hessian at the critical point. */
  readonly curvature: number
  readonly ends: readonly Float64Array[]
}

function fallsFrom(
  { probe, descend: toEnd }: Landmarks,
  { theta, tolerance: endTolerance }: LandmarkDescent,
  room: { left: number },
): Fallen | null {
  const { values, directions } = bends(probe, theta, room)
  const [least, largest] = [values[0]!, Math.max(...values.map(Math.abs))]
  const loss = probe.landscape.loss(theta)
  const isLower = ({ direction }: Direction) =>
    [1, -1].some((sign) => probe.landscape.loss(moved(theta, direction, sign * pushes[1] * scaleOf(theta))) < loss)
  // At a kink, the curvature averaged over the two sides may be positive although the loss falls on one side.
  if (least > Math.max(flat * largest, smallest) && !directions.some(isLower)) return null
  const eta = 0.5 / Math.max(largest, steepness(probe, theta, directions[0].direction), smallest)
  const bar = (other: Float64Array) =>
    clearly * (endTolerance * apart(theta, other) + probe.landscape.rounding * (1 + Math.abs(loss)))
  const descend = (from: Float64Array, steps: number) => {
    room.left -= steps * probe.stepCost
    return probe.descend(from, { gradient: tolerance, eta, steps }).theta
  }
  const fell = (other: Float64Array) =>
    other.every(Number.isFinite) &&
    loss - probe.landscape.loss(other) > bar(other) &&
    basinRelation(probe.landscape, theta, other, endTolerance) === 'above'
  const ends: Float64Array[] = []
  for (const { direction, exact } of directions) {
    for (const sign of [1, -1]) {
      for (const push of pushes) {
        const beside = moved(theta, direction, sign * push * scaleOf(theta))
        // If the loss rises along the exact direction, the point is a minimum on this side.
        if (exact && probe.landscape.loss(beside) > loss + probe.landscape.rounding * (1 + Math.abs(loss))) break
        const fallen = descendNextTo(theta, beside, { descend, fell, room })
        if (fallen === null) continue
        ends.push(toEnd(fallen)?.theta ?? fallen)
        room.left -= longDescent * probe.stepCost
        break
      }
    }
    if (ends.length > 0) break
  }
  return ends.length === 0 ? null : { curvature: least, ends }
}

/**
 * Returns the curvature near theta, estimated from the gradients on both sides. It may be positive even if the
 * curvature at theta itself is 0.
 */
function steepness(probe: Probe, theta: Float64Array, direction: Float64Array): number {
  const by = pushes.at(-1)! * scaleOf(theta)
  const gradient = new Float64Array(theta.length)
  return Math.max(
    ...[by, -by].map((signed) => {
      probe.gradient(moved(theta, direction, signed), gradient)
      return norm(gradient) / by
    }),
  )
}

/**
 * Descends from theta and from a point beside it, and compares the losses at the step numbers in `pieces`. If only the
 * second descent has lowered the loss, returns the point that it has reached. Returns null if neither descent lowers
 * the loss. Also returns null if the first descent lowers the loss, because the descent that led to theta was then not
 * finished.
 */
function descendNextTo(
  theta: Float64Array,
  beside: Float64Array,
  {
    descend,
    fell,
    room,
  }: {
    readonly descend: (from: Float64Array, steps: number) => Float64Array
    readonly fell: (other: Float64Array) => boolean
    readonly room: { readonly left: number }
  },
): Float64Array | null {
  let taken = 0
  let [own, other] = [theta, beside]
  for (const steps of pieces) {
    if (room.left <= 0) return null
    other = descend(other, steps - taken)
    own = descend(own, steps - taken)
    taken = steps
    if (fell(own)) return null
    if (fell(other)) return other
  }
  return null
}

/**
 * Returns the eigenvalues of the Hessian in ascending order, and the directions in which to push theta off the critical
 * point. If the direction of the smallest eigenvalue is known, it is the first of them (`exact`). The last one is a
 * generic direction: if several directions are flat, it has a component along each flat direction.
 */
function bends(
  probe: Probe,
  theta: Float64Array,
  room: { left: number },
): { readonly values: readonly number[]; readonly directions: readonly [Direction, ...Direction[]] } {
  const generic = { direction: scattered(theta.length), exact: false }
  if (theta.length > largestSystem) {
    const values = curvaturesAt(probe, theta, Math.max(0, room.left / 2))
    room.left /= 2
    return { values, directions: [generic] }
  }
  room.left -= 2 * theta.length * probe.cost
  const { values, vectors } = eigensystem(hessian({ ...probe.landscape, gradient: probe.gradient }, theta))
  return { values: [...values], directions: [{ direction: vectors[0]!, exact: true }, generic] }
}

/**
 * Returns the names of the minima at which the descents end. `escapes` is the number of descents that end where the
 * escape condition holds, divided by 2, the number of sides. For escape from a basin, `escapes` is 1.
 */
function outcomes(
  cell: Cell,
  data: DataTable | null,
  { landscape }: Probe,
  { start, ends }: { readonly start: Float64Array; readonly ends: readonly Float64Array[] },
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
  const { trial, ...rest } = eventsCell(cell)
  const bare: Cell = { ...rest, trial: { ...trial, converge: null } }
  const events = exitFunction(bare, data, start)
  return { into, escapes: ends.filter((end) => events.at(end).exit !== null).length / 2 }
}

function moved(theta: Float64Array, direction: Float64Array, by: number): Float64Array {
  return theta.map((x, i) => x + by * direction[i]!)
}

function scaleOf(theta: Float64Array): number {
  return 1 + norm(theta) / Math.sqrt(theta.length)
}

function apart(a: Float64Array, b: Float64Array): number {
  return norm(a.map((x, i) => x - b[i]!))
}
