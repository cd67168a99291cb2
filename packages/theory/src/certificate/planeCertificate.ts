import { point } from '../interval/interval.ts'
import type { Certificate } from '../shapes/index.ts'
import { type Axis, cellBox, ended, free, type PlaneGrid, wholeMesh } from './axis.ts'
import { type PlaneSlopes, planeLift } from './curvatures.ts'
import type { CertifiedLaw } from './law.ts'
import type { PlaneChain } from './question.ts'
import { extrapolated } from './stationary.ts'
import { type PlaneStep, planeStep } from './step.ts'

/** The quick steps end when the growth of W per step changes by less than this share between two tests. */
const settled = 1e-3
const stepsPerTest = 10
const mostQuick = 1500
/**
 * A proven step raises the expectation at each node by an amount called the lift, so that the result is also a bound
 * between the nodes. The quick steps that compute the next W multiply these lifts by this factor.
 */
const safety = 1.06
/** The number of functions W that are tried; each is computed with the lifts of the previous one. */
const rounds = 5
/** Values of W above this are set to 1, because they leave hardly any room for a lift. */
const nearlyOne = 0.9
/** The quick steps assume that the lift at a node grows in proportion to W, but by at most this factor. */
const mostGrown = 2
/** After the third W, another one is tried only if the last one improved the bound by more than this share. */
const worthwhile = 0.02
/** W is lifted by at least this share of its value, to cover the error of the quick steps. */
const leastLift = 1e-4

interface Lifts {
  /** For each node, the lift of the last proven step, times `safety`. */
  readonly more: Float64Array
  /** The W of the last proven step. */
  readonly of: Float64Array
}

/**
 * Bounds the probability that a trial from `start` escapes within the horizon. After many steps, the escape probability
 * as a function of the start hardly changes its shape. Quick steps, each followed by a lift, find a function W of
 * nearly this shape. One proven step then shows by how much W may grow in each further step (Lemma 1 of
 * docs/appendix/proofs.md).
 */
export function planeCertificate(chain: PlaneChain, start: readonly number[]): Certificate {
  const { grid, scale, law, steps } = chain
  const reach = followedTo(law)
  const axisOver = (nodes: Float64Array): Axis => ({ mesh: wholeMesh(nodes), scale, law, reach })
  const axes = [axisOver(grid.nodes[0]), axisOver(grid.nodes[1])] as const
  const step = planeStep(grid, axes, (at) => chain.mean(at.map(point)))
  const first = step.from(chain.mean(start.map(point)))
  const cells = openCells(chain)
  let lifts: Lifts = { more: new Float64Array(grid.kinds.length), of: new Float64Array(grid.kinds.length).fill(1) }
  let values: Float64Array = Float64Array.from(grid.kinds, (kind) => (kind === free || kind === ended ? 0 : 1))
  const common = { among: [0, 1], nodes: grid.kinds.length, spacing: chain.spacing, explicit: null }
  let best: Certificate | null = null
  let followed = 0
  for (let round = 0; round < rounds; round++) {
    const found = settle(step, values, lifts, grid)
    followed += found.steps
    values = found.values
    const { next, more } = proven(step, planeLift(grid, axes, values), grid, cells, values)
    const bound = extrapolated({ values, next, top: 1 }, first(values), steps - 1)
    const isBetter = best === null || bound.escape < best.escape * (1 - worthwhile)
    if (best === null || bound.escape < best.escape)
      best = { ...common, escape: Math.min(1, bound.escape), by: 'solution', followed, growth: bound.growth }
    if (!isBetter && round > 1) break
    lifts = { more: more.map((one) => safety * one), of: values }
  }
  return best!
}

/**
 * Steps are followed up to a length that is exceeded with at most this probability in each direction. Longer steps
 * count as escapes.
 */
const unlikely = 1e-22

function followedTo(law: CertifiedLaw): number {
  let reach = 1
  while (reach < law.reach && law.mass(reach, Number.POSITIVE_INFINITY, 0) > unlikely) reach++
  return Math.min(reach, law.reach)
}

/**
 * Applies quick steps until W grows by the same share in each step. After each step, W is replaced by (W - c) / (1 -
 * c), where c is the smallest value of W at the nodes at which trials continue. The new W is just as good a
 * certificate, and its smallest value is 0.
 */
function settle(step: PlaneStep, begin: Float64Array, { more, of }: Lifts, { kinds }: PlaneGrid) {
  let values = begin
  let before = Number.POSITIVE_INFINITY
  for (let k = 1; k <= mostQuick; k++) {
    const next = step.quick(values)
    let growth = 1
    for (let at = 0; at < next.length; at++) {
      if (kinds[at] !== free) continue
      const grown = of[at]! > 0 ? Math.min(mostGrown, Math.max(1, next[at]! / of[at]!)) : 1
      const lifted = next[at]! + more[at]! * grown + leastLift * next[at]!
      next[at] = lifted > nearlyOne || values[at] === 1 ? 1 : lifted
      growth = Math.min(growth, next[at]!)
    }
    if (growth < 1)
      for (let at = 0; at < next.length; at++)
        if (kinds[at] === free && next[at]! < 1) next[at] = Math.max(0, (next[at]! - growth) / (1 - growth))
    values = next
    if (growth === 1) return { values, steps: k }
    if (k % stepsPerTest !== 0) continue
    if (Math.abs(growth - before) <= settled * growth) return { values, steps: k }
    before = growth
  }
  return { values, steps: mostQuick }
}

interface OpenCell {
  readonly corners: readonly [number, number, number, number]
  readonly sides: readonly [number, number]
  readonly slopes: PlaneSlopes
}

function openCells({ grid, slopes }: PlaneChain): readonly OpenCell[] {
  const [x, y] = grid.nodes
  const cells: OpenCell[] = []
  for (let i = 0; i + 1 < x.length; i++)
    for (let j = 0; j + 1 < y.length; j++) {
      if (grid.open[i * (y.length - 1) + j] === 0) continue
      const at = i * y.length + j
      cells.push({
        corners: [at, at + 1, at + y.length, at + y.length + 1],
        sides: [x[i + 1]! - x[i]!, y[j + 1]! - y[j]!],
        slopes: slopes(cellBox(grid.nodes, i, j)),
      })
    }
  return cells
}

/**
 * Returns an upper bound on E V after one step, which also holds between the nodes. `more` is the amount by which the
 * value at each node was raised to obtain this bound.
 */
function proven(
  step: PlaneStep,
  liftOf: ReturnType<typeof planeLift>,
  { kinds }: PlaneGrid,
  cells: readonly OpenCell[],
  values: Float64Array,
): { readonly next: Float64Array; readonly more: Float64Array } {
  const exact = step.exact(values)
  const more = new Float64Array(exact.length)
  for (const { corners, sides, slopes } of cells) {
    const lift = liftOf(slopes, sides)
    for (const at of corners) more[at] = Math.max(more[at]!, lift)
  }
  const next = exact.map((value, at) =>
    kinds[at] === free ? value + more[at]! : Math.max(kinds[at] === ended ? 0 : 1, value + more[at]!),
  )
  const capped = Float64Array.from(next)
  for (const { corners } of cells) if (corners.some((at) => !(next[at]! <= 1))) for (const at of corners) capped[at] = 1
  return { next: capped, more: exact.map((value, at) => (kinds[at] === free ? capped[at]! - value : 0)) }
}
