import type { Law } from '@driftfarm/spec'
import { gaussLegendre } from '@driftfarm/statistics'
import type { DensityShape } from '../distribution/driftLaw.ts'
import { visitNodes } from '../distribution/quadrature.ts'
import { probabilityBetween, type ScalarLaw } from '../distribution/scalarLaw.ts'
import { driftLaw } from '../drift.ts'
import { type Interval, negate } from '../interval/interval.ts'
import { refuse } from '../refusal.ts'

export type CertifiedLaw = ReturnType<typeof certifiedLaw>

/** The assumed relative precision of densities and tails, hundreds of times the largest measured error. */
export const precision = 4e-12
/** The longest panel, in units of the scale, for the Gauss-Legendre rule with eight nodes. */
const panelLength = 0.25
/**
 * Quadrature rules, and the longest panels for which their error is small enough. With eight nodes, the error is of the
 * order of 11^-16 for a density whose nearest pole is at a distance of 0.7 or more. For the normal density, it is
 * 0.25^17 (8!)^4 / (17 (16!)^3) times the sixteenth derivative, which is small enough for |xi| up to 13. These errors
 * are 20^-10 and 0.1^11 (5!)^4 / (11 (10!)^3) for five nodes, and 5^-24 and 0.5^25 (12!)^4 / (25 (24!)^3) for twelve
 * nodes.
 */
const rules = [
  { longest: 0.1, rule: gaussLegendre(5) },
  { longest: panelLength, rule: gaussLegendre(8) },
  { longest: 0.5, rule: gaussLegendre(12) },
] as const
const usual = rules[1].rule
/**
 * Five nodes are used only for |xi| up to this value. The integrand is the density times a linear function (see
 * `hats`). The tenth derivative of the integrand contains the slope of this function times the ninth derivative of the
 * density. For the normal density, the ratio of the ninth derivative to the density grows with |xi|. Farther out, the
 * error term therefore exceeds the precision.
 */
const fewNodesTo = 9
/** Added to upper bounds, to cover probabilities that are too small for a double. */
const tiny = 1e-290

/**
 * Returns the distribution of one coordinate of xi, in units of the scale, with bounds that hold for whole ranges of
 * xi. All these distributions are symmetric, and their density falls with |xi|.
 */
export function certifiedLaw(law: Law) {
  const { shape, ...known } = driftLaw(law)
  const scalar = known.scalar()
  if (shape === null) refuse(`the density of the ${law.kind} distribution could not be bounded by interval arithmetic`)
  return bounded(scalar, shape)
}

function bounded(scalar: ScalarLaw, { slope, steepest, edges, reach, end, far }: DensityShape) {
  const edge = edges.at(-1)
  const at = (z: number): number => scalar.density(Math.abs(z))
  /** Requires low >= 0. For xi > 0, the slope decreases up to the steepest point and increases beyond it. */
  const slopeRight = (low: number, high: number): Interval => {
    const [one, other] = [slope(low, at(low)), slope(high, at(high))]
    const deepest = low <= steepest && high >= steepest ? slope(steepest, at(steepest)) : Math.min(one, other)
    return [deepest * (1 + precision), Math.min(0, Math.max(one, other) * (1 - precision))]
  }
  const slopeOver = ([low, high]: Interval): Interval => {
    if (edge !== undefined) {
      const crosses = (low <= edge && high >= edge) || (low <= -edge && high >= -edge)
      return crosses ? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] : [0, 0]
    }
    if (low >= 0) return slopeRight(low, high)
    if (high <= 0) return negate(slopeRight(-high, -low))
    const right = slopeRight(0, high)
    const left = negate(slopeRight(0, -low))
    return [Math.min(right[0], left[0]), Math.max(right[1], left[1])]
  }
  /** The points at which the density is not smooth. */
  const corners = [0, ...edges]
  const isCut = (low: number, high: number, shift: number): boolean => {
    for (const corner of corners) if (low <= corner + shift && high >= corner - shift) return true
    return false
  }
  const cutsOf = (low: number, high: number, shift: number): number[] => {
    const special = corners.flatMap((one) => [one - shift, one, one + shift])
    const inside = special.filter((cut) => cut > low && cut < high).sort((a, b) => a - b)
    const ends = [low, ...inside, high]
    const cuts = [low]
    for (let k = 1; k < ends.length; k++) {
      const [from, to] = [ends[k - 1]!, ends[k]!]
      const parts = Math.max(1, Math.ceil((to - from) / panelLength))
      for (let part = 1; part <= parts; part++) cuts.push(part === parts ? to : from + ((to - from) * part) / parts)
    }
    return cuts
  }
  /** Returns the largest density within `shift` of z. */
  const raised = (z: number, shift: number): number => at(Math.max(0, Math.abs(z) - shift))
  const slack = (low: number, high: number): number =>
    1 + precision + (Math.max(Math.abs(low), Math.abs(high)) > far.from ? far.error : 0)
  const integrate = (low: number, high: number, shift: number, add: (z: number, weight: number) => void): void => {
    const cuts = cutsOf(low, high, shift)
    for (let k = 1; k < cuts.length; k++)
      if (cuts[k]! > cuts[k - 1]!)
        visitNodes(usual, cuts[k - 1]!, cuts[k]!, (z, weight) => add(z, weight * raised(z, shift)))
  }
  const mass = (low: number, high: number, shift: number): number => {
    const [from, to] = [low - shift, high + shift]
    if (!(to > from)) return 0
    if (to - from > 8) return Math.max(0, probabilityBetween(scalar, from, to)) * (1 + precision) + tiny
    if (from > end || to < -end) return tiny
    let sum = 0
    integrate(from, to, 0, (_, weight) => {
      sum += weight
    })
    return sum * slack(from, to) + tiny
  }
  return {
    /** The density at a point, with relative precision `precision`. */
    density: at,
    /** The least and the largest slope of the density over a range; unbounded if the density jumps in the range. */
    slope: slopeOver,
    /** The points at which the density jumps, ascending. */
    edges,
    /** Longer steps need not be followed, because their probability is negligible; Infinity for heavy tails. */
    reach,
    /** Returns an upper bound on P(low < xi + s < high) for an unknown s with |s| <= `shift`. */
    mass,
    /**
     * Returns upper bounds on the integrals over low .. high of the density times a linear function. The function falls
     * from 1 to 0 (`falling`) or rises from 0 to 1 (`rising`). The density's argument is known only to within `shift`.
     */
    hats(low: number, high: number, shift: number) {
      if (low - shift > end || high + shift < -end) return { falling: tiny, rising: tiny }
      let [falling, rising] = [0, 0]
      const width = high - low
      const isFar = Math.max(Math.abs(low), Math.abs(high)) > fewNodesTo
      const fit = rules.find(({ longest }, k) => width <= longest && !(k === 0 && isFar))
      if (fit !== undefined && !isCut(low, high, shift)) {
        const { nodes, weights } = fit.rule
        for (let q = 0; q < nodes.length; q++) {
          const share = 0.5 * (1 + nodes[q]!)
          const weight = weights[q]! * raised(low + width * share, shift)
          rising += weight * share
          falling += weight * (1 - share)
        }
        const factor = 0.5 * width * slack(low, high)
        return { falling: falling * factor, rising: rising * factor }
      }
      integrate(low, high, shift, (z, weight) => {
        const share = (z - low) / width
        rising += weight * share
        falling += weight * (1 - share)
      })
      const factor = slack(low, high)
      return { falling: falling * factor, rising: rising * factor }
    },
  }
}
