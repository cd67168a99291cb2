import type { NotApplicable } from '../../chain.ts'
import { poleDetail, type ScalarLaw } from '../scalarLaw.ts'
import { onContour } from './contour.ts'
import { panelsOf } from './panels.ts'
import { originSeries, tailSeries } from './series.ts'

/** The range of alpha in which twelve digits are accurate. */
const range = { least: 0.2, most: 1.999 } as const
/**
 * Relative tolerance of the polynomials. It is larger near alpha = 2, because the values that they interpolate are less
 * precise there.
 */
const toleranceOf = (alpha: number) => Math.max(5e-14, 2e-15 / (2 - alpha))
/**
 * The tail series is accurate from `tail.limit` on. Up to this multiple of `tail.limit`, polynomials replace the
 * series, because polynomials are faster.
 */
const further = 64

const known = new Map<number, ScalarLaw>()

/**
 * The relative error is below 5e-14; near alpha = 2 it is below 2e-15 / (2 - alpha). A distribution is built once, in
 * about 100 ms, or in a second near either end of the range of alpha.
 */
export function stableDensity(alpha: number): ScalarLaw | NotApplicable {
  if (alpha < range.least)
    return {
      reason:
        `the stable distribution with alpha = ${alpha} has too sharp a peak at 0; alpha must be ` +
        `${range.least} or more`,
    }
  if (alpha > range.most)
    return {
      reason:
        `the stable distribution with alpha = ${alpha} is not accurate this close to 2; alpha must be 2, ` +
        `or ${range.most} or less`,
    }
  let law = known.get(alpha)
  if (law === undefined) {
    law = build(alpha)
    known.set(alpha, law)
  }
  return law
}

function build(alpha: number): ScalarLaw {
  const origin = originSeries(alpha)
  const tail = tailSeries(alpha)
  const end = further * tail.limit
  const panels = panelsOf({
    from: origin.limit,
    to: end,
    longest: (x) => (x < tail.limit ? Math.min(x, 1) : x),
    evaluate: (x) => {
      if (x >= tail.limit) return [tail.density(x), tail.upper(x)]
      const { density, upper } = onContour(alpha, x)
      return [density, upper]
    },
    tolerance: toleranceOf(alpha),
  })
  return {
    density(z) {
      const x = Math.abs(z)
      return x <= origin.limit ? origin.density(x) : x >= end ? tail.density(x) : panels.at(x, 0)
    },
    upper: (z) => (z <= origin.limit ? origin.upper(z) : z >= end ? tail.upper(z) : panels.at(z, 1)),
    // For alpha below 1, no power series converges at 0. Quadrature is then accurate only on pieces that are not
    // much longer than their distance from 0, so an integral is cut into smaller and smaller pieces towards 0.
    kinks: alpha < 1 ? cutsTowards0(origin.limit) : [],
    breaks: [],
    reach: Number.POSITIVE_INFINITY,
    detail: detailOf(alpha),
  }
}

/**
 * The distance of a cut from 0, divided by the distance of the next cut towards 0. With 4, each piece is three times as
 * long as its distance from 0, which is short enough for accurate quadrature.
 */
const ratioOfCuts = 4
/** No cuts are needed beyond this distance from 0, because it exceeds the length of a mesh panel. */
const furthestCut = 5

function cutsTowards0(least: number): number[] {
  const cuts: number[] = []
  for (let x = least; x < furthestCut; x *= ratioOfCuts) cuts.push(x)
  return [...cuts.map((x) => -x).reverse(), ...cuts]
}

/**
 * Tested on P(escape) of x' = 0.9 x + 0.1 xi from [-1, 1] with alpha from 0.2 to 1.99. The results of the first two
 * resolutions agree to 1e-11, and most of them to 1e-14.
 */
function detailOf(alpha: number): number {
  return alpha <= 1 ? poleDetail : Math.max(1, poleDetail - 1.8 * (alpha - 1))
}
