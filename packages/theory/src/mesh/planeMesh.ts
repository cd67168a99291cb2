import { gaussLegendre } from '@driftfarm/statistics'
import { visitNodes } from '../distribution/quadrature.ts'
import type { Region, RegionAt } from '../question/course.ts'
import { type Block, cutLine, gaussPanels, type Mesh, type Resolution, type Segment } from './lineMesh.ts'
import type { ReachableRegion } from './reachableRegion.ts'

const maxHints = 40

/**
 * Finds the regions of a box by evaluations on a grid with spacing `step` and at hints. A hint is a coordinate at which
 * a small region may be; the first hints are the coordinates of `points`. A region smaller than `step` may be missed if
 * no hint is inside it.
 */
export function cutPlane(
  regionAt: RegionAt,
  { low, high }: ReachableRegion,
  step: number,
  points: readonly (readonly number[])[],
) {
  const hints = points.map(([, y]) => y!)
  const regions = new Set<Region>()
  const lineAt = (x: number): Segment[] => {
    const segments = cutLine((y) => regionAt([x, y]), low[1]!, high[1]!, step, hints)
    for (const { from, to, region } of segments) {
      regions.add(region)
      // Near the edge of a region, only a short part of a line is inside the region. The next line of the mesh has such
      // a part at nearly the same place, so the middle of this part is a hint.
      const middle = 0.5 * (from + to)
      const isKnown = hints.some((hint) => Math.abs(hint - middle) < step / 8)
      if (to - from < 4 * step && !isKnown && hints.length < maxHints) hints.push(middle)
    }
    return segments
  }
  const patterns = new Map<string, object>()
  const patternAt = (x: number): object => {
    const key = lineAt(x)
      .map(({ region }) => region.key)
      .join()
    const known = patterns.get(key) ?? {}
    patterns.set(key, known)
    return known
  }
  for (let x = low[0]!; x < high[0]!; x += step) lineAt(x)
  const places = points.map(([x]) => x!)
  const stretches = cutLine(patternAt, low[0]!, high[0]!, step, places)
  return {
    low,
    high,
    /**
     * Segments of the first axis. A line is parallel to the second axis. For all x of a segment, the lines (`lineAt`)
     * cross the same regions in the same order.
     */
    stretches,
    lineAt,
    regions: [...regions],
  }
}

export type PlaneCuts = ReturnType<typeof cutPlane>

/**
 * Places nodes on lines parallel to the second axis. Each line is cut at the borders of the regions that it crosses. If
 * an interval reaches from one side of the box to the opposite side, its nodes are evenly spaced, at most `spacing`
 * apart. Even spacing suffices, because the integrand vanishes at these sides. In regions where trials continue, nodes
 * are omitted from both ends of a line until `isLow` holds at a node.
 */
export function planeMesh(
  { low, high, stretches, lineAt }: PlaneCuts,
  spacing: number,
  resolution: Resolution,
  isEnd: (region: Region) => boolean,
  isLow: (theta: Float64Array) => boolean,
): Mesh {
  const blocks: Block[] = []
  for (const { from, to } of stretches) {
    const across = outerNodes({ from, to, isLowCut: from > low[0]!, isHighCut: to < high[0]! }, spacing, resolution)
    for (const [x, weight] of across)
      for (const segment of lineAt(x)) {
        const isFree = segment.from === low[1]! && segment.to === high[1]!
        const along = isFree
          ? evenNodes(segment.from, segment.to, spacing)
          : gaussPanels([segment.from, segment.to], resolution)
        const { first, end } = isEnd(segment.region)
          ? { first: 0, end: along.nodes.length }
          : trimmed(along.nodes, (y) => isLow(Float64Array.of(x, y)))
        if (end > first)
          blocks.push({
            ...segment,
            line: x,
            nodes: along.nodes.slice(first, end),
            weights: along.weights.slice(first, end).map((w) => w * weight),
            panels: [],
          })
      }
  }
  return { dimension: 2, blocks }
}

function trimmed(nodes: Float64Array, isIn: (y: number) => boolean): { readonly first: number; readonly end: number } {
  let first = 0
  let end = nodes.length
  while (first < end && !isIn(nodes[first]!)) first++
  while (end > first && !isIn(nodes[end - 1]!)) end--
  return { first, end }
}

function evenNodes(from: number, to: number, spacing: number): { nodes: Float64Array; weights: Float64Array } {
  const count = Math.max(1, Math.ceil((to - from) / spacing))
  const width = (to - from) / count
  return {
    nodes: Float64Array.from({ length: count }, (_, i) => from + (i + 0.5) * width),
    weights: new Float64Array(count).fill(width),
  }
}

interface Stretch {
  readonly from: number
  readonly to: number
  readonly isLowCut: boolean
  readonly isHighCut: boolean
}

/**
 * A cut is an end of a stretch that lies inside the box. At a cut, lines begin or stop to cross some region. At
 * distance t from the cut, the part of the line inside this region may have a length proportional to sqrt(t), like a
 * chord of a disc. A substitution makes the integrand smooth and concentrates the nodes towards the cut.
 */
function outerNodes({ from, to, isLowCut, isHighCut }: Stretch, spacing: number, { length, count }: Resolution) {
  if (!isLowCut && !isHighCut) {
    const { nodes, weights } = evenNodes(from, to, spacing)
    return Array.from(nodes, (x, i) => [x, weights[i]!] as const)
  }
  const parts = Math.max(1, Math.ceil((to - from) / length))
  const width = (to - from) / parts
  const found: (readonly [number, number])[] = []
  for (let part = 0; part < parts; part++) {
    const begin = from + part * width
    const atLow = isLowCut && part === 0
    const atHigh = isHighCut && part === parts - 1
    const drawn = atLow || atHigh ? 1.5 : 1
    const rule = gaussLegendre(Math.max(minAcross, Math.ceil((drawn * count * width) / length)))
    visitNodes(rule, 0, 1, (u, w) => {
      // The slope of 3 u^2 - 2 u^3 is 0 at u = 0 and u = 1, so the nodes are concentrated towards both cuts.
      if (atLow && atHigh) found.push([begin + width * u * u * (3 - 2 * u), 6 * u * (1 - u) * w * width])
      else if (atLow) found.push([begin + width * u * u, 2 * u * w * width])
      else if (atHigh) found.push([begin + width * (1 - (1 - u) * (1 - u)), 2 * (1 - u) * w * width])
      else found.push([begin + width * u, w * width])
    })
  }
  return found
}

const minAcross = 12
