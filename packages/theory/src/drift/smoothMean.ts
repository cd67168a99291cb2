import { gaussLegendre } from '@driftfarm/statistics'

/** Returns E f(xi) for a function f that oscillates no faster than cos(turns xi). */
export type SmoothMean = (f: (xi: number) => number, turns: number) => number

/** An interval on which the density is smooth. */
export interface Piece {
  readonly from: number
  readonly to: number
  readonly density: (xi: number) => number
}

const rule = gaussLegendre(40)

/** The probability outside the pieces must be negligible. */
export function smoothMean(pieces: readonly Piece[]): SmoothMean {
  return (f, turns) => pieces.map((piece) => over(piece, f, turns)).reduce((sum, part) => sum + part)
}

function over({ from, to, density }: Piece, f: (xi: number) => number, turns: number): number {
  const panels = Math.ceil((to - from) * (1 + Math.abs(turns)))
  let sum = 0
  for (let k = 0; k < panels; k++)
    for (const [i, node] of rule.nodes.entries()) {
      const half = (to - from) / (2 * panels)
      const x = from + half * (2 * k + 1 + node)
      sum += half * rule.weights[i]! * density(x) * f(x)
    }
  return sum
}
