import { elementary } from '@driftfarm/formula'
import { slopeOf } from '@driftfarm/kernel'
import { type Cell, once } from '@driftfarm/spec'
import type { ScalarLaw } from '../distribution/scalarLaw.ts'
import { coursesOf, type Region, type RegionAt } from '../question/course.ts'
import { RecentCache } from '../recentCache.ts'
import { breakFinder, breaksKey } from './breaks.ts'
import { criticalPoints } from './criticalPoints.ts'
import { cutLine, lineMesh, type Mesh } from './lineMesh.ts'
import { cutPlane, planeMesh } from './planeMesh.ts'
import { type ReachableRegion, reachableRegion } from './reachableRegion.ts'
import type { OracleChain } from './walk.ts'

/** The panels of a line: each has `count` nodes. Lengths of panels are in units of the step scale. */
const panel = { length: 5, count: 15 } as const
/** The panels of a plane. On evenly spaced grids, `perScale` is the number of nodes per step scale. */
const widePanel = { length: 8, count: 32, perScale: 2.4 } as const
/**
 * With more nodes than this, the computation would take minutes. In a plane, the number includes nodes of little weight
 * that the mesh omits.
 */
const maxNodes = { line: 6000, plane: 60_000 } as const
const maxCells = { line: 200_000, plane: 150_000 } as const
/**
 * If a part of a line needs a mesh refined by more than this factor, this factor is used, because trials reach such a
 * part with negligible probability.
 */
const maxRefined = 3
/**
 * A box in a plane must extend at least this many temperatures above its highest pass, because the mass that leaves the
 * box is neglected.
 */
const minDepth = 36
/**
 * Jumps longer than this, in units of the step scale, are neglected in the search for the region that trials can reach.
 */
const furthest = 20

/** A schedule requests its meshes in the order of its steps, so the cache drops the oldest mesh first. */
const maxMeshes = 64

/**
 * Finds the region that trials can reach, up to a loss of `depth` temperatures above the passes. In a plane, throws a
 * RangeError if this region has too many cells.
 */
export function surveyOf(cell: Cell, chain: OracleChain, regionAt: RegionAt, depth: number) {
  const { smallest, start } = chain
  const isLine = start.length === 1
  const { converge } = cell.trial
  const step = isLine ? smallest / 2 : smallest / 4
  // The search for regions always examines the points near which trials converge, because a region of convergence may
  // be smaller than `step`.
  let centres: readonly (readonly number[])[] = converge?.kind === 'within' ? converge.of.map(([, point]) => point) : []
  let box = floodOf(cell, chain, regionAt, step, centres, depth)
  if (converge?.kind === 'gradient') {
    centres = criticalPoints(chain.gradient, { low: box.low, high: box.high, step })
    box = floodOf(cell, chain, regionAt, step, centres, depth)
  }
  if (!isLine && box.filled < box.pass + minDepth * chain.temperature)
    throw new RangeError(`the region that trials can reach has more than ${maxCells.plane} cells`)
  const cuts = once(() => cutPlane(regionAt, box, step, centres))
  return { chain, regionAt, box, step, centres, isEnd: endOf(cell), cuts }
}

export type Survey = ReturnType<typeof surveyOf>

/** `density` is the number of nodes along each axis relative to the usual mesh. */
export function meshesOf(survey: Survey, density: number) {
  const { chain, box } = survey
  const isLine = chain.start.length === 1
  const build = isLine ? lineMeshes(survey, density) : planeMeshes(survey, density)
  const known = new RecentCache<Mesh>(maxMeshes)
  const barrier = (box.pass - box.bottom) / chain.temperature
  return {
    regions: build.regions,
    /**
     * Returns the distance, in units of the step scale, beyond which jumps are omitted. On a line, an omitted jump has
     * a probability below exp(-leftOut) and is longer than `law.reach`. In a plane, an omitted jump has a probability
     * below exp(-leftOut) times the probability of a passage over the barrier.
     */
    reachOf: (leftOut: number) => (isLine ? lineReach(chain.law, leftOut) : Math.sqrt(2 * (barrier + leftOut))),
    /** The mesh of theta_n, n >= 1. */
    meshAt(n: number): Mesh {
      const scale = chain.finest(n)
      const key = chain.stationary ? '' : `${scale} ${breaksKey(n, chain)}`
      return known.get(key, () => build.meshOf(scale, n))
    },
  }
}

/** The distance beyond which jumps are less likely than exp(-leftOut), in units of the scale; at least `law.reach`. */
export function lineReach(law: ScalarLaw, leftOut: number): number {
  const chance = elementary.exp(-leftOut)
  let reach = law.reach
  while (reach < Number.POSITIVE_INFINITY && law.upper(reach) > chance) reach *= 1.1
  return reach
}

function floodOf(
  cell: Cell,
  { chain, law, largest, start, temperature }: OracleChain,
  regionAt: RegionAt,
  step: number,
  hints: readonly (readonly number[])[],
  depth: number,
): ReachableRegion {
  const { converge, escape, classify, marks } = cell.trial
  const exits = escape?.kind === 'exits' ? escape.exits.map(([name]) => name) : escape === null ? [] : ['']
  return reachableRegion({
    loss: chain.landscape.loss,
    regionAt,
    start,
    step,
    depth: depth * temperature,
    reach: Math.min(law.reach, furthest) * largest,
    ends: endOf(cell),
    hasAll: (found) =>
      exits.every((name) => found.some(({ exit }) => exit === name)) &&
      (converge === null || found.some(({ converges }) => converges)) &&
      classify.every(([name]) => found.some((one) => one.class === name)) &&
      marks.every((_, index) => found.some((one) => one.marks[index] === true)),
    hints,
    maxCells: start.length === 1 ? maxCells.line : maxCells.plane,
  })
}

/** Whether every `Course` (rule for ending trials) of the cell ends a trial that enters the region. */
function endOf(cell: Cell): (region: Region) => boolean {
  const courses = coursesOf(cell)
  return (region) => courses.every((course) => course.ends(region))
}

function lineMeshes({ chain, regionAt, box, step, centres, isEnd }: Survey, density: number) {
  const resolutionOf = (scale: number, way: number) => {
    const length = (panel.length * scale) / chain.law.detail
    const count = panel.count * density
    checkNodes(scale, way, (way / length) * count, maxNodes.line)
    return { length, count }
  }
  const openTo = (edge: number, side: -1 | 1) =>
    chain.law.reach === Number.POSITIVE_INFINITY ? openEnd(edge, side * step, (x) => isEnd(regionAt([x]))) : edge
  const low = openTo(box.low[0]!, -1)
  const high = openTo(box.high[0]!, 1)
  // Dividing the line into regions takes long, so a line that needs too many nodes is refused first.
  resolutionOf(chain.finest(1), high - low)
  const hints = centres.map(([x]) => x!)
  const segments = cutLine((x) => regionAt([x]), low, high, step / 2, hints)
  const edges = [...segments.map(({ from }) => from), high]
  const breaksAt = breakFinder(chain, edges, { from: low, to: high }, density)
  return {
    regions: [...new Set(segments.map(({ region }) => region))],
    meshOf(scale: number, n: number): Mesh {
      return lineMesh(segments, breaksAt(n), resolutionOf(scale, high - low), (x) => refinement(chain, scale, x, n))
    },
  }
}

/**
 * With heavy tails, trials jump out of any box, and their outcome is unknown unless all trials outside the box have
 * ended. The box is therefore extended to the nearest point at which trials end, if that point is not far.
 */
function openEnd(edge: number, step: number, isEnd: (x: number) => boolean): number {
  for (let k = 0; k < maxOpened; k++) if (isEnd(edge + k * step)) return edge + k * step
  return edge
}

/**
 * The largest distance by which a box is extended, in units of half the smallest step scale. The extension adds at most
 * about 1500 nodes on each side.
 */
const maxOpened = 1000

function planeMeshes({ chain, box, isEnd, cuts }: Survey, density: number) {
  const spacingOf = (scale: number) => {
    const [width, height] = box.low.map((x, i) => box.high[i]! - x)
    const spacing = scale / (widePanel.perScale * density)
    checkNodes(scale, Math.max(width!, height!), (width! * height!) / (spacing * spacing), maxNodes.plane)
    return spacing
  }
  // Dividing the plane into regions takes long, so a plane that needs too many nodes is refused first.
  spacingOf(chain.finest(1))
  return {
    regions: cuts().regions,
    meshOf(scale: number): Mesh {
      const resolution = { length: widePanel.length * scale, count: widePanel.count * density }
      const isLow = (theta: Float64Array) => chain.chain.landscape.loss(theta) <= box.ceiling
      return planeMesh(cuts(), spacingOf(scale), resolution, isEnd, isLow)
    },
  }
}

function checkNodes(scale: number, way: number, nodes: number, most: number): void {
  if (nodes > most)
    throw new RangeError(
      `steps of scale ${Number(scale.toPrecision(3))} over a distance of ${Number(way.toPrecision(3))} would need ` +
        `${Math.round(nodes)} nodes, more than ${most}`,
    )
}

/**
 * Let m(x) be the mean position after a step from x. Where |m'(x)| > 1, a step moves neighbouring positions apart. The
 * distribution of the next position then depends more strongly on x, so nodes must be denser.
 */
function refinement({ beta, gradient, eta }: OracleChain, scale: number, x: number, n: number): number {
  if (beta > 0) return 1
  const apart = scale / 8
  const slopeAt = slopeOf(gradient)
  const mean = (y: number) => y - eta(n) * slopeAt(y)
  const steepness = Math.abs((mean(x + apart) - mean(x - apart)) / (2 * apart))
  return steepness > 1 ? Math.min(steepness, maxRefined) : 1
}
