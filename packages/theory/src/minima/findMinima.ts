import { norm } from '@driftfarm/formula'
import { basinRelation, descendAll, landscapeFunction } from '@driftfarm/kernel'
import type { Cell, Descent, Tables } from '@driftfarm/spec'
import { clopperPearson } from '@driftfarm/statistics'
import { TheoryError } from '../error.ts'
import { checkDimension } from '../linear/spectrum.ts'
import type { Share } from '../shapes/index.ts'
import { type CriticalPoint, type Kind, tolerances } from './critical.ts'
import { CriticalPointCollector, type Group } from './criticalPointCollector.ts'
import { symmetryOf } from './symmetry.ts'

export interface FindOptions {
  /**
   * The number of descents, from 1 to 10,000,000. Descent i starts where trial i of the cell starts. If the start is a
   * point, one descent is enough.
   */
  readonly descents: number
  readonly descent: Descent
  /**
   * The confidence with which the intervals of all shares hold simultaneously. Each interval has the confidence
   * 1 - (1 - confidence) / number of shares (Bonferroni).
   */
  readonly confidence: number
  /** Called with the number of finished descents. */
  readonly onProgress?: (done: number) => void
}

export type Minima = Awaited<ReturnType<typeof findMinima>>
export type FoundPoint = Minima['minima'][number]

/** These descents together take a few tenths of a second. */
const descentsPerReport = 1000

/**
 * Returns the minima that noise-free descent from the cell's starts finds, each with the share of the starts from which
 * descent ends there. `tables` are the tables that the cell needs. The same cell and options give the same
 * answer. Throws a TheoryError for options out of range or a dimension above 1000, and a KernelError for a cell
 * that the kernel cannot compute.
 */
export async function findMinima(cell: Cell, tables: Tables, options: FindOptions) {
  check(cell, options)
  const { descent, onProgress } = options
  const landscape = landscapeFunction(cell, tables)
  const { dimension } = landscape
  const symmetry = symmetryOf(cell.landscape)
  const gatherer = new CriticalPointCollector(landscape, symmetry, descent.gradient)
  const descents = cell.start.kind === 'point' ? 1 : options.descents
  let diverged = 0
  let unfinished = 0
  const run = await descendAll(cell, tables, descent)
  for (let first = 0; first < descents; first += descentsPerReport) {
    const { ends, theta } = run(first, Math.min(descentsPerReport, descents - first))
    ends.forEach((end, i) => {
      if (end === 'diverged') diverged += 1
      else gatherer.add(first + i, theta.slice(i * dimension, (i + 1) * dimension))
      if (end === 'undecided') unfinished += 1
    })
    onProgress?.(first + ends.length)
  }
  const shares = gatherer.groups.length + (diverged > 0 ? 1 : 0)
  const shareOf = (count: number): Share => {
    // All descents from one point end at the same place, so the share is exact.
    if (cell.start.kind === 'point') return { count, value: count, low: count, high: count }
    const interval = clopperPearson(count, descents, 1 - (1 - options.confidence) / Math.max(1, shares))
    return { count, value: count / descents, ...interval }
  }
  const knownName = ({ point, kind }: CriticalPoint): string | null => {
    if (kind === 'unsettled') return null
    const radius = tolerances.merge * (1 + norm(point))
    const here = Float64Array.from(point)
    const isHere = (known: readonly number[]) =>
      symmetry.same(Float64Array.from(known), here, radius) ||
      (kind !== 'saddle' && basinRelation(landscape, known, here, descent.gradient) === 'one')
    return cell.trial.minima.find(([, known]) => isHere(known))?.[0] ?? null
  }
  const found = named(gatherer.groups).map(({ name, group: { critical, count, first, damped } }) => {
    const { point, ...kind } = critical
    return {
      /**
       * The generated name: m1, m2, .. for minima by ascending loss, s1, .. for saddles, f1, .. for flat ends, u1, ..
       * for unsettled ends.
       */
      name,
      /** The name that the cell gives to this point; null if it gives none. */
      known: knownName(critical),
      ...kind,
      /** The share of all descents that ended here. */
      share: shareOf(count),
      /** The index (from 0) of the first descent that ended here. */
      first,
      /** The number of descents that ended here and whose end point needed damped Newton steps. */
      damped,
      point,
    }
  })
  return {
    dimension,
    descents,
    descent,
    confidence: options.confidence,
    /** Describes the points that count as one because of a symmetry; empty if no symmetry is known. */
    symmetry: symmetry.description,
    tolerances,
    minima: found.filter(({ kind }) => kind === 'minimum'),
    /** Ends that are not minima, or that second derivatives cannot show to be minima. */
    others: found.filter(({ kind }) => kind !== 'minimum'),
    /** Descents on which some |theta_i| exceeded the divergence limit or theta was no longer finite. */
    diverged: shareOf(diverged),
    /**
     * The number of descents that used up all steps before they reached the gradient limit. The ends of these descents
     * are polished too.
     */
    unfinished,
  }
}

function check(cell: Cell, { descents, descent, confidence }: FindOptions): void {
  if (!Number.isSafeInteger(descents) || descents < 1 || descents > 10_000_000)
    throw new TheoryError(
      'DESCENTS',
      String(descents),
      'with 1,000 descents, a minimum that attracts one start in 200 is found with a probability of 99.3 %',
    )
  checkDimension(cell.landscape.dimension)
  for (const [name, value, good] of [
    ['eta', descent.eta, descent.eta > 0],
    ['gradient', descent.gradient, descent.gradient > 0],
    ['steps', descent.steps, Number.isSafeInteger(descent.steps) && descent.steps > 0],
    ['confidence', confidence, confidence > 0 && confidence < 1],
  ] as const)
    if (!good || !Number.isFinite(value))
      throw new TheoryError(
        'OPTION',
        `${name} ${value}`,
        'eta and gradient must be positive, steps a positive whole number, and confidence between 0 and 1',
      )
}

const letters: Readonly<Record<Kind, string>> = { minimum: 'm', saddle: 's', flat: 'f', unsettled: 'u' }

/** Equal losses are ordered by coordinates, so that the names of mirror images do not depend on the starts. */
function named(groups: readonly Group[]): readonly { name: string; group: Group }[] {
  const order = Object.keys(letters)
  const ranks = lossRanks(groups)
  const sorted = groups.toSorted((one, other) => {
    const [a, b] = [one.critical, other.critical]
    return (
      order.indexOf(a.kind) - order.indexOf(b.kind) ||
      ranks.get(one)! - ranks.get(other)! ||
      compareCoordinates(a.point, b.point)
    )
  })
  const counts = new Map<Kind, number>()
  return sorted.map((group) => {
    const place = (counts.get(group.critical.kind) ?? 0) + 1
    counts.set(group.critical.kind, place)
    return { name: `${letters[group.critical.kind]}${place}`, group }
  })
}

/** Losses that differ only by rounding have the same rank. */
function lossRanks(groups: readonly Group[]): ReadonlyMap<Group, number> {
  let tier = 0
  let previous = Number.NEGATIVE_INFINITY
  const byLoss = groups.toSorted((one, other) => one.critical.loss - other.critical.loss)
  const ranked = byLoss.map((group): [Group, number] => {
    const { loss } = group.critical
    if (loss - previous > 1e-10 * (1 + Math.abs(loss))) tier += 1
    previous = loss
    return [group, tier]
  })
  return new Map(ranked)
}

function compareCoordinates(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((x, i) => x !== b[i])
  return at < 0 ? 0 : a[at]! - b[at]!
}
