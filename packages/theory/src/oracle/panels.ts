import { elementary } from '@driftfarm/formula'
import { gaussLegendre } from '@driftfarm/statistics'
import type { Panel } from './mesh.ts'

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
