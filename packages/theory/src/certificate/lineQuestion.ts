import type { LandscapeFunction } from '@driftfarm/kernel'
import type { AdditiveChain, NotApplicable } from '../chain.ts'
import type { Derivatives } from '../interval/derivatives.ts'
import { type Interval, multiply, point, subtract } from '../interval/interval.ts'
import { reachableRegion } from '../mesh/reachableRegion.ts'
import type { Region, RegionAt } from '../question/course.ts'
import { type EventsOver, stretchesOf } from './escape.ts'
import { type CertifiedLaw, certifiedLaw } from './law.ts'
import type { LineChain } from './lineCertificate.ts'
import type { LineMap } from './lineMove.ts'
import type { Spread } from './lineStep.ts'

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

export const isOver = ({ exit, diverged }: Region): boolean => exit !== null || diverged

/**
 * A certificate covers a box. The first box, which `lineQuestion` extends, contains the reachable points whose loss is
 * at most `depth * T` above the highest barrier on the way to an exit (T is the highest temperature of all steps).
 */
const depth = 45
/**
 * If it is undecided whether trials end in a part of the line, the part is halved until it is at most this long, in
 * units of the smallest step scale.
 */
const finest = 1e-9
const maxCells = 200_000
/**
 * For distributions with unbounded jumps, the search for a point where trials end goes outward by at least this many
 * times the smallest step scale.
 */
const longest = 500

/**
 * On each side, the box extends to a point where trials end. If no such point is found, the box extends `widening`
 * times the smallest step scale beyond the first box.
 */
export function lineQuestion({
  chain,
  landscape,
  derivatives,
  events,
  regionAt,
  start,
  steps,
}: Question): { readonly at: (widening: number) => LineChain | NotApplicable } | NotApplicable {
  const law = certifiedLaw(chain.law)
  if ('reason' in law) return law
  const sizes = scalesOf(chain, steps)
  if ('reason' in sizes) return sizes
  const box = reachableRegion({
    loss: landscape.loss,
    regionAt,
    start,
    step: sizes.smallest / 2,
    depth: depth * sizes.temperature,
    reach: 20 * sizes.largest,
    ends: isOver,
    hasAll: (found) => found.some(({ exit }) => exit !== null),
    hints: [],
    maxCells,
  })
  const isEnd = (x: number) => isOver(regionAt([x]))
  const moves = movesOf(chain, derivatives, law)
  const { smallest, temperature } = sizes
  const bottom = bottomOf(landscape, [box.low[0]!, box.high[0]!])
  const energy = effectiveLoss(landscape, chain.eta(0))
  return {
    at(widening) {
      const edge = (from: number, side: -1 | 1) => outward(from, side, { smallest, widening, isEnd, law })
      const range: Interval = [edge(box.low[0]!, -1), edge(box.high[0]!, 1)]
      const stretches = stretchesOf(events, range, finest * smallest)
      if (stretches === null) return { reason: 'the escape set has too many parts' }
      if (stretches.list.length === 0) return { reason: 'a trial ends at every point near the start' }
      return { stretches, range, steps, stationary: chain.stationary, move: moves, bottom, energy, temperature }
    },
  }
}

interface Side {
  readonly smallest: number
  readonly widening: number
  readonly isEnd: (x: number) => boolean
  readonly law: CertifiedLaw
}

function outward(from: number, side: -1 | 1, { smallest, widening, isEnd, law }: Side): number {
  const far = law.reach === Number.POSITIVE_INFINITY ? Math.max(widening, longest) : widening
  for (let k = 0; k <= 2 * far; k++) {
    const x = from + (side * k * smallest) / 2
    if (isEnd(x)) return x
  }
  return from + side * widening * smallest
}

function movesOf(chain: AdditiveChain, derivatives: Derivatives, law: CertifiedLaw): LineChain['move'] {
  const known = remembered(derivatives)
  const maps = new Map<number, LineMap>()
  const mapOf = (eta: number): LineMap => {
    const by = point(eta)
    const map: LineMap = {
      value: (at) => subtract(at, multiply(by, known(at).gradient)),
      slope: (at) => subtract(point(1), multiply(by, known(at).hessian)),
      bend: (at) => multiply(point(-eta), known(at).third),
    }
    maps.set(eta, map)
    return map
  }
  return (n) => {
    const eta = chain.eta(n)
    return { map: maps.get(eta) ?? mapOf(eta), scale: Math.abs(chain.scale(n)), law }
  }
}

interface Slopes {
  readonly gradient: Interval
  readonly hessian: Interval
  readonly third: Interval
}

/** Every step of a schedule needs the same derivatives, so they are computed once for each interval. */
function remembered(derivatives: Derivatives): (at: Interval) => Slopes {
  const known = new Map<number, Map<number, Slopes>>()
  return ([low, high]) => {
    const row = known.get(low) ?? new Map<number, Slopes>()
    known.set(low, row)
    const found = row.get(high)
    if (found !== undefined) return found
    const box = [[low, high] as const]
    const slopes = {
      gradient: derivatives.gradient(box)[0]!,
      hessian: derivatives.hessian(box)[0]!,
      third: derivatives.third(box)[0]!,
    }
    row.set(high, slopes)
    return slopes
  }
}

interface Scales {
  readonly smallest: number
  readonly largest: number
  readonly temperature: number
}

const maxSteps = 100_000

export function scalesOf(chain: AdditiveChain, steps: number): Scales | NotApplicable {
  const count = chain.stationary ? 1 : steps
  if (count > maxSteps) return { reason: `the schedule has ${steps} steps, more than ${maxSteps}` }
  let [smallest, largest, temperature] = [Number.POSITIVE_INFINITY, 0, 0]
  for (let n = 0; n < count; n++) {
    const scale = Math.abs(chain.scale(n))
    smallest = Math.min(smallest, scale)
    largest = Math.max(largest, scale)
    temperature = Math.max(temperature, (scale * scale) / (2 * Math.abs(chain.eta(n))))
  }
  if (!(smallest > 0)) return { reason: 'a step has no drift, so it is not random' }
  if (!Number.isFinite(temperature)) return { reason: 'eta is 0' }
  return { smallest, largest, temperature }
}

const sampleCount = 200

function bottomOf(landscape: LandscapeFunction, [from, to]: Interval): number {
  let [bottom, least] = [from, Number.POSITIVE_INFINITY]
  for (let k = 0; k <= sampleCount; k++) {
    const x = from + ((to - from) * k) / sampleCount
    const loss = landscape.loss(Float64Array.of(x))
    if (loss < least) [bottom, least] = [x, loss]
  }
  return bottom
}

/** L - (eta / 4) L'^2 describes the stationary distribution of the chain to first order in eta. */
function effectiveLoss(landscape: LandscapeFunction, eta: number): (x: number) => number {
  const slope = new Float64Array(1)
  return (x) => {
    const theta = Float64Array.of(x)
    landscape.gradient(theta, slope)
    return landscape.loss(theta) - 0.25 * eta * slope[0]! * slope[0]!
  }
}
