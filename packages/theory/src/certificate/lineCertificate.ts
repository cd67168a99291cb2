import { elementary } from '@driftfarm/formula'
import type { Interval } from '../interval/interval.ts'
import { cutLine } from '../mesh/lineMesh.ts'
import { refuse } from '../refusal.ts'
import type { Certificate } from '../shapes/index.ts'
import { type Mesh, meshOver } from './axis.ts'
import type { LineMap } from './curvatures.ts'
import type { LineQuestion } from './question.ts'
import { explicitBound, extrapolated } from './stationary.ts'
import { type LineMove, lineStep, pointStep, type Spread, spreadMean, topOf } from './step.ts'

export interface LineChain extends LineQuestion {
  /**
   * For a schedule: if a trial is in `stretch` after the last step, bounds the probability that it does not converge. A
   * trial that does not converge counts as escaped.
   */
  readonly final?: (stretch: Interval) => number
}

export type LineStart = number | Spread

export type LineCertificate = Omit<Certificate, 'by' | 'among'>

/** Distances between nodes, in units of the step scale. The smallest affordable distance is used. */
const spacings = [0.05, 0.07, 0.1, 0.14, 0.2, 0.28, 0.4] as const
/** The limit on the number of pairs of nodes, summed over the steps. This many pairs take about 1.5 s. */
const maxWork = 4e7
/** The limit that replaces `maxWork` for the coarsest mesh. A chain that exceeds this limit gets no bound. */
const hardWork = 1.5e8
/** The largest number of pairs of nodes in one step; the setup of such a step takes a few seconds. */
const maxPairs = 5e6
const tooMany = 'following the chain would take too many nodes and steps'
/**
 * The growth of a step is the least r for which the step raises V by at most r (T - V), where T is an upper bound on V.
 * In most cases, the growth has settled after this many relaxation times. A relaxation time is 1 / (1 - |m'|) steps,
 * where m' is the slope of a noise-free step at the point of the smallest loss.
 */
const relaxations = 30
const usualSteps = { least: 100, most: 2000 } as const
const stepsPerTest = 8
/** The growth has settled when its relative change from one test to the next is at most this number. */
const settled = 1e-3

/**
 * Bounds the probability that a trial from x escapes within the horizon, by following the chain back from the horizon.
 * V_N is 0 where trials continue and 1 where they have escaped. V_n(x) is an upper bound on the mean of V_{n+1} after
 * one step from x. Once the growth has settled, Lemma 1 of docs/appendix/proofs.md bounds the effect of the remaining
 * steps.
 */
export function lineCertificate(chain: LineChain, x: LineStart, coarsest = false): LineCertificate {
  const plan = planOf(chain, coarsest)
  if (plan === null) refuse(tooMany)
  return chain.stationary ? stationaryBound(chain, x, { ...plan, coarsest }) : scheduledBound(chain, x, plan)
}

function stationaryBound(
  chain: LineChain,
  x: LineStart,
  { spacing, most, coarsest }: Plan & { readonly coarsest: boolean },
): LineCertificate {
  const mesh = meshOf(chain, 0, spacing)
  const wide = mesh.nodes.length * Math.min(mesh.nodes.length, (2 * chain.move(0).law.reach) / spacing)
  if (wide > maxPairs) refuse(tooMany)
  const step = lineStep(mesh, mesh, chain.move(0))
  // If the start is a point, the first step from it is computed exactly, and the mesh is used for the other steps. If
  // the start is random, the mesh is used for all steps, and V is then averaged over the start distribution.
  const ahead = typeof x === 'number' ? chain.steps - 1 : chain.steps
  let values: Float64Array = new Float64Array(mesh.nodes.length)
  let best = Number.POSITIVE_INFINITY
  let [followed, growth, before] = [0, 0, Number.POSITIVE_INFINITY]
  const first = typeof x === 'number' ? pointStep(mesh, chain.move(0), x) : spreadMean(mesh, x)
  for (let k = 0; k <= ahead; k++) {
    if (k === ahead) {
      const direct = first(values)
      if (direct < best) [best, followed, growth] = [direct, k + 1, 0]
      break
    }
    const next = step(values)
    if (k % stepsPerTest === 0 || k === most) {
      // By Lemma 1, the remaining steps raise V to at most a weighted mean of V and T. The weights are the same at all
      // nodes, so the remaining steps raise the bound `at` to at most the same weighted mean of `at` and T.
      const at = first(values)
      if (at >= best * (1 - settled)) break
      const found = extrapolated({ values, next, top: topOf(values) }, at, ahead - k)
      if (found.escape < best) [best, followed, growth] = [found.escape, k + 1, found.growth]
      const isSettled = found.growth > 0 && Math.abs(found.growth - before) <= settled * found.growth
      if (k >= most || (isSettled && found.growth < 1)) break
      before = found.growth
    }
    values = next
  }
  const { energy, temperature } = chain
  const explicit = coarsest ? null : explicitBound({ step, mesh, first, energy, temperature, ahead })
  const nodes = mesh.nodes.length
  return { escape: Math.min(1, best, explicit?.escape ?? 1), nodes, spacing, followed, growth, explicit }
}

function scheduledBound(chain: LineChain, x: LineStart, { spacing }: Plan): LineCertificate {
  const meshes = new Map<number, Mesh>()
  const meshAt = (n: number): Mesh => {
    const level = levelOf(chain, n)
    const known = meshes.get(level) ?? meshOf(chain, n, spacing)
    meshes.set(level, known)
    return known
  }
  let values = finalValues(meshAt(chain.steps), chain.final)
  const last = typeof x === 'number' ? 1 : 0
  for (let n = chain.steps - 1; n >= last; n--) values = lineStep(meshAt(n), meshAt(n + 1), chain.move(n))(values)
  const mean = typeof x === 'number' ? pointStep(meshAt(1), chain.move(0), x) : spreadMean(meshAt(0), x)
  return {
    escape: Math.min(1, mean(values)),
    nodes: Math.max(...[...meshes.values()].map(({ nodes }) => nodes.length)),
    spacing,
    followed: chain.steps,
    growth: 0,
    explicit: null,
  }
}

/** The value at a node is the bound that `final` gives for the interval between the neighbours of the node. */
function finalValues({ nodes, pieces }: Mesh, final: LineChain['final']): Float64Array {
  const values = new Float64Array(nodes.length)
  if (final === undefined) return values
  for (const { first, count } of pieces)
    for (let j = first; j < first + count; j++) {
      const around: Interval = [nodes[Math.max(first, j - 1)]!, nodes[Math.min(first + count - 1, j + 1)]!]
      values[j] = Math.min(1, final(around))
    }
  return values
}

/**
 * Steps of a schedule that have similar step scales form a level, and all steps of a level use the same mesh. From each
 * level to the next, the step scale grows by this factor.
 */
const grade = 1.25

/** V_n is smooth on the scale of step n, so this scale determines which mesh is fine enough for V_n. */
function levelOf({ move, steps }: LineChain, n: number): number {
  return Math.round(elementary.log(move(Math.min(n, steps - 1)).scale) / elementary.log(grade))
}

function meshOf(chain: LineChain, n: number, spacing: number): Mesh {
  const { map, scale, law } = chain.move(Math.min(n, chain.steps - 1))
  const isEdged = law.edges.length > 0
  const also = isEdged ? kinksOf(chain, { map, scale, law }) : []
  return meshOver(chain.stretches, (x) => (spacing * scale) / steepness(map, x), also)
}

function steepness(map: LineMap, x: number): number {
  const [low, high] = map.slope([x, x])
  const steep = Math.max(1, Math.abs(low), Math.abs(high))
  return Math.min(steep, mostSteep)
}

const mostSteep = 8

/**
 * The probability that a step from x ends outside the stretches has kinks as a function of x. A kink is at each x for
 * which an edge of the step's distribution lies exactly at an end of a stretch. Each kink is put between two
 * nodes that are very close together.
 */
function kinksOf({ stretches, range: [from, to] }: LineChain, { map, scale, law }: LineMove): number[] {
  const goals = stretches.flatMap(({ range }) => range).flatMap((end) => law.edges.map((edge) => end - scale * edge))
  const step = Math.max(scale / 4, (to - from) / maxLooks)
  return goals.flatMap((goal) => {
    const isBelow = (x: number) => {
      const [low, high] = map.value([x, x])
      return 0.5 * (low + high) < goal
    }
    const kinks = cutLine(isBelow, from, to, step).slice(1)
    return kinks.flatMap((kink) => [kink.from - apart * scale, kink.from + apart * scale])
  })
}

const maxLooks = 20_000
/** The distance of a kink from each of the two nodes around it, in units of the step scale. */
const apart = 1e-7

interface Plan {
  readonly spacing: number
  /** The largest number of steps that are followed one by one. */
  readonly most: number
}

function planOf(chain: LineChain, coarsest: boolean): Plan | null {
  const followed = chain.stationary ? Math.min(chain.steps, settlingOf(chain)) : chain.steps
  const work = (spacing: number): number => {
    const nodesAt = (n: number) => {
      const { scale, law } = chain.move(n)
      const width = chain.stretches.reduce((sum, { range }) => sum + (range[1] - range[0]), 0)
      const nodes = (1.2 * width) / (spacing * scale) + 4 * chain.stretches.length
      return nodes * Math.min(nodes, (2 * law.reach) / spacing)
    }
    if (chain.stationary) return nodesAt(0) * followed
    let sum = 0
    for (let n = 0; n < chain.steps && sum <= hardWork; n++) sum += buildFactor * nodesAt(n)
    return sum
  }
  for (const spacing of coarsest ? spacings.slice(-1) : spacings) {
    const all = work(spacing)
    const limit = spacing === spacings.at(-1) ? hardWork : maxWork
    if (all > limit) continue
    // A chain that takes longer to settle than expected is followed for as many steps as `hardWork` allows.
    return { spacing, most: Math.floor((hardWork / all) * followed) }
  }
  return null
}

function settlingOf({ move, bottom }: LineChain): number {
  const [low, high] = move(0).map.slope([bottom, bottom])
  const kept = Math.max(0, -low, high)
  return Math.min(usualSteps.most, Math.max(usualSteps.least, Math.ceil(relaxations / Math.max(1e-3, 1 - kept))))
}

/** The first use of a step, which includes its setup, takes this many times as long as any further use. */
const buildFactor = 25
