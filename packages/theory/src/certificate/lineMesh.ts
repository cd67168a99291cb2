import type { Interval } from '../interval/interval.ts'

export interface Piece {
  readonly first: number
  /** Number of nodes, at least two. */
  readonly count: number
}

/**
 * A function that is linear between the neighbouring nodes of a piece and has the value `gaps[p]` in the gap before
 * piece p. The last entry of `gaps` is the value after the last piece. The value is 1 where trials have escaped or are
 * no longer followed, and 0 where trials have ended otherwise.
 */
export interface CertificateMesh {
  readonly nodes: Float64Array
  readonly pieces: readonly Piece[]
  readonly gaps: readonly (0 | 1)[]
}

/** A stretch on which trials continue, and the value in the gap before the stretch. */
export interface Stretch {
  readonly range: Interval
  readonly before: 0 | 1
}

export interface Stretches {
  /** Ascending and disjoint. */
  readonly list: readonly Stretch[]
  /** The value in the gap after the last stretch. */
  readonly behind: 0 | 1
}

/**
 * Returns a mesh with nodes on each stretch, at most `spacing(x)` apart near x. Points of `also` that are inside a
 * stretch are nodes, too.
 */
export function certificateMesh(
  { list, behind }: Stretches,
  spacing: (x: number) => number,
  also: readonly number[] = [],
): CertificateMesh {
  const nodes: number[] = []
  const pieces: Piece[] = []
  for (const { range } of list) {
    const [from, to] = range
    const first = nodes.length
    const even = marched(from, to, spacing)
    const more = also.filter((x) => x > from && x < to)
    for (const x of [...even, ...more].sort((a, b) => a - b))
      if (nodes.length === first || x > nodes.at(-1)!) nodes.push(x)
    pieces.push({ first, count: nodes.length - first })
  }
  return { nodes: Float64Array.from(nodes), pieces, gaps: [...list.map(({ before }) => before), behind] }
}

function marched(from: number, to: number, spacing: (x: number) => number): number[] {
  const places = [0]
  for (let x = from; x < to; ) {
    const step = spacing(x)
    x += Math.min(step, spacing(x + step))
    places.push(x - from)
  }
  while (places.length <= minCells) places.push(places.at(-1)! + (to - from))
  const share = (to - from) / places.at(-1)!
  return places.map((place, k) => (k === places.length - 1 ? to : from + place * share))
}

const minCells = 2
