import { elementary } from '@driftfarm/formula'
import { gaussLegendre } from '@driftfarm/statistics'
import type { Region } from '../question/course.ts'

/** A segment of a line on which the same events hold throughout. */
export interface Segment<T = Region> {
  readonly from: number
  readonly to: number
  readonly region: T
}

export interface LineSampling {
  readonly from: number
  readonly to: number
  readonly step: number
  readonly hints?: readonly number[]
}

/**
 * Cuts a line wherever it enters another region. The region is evaluated at points at most `step` apart and at each
 * hint. A segment that is narrower than `step` and contains no hint may be missed. Cuts are exact to the last digit.
 */
export function cutLine<T = Region>(
  regionAt: (t: number) => T,
  { from, to, step, hints = [] }: LineSampling,
): Segment<T>[] {
  const segments: Segment<T>[] = []
  let begin = from
  let last = from
  let region = regionAt(from)
  for (const t of samplePoints({ from, to, step, hints })) {
    const next = regionAt(t)
    // The region may change several times between two evaluations.
    while (region !== next) {
      const cut = firstChange(regionAt, last, t, region)
      segments.push({ from: begin, to: cut.at, region })
      begin = cut.at
      last = cut.at
      region = cut.region
    }
    last = t
  }
  segments.push({ from: begin, to, region })
  return segments
}

function samplePoints({ from, to, step, hints }: Required<LineSampling>): number[] {
  const count = Math.max(1, Math.ceil((to - from) / step))
  const even = Array.from({ length: count }, (_, i) => from + ((to - from) * (i + 1)) / count)
  const inside = hints.filter((hint) => hint > from && hint < to)
  return inside.length === 0 ? even : [...even, ...inside].sort((a, b) => a - b)
}

/** Bisects between `low`, which is in `region`, and `high`, which is not. */
function firstChange<T>(
  regionAt: (t: number) => T,
  low: number,
  high: number,
  region: T,
): { readonly at: number; readonly region: T } {
  let inside = low
  let outside = high
  for (;;) {
    const middle = 0.5 * (inside + outside)
    if (middle <= inside || middle >= outside) return { at: outside, region: regionAt(outside) }
    if (regionAt(middle) === region) inside = middle
    else outside = middle
  }
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

export interface Nodes {
  readonly nodes: Float64Array
  readonly weights: Float64Array
  readonly panels: readonly Panel[]
}

/** Returns Gauss rules on panels that fill an interval. Panels are shorter where `refine` is larger. */
export function gaussPanels(
  from: number,
  to: number,
  { length, count }: Resolution,
  refine: (x: number) => number = () => 1,
  isCut = false,
): Nodes {
  const cuts = equalParts(from, to, length, refine)
  const nodes: number[] = []
  const weights: number[] = []
  const panels: Panel[] = []
  for (let part = 0; part + 1 < cuts.length; part++) {
    const begin = cuts[part]!
    const end = cuts[part + 1]!
    const share = cuts.length > 2 ? 1 : Math.min(1, ((end - begin) * Math.max(refine(begin), refine(end))) / length)
    const least = isCut ? fewestOf(share) : fewest.alone
    const each = share === 1 ? Math.ceil(count) : Math.max(least, Math.ceil(count * share))
    const rule = gaussLegendre(each)
    panels.push({ first: nodes.length, count: each, from: begin, to: end })
    for (let i = 0; i < each; i++) {
      nodes.push(begin + 0.5 * (end - begin) * (1 + rule.nodes[i]!))
      weights.push(0.5 * (end - begin) * rule.weights[i]!)
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

export interface LineMeshOptions {
  readonly segments: readonly Segment[]
  /** Ascending. Panels end at these points, because a function on the nodes may be less smooth there. */
  readonly cuts: readonly number[]
  readonly resolution: Resolution
  /** The density of nodes that is needed at x, divided by the usual density. */
  readonly refine: (x: number) => number
}

/** The first and the last block extend to infinity. */
export function lineMesh(options: LineMeshOptions): Mesh {
  const { segments, cuts, resolution, refine } = options
  const blocks = segments.map(({ from, to, region }, index): Block => {
    return {
      region,
      line: 0,
      ...joined(
        between(from, cuts, to).map(([begin, end]) => gaussPanels(begin, end, resolution, refine, cuts.length > 0)),
      ),
      from: index === 0 ? Number.NEGATIVE_INFINITY : from,
      to: index === segments.length - 1 ? Number.POSITIVE_INFINITY : to,
    }
  })
  return { dimension: 1, blocks }
}

function between(from: number, cuts: readonly number[], to: number): (readonly [from: number, to: number])[] {
  const ends = [from, ...cuts.filter((cut) => cut > from && cut < to), to]
  return ends.slice(1).map((end, i) => [ends[i]!, end])
}

function joined(pieces: readonly Nodes[]): Nodes {
  if (pieces.length === 1) return pieces[0]!
  let before = 0
  const panels = pieces.flatMap(({ nodes, panels }) => {
    const moved = panels.map((panel) => ({ ...panel, first: panel.first + before }))
    before += nodes.length
    return moved
  })
  return {
    nodes: Float64Array.from(pieces.flatMap(({ nodes }) => [...nodes])),
    weights: Float64Array.from(pieces.flatMap(({ weights }) => [...weights])),
    panels,
  }
}
