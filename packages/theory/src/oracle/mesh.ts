import type { Region } from './region.ts'

/** Nodes of quadrature on a stretch of a line within one region; in a plane, lines are parallel to its second axis. */
export interface Block {
  readonly region: Region
  /** Where the line stands on the first axis; 0 in one dimension. */
  readonly line: number
  /** Along the line, ascending. */
  readonly nodes: Float64Array
  /** Those of the lines included. */
  readonly weights: Float64Array
  /** First node of each panel, and the number of nodes; a rule of Gauss each. Empty for an even grid. */
  readonly panels: readonly Panel[]
  /** The stretch itself. At an end of the box it may go on for ever: then the limit is infinite. */
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
