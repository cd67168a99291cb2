import type { Region } from './region.ts'

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
