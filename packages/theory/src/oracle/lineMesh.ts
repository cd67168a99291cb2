import type { Segment } from './cutLine.ts'
import type { Block, Mesh } from './mesh.ts'
import { gaussPanels, type Nodes, type Resolution } from './panels.ts'

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
