import type { Region } from './region.ts'

/** Quadrature nodes on a stretch of a line within one region. In a plane, the lines are parallel to the second axis. */
export interface Block {
  readonly region: Region
  /** The first coordinate of the line; 0 in one dimension. */
  readonly line: number
  /** Positions along the line, ascending. */
  readonly nodes: Float64Array
  /** The quadrature weights; in a plane they include the weights of the lines. */
  readonly weights: Float64Array
  /** The panels of the stretch, each with a Gauss rule; empty for an even grid. */
  readonly panels: readonly Panel[]
  /**
   * The ends of the stretch. At an end of the box the stretch may extend to infinity; `from` or `to` is then infinite.
   */
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
