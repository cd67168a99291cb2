import { cutLine } from './cutLine.ts'
import type { Block, Mesh } from './mesh.ts'
import { gaussPanels, type Resolution } from './panels.ts'
import type { RegionAt } from './region.ts'

export interface LineMeshOptions {
  readonly regionAt: RegionAt
  readonly low: number
  readonly high: number
  /** Between two looks for a change of region. */
  readonly step: number
  readonly hints: readonly number[]
  readonly resolution: Resolution
  /** How much finer nodes must lie at a point: the slope of the step's mean there. */
  readonly refine: (x: number) => number
}

/** Nodes on a line between two bounds; its first and last block go on beyond them. */
export function lineMesh(options: LineMeshOptions): Mesh {
  const { regionAt, low, high, step, hints, resolution, refine } = options
  const segments = cutLine((x) => regionAt([x]), low, high, step, hints)
  const blocks = segments.map(({ from, to, region }, index): Block => {
    const looks = Math.max(2, Math.ceil((to - from) / step))
    let slope = 1
    for (let i = 0; i <= looks; i++) slope = Math.max(slope, refine(from + ((to - from) * i) / looks))
    return {
      region,
      line: 0,
      ...gaussPanels(from, to, resolution, slope),
      from: index === 0 ? Number.NEGATIVE_INFINITY : from,
      to: index === segments.length - 1 ? Number.POSITIVE_INFINITY : to,
    }
  })
  return { dimension: 1, blocks }
}
