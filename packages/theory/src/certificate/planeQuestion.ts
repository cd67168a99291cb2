import type { NotApplicable } from '../chain.ts'
import type { Box } from '../interval/box.ts'
import { type Interval, multiply, point, subtract } from '../interval/interval.ts'
import { reachableRegion } from '../mesh/reachableRegion.ts'
import { type EventsOver, stretchesOf } from './escape.ts'
import { certifiedLaw } from './law.ts'
import { isOver, type Question, scalesOf } from './lineQuestion.ts'
import type { PlaneChain } from './planeCertificate.ts'
import { planeGrid } from './planeGrid.ts'

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

export function planeQuestion({
  chain,
  landscape,
  derivatives,
  events,
  regionAt,
  start,
  steps,
}: Question): { readonly chain: PlaneChain; readonly spacing: number } | NotApplicable {
  if (!chain.stationary) return { reason: 'in two dimensions, eta and the drift must be constant' }
  const law = certifiedLaw(chain.law)
  if ('reason' in law) return law
  if (law.reach === Number.POSITIVE_INFINITY)
    return { reason: `in two dimensions, no grid covers the long jumps of the ${chain.law.kind} distribution` }
  const sizes = scalesOf(chain, steps)
  if ('reason' in sizes) return sizes
  const { smallest: scale, temperature } = sizes
  const eta = chain.eta(0)
  const water = reachableRegion({
    loss: landscape.loss,
    regionAt,
    start,
    step: scale / 2,
    depth: (law.reach > short ? depth.heavy : depth.usual) * temperature,
    reach: scale,
    ends: isOver,
    hasAll: (found) => found.some(({ exit }) => exit !== null),
    hints: [],
    maxCells,
  })
  if (water.filled < water.ceiling)
    return { reason: `the region that trials can reach has more than ${maxCells} cells` }
  const isReachable = (box: Box) => derivatives.loss(box)[0] <= water.ceiling
  for (const spacing of spacings) {
    const nodes = [0, 1].map((axis) =>
      linesOf(events, { axis, start, range: [water.low[axis]!, water.high[axis]!], scale, spacing: spacing * scale }),
    ) as unknown as readonly [Float64Array, Float64Array]
    const isLast = spacing === spacings.at(-1)
    const question = countNodes(nodes, (at) => landscape.loss(at) <= water.ceiling && !isOver(regionAt(at)))
    if (question > maxNodes && !isLast) continue
    if (question > 2 * maxNodes)
      return {
        reason:
          `even the coarsest grid has ${question} nodes at which trials continue; ` +
          `at most ${2 * maxNodes} are supported`,
      }
    const by = point(eta)
    const minus = point(-eta)
    const stepped = (at: Interval, slope: Interval) => subtract(at, multiply(by, slope))
    const one = point(1)
    return {
      spacing,
      chain: {
        grid: planeGrid(nodes, events, isReachable),
        scale,
        law,
        steps,
        mean(at) {
          const box = at.map(point)
          const gradient = derivatives.gradient(box)
          return [stepped(box[0]!, gradient[0]!), stepped(box[1]!, gradient[1]!)]
        },
        slopes(box) {
          const gradient = derivatives.gradient(box)
          const [h11, h12, h21, h22] = derivatives.hessian(box) as readonly [Interval, Interval, Interval, Interval]
          const [t111, t112, t122, t222] = derivatives.third(box) as readonly [Interval, Interval, Interval, Interval]
          return {
            first: [stepped(one, h11), multiply(minus, h12), multiply(minus, h21), stepped(one, h22)],
            second: [multiply(minus, t111), multiply(minus, t122), multiply(minus, t112), multiply(minus, t222)],
            image: [stepped(box[0], gradient[0]!), stepped(box[1], gradient[1]!)],
          }
        },
      },
    }
  }
  return { reason: 'no grid was found' }
}

interface Lines {
  readonly axis: number
  readonly start: readonly number[]
  readonly range: Interval
  readonly scale: number
  readonly spacing: number
}

/** Searches for the boundaries of events only on one line, which goes through the start and is parallel to the axis. */
function linesOf(events: EventsOver, { axis, start, range, scale, spacing }: Lines): Float64Array {
  const count = Math.max(4, Math.ceil((range[1] - range[0]) / spacing))
  const even = Array.from({ length: count + 1 }, (_, k) => range[0] + ((range[1] - range[0]) * k) / count)
  const along: EventsOver = ([side]) => events(start.map((x, i) => (i === axis ? side! : point(x))))
  const ends = stretchesOf(along, range, finest * scale)?.list.flatMap(({ range: one }) => [...one]) ?? []
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
