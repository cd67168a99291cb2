import { eigensystem } from '../../linear/eigensystem.ts'
import { norm } from '../../linear/matrix.ts'
import { type CriticalPoint, critical } from '../../minima/critical.ts'
import { hessian } from '../../minima/curvature.ts'
import { tolerances } from '../../minima/findMinima.ts'
import { type Polished, polish } from '../../minima/polish.ts'
import { steepestDescentPath } from '../steepestDescentPath.ts'
import { bottomOf, type Well } from '../well.ts'
import { climb } from './climb.ts'
import { neighbouringMaxima } from './scan.ts'
import { passesBetween } from './string.ts'

/** A saddle with one descending direction. Descent on one side of the saddle leads into the well. */
export interface Saddle {
  readonly at: CriticalPoint
  readonly theta: Float64Array
  /** Unit vector in the descending direction out of the well. */
  readonly outward: Float64Array
  /** The other unit eigenvectors of the Hessian. */
  readonly across: readonly Float64Array[]
  /**
   * Points on the two paths of steepest descent from the saddle: `inside` leads into the well, `outside` away from it.
   */
  readonly inside: readonly Float64Array[]
  readonly outside: readonly Float64Array[]
  readonly beyond: CriticalPoint
}

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
    for (const vector of vectors) {
      add(climb(landscape, theta, vector))
      add(
        climb(
          landscape,
          theta,
          vector.map((x) => -x),
        ),
      )
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

function saddleAt({ landscape, theta: bottom }: Well, polished: Polished): Saddle | null {
  const at = critical(landscape, polished, tolerances)
  if (at.kind !== 'saddle' || at.negative !== 1 || at.zero > 0) return null
  const theta = Float64Array.from(at.point)
  const [down, ...across] = eigensystem(hessian(landscape, theta)).vectors
  const way = (side: 1 | -1) => {
    const offset = side * 1e-3 * (1 + norm(theta))
    const path = steepestDescentPath(
      landscape,
      theta.map((x, i) => x + offset * down![i]!),
    )
    const end = bottomOf(landscape, path.at(-1)!)
    return { side, path, end, isHome: isSame(Float64Array.from(end.point), bottom) }
  }
  const [up, under] = [way(1), way(-1)]
  if (up.isHome === under.isHome) return null
  const [home, away] = up.isHome ? [up, under] : [under, up]
  return {
    at,
    theta,
    outward: down!.map((x) => away.side * x),
    across,
    inside: home.path,
    outside: away.path,
    beyond: away.end,
  }
}

export function isSame(a: Float64Array, b: Float64Array): boolean {
  return norm(a.map((x, i) => x - b[i]!)) <= same * (1 + norm(a))
}
