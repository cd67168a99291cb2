import { distance, dot, norm } from '@driftfarm/formula'
import { gradientAt, type LandscapeFunction, slopeOf } from '@driftfarm/kernel'
import { bisect } from '../bisect.ts'
import { eigensystem } from '../linear/spectrum.ts'
import { critical, hessian, type Polished, polish } from '../minima/critical.ts'
import { bottomOf, steepestDescentPath, type Well } from './well.ts'

/** A saddle with one descending direction. Descent on one side of the saddle leads into the well. */
export type Saddle = NonNullable<ReturnType<typeof saddleAt>>

/** Two points closer than this, in units of 1 + |theta|, count as the same. */
const same = 1e-5

/**
 * Returns the saddles beside a well, the lowest first. In more than one dimension, the search may miss saddles. The
 * search climbs from the minimum along each eigenvector. It also applies the string method between the minimum and each
 * other minimum that is in `known` or beyond a saddle already found.
 */
export function neighbouringSaddles(well: Well, known: readonly Float64Array[]): Saddle[] {
  const { landscape, theta } = well
  const found: Saddle[] = []
  const add = (polished: Polished | null) => {
    const saddle = polished === null ? null : saddleAt(well, polished)
    if (saddle !== null && !found.some((other) => isSame(other.theta, saddle.theta))) found.push(saddle)
  }
  if (theta.length === 1) {
    for (const top of neighbouringMaxima(landscape, theta[0]!))
      add(polish(landscape, top, { near: Number.POSITIVE_INFINITY, steps: 50 }))
  } else {
    const { values, vectors } = eigensystem(hessian(landscape, theta))
    for (const vector of vectors)
      for (const side of [1, -1]) {
        const along = vector.map((x) => side * x)
        add(climb(landscape, theta, along))
      }
    const ends = known.filter((other) => !isSame(other, theta))
    for (let next = 0; ; next++) {
      for (const { beyond } of found) {
        const point = Float64Array.from(beyond.point)
        if (beyond.kind === 'minimum' && !ends.some((other) => isSame(other, point))) ends.push(point)
      }
      const end = ends[next]
      if (end === undefined) break
      const stiffness = Math.max(values.at(-1)!, eigensystem(hessian(landscape, end)).values.at(-1)!)
      for (const pass of passesBetween(landscape, theta, end, stiffness)) add(climb(landscape, pass, null))
    }
  }
  return found.sort((a, b) => a.at.loss - b.at.loss)
}

function saddleAt({ landscape, theta: bottom }: Well, polished: Polished) {
  const at = critical(landscape, polished)
  if (at.kind !== 'saddle' || at.negative !== 1 || at.zero > 0) return null
  const theta = Float64Array.from(at.point)
  const [down, ...across] = eigensystem(hessian(landscape, theta)).vectors
  const way = (side: 1 | -1) => {
    const offset = side * 1e-3 * (1 + norm(theta))
    const beside = theta.map((x, i) => x + offset * down![i]!)
    const path = steepestDescentPath(landscape, beside)
    const end = bottomOf(landscape, path.at(-1)!)
    return { side, path, end, isHome: isSame(Float64Array.from(end.point), bottom) }
  }
  const [up, under] = [way(1), way(-1)]
  if (up.isHome === under.isHome) return null
  const [home, away] = up.isHome ? [up, under] : [under, up]
  return {
    at,
    theta,
    /** Unit vector in the descending direction out of the well. */
    outward: down!.map((x) => away.side * x),
    /** The other unit eigenvectors of the Hessian. */
    across,
    /**
     * Points on the two paths of steepest descent from the saddle: `inside` leads into the well, `outside` away from
     * it.
     */
    inside: home.path,
    outside: away.path,
    beyond: away.end,
  }
}

export function isSame(a: Float64Array, b: Float64Array): boolean {
  return distance(a, b) <= same * (1 + norm(a))
}

const maxSteps = 300
/** The longest step, in units of 1 + |theta|. */
const longest = 0.05
/** The largest distance from 0, in units of 1 + |start|. */
const farthestClimb = 100

/**
 * Climbs to a saddle by eigenvector following: up along one eigenvector of the Hessian and down along all others until
 * a saddle is near. Newton's method then finds the saddle (Cerjan and Miller, J. Chem. Phys. 75, 1981; Wales, Energy
 * Landscapes, 6.2). The climb follows the eigenvector whose direction is closest to `along`, or the one with the lowest
 * eigenvalue if `along` is null.
 */
function climb(landscape: LandscapeFunction, from: Float64Array, along: Float64Array | null): Polished | null {
  const limit = farthestClimb * (1 + norm(from))
  let theta = Float64Array.from(from)
  let followed = along
  for (let step = 0; step < maxSteps; step++) {
    const gradient = gradientAt(landscape.gradient, theta)
    const curvature = hessian(landscape, theta)
    if (!curvature.values.every(Number.isFinite) || norm(theta) > limit) return null
    const { values, vectors } = eigensystem(curvature)
    const k = followed === null ? 0 : mostLike(vectors, followed)
    if (values[k]! < 0 && norm(gradient) < 1e-6) break
    const forward = followed === null || dot(vectors[k]!, followed) >= 0 ? 1 : -1
    const most = longest * (1 + norm(theta))
    const move = new Float64Array(theta.length)
    vectors.forEach((vector, i) => {
      const slope = dot(vector, gradient)
      const size = Math.max(Math.abs(values[i]!), 1e-6)
      const uphill = slope !== 0 ? Math.sign(slope) : forward
      const part = i !== k ? -slope / size : values[i]! < 0 ? slope / size : uphill * most
      for (let j = 0; j < move.length; j++) move[j] = move[j]! + part * vector[j]!
    })
    // At a minimum, both directions along an eigenvector lead up. The first step goes in the direction of `along`.
    if (step === 0 && along !== null) for (let j = 0; j < move.length; j++) move[j] = most * along[j]!
    const length = norm(move)
    const share = length > most ? most / length : 1
    theta = theta.map((x, j) => x + share * move[j]!)
    followed = followed === null ? null : vectors[k]!.map((x) => forward * x)
  }
  return polish(landscape, theta, { near: Number.POSITIVE_INFINITY, steps: 50 })
}

function mostLike(vectors: readonly Float64Array[], other: Float64Array): number {
  const likeness = vectors.map((vector) => Math.abs(dot(vector, other)))
  return likeness.indexOf(Math.max(...likeness))
}

const images = 25
const rounds = 200

/**
 * Returns points near the saddles between two minima, by the string method (E, Ren and Vanden-Eijnden, J. Chem. Phys.
 * 126, 2007). `stiffness` is the largest curvature at the two minima.
 */
function passesBetween(
  landscape: LandscapeFunction,
  from: Float64Array,
  to: Float64Array,
  stiffness: number,
): Float64Array[] {
  const share = (t: number) => from.map((x, i) => x + t * (to[i]! - x))
  let string: Float64Array[] = Array.from({ length: images }, (_, i) => share(i / (images - 1)))
  for (let round = 0; round < rounds; round++) {
    const moved = string.map((theta, i) => {
      if (i === 0 || i === images - 1) return theta
      const gradient = gradientAt(landscape.gradient, theta)
      const rate = Math.min(0.2 / stiffness, (0.05 * (1 + norm(theta))) / (norm(gradient) || 1))
      return theta.map((x, j) => x - rate * gradient[j]!)
    })
    string = equallySpaced(moved)
  }
  const losses = string.map((theta) => landscape.loss(theta))
  return string.filter(
    (_, i) => i > 0 && i < images - 1 && losses[i]! >= losses[i - 1]! && losses[i]! >= losses[i + 1]!,
  )
}

function equallySpaced(points: readonly Float64Array[]): Float64Array[] {
  const lengths = [0]
  for (let i = 1; i < points.length; i++) lengths.push(lengths[i - 1]! + distance(points[i]!, points[i - 1]!))
  const total = lengths.at(-1)!
  let at = 1
  return points.map((point, i) => {
    if (i === 0 || i === points.length - 1) return point
    const wanted = (total * i) / (points.length - 1)
    while (at < points.length - 1 && lengths[at]! < wanted) at++
    const [left, right] = [points[at - 1]!, points[at]!]
    const span = lengths[at]! - lengths[at - 1]! || 1
    const part = (wanted - lengths[at - 1]!) / span
    return left.map((x, j) => x + part * (right[j]! - x))
  })
}

/** In units of 1 + |from|. */
const firstStep = 1e-3
/** A scan finds features whose width is at least 0.2 % of their distance from the start of the scan. */
const growth = 1.002
const farthest = 1e6

/** Returns the first point where `stops` holds, to full precision; null if there is none within the distance `most`. */
export function scanFor(from: number, side: 1 | -1, stops: (x: number) => boolean, most = farthest): number | null {
  let step = firstStep * (1 + Math.abs(from))
  let last = from
  for (; Math.abs(last - from) < most; step *= growth) {
    const x = last + side * step
    if (stops(x)) return bisect(last, x, stops)[1]
    last = x
  }
  return null
}

function neighbouringMaxima(landscape: LandscapeFunction, minimum: number): Float64Array[] {
  const slopeAt = slopeOf(landscape.gradient)
  return ([-1, 1] as const).flatMap((side) => {
    const top = scanFor(minimum, side, (x) => !(side * slopeAt(x) > 0))
    return top === null || !Number.isFinite(slopeAt(top)) ? [] : [Float64Array.of(top)]
  })
}
