import { elementary } from '@driftfarm/formula'
import { gaussLegendre } from '@driftfarm/statistics'
import { bisect } from '../bisect.ts'
import { visitNodes } from '../distribution/quadrature.ts'
import type { Region } from '../question/course.ts'

/** A segment of a line on which the same events hold throughout. */
export interface Segment<T = Region> {
  readonly from: number
  readonly to: number
  readonly region: T
}

/**
 * Cuts a line wherever it enters another region. The region is evaluated at points at most `step` apart and at each
 * hint. A segment that is narrower than `step` and contains no hint may be missed. Cuts are exact to the last digit.
 */
export function cutLine<T = Region>(
  regionAt: (t: number) => T,
  from: number,
  to: number,
  step: number,
  hints: readonly number[] = [],
): Segment<T>[] {
  const segments: Segment<T>[] = []
  let begin = from
  let last = from
  let region = regionAt(from)
  for (const t of samplePoints(from, to, step, hints)) {
    const next = regionAt(t)
    // The region may change several times between two evaluations.
    while (region !== next) {
      const now = region
      const [, cut] = bisect(last, t, (x) => regionAt(x) !== now)
      segments.push({ from: begin, to: cut, region })
      begin = cut
      last = cut
      region = regionAt(cut)
    }
    last = t
  }
  segments.push({ from: begin, to, region })
  return segments
}

function samplePoints(from: number, to: number, step: number, hints: readonly number[]): number[] {
  const count = Math.max(1, Math.ceil((to - from) / step))
  const even = Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 1)) / count)
  const inside = hints.filter((hint) => hint > from && hint < to)
  return inside.length === 0 ? even : [...even, ...inside].sort((a, b) => a - b)
}

/**
 * Nodes on a segment of a line. The segment lies in one region. The mesh of a plane consists of nodes on several lines,
 * which are parallel to the second axis.
 */
export interface Block {
  readonly region: Region
  /** The first coordinate in a plane; 0 in one dimension. */
  readonly line: number
  /** Ascending. */
  readonly nodes: Float64Array
  /** The quadrature weights of the nodes. In a plane, each includes the weight of the line as a factor. */
  readonly weights: Float64Array
  /** Each panel has a Gauss rule. Empty in a plane. */
  readonly panels: readonly Panel[]
  /** The ends of the segment, `from` and `to`, are infinite where the segment extends beyond the box. */
  readonly from: number
  readonly to: number
}

export interface Panel {
  readonly first: number
  readonly count: number
  readonly from: number
  readonly to: number
}

export interface Mesh {
  readonly dimension: 1 | 2
  readonly blocks: readonly Block[]
}

export function pointOf({ dimension }: Mesh, { line, nodes }: Block, index: number): number[] {
  return dimension === 1 ? [nodes[index]!] : [line, nodes[index]!]
}

export interface Resolution {
  /** The length of the longest panel. */
  readonly length: number
  /** The number of nodes of the longest panel. */
  readonly count: number
}

/**
 * Minimum number of nodes of a panel. At a cut, the function is continuous but a derivative jumps. `cut` applies to
 * panels of a mesh with cuts, `alone` to all other panels.
 */
const fewest = { alone: 8, cut: 3 } as const
/** The required number of correct digits on a panel of a mesh with cuts. */
const digits = 11

/**
 * Returns Gauss rules on panels that fill the pieces between consecutive `ends`. Panels are shorter where `refine` is
 * larger.
 */
export function gaussPanels(
  ends: readonly number[],
  { length, count }: Resolution,
  refine: (x: number) => number = () => 1,
  isCut = false,
): Pick<Block, 'nodes' | 'weights' | 'panels'> {
  const nodes: number[] = []
  const weights: number[] = []
  const panels: Panel[] = []
  for (let piece = 1; piece < ends.length; piece++) {
    const cuts = equalParts(ends[piece - 1]!, ends[piece]!, length, refine)
    for (let part = 1; part < cuts.length; part++) {
      const [begin, end] = [cuts[part - 1]!, cuts[part]!]
      const share = cuts.length > 2 ? 1 : Math.min(1, ((end - begin) * Math.max(refine(begin), refine(end))) / length)
      const least = isCut ? fewestOf(share) : fewest.alone
      const each = share === 1 ? Math.ceil(count) : Math.max(least, Math.ceil(count * share))
      panels.push({ first: nodes.length, count: each, from: begin, to: end })
      visitNodes(gaussLegendre(each), begin, end, (x, weight) => {
        nodes.push(x)
        weights.push(weight)
      })
    }
  }
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights), panels }
}

/**
 * Minimum number of nodes of a panel of a mesh with cuts. Let l be the length of the longest panel; this panel has the
 * length `share` l. If derivatives grow like powers of 4 / l, the error of n nodes is about (share / 4)^n.
 */
function fewestOf(share: number): number {
  return Math.min(fewest.alone, Math.max(fewest.cut, Math.ceil((digits * Math.LN10) / elementary.log(4 / share))))
}

/** Cuts an interval into parts. The integral of `refine` is the same over each part, and is at most `length`. */
function equalParts(from: number, to: number, length: number, refine: (x: number) => number): number[] {
  const sampleCount = Math.max(8, Math.ceil((4 * (to - from)) / length))
  const width = (to - from) / sampleCount
  const measured = [0]
  for (let i = 0; i < sampleCount; i++) {
    const here = Math.max(refine(from + i * width), refine(from + (i + 1) * width))
    measured.push(measured[i]! + here * width)
  }
  const parts = Math.max(1, Math.ceil(measured[sampleCount]! / length))
  const cuts = [from]
  let at = 0
  for (let part = 1; part < parts; part++) {
    const goal = (measured[sampleCount]! * part) / parts
    while (measured[at + 1]! < goal) at++
    cuts.push(from + width * (at + (goal - measured[at]!) / (measured[at + 1]! - measured[at]!)))
  }
  cuts.push(to)
  return cuts
}

/**
 * The first and the last block extend to infinity. Panels end at `cuts`, which ascend, because a function on the nodes
 * may be less smooth there. `refine` is the density of nodes that is needed at x, divided by the usual density.
 */
export function lineMesh(
  segments: readonly Segment[],
  cuts: readonly number[],
  resolution: Resolution,
  refine: (x: number) => number,
): Mesh {
  const blocks = segments.map(({ from, to, region }, index): Block => {
    const ends = [from, ...cuts.filter((cut) => cut > from && cut < to), to]
    return {
      region,
      line: 0,
      ...gaussPanels(ends, resolution, refine, cuts.length > 0),
      from: index === 0 ? Number.NEGATIVE_INFINITY : from,
      to: index === segments.length - 1 ? Number.POSITIVE_INFINITY : to,
    }
  })
  return { dimension: 1, blocks }
}
