import type { Segment } from './cutLine.ts'
import type { Block, Mesh } from './mesh.ts'
import { gaussPanels, type Resolution } from './panels.ts'

export interface LineMeshOptions {
  readonly segments: readonly Segment[]
  readonly resolution: Resolution
  /** How many times denser the nodes must be at a point: the slope of the mean of the step there. */
  readonly refine: (x: number) => number
}

/** Nodes on the segments of a line; the first and the last block extend to infinity. */
export function lineMesh(options: LineMeshOptions): Mesh {
  const { segments, resolution, refine } = options
  const blocks = segments.map(({ from, to, region }, index): Block => {
    return {
      region,
      line: 0,
      ...gaussPanels(from, to, resolution, refine),
      from: index === 0 ? Number.NEGATIVE_INFINITY : from,
      to: index === segments.length - 1 ? Number.POSITIVE_INFINITY : to,
    }
  })
  return { dimension: 1, blocks }
}
