import { norm } from '@driftfarm/formula'
import type { Cell, Tables } from '@driftfarm/spec'
import { additiveChain } from '../chain.ts'
import type { CriticalPoint } from '../minima/critical.ts'
import { refuse, unlessRefused } from '../refusal.ts'
import { fourDigits, pointText } from './asymptotic.ts'
import { escapeSet } from './escapeSet.ts'
import { isSame, neighbouringSaddles, type Saddle } from './saddles.ts'
import { bottomOf, gaussianSteps, requireFirstExit, wellOf } from './well.ts'

/** In more dimensions, a search from one minimum is unlikely to find the lowest saddles. */
const largestDimension = 10

export type SaddleCase = ReturnType<typeof saddleCase>

export function saddleCase(cell: Cell, tables: Tables) {
  const chain = additiveChain(cell, tables)
  const steps = gaussianSteps(chain)
  requireFirstExit(cell)
  const { landscape } = chain
  if (landscape.dimension > largestDimension)
    refuse(
      `the dimension is ${landscape.dimension}; ` +
        `saddles are searched for in at most ${largestDimension} dimensions`,
    )
  const well = wellOf(cell, tables, landscape)
  const escape = escapeSet(cell, tables, well.start)
  requireShortSteps(steps.eta, well.minimum)
  const known = cell.trial.minima.map(([, point]) => Float64Array.from(point))
  return { steps, well, escape, saddles: neighbouringSaddles(well, known) }
}

function requireShortSteps(eta: number, { point, eigenvalues }: CriticalPoint): void {
  const product = eta * Math.max(...eigenvalues!.map(Math.abs))
  // The margin allows for the error of the curvatures, which is up to 1e-10 of the largest curvature.
  if (!(product <= 1 + 1e-6))
    refuse(`eta times the curvature at ${pointText(point)} is ${fourDigits(product)}; above 1, steps overshoot`)
}

export interface Passage {
  readonly saddle: Saddle
  /**
   * Where a trial counts as escaped. 'crossing': on the surface through the saddle. This surface separates the two
   * wells, and half of the paths of a diffusion return from it. 'transit': in the well beyond the saddle.
   */
  readonly event: 'crossing' | 'transit'
  readonly barrier: number
}

/**
 * An escape set that begins closer than this to a saddle, in units of the step scale, counts as beginning there. If h
 * is the negative curvature at the saddle and eta |h| = 0.1, this approximation changes the rate by up to 2 %.
 */
const atSaddle = 0.05
/** From this depth below the saddle, in units of T, fewer than 1 in 140 paths of a diffusion return. */
const settled = 3
/**
 * A saddle that the asymptotic formulas do not cover is ignored if it is this much higher than the lowest passage, in
 * units of T. About one trial in a hundred leaves over a saddle that is higher by this much.
 */
const negligible = 4.6

/**
 * Returns the saddles over which trials leave the well. Refuses if they do not leave rarely, or if steps overshoot.
 * `rated` says whether a rate is requested. The rate is known only if the escape set begins at the surface through the
 * saddle or far enough down in the well beyond.
 */
export function rarePassages({ well, escape, saddles, steps }: SaddleCase, rated: boolean) {
  const { scale, temperature } = steps
  const { landscape, theta, minimum } = well
  if (escape.holds(theta)) refuse('the escape condition holds at the minimum itself')
  if (saddles.length === 0) refuse(`no saddle was found near the minimum ${pointText(theta)}`)
  const barrierOf = (saddle: Saddle) => saddle.at.loss - minimum.loss
  const judged = saddles.map((saddle) => ({
    saddle,
    barrier: barrierOf(saddle),
    ...unlessRefused(() => ({ event: eventAt(saddle) })),
  }))
  const through = judged.filter((one) => 'event' in one)
  const [lowest] = through
  const others = judged.filter((one) => 'reason' in one)
  if (lowest === undefined) refuse(others[0]!.reason)
  const comparable = others.find(({ barrier }) => barrier < lowest.barrier + negligible * temperature)
  if (comparable !== undefined) refuse(comparable.reason)
  requireNoEarlierEscape(lowest.barrier)
  const below = lowest.saddle.at.loss - landscape.loss(well.start)
  if (!(below >= temperature))
    refuse(
      `the start is only ${fourDigits(below / temperature)} T below the saddle; ` +
        'this asymptotic formula requires at least 1 T',
    )
  for (const { saddle } of through) requireShortSteps(steps.eta, saddle.at)
  return {
    through,
    remarks: others.map(
      ({ barrier, reason }) =>
        `a saddle ${fourDigits(barrier / temperature)} T above the minimum is left out: ${reason}`,
    ),
  }

  function eventAt(saddle: Saddle): Passage['event'] {
    if (!(barrierOf(saddle) >= temperature))
      refuse(
        `the barrier is ${fourDigits(barrierOf(saddle) / temperature)} T, but this asymptotic formula needs a ` +
          'barrier far above T',
      )
    const place = `the saddle ${pointText(saddle.theta)}`
    const depth = saddle.at.loss - saddle.beyond.loss
    if (saddle.beyond.kind === 'minimum' && !(depth >= temperature))
      refuse(`the well beyond ${place} is only ${fourDigits(depth / temperature)} T deep`)
    if (escape.isBasin) return 'crossing'
    const beside = (out: number, over: Float64Array | null = null, across = 0) =>
      escape.holds(saddle.theta.map((x, i) => x + scale * (out * saddle.outward[i]! + across * (over?.[i] ?? 0))))
    if (beside(-atSaddle) || saddle.inside.some((point) => escape.holds(point)))
      refuse(`the escape condition already holds before ${place} on the minimum-energy path`)
    if (beside(atSaddle)) {
      // The rate is known only if the boundary of the escape set follows the surface through the saddle.
      const straight = saddle.across.every((over) =>
        [0.5, -0.5].every((across) => beside(0.1, over, across) && !beside(-0.1, over, across)),
      )
      if (rated && !straight)
        refuse(
          `near ${place}, the boundary of the escape set deviates from the surface through the saddle, which ` +
            'separates the two wells, so the rate is not known',
        )
      return 'crossing'
    }
    const entry = saddle.outside.find((point) => escape.holds(point))
    if (entry === undefined && !aroundEnd(saddle))
      refuse(
        `beyond ${place}, descent leads to ${pointText(saddle.beyond.point)} (${saddle.beyond.kind}), where the ` +
          'escape condition does not hold',
      )
    const below = saddle.at.loss - (entry === undefined ? saddle.beyond.loss : landscape.loss(entry))
    if (rated && !(below >= Math.min(settled * temperature, 0.9 * depth)))
      refuse(
        `the escape set begins ${fourDigits(below / temperature)} T below ${place}, neither at the saddle nor in ` +
          'the next well, so the rate is not known',
      )
    return 'transit'
  }

  /**
   * Whether the escape set contains the minimum beyond the saddle, or a point one step scale from this minimum. A trial
   * in the well of this minimum soon reaches such points.
   */
  function aroundEnd({ beyond }: Saddle): boolean {
    if (beyond.kind !== 'minimum') return false
    const end = Float64Array.from(beyond.point)
    return end.some((_, i) =>
      [0, scale, -scale].some((offset) => escape.holds(end.map((x, j) => (i === j ? x + offset : x)))),
    )
  }

  /**
   * Searches along rays for a point of the escape set from which steepest descent still leads to the minimum. Refuses
   * if there is such a point, because trials that reach it escape before they reach any saddle.
   */
  function requireNoEarlierEscape(barrier: number): void {
    if (escape.isBasin) return
    const edge = barrier + settled * temperature
    const isAtPassage = (point: Float64Array) =>
      through.some(({ saddle }) => {
        const width = scale + 3 * Math.sqrt(-temperature / saddle.at.eigenvalues![0]!)
        return norm(point.map((x, i) => x - saddle.theta[i]!)) < width
      })
    for (const direction of rays(theta.length)) {
      for (let length = scale / 4; length < farthest; length *= 1.02) {
        const point = theta.map((x, i) => x + length * direction[i]!)
        const above = landscape.loss(point) - minimum.loss
        if (!(above < edge)) break
        if (!escape.holds(point)) continue
        if (isAtPassage(point) || !isSame(Float64Array.from(bottomOf(landscape, point).point), theta)) break
        refuse(
          `the escape condition holds at ${pointText(point)}, ${fourDigits(above / temperature)} T above the ` +
            'minimum and before any saddle, so no saddle asymptotic applies',
        )
      }
    }
  }
}

const farthest = 1e3

/** Unit vectors in both directions along each axis and along each diagonal between two axes. */
function rays(dimension: number): Float64Array[] {
  const found: Float64Array[] = []
  for (let i = 0; i < dimension; i++)
    for (let j = i; j < dimension; j++)
      for (const a of [1, -1])
        for (const b of i === j ? [a] : [1, -1]) {
          const ray = new Float64Array(dimension)
          ray[i] = a
          ray[j] = b
          found.push(ray.map((x) => x / norm(ray)))
        }
  return found
}
