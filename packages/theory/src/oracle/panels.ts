import { gaussLegendre } from '../quadrature/gaussLegendre.ts'
import type { Panel } from './mesh.ts'

/** How dense nodes lie. */
export interface Resolution {
  /** Longest panel. */
  readonly length: number
  /** Nodes of one that is as long as this; shorter ones have fewer, but not below `fewest`. */
  readonly count: number
}

const fewest = 8

export interface Nodes {
  readonly nodes: Float64Array
  readonly weights: Float64Array
  readonly panels: readonly Panel[]
}

/** Rules of Gauss on panels of equal length that fill a stretch. */
export function gaussPanels(from: number, to: number, { length, count }: Resolution, refine = 1): Nodes {
  const parts = Math.max(1, Math.ceil(((to - from) * refine) / length))
  const width = (to - from) / parts
  const each = Math.max(fewest, Math.ceil((count * width * refine) / length))
  const rule = gaussLegendre(each)
  const nodes = new Float64Array(parts * each)
  const weights = new Float64Array(parts * each)
  const panels: Panel[] = []
  for (let part = 0; part < parts; part++) {
    const begin = from + part * width
    for (let i = 0; i < each; i++) {
      nodes[part * each + i] = begin + 0.5 * width * (1 + rule.nodes[i]!)
      weights[part * each + i] = 0.5 * width * rule.weights[i]!
    }
    panels.push({ first: part * each, count: each, from: begin, to: begin + width })
  }
  return { nodes, weights, panels }
}
