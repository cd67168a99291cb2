import { norm } from '@driftfarm/formula'
import { gradientAt } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { expMinusOne, logOnePlus } from '@driftfarm/statistics'
import { growUntil } from '../bisect.ts'
import { type AdditiveChain, additiveChain } from '../chain.ts'
import { driftLaw } from '../drift.ts'
import { refuse } from '../refusal.ts'
import { type Applied, fourDigits } from './asymptotic.ts'
import { type EscapeSet, escapeSet } from './escapeSet.ts'
import { isSame } from './saddles.ts'
import { bottomOf, constantSteps, requireFirstExit, type Well, wellOf } from './well.ts'

/**
 * If the probability that a step jumps out is higher than this, the formula does not apply, because trials also leave
 * by several jumps of medium size.
 */
const rare = 0.1
/** Least distance of the escape set from the minimum, in units of the step scale. */
const far = 10

/**
 * If the drift has power-law tails, a trial leaves at the first step that is long enough, whatever the height of the
 * barrier. Then P(exit within N) ~ 1 - (1 - p)^N and E[exit step] ~ 1/p. Here p is the probability that one jump from
 * the minimum lands in the escape set, or at a point from which noise-free steps lead to it.
 */
export function heavyTail(cell: Cell, tables: Tables): Applied {
  const { well, tail, scale, landings } = jumpCase(cell, tables)
  if (landings.length === 0) refuse('no jump along an axis leads into the escape set')
  const width = Math.min(...landings.map(({ from }) => from))
  if (width < far * scale)
    refuse(
      `the distance from the minimum to the escape set is only ${fourDigits(width / scale)} times the scale of a ` +
        'step, so trials reach this set in many steps, not in one jump',
    )
  const single = landings.reduce(
    (sum, { from, to }) => sum + tail(from / scale) - (to === null ? 0 : tail(to / scale)),
    0,
  )
  if (single > rare)
    refuse(
      `on average, one of every ${fourDigits(1 / single)} steps jumps out of the well, which is too often for this ` +
        'asymptotic formula',
    )
  const horizon = cell.trial.steps
  return {
    values: {
      width,
      ratePerStep: single,
      meanExitStep: 1 / single,
      probability: -expMinusOne(horizon * logOnePlus(-single)),
    },
    conditions: [
      `trials leave in one jump: the distance from the minimum to the escape set is ${fourDigits(width / scale)} ` +
        'times the scale of a step',
      `jumps out of the well are rare: ${fourDigits(single)} per step`,
      ...(well.theta.length > 1 ? ['long jumps are along single axes, because the coordinates are independent'] : []),
      'the height of the barrier does not matter',
    ],
    error:
      'relative error of order r/`width`, where r is the scale of the stationary distribution: trials jump out from ' +
      'near the minimum, not exactly from it',
    source: 'Imkeller and Pavlyukevich, Stoch. Process. Appl. 116 (2006); Godovanchuk, Theory Probab. Appl. 26 (1982)',
  }
}

/** An interval of jump lengths that lead out of the well; `to` is null if the interval is unbounded. */
interface Landing {
  readonly from: number
  readonly to: number | null
}

function jumpCase(cell: Cell, tables: Tables) {
  const chain = additiveChain(cell, tables)
  const { eta, scale } = constantSteps(chain)
  const tail = driftLaw(chain.law).powerTail
  if (tail === null) refuse(`the drift is ${chain.law.kind}, which has no power-law tails`)
  requireFirstExit(cell)
  const { dimension } = chain.landscape
  if (chain.isotropic && dimension > 1)
    refuse('isotropic jumps go in all directions, but this asymptotic formula needs independent coordinates')
  if (dimension > 10) refuse(`the dimension is ${dimension}; this asymptotic formula covers at most 10 dimensions`)
  const well = wellOf(cell, tables, chain.landscape)
  const largest = eta * well.minimum.eigenvalues!.at(-1)!
  if (!(largest < 2))
    refuse(`eta times the largest curvature is ${fourDigits(largest)}; at 2 or more, noise-free steps diverge`)
  const escape = escapeSet(cell, tables, well.start)
  if (escape.holds(well.theta)) refuse('the escape condition holds at the minimum itself')
  const leadsOut = followed(cell, chain, well, escape, eta)
  const landings = Array.from(well.theta).flatMap((_, axis) =>
    [1, -1].flatMap((side) => {
      const landed = (length: number) => well.theta.map((x, i) => (i === axis ? x + side * length : x))
      return landingsOf((length) => leadsOut(landed(length)), scale)
    }),
  )
  return { well, scale, tail, landings }
}

/** A trial that has not escaped within this many noise-free steps after a jump counts as settled in a well. */
const maxSteps = 1000

function followed({ trial }: Cell, { landscape }: AdditiveChain, well: Well, escape: EscapeSet, eta: number) {
  const { divergence, steps } = trial
  return (landing: Float64Array): boolean => {
    if (escape.isBasin) return !isSame(Float64Array.from(bottomOf(landscape, landing).point), well.theta)
    let theta = landing
    for (let step = 0; step < Math.min(maxSteps, steps); step++) {
      if (!theta.every(Number.isFinite)) return false
      if (escape.holds(theta)) return true
      if (theta.some((x) => Math.abs(x) > divergence)) return false
      const gradient = gradientAt(landscape.gradient, theta)
      if (norm(gradient) < 1e-9 || isSame(theta, well.theta)) return false
      theta = theta.map((x, i) => x - eta * gradient[i]!)
    }
    return false
  }
}

/** An interval of lengths that lead out may be missed if it is narrower than 2 % of its distance from the minimum. */
const growth = 1.02
const farthest = 1e8

function landingsOf(leadsOut: (length: number) => boolean, scale: number): Landing[] {
  const next = (from: number | null, isOut: boolean) =>
    from && (growUntil((length) => leadsOut(length) === isOut, { from, growth, most: farthest })?.[1] ?? null)
  const found: Landing[] = []
  for (let from = next(scale / 10, true); from !== null; from = next(found.at(-1)!.to, true))
    found.push({ from, to: next(from, false) })
  return found
}
