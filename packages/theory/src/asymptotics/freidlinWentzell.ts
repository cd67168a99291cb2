import { elementary } from '@driftfarm/formula'
import { type LandscapeFunction, slopeOf } from '@driftfarm/kernel'
import { integral } from '../distribution/quadrature.ts'
import { hessian } from '../minima/critical.ts'
import { refuse } from '../refusal.ts'
import { type Applied, barrierValues, fourDigits, pointText } from './asymptotic.ts'
import { oppositeWallRemark } from './oppositeWall.ts'
import { rarePassages, type SaddleCase } from './passages.ts'
import { scanFor } from './saddles.ts'

const source = 'Freidlin and Wentzell, Random Perturbations of Dynamical Systems, ch. 4 and 6; discrete quasi-potential'

/**
 * Returns the limit of T log E[exit step] for small T. The limit is the lowest height above the minimum that a path out
 * of the well must reach. In one dimension, an escape rate that was derived for small steps must be multiplied by
 * `discreteFactor`, the second-order correction of the discrete chain.
 */
export function freidlinWentzell(known: SaddleCase): Applied {
  const edge = known.well.theta.length === 1 ? nearestEdge(known) : null
  if (edge !== null) return edgeAsymptotic(known, edge)
  const found = rarePassages(known, false)
  const { steps, well } = known
  const { eta, temperature } = steps
  const { barrier, saddle } = found.through[0]!
  const inOneDimension = well.theta.length === 1
  const thrown = inOneDimension ? oppositeWallRemark(known, found.through[0]!) : []
  const discrete =
    barrier +
    (inOneDimension ? eta * eta * quasiPotentialCurvature(well.landscape, well.theta[0]!, saddle.theta[0]!) : 0)
  return {
    values: {
      ...barrierValues(barrier, temperature),
      discreteBarrier: inOneDimension ? discrete : null,
      discreteExponent: inOneDimension ? discrete / temperature : null,
      discreteFactor: inOneDimension ? elementary.exp((barrier - discrete) / temperature) : null,
    },
    conditions: [
      `T << barrier: barrier/T = ${fourDigits(barrier / temperature)}`,
      `trials leave over the saddle ${pointText(saddle.theta)}`,
      ...(inOneDimension
        ? [
            `eta^2/T is small: discrete steps ${discrete < barrier ? 'lower' : 'raise'} the barrier by ` +
              `${fourDigits(Math.abs(discrete - barrier))}, an amount of order eta^2`,
          ]
        : ['the barrier has no correction of order eta; its second-order correction is known only in one dimension']),
      ...thrown,
      ...found.remarks,
    ],
    error: 'of order eta^4/T in the discrete exponent; the prefactor is not included',
    source,
  }
}

/**
 * In one dimension, returns the point where the escape set begins on a slope of the well; of two such points, the one
 * with the lower loss. Returns null if there is no such point, or if a saddle is lower.
 */
function nearestEdge({ well, escape, saddles, steps }: SaddleCase) {
  if (escape.isBasin || escape.holds(well.theta)) return null
  const bottom = well.theta[0]!
  const edges = ([-1, 1] as const).flatMap((side) => {
    const saddle = saddles.find(({ theta }) => side * (theta[0]! - bottom) > 0)
    // If the escape set begins closer to the saddle than a twentieth of the step scale, this edge is ignored: trials
    // that reach it count as crossing the saddle.
    const most =
      saddle === undefined ? Number.POSITIVE_INFINITY : Math.abs(saddle.theta[0]! - bottom) - steps.scale / 20
    const x = scanFor(bottom, side, (at) => escape.holds(Float64Array.of(at)), Math.min(most, 1e6))
    return x === null || Math.abs(x - bottom) > most
      ? []
      : [{ x, barrier: well.landscape.loss(Float64Array.of(x)) - well.minimum.loss }]
  })
  const lowest = edges.sort((a, b) => a.barrier - b.barrier)[0]
  const over = saddles[0]
  if (lowest === undefined || (over !== undefined && over.at.loss - well.minimum.loss < lowest.barrier)) return null
  return lowest
}

/**
 * Returns the exponent for reaching the edge x on a slope of the well. It comes from the stationary density of the
 * chain, in which L_eff = L - eta/4 L'^2 takes the place of L.
 */
function edgeAsymptotic(
  { well, steps }: SaddleCase,
  { x, barrier }: NonNullable<ReturnType<typeof nearestEdge>>,
): Applied {
  const { eta, temperature } = steps
  const slope = slopeOf(well.landscape.gradient)(x)
  const discrete = barrier - (eta / 4) * slope * slope
  if (!(discrete >= temperature))
    refuse(
      `the boundary of the escape set, at ${fourDigits(x)}, is only ${fourDigits(discrete / temperature)} T ` +
        'above the minimum',
    )
  return {
    values: {
      ...barrierValues(barrier, temperature),
      discreteBarrier: discrete,
      discreteExponent: discrete / temperature,
    },
    conditions: [
      `T << barrier: barrier/T = ${fourDigits(barrier / temperature)}`,
      `trials leave at the boundary of the escape set, at ${fourDigits(x)}, before any saddle`,
      `discrete steps lower the barrier by ${fourDigits(barrier - discrete)}, which is eta/4 times the squared slope ` +
        'at the boundary',
    ],
    error: 'of order eta^2/T in the discrete exponent; the prefactor is not included',
    source,
  }
}

/**
 * Returns the coefficient of eta^2 in the quasi-potential V(eta) of the chain in one dimension. For weak noise, the
 * mean exit time grows like exp(V(eta) / T). Between a minimum and a maximum of the loss,
 * V(eta) = dL + eta^2/12 int (L')^2 L''' dx + ..., without a term of order eta. Integration by parts turns the
 * coefficient into -1/6 int L' (L'')^2 dx, because L' vanishes at both ends.
 */
function quasiPotentialCurvature(landscape: LandscapeFunction, minimum: number, saddle: number): number {
  const slopeAt = slopeOf(landscape.gradient)
  const side = saddle > minimum ? 1 : -1
  const sum = integral(Math.min(minimum, saddle), Math.max(minimum, saddle), (x) => {
    const curvature = hessian(landscape, Float64Array.of(x)).values[0]!
    return slopeAt(x) * curvature * curvature
  })
  return (-side * sum) / 6
}
