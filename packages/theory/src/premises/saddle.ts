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

/** Up to this dimension the direction of the least curvature is computed; beyond it a generic one has a share of it. */
const largestSystem = 40
/** Curvatures of a smaller share of the largest, or smaller than this, may be rounding: they decide nothing. */
const flat = 1e-6
const smallest = 1e-8
/** How far theta is pushed off a critical point, in units of 1 and the root mean square of its coordinates. */
const pushes = [1e-3, 3e-2] as const
/** Steps after which the descents from a point and from beside it are compared. */
const pieces = [0, 10, 30, 100, 300, 1000, 3000] as const
/** Steps that a descent to its end is counted with; those of landmarks end after twice as many. */
const longDescent = 10_000
/** Descents beside a critical point end where the gradient is lost in rounding. */
const tolerance = 1e-12
/** A descent has left if its loss fell by this many times what the gradient of the end allows. */
const clearly = 4

/**
 * The share of starts from which descent leads into a saddle or a maximum, or which are one: points without a gradient
 * from which a push in some direction leads down. A trial there waits for its noise and then descends; that it leaves
 * says nothing about a minimum. The least eigenvalue of the Hessian gives the direction; where it is 0 the descent
 * along it decides, since x^4 has a minimum at 0 and x^3 has none. null where no start is known to be one, or where the
 * cell requests nothing. `allowance` is the time in nanoseconds of the kernel that all of it may take; fewer starts are
 * examined where it is short.
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
      // A descent that ran out of steps has not arrived anywhere; where the first one did, others would as well.
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
  /** The end of the descent from it. */
  readonly theta: Float64Array
  readonly found: Fallen | null
}

interface Direction {
  readonly direction: Float64Array
  /** Whether it is that of the least eigenvalue. */
  readonly exact: boolean
}

/** Where descent leads from beside a critical point that is not a minimum: one end for each side that falls. */
interface Fallen {
  /** The least eigenvalue of the Hessian there. */
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
  // A kink may bend up in the mean of its two sides, and lead down on one.
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
        // A rise along the direction itself is a bottom on this side.
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

/** The curvature for a push: at a point without any, that of nearby points. */
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
 * Descends from beside a point, and from the point itself. Returns where the first is when it has fallen and
 * the second has not; null where neither falls, or both do at the same time, since descent from the point was not over.
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
 * The eigenvalues of the Hessian, ascending, with directions in which to push: that of the least one where it is known
 * (`exact`), and one without any symmetry, since several directions may be flat.
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

/** The named minima in which the descents end, and the share of their ends at which the escape holds. */
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
