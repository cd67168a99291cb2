import { norm } from '@driftfarm/formula'
import { basinRelation, gradientAt, type LandscapeFunction } from '@driftfarm/kernel'
import { type CriticalPoint, critical, type Kind, polish, tolerances } from './critical.ts'
import type { Symmetry } from './symmetry.ts'

/** Ends that count as one. For flat and unsettled ends, `critical` is the end with the lowest loss. */
export interface Group {
  critical: CriticalPoint
  count: number
  /** The index (from 0) of the first descent whose end is in the group. */
  readonly first: number
  /** The number of ends for which plain Newton steps were not enough. */
  damped: number
}

/** Four or five Newton steps are usual, more if the descent ran out of steps in a valley. */
const maxPolishSteps = 200

/** An end that is farther than this from all known minima, in units of 1 + |theta|, is always polished. */
const trusted = 1e-3

/**
 * Polishes and groups the ends theta of descents. If |theta - m| <= 2 |grad L| / smallest eigenvalue at m for a known
 * minimum m, theta belongs to m and is not polished.
 */
export class CriticalPointCollector {
  readonly groups: Group[] = []

  constructor(
    private readonly landscape: LandscapeFunction,
    private readonly symmetry: Symmetry,
    /** The norm of the gradient below which descents end. */
    private readonly near: number,
  ) {}

  add(descent: number, end: Float64Array): void {
    const known = this.knownNear(end)
    if (known !== undefined) {
      known.count += 1
      return
    }
    const polished = polish(this.landscape, end, { near: this.near, steps: maxPolishSteps })
    const found = critical(this.landscape, polished)
    const damped = polished.damped ? 1 : 0
    const group = this.groups.find((one) => this.belongs(found, one.critical))
    if (group === undefined) this.groups.push({ critical: found, count: 1, first: descent, damped })
    else {
      group.count += 1
      group.damped += damped
      if (isLoose(found.kind) && found.loss < group.critical.loss) group.critical = found
    }
  }

  private knownNear(end: Float64Array): Group | undefined {
    const gradnorm = norm(gradientAt(this.landscape.gradient, end))
    if (!(gradnorm <= this.near)) return undefined
    const loss = this.landscape.loss(end)
    return this.groups.find(({ critical: { kind, point, loss: lowest, eigenvalues } }) => {
      if (kind !== 'minimum' || eigenvalues === null) return false
      const size = 1 + norm(point)
      const radius = (2 * gradnorm) / eigenvalues[0]! + tolerances.merge * size
      const agree = Math.abs(loss - lowest) <= radius * gradnorm + sameLoss * (1 + Math.abs(lowest))
      return radius <= trusted * size && agree && this.symmetry.same(Float64Array.from(point), end, radius)
    })
  }

  private belongs(found: CriticalPoint, to: CriticalPoint): boolean {
    if (found.kind !== to.kind) return false
    if (found.kind === 'unsettled') return true
    // As in trials, two end points are compared by evaluating the loss along a path between them.
    if (found.kind !== 'saddle' && basinRelation(this.landscape, to.point, found.point, this.near) === 'one')
      return true
    const apart = Math.abs(found.loss - to.loss) / (1 + Math.abs(to.loss))
    // A symmetric copy of a valley cannot be distinguished from another valley with the same loss, so they are merged.
    if (found.kind === 'flat') return this.symmetry.description !== '' && apart <= tolerances.flatLoss
    const radius = tolerances.merge * (1 + norm(to.point))
    return apart <= sameLoss && this.symmetry.same(Float64Array.from(to.point), Float64Array.from(found.point), radius)
  }
}

const sameLoss = 1e-8

const isLoose = (kind: Kind): boolean => kind === 'flat' || kind === 'unsettled'
