import { gaussLegendre } from '@driftfarm/statistics'
import { visitNodes } from '../distribution/quadrature.ts'
import { probabilityBetween, type ScalarLaw } from '../distribution/scalarLaw.ts'
import type { Block, Mesh, Panel } from './lineMesh.ts'

/** Receives the probabilities with which one step ends at consecutive nodes of a block, beginning at node `first`. */
export type PutMass = (block: number, first: number, masses: Float64Array) => void

export interface Step {
  readonly law: ScalarLaw
  /** The step scale s_n. */
  readonly scale: number
  /** Jumps beyond this many scales are omitted. */
  readonly reach: number
}

/**
 * For one step with the mean `mean`, computes the probabilities of the nodes within reach, and passes them to `put`.
 */
export function spreadStep(mesh: Mesh, mean: ArrayLike<number>, step: Step, put: PutMass): void {
  const { law, scale } = step
  const along = mean[mesh.dimension - 1]!
  forNodesWithin(mesh, mean, step, (b, first, end, z) => {
    const { nodes, weights } = mesh.blocks[b]!
    const factor = mesh.dimension === 2 ? (1 / scale) * (law.density(z) / scale) : 1 / scale
    const masses = new Float64Array(end - first)
    for (let i = first; i < end; i++)
      masses[i - first] = factor * weights[i]! * law.density((nodes[i]! - along) / scale)
    put(b, first, masses)
  })
}

/** Returns how many nodes one step can reach in a plane. A block is included if its entry in `counts` is true. */
export function nodesWithin(mesh: Mesh, mean: readonly number[], step: Step, counts: readonly boolean[]): number {
  let sum = 0
  forNodesWithin(mesh, mean, step, (b, first, end) => {
    if (counts[b]) sum += end - first
  })
  return sum
}

/** `z` is the distance of the block's line from the mean, in units of the step scale; 0 in one dimension. */
function forNodesWithin(
  { dimension, blocks }: Mesh,
  mean: ArrayLike<number>,
  { scale, reach }: Step,
  visit: (block: number, first: number, end: number, z: number) => void,
): void {
  const along = mean[dimension - 1]!
  for (let b = 0; b < blocks.length; b++) {
    const { nodes, line } = blocks[b]!
    const z = dimension === 2 ? (line - mean[0]!) / scale : 0
    if (Math.abs(z) >= reach) continue
    const far = dimension === 2 ? Math.sqrt(reach * reach - z * z) : reach
    const first = lowerBound(nodes, along - far * scale)
    const end = lowerBound(nodes, along + far * scale)
    if (end > first) visit(b, first, end, z)
  }
}

/**
 * Like `spreadStep` in one dimension, for a density with kinks. A panel that contains kinks is cut at the kinks. On
 * each piece, the density is integrated times the polynomial that interpolates at the panel's nodes.
 */
export function spreadKinked(mesh: Mesh, mean: number, { law, scale, reach }: Step, put: PutMass): void {
  const kinks = law.kinks.map((kink) => mean + scale * kink)
  const massOf = (y: number, weight: number) => (weight * law.density((y - mean) / scale)) / scale
  const low = mean - reach * scale
  const high = mean + reach * scale
  for (let b = 0; b < mesh.blocks.length; b++) {
    const { nodes, weights, panels } = mesh.blocks[b]!
    let begin = 0
    let end = panels.length
    while (begin < end && panels[begin]!.to <= low) begin++
    while (end > begin && panels[end - 1]!.from >= high) end--
    if (end === begin) continue
    const { first } = panels[begin]!
    const last = panels[end - 1]!
    const masses = new Float64Array(last.first + last.count - first)
    for (let i = 0; i < masses.length; i++) masses[i] = massOf(nodes[first + i]!, weights[first + i]!)
    for (let p = begin; p < end; p++) {
      const panel = panels[p]!
      const inside = kinks.filter((kink) => kink > panel.from && kink < panel.to)
      if (inside.length > 0)
        integratePanel(panel, nodes, [panel.from, ...inside, panel.to], massOf, masses.subarray(panel.first - first))
    }
    put(b, first, masses)
  }
}

/** Integrates the density times the Lagrange polynomial of each node. `masses` begins at the panel's first node. */
function integratePanel(
  { first, count }: Panel,
  nodes: Float64Array,
  cuts: readonly number[],
  massOf: (y: number, weight: number) => number,
  masses: Float64Array,
): void {
  masses.fill(0, 0, count)
  const rule = gaussLegendre(count + 8)
  const basis = new Float64Array(count)
  const sharp = barycentricWeights(nodes, first, count)
  for (let piece = 0; piece + 1 < cuts.length; piece++)
    visitNodes(rule, cuts[piece]!, cuts[piece + 1]!, (y, weight) => {
      const mass = massOf(y, weight)
      if (mass === 0) return
      let sum = 0
      let hit = -1
      for (let j = 0; j < count; j++) {
        const difference = y - nodes[first + j]!
        if (difference === 0) hit = j
        basis[j] = sharp[j]! / difference
        sum += basis[j]!
      }
      if (hit >= 0) masses[hit]! += mass
      else for (let j = 0; j < count; j++) masses[j]! += (mass * basis[j]!) / sum
    })
}

/** The weights are correct up to a common factor, which cancels in the interpolation. */
function barycentricWeights(nodes: Float64Array, first: number, count: number): Float64Array {
  const width = nodes[first + count - 1]! - nodes[first]!
  return Float64Array.from({ length: count }, (_, j) => {
    let product = 1
    // The differences are scaled to about 1, so that the product does not underflow.
    for (let k = 0; k < count; k++) if (k !== j) product *= (4 * (nodes[first + j]! - nodes[first + k]!)) / width
    return 1 / product
  })
}

/**
 * Returns, in one dimension, the probability that one step with the mean `mean` ends in a block. Quadrature replaces
 * the closed form if a difference of tails would lose digits.
 */
export function blockProbability(block: Block, mean: number, { law, scale }: Step): number {
  const from = (block.from - mean) / scale
  const to = (block.to - mean) / scale
  if (!(to - from < minClosedFormWidth)) return probabilityBetween(law, from, to)
  const cuts = [from, ...law.kinks.filter((kink) => kink > from && kink < to), to]
  let sum = 0
  for (let piece = 0; piece + 1 < cuts.length; piece++) {
    const [begin, end] = [cuts[piece]!, cuts[piece + 1]!]
    visitNodes(gaussLegendre(Math.ceil(4 * (end - begin) * law.detail) + 12), begin, end, (z, weight) => {
      sum += weight * law.density(z)
    })
  }
  return sum
}

/**
 * In units of the step scale. If a block is at least this wide, the closed form, a difference of two tails, loses no
 * digits.
 */
const minClosedFormWidth = 6

function lowerBound(nodes: Float64Array, x: number): number {
  let low = 0
  let high = nodes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (nodes[middle]! < x) low = middle + 1
    else high = middle
  }
  return low
}
