import { type LandscapeFunction, slopeOf } from '@driftfarm/kernel'
import { type AdditiveChain, type Scales, scalesOf } from '../chain.ts'
import type { Box } from '../interval/box.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import { type Interval, multiply, point, subtract } from '../interval/interval.ts'
import { type ReachableRegion, type ReachableRegionOptions, reachableRegion } from '../mesh/reachableRegion.ts'
import type { Region, RegionAt } from '../question/course.ts'
import { refuse } from '../refusal.ts'
import { remembered } from '../remembered.ts'
import { planeGrid } from './axis.ts'
import type { LineMap, PlaneSlopes } from './curvatures.ts'
import { type EventsOver, stretchesOf } from './escape.ts'
import { type CertifiedLaw, certifiedLaw } from './law.ts'
import type { LineMove, Spread } from './step.ts'

/** A chain in all or some of a cell's coordinates. Boxes and points have the same coordinates as the chain. */
export interface Question {
  readonly chain: AdditiveChain
  readonly landscape: LandscapeFunction
  readonly derivatives: Derivatives
  readonly events: EventsOver
  readonly regionAt: RegionAt
  /** theta_0, or its mean if the start is random. */
  readonly start: readonly number[]
  /** The distribution of a random start (implemented only in one dimension); null if the start is a point. */
  readonly spread: Spread | null
  readonly steps: number
}

const silent = 'a step has no drift, so it is not random'

const isOver = ({ exit, diverged }: Region): boolean => exit !== null || diverged

function reachedFrom(
  { landscape, regionAt, start }: Question,
  { smallest }: Scales,
  limits: Pick<ReachableRegionOptions, 'depth' | 'reach' | 'maxCells'>,
): ReachableRegion {
  const hasAll = (found: readonly Region[]) => found.some(({ exit }) => exit !== null)
  return reachableRegion({
    ...limits,
    loss: landscape.loss,
    regionAt,
    start,
    step: smallest / 2,
    ends: isOver,
    hasAll,
    hints: [],
  })
}

/**
 * A certificate covers a box. The first box, which `lineQuestion` extends, contains the reachable points whose loss is
 * at most `lineDepth * T` above the highest barrier on the way to an exit (T is the highest temperature of all steps).
 */
const lineDepth = 45
/**
 * If it is undecided whether trials end in a part of the line, the part is halved until it is at most this long, in
 * units of the smallest step scale.
 */
const finestOnLine = 1e-9
const maxLineCells = 200_000
/**
 * For distributions with unbounded jumps, the search for a point where trials end goes outward by at least this many
 * times the smallest step scale.
 */
const longest = 500

/**
 * On each side, the box extends to a point where trials end. If no such point is found, the box extends `widening`
 * times the smallest step scale beyond the first box.
 */
export function lineQuestion(question: Question) {
  const { chain, landscape, derivatives, events, regionAt, steps } = question
  const law = certifiedLaw(chain.law)
  const scales = scalesOf(chain, steps, silent)
  const box = reachedFrom(question, scales, {
    depth: lineDepth * scales.temperature,
    reach: 20 * scales.largest,
    maxCells: maxLineCells,
  })
  const move = movesOf(chain, derivatives, law)
  const { smallest, temperature } = scales
  const bottom = bottomOf(landscape, [box.low[0]!, box.high[0]!])
  const energy = effectiveLoss(landscape, chain.eta(0))
  return (widening: number) => {
    const edge = (from: number, side: -1 | 1): number => {
      const far = law.reach === Number.POSITIVE_INFINITY ? Math.max(widening, longest) : widening
      for (let k = 0; k <= 2 * far; k++) {
        const x = from + (side * k * smallest) / 2
        if (isOver(regionAt([x]))) return x
      }
      return from + side * widening * smallest
    }
    const range: Interval = [edge(box.low[0]!, -1), edge(box.high[0]!, 1)]
    const stretches = stretchesOf(events, range, finestOnLine * smallest)
    if (stretches === null) refuse('the escape set has too many parts')
    if (stretches.length === 0) refuse('a trial ends at every point near the start')
    return {
      stretches,
      range,
      steps,
      stationary: chain.stationary,
      move,
      /** The point of the smallest loss. */
      bottom,
      /** L_eff = L - (eta_0 / 4) L'^2 and the temperature s^2 / (2 eta), for the certificate in closed form. */
      energy,
      temperature,
    }
  }
}

export type LineQuestion = ReturnType<ReturnType<typeof lineQuestion>>

function movesOf(chain: AdditiveChain, derivatives: Derivatives, law: CertifiedLaw): (n: number) => LineMove {
  const { gradient, hessian, third } = derivatives
  const slopesOf = (box: Box) => ({ gradient: gradient(box)[0]!, hessian: hessian(box)[0]!, third: third(box)[0]! })
  // Every step of a schedule needs the same derivatives, so they are computed once for each interval.
  const slopesFrom = remembered((low: number) => remembered((high: number) => slopesOf([[low, high]])))
  const slopes = ([low, high]: Interval) => slopesFrom(low)(high)
  const mapOf = remembered((eta: number): LineMap => {
    const by = point(eta)
    return {
      value: (at) => subtract(at, multiply(by, slopes(at).gradient)),
      slope: (at) => subtract(point(1), multiply(by, slopes(at).hessian)),
      bend: (at) => multiply(point(-eta), slopes(at).third),
    }
  })
  return (n) => ({ map: mapOf(chain.eta(n)), scale: Math.abs(chain.scale(n)), law })
}

const sampleCount = 200

function bottomOf({ loss }: LandscapeFunction, [from, to]: Interval): number {
  const samples = Array.from({ length: sampleCount + 1 }, (_, k) => {
    const x = from + ((to - from) * k) / sampleCount
    return { x, loss: loss(Float64Array.of(x)) }
  })
  return samples.reduce((least, one) => (one.loss < least.loss ? one : least), {
    x: from,
    loss: Number.POSITIVE_INFINITY,
  }).x
}

/** L - (eta / 4) L'^2 describes the stationary distribution of the chain to first order in eta. */
function effectiveLoss(landscape: LandscapeFunction, eta: number): (x: number) => number {
  const slopeAt = slopeOf(landscape.gradient)
  return (x) => {
    const slope = slopeAt(x)
    return landscape.loss(Float64Array.of(x)) - 0.25 * eta * slope * slope
  }
}

/**
 * Trials that climb more than `depth * T` above the highest barrier on the way to an exit count as escaped (T is the
 * temperature). For distributions with long jumps the limit is higher.
 */
const depth = { usual: 18, heavy: 26 } as const
/**
 * Steps longer than the reach of a distribution have a negligible probability. If the reach is above this, in step
 * scales, the distribution has long jumps. The reach of the normal distribution is 14.
 */
const short = 14
/** Distances between nodes, in units of the step scale. The first distance that gives few enough nodes is used. */
const spacings = [0.3, 0.4, 0.5] as const
const maxNodes = 7000
const maxCells = 60_000
/**
 * Grid lines are added at this distance on both sides of each boundary of an event, because the function W, which gives
 * the bound, may jump there. The unit is the step scale.
 */
const beside = 0.08
/** The accuracy of the boundaries of events, in units of the step scale. */
const finest = 1e-6

/** A chain in a plane, whose eta and drift are the same at every step. */
export type PlaneChain = ReturnType<typeof planeQuestion>

export function planeQuestion(question: Question) {
  const { chain, landscape, derivatives, events, regionAt, steps } = question
  if (!chain.stationary) refuse('in two dimensions, eta and the drift must be constant')
  const law = certifiedLaw(chain.law)
  if (law.reach === Number.POSITIVE_INFINITY)
    refuse(`in two dimensions, no grid covers the long jumps of the ${chain.law.kind} distribution`)
  const scales = scalesOf(chain, steps, silent)
  const { smallest: scale, temperature } = scales
  const eta = chain.eta(0)
  const water = reachedFrom(question, scales, {
    depth: (law.reach > short ? depth.heavy : depth.usual) * temperature,
    reach: scale,
    maxCells,
  })
  if (water.filled < water.ceiling) refuse(`the region that trials can reach has more than ${maxCells} cells`)
  const isReachable = (box: Box) => derivatives.loss(box)[0] <= water.ceiling
  for (const spacing of spacings) {
    const nodes = [0, 1].map((axis) =>
      linesOf(question, axis, [water.low[axis]!, water.high[axis]!], scale, spacing * scale),
    ) as unknown as readonly [Float64Array, Float64Array]
    const isLast = spacing === spacings.at(-1)
    const count = countNodes(nodes, (at) => landscape.loss(at) <= water.ceiling && !isOver(regionAt(at)))
    if (count > maxNodes && !isLast) continue
    if (count > 2 * maxNodes)
      refuse(
        `even the coarsest grid has ${count} nodes at which trials continue; ` +
          `at most ${2 * maxNodes} are supported`,
      )
    const by = point(eta)
    const minus = point(-eta)
    const one = point(1)
    const stepped = (at: Interval, slope: Interval) => subtract(at, multiply(by, slope))
    const mean = (box: Box): readonly [Interval, Interval] => {
      const gradient = derivatives.gradient(box)
      return [stepped(box[0]!, gradient[0]!), stepped(box[1]!, gradient[1]!)]
    }
    return {
      grid: planeGrid(nodes, events, isReachable),
      /** The distance between nodes, in units of the step scale. */
      spacing,
      scale,
      law,
      steps,
      mean,
      slopes(box: Box): PlaneSlopes {
        const [h11, h12, h21, h22] = derivatives.hessian(box) as readonly [Interval, Interval, Interval, Interval]
        const [t111, t112, t122, t222] = derivatives.third(box) as readonly [Interval, Interval, Interval, Interval]
        return {
          first: [stepped(one, h11), multiply(minus, h12), multiply(minus, h21), stepped(one, h22)],
          second: [multiply(minus, t111), multiply(minus, t122), multiply(minus, t112), multiply(minus, t222)],
          image: mean(box),
        }
      },
    }
  }
  return refuse('no grid was found')
}

/** Searches for the boundaries of events only on one line, which goes through the start and is parallel to the axis. */
function linesOf(
  { events, start }: Question,
  axis: number,
  range: Interval,
  scale: number,
  spacing: number,
): Float64Array {
  const count = Math.max(4, Math.ceil((range[1] - range[0]) / spacing))
  const even = Array.from({ length: count + 1 }, (_, k) => range[0] + ((range[1] - range[0]) * k) / count)
  const along: EventsOver = ([side]) => events(start.map((x, i) => (i === axis ? side! : point(x))))
  const ends = stretchesOf(along, range, finest * scale)?.flatMap(({ range: one }) => [...one]) ?? []
  const inner = ends.filter((x) => x > range[0] && x < range[1])
  const special = inner.flatMap((x) => [x, x - beside * scale, x + beside * scale])
  const kept = even.filter((x) => !inner.some((end) => Math.abs(x - end) < 2 * beside * scale))
  const all = [...new Set([...kept, ...special])].filter((x) => x >= range[0] && x <= range[1])
  return Float64Array.from(all.sort((a, b) => a - b))
}

function countNodes([x, y]: readonly [Float64Array, Float64Array], isReachable: (at: Float64Array) => boolean): number {
  let count = 0
  for (const one of x) for (const other of y) if (isReachable(Float64Array.of(one, other))) count++
  return count
}
