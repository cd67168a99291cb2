import { elementary } from '@driftfarm/formula'
import { slopeOf } from '@driftfarm/kernel'
import type { Break } from '../distribution/scalarLaw.ts'
import { goldenSection } from '../goldenSection.ts'
import type { Segment } from './lineMesh.ts'
import type { OracleChain } from './walk.ts'

/**
 * The order of a break is the order of the lowest derivative that jumps at the break. Breaks of higher order than this
 * are too weak to cost a correct digit, however rare the event is. The highest order is smaller for a schedule than for
 * other chains, because each step of a schedule needs its own breaks and its own mesh.
 */
const highestOrder = { always: 16, schedule: 7 } as const
/**
 * At the usual density of the mesh, a break near a stronger one is omitted if the omission changes the values near it
 * by at most this share. For a break of order k at a distance of d scales from the stronger one, the change is about
 * d^k.
 */
const leftOut = { always: 1e-13, schedule: 1e-10 } as const
/**
 * The allowed error is divided by the density of the mesh to this power. The finer of two resolutions therefore omits
 * fewer breaks, and the difference between the answers of both resolutions reveals the error of the omission.
 */
const sharper = 8
/** The maximum number of breaks at the usual density of the mesh; it is proportional to the density. */
const maxBreaks = 400
const samplesPerScale = 4

/**
 * Finds the points where the probability of an event, as a function of theta_n, has jumps or kinks, in ascending order.
 * The function jumps at the edges of regions. If the density of the step has breaks, each break at the next step causes
 * breaks at its preimages. Let f be the density of xi, e the probability as a function of theta_n, and e' the
 * probability as a function of theta_{n+1}. Then e(x) = integral of e'(y) f((y - m(x)) / s) / s over y has a break
 * where m(x) + s z is a break of e' and z is a break of f. The mean is m(x) = x - eta L'(x).
 */
export function breakFinder(
  chain: OracleChain,
  edges: readonly number[],
  box: Pick<Segment, 'from' | 'to'>,
  density: number,
): (n: number) => readonly number[] {
  const { law, beta, stationary } = chain
  // With momentum a state is a pair of points. The breaks are then curves in the plane of these pairs, and a mesh of
  // pairs cannot follow a curve.
  if (law.breaks.length === 0 || beta > 0) return () => []
  const ahead = generations(chain)
  const usual = stationary ? leftOut.always : leftOut.schedule
  const before = preimages(chain, box)
  const own: readonly Break[] = edges.map((at) => ({ at, order: 0 }))
  const run = (first: number, count: number): number[][] => {
    let breaks = own
    const found: number[][] = []
    for (let n = first + count + ahead - 2; n >= first; n--) {
      breaks = thinned([...own, ...before(breaks, n)], chain.step(n).scale, density, usual)
      if (n < first + count) found.push(breaks.map(({ at }) => at).sort((a, b) => a - b))
    }
    return found.reverse()
  }
  if (stationary) {
    const [always] = run(1, 1)
    return () => always!
  }
  let last = { first: 1, found: [] as number[][] }
  return (n) => {
    const first = n - (n % together)
    if (last.first !== first) last = { first, found: run(first, together) }
    return last.found[n - first]!
  }
}

/**
 * The breaks of this many consecutive steps of a schedule are computed together. The computation goes from the last
 * step to the first, because the breaks of a step follow from those of the next step.
 */
const together = 64

function preimages(
  chain: OracleChain,
  box: Pick<Segment, 'from' | 'to'>,
): (breaks: readonly Break[], n: number) => Break[] {
  const { law, step } = chain
  const inverse = inverter(chain, box)
  const highest = highestOf(chain)
  return (breaks, n) =>
    breaks.flatMap(({ at, order }) =>
      law.breaks.flatMap((jump) => {
        const next = order + jump.order + 1
        if (next > highest) return []
        return inverse(at - step(n).scale * jump.at, n).map((x) => ({ at: x, order: next }))
      }),
    )
}

/** Steps of a schedule with the same key have the same breaks and mesh. */
export function breaksKey(n: number, chain: OracleChain): string {
  const { step, eta } = chain
  return Array.from({ length: generations(chain) }, (_, i) => `${step(n + i).scale} ${eta(n + i)}`).join()
}

function highestOf({ stationary }: OracleChain): number {
  return stationary ? highestOrder.always : highestOrder.schedule
}

/**
 * Returns the number of steps over which breaks are followed backwards. Each step raises the order of a break, and
 * after this many steps the break is too weak to matter.
 */
function generations(chain: OracleChain): number {
  const { breaks } = chain.law
  return breaks.length === 0
    ? 0
    : Math.floor(highestOf(chain) / (Math.min(...breaks.map(({ order }) => order)) + 1)) + 1
}

/** `usual` is the allowed error at the usual density. */
function thinned(breaks: readonly Break[], scale: number, density: number, usual: number): Break[] {
  const error = usual / elementary.power(density, sharper)
  const kept: Break[] = []
  for (const one of breaks.toSorted((a, b) => a.order - b.order)) {
    if (kept.length >= maxBreaks * density) break
    const near = one.order === 0 ? 0 : scale * elementary.power(error, 1 / one.order)
    if (!kept.some(({ at }) => Math.abs(at - one.at) <= near)) kept.push(one)
  }
  return kept
}

/** Inverts the mean of step n, which need not be monotone. */
function inverter(chain: OracleChain, box: Pick<Segment, 'from' | 'to'>): (y: number, n: number) => readonly number[] {
  const { gradient, eta, smallest } = chain
  const slopeAt = slopeOf(gradient)
  const width = box.to - box.from
  const count = Math.ceil((width * samplesPerScale) / smallest)
  const samplePoints = Array.from({ length: count + 1 }, (_, i) => box.from + (width * i) / count)
  const gradients = samplePoints.map(slopeAt)
  let last: Inverse | null = null
  return (y, n) => {
    const rate = eta(n)
    const mean = (x: number) => x - rate * slopeAt(x)
    if (last === null || last.rate !== rate) {
      const points = samplePoints.map((x, i): Point => ({ x, y: x - rate * gradients[i]! }))
      last = { rate, points: withTurns(points, mean), found: new Map() }
    }
    const before = last.found.get(y)
    if (before !== undefined) return before
    const roots = rootsOf(last.points, mean, y, smallest * sameMean)
    last.found.set(y, roots)
    return roots
  }
}

/** Tolerance for |mean(x) - y| at a root x, in units of the smallest step scale. */
const sameMean = 1e-13

interface Point {
  readonly x: number
  readonly y: number
}

interface Inverse {
  readonly rate: number
  /** The mean is monotone between neighbouring points. */
  readonly points: readonly Point[]
  readonly found: Map<number, readonly number[]>
}

function withTurns(points: readonly Point[], mean: (x: number) => number): Point[] {
  const all: Point[] = []
  for (const [i, point] of points.entries()) {
    all.push(point)
    const [before, after] = [points[i - 1], points[i + 1]]
    if (before === undefined || after === undefined || !((point.y - before.y) * (after.y - point.y) < 0)) continue
    const side = point.y > before.y ? 1 : -1
    const x = goldenSection((at) => -side * mean(at), [before.x, after.x], sections).at
    const turn = { x, y: mean(x) }
    if (x > point.x) all.push(turn)
    else if (x < point.x) all.splice(-1, 0, turn)
  }
  return all
}

/** After this many steps of a golden-section search, the values in the remaining interval differ only by rounding. */
const sections = 40

function rootsOf(points: readonly Point[], mean: (x: number) => number, y: number, near: number): readonly number[] {
  const roots: number[] = []
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!]
    if (a.y < y !== b.y < y) roots.push(rootBetween(a, b, mean, y, near))
  }
  return roots
}

/** Six evaluations are usual. */
const maxEvaluations = 60

/** False position with the Illinois rule. */
function rootBetween(low: Point, high: Point, mean: (x: number) => number, y: number, near: number): number {
  let [a, b] = [low, high]
  let [fa, fb] = [a.y - y, b.y - y]
  for (let k = 0; k < maxEvaluations; k++) {
    const x = fa === fb ? 0.5 * (a.x + b.x) : (a.x * fb - b.x * fa) / (fb - fa)
    const f = mean(x) - y
    if (!(Math.abs(f) > near)) return x
    if (f > 0 === fb > 0) fa /= 2
    else {
      a = b
      fa = fb
    }
    b = { x, y: f + y }
    fb = f
  }
  return b.x
}
