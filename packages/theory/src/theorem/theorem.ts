import { norm } from '@driftfarm/formula'
import { gradientCost, landscapeFunction, scaleFunction } from '@driftfarm/kernel'
import type { Cell, Tables } from '@driftfarm/spec'
import { chooseBall, reduced } from '../ball/choice.ts'
import { clearanceOf } from '../ball/escapeSet.ts'
import { certificateOf } from '../certificate/certificate.ts'
import { type AdditiveChain, additiveChain } from '../chain.ts'
import { TheoryError } from '../error.ts'
import { derivativesOf } from '../interval/derivatives.ts'
import { checkDimension } from '../linear/spectrum.ts'
import { type Noisy, noisyChain } from '../lyapunov/noisy.ts'
import { type NotApplicable, unlessRefused } from '../refusal.ts'
import type { TheoremAnswer } from '../shapes/index.ts'
import { additiveStatement } from './additive.ts'
import type { TheoremOptions } from './answer.ts'
import { basin, condition, stepSizes } from './conditions.ts'
import { convergenceOf } from './convergence.ts'
import { escapeEnds, measureHint } from './escapeEnds.ts'
import { baseOf } from './minimum.ts'
import { noisyStatement } from './noisy.ts'
import type { Known, Statement } from './statement.ts'
import { vanishingDrift, vanishingStatement } from './vanishing.ts'

const maxRelativeRadius = 64

/**
 * Applies Theorem 1 to a cell. Finds the minimum, bounds or estimates the curvature around it, tests the three
 * conditions, and bounds the probability of staying near the minimum, up to the horizon and forever. `tables` are
 * the tables that the cell needs. Throws a TheoryError for a dimension above 1000, an
 * invalid radius or distance, or a start from which descent diverges or reaches an undefined loss.
 */
export async function theorem(cell: Cell, tables: Tables, options: TheoremOptions = {}): Promise<TheoremAnswer> {
  check(cell, options)
  const landscape = landscapeFunction(cell, tables)
  const base = await baseOf(cell, tables, landscape, scaleFunction(cell)(0).eta)
  const { point, kind } = base.minimum
  const derivatives = cell.landscape.kind === 'formula' ? derivativesOf(cell.landscape, tables) : null
  const valley = derivatives !== null && kind === 'flat' ? derivatives.idle : []
  const among = landscape.dimension === valley.length ? [] : [...point.keys()].filter((i) => !valley.includes(i))
  const space = reduced({ landscape, derivatives, minimum: point, cost: gradientCost(cell.landscape).host }, among)
  const start = norm(among.map((i) => base.start[i]! - point[i]!))
  const chain = unlessRefused(() => additiveChain(cell, tables))
  const statement = statementOf(cell, tables, chain, space)
  const reach = Math.min(cell.trial.divergence, maxRelativeRadius * (1 + norm(space.center)))
  const clearance = clearanceOf(cell, { center: point, among, derivatives, most: reach })
  const curvature = chooseBall(space, {
    fixed: options.radius ?? (clearance.kind === 'ball' ? clearance.radius : null),
    most: clearance.radius > 0 ? clearance.radius : reach,
    least: start,
    score(ball) {
      const within = { radius: ball.radius, start, steps: cell.trial.steps }
      return start < ball.radius && ball.meanMu > 0 ? statement.score(ball, within) : Number.POSITIVE_INFINITY
    },
  })
  return answer({ cell, tables, options, base, among, start, clearance, curvature, derivatives }, statement, chain)
}

function check(cell: Cell, { radius, distances }: TheoremOptions): void {
  checkDimension(cell.landscape.dimension)
  if (radius !== undefined && !(radius > 0 && Number.isFinite(radius)))
    throw new TheoryError('OPTION', `radius ${radius}`, 'a radius must be positive')
  if (distances?.some((distance) => !(distance >= 0)))
    throw new TheoryError('OPTION', 'a distance below 0', 'distances must be 0 or greater')
}

function statementOf(
  cell: Cell,
  tables: Tables,
  chain: AdditiveChain | NotApplicable,
  { center, derivatives }: Omit<Noisy, 'chain'>,
): Statement {
  const dimension = center.length
  if (!('reason' in chain)) return additiveStatement(chain, dimension)
  const found = unlessRefused(() => {
    const noisy = noisyChain(cell, tables)
    if (noisy !== null) return noisyStatement({ chain: noisy, center, derivatives })
    return vanishingStatement(vanishingDrift(cell), dimension)
  })
  return 'reason' in found ? noStatement(found) : found
}

function noStatement({ reason }: NotApplicable): Statement {
  return {
    kind: 'none',
    score: ({ radius }) => -radius,
    apply: (known, { start }) => ({
      conditions: [stepSizes(known, null), condition(3, false, `not covered: ${reason}`, { start })],
      forever: { reason: 'Theorem 1 does not cover the update' },
    }),
  }
}

function answer(known: Known, statement: Statement, chain: AdditiveChain | NotApplicable): TheoremAnswer {
  const { cell, tables, options, base, among, start, clearance, curvature, derivatives } = known
  const { minimum, random } = base
  const { radius } = curvature
  const first = basin(known)
  const within = { radius, start, steps: cell.trial.steps }
  const found = statement.apply(known, within, first.holds)
  const { conditions, bounds = null, vanishing = null, forever, leaves = false, horizon = null } = found
  const escape = escapeEnds(cell, clearance, curvature)
  const misses = escape.ends !== 'none' && curvature.how === 'interval arithmetic'
  const isProven = [first, ...conditions].every(({ holds }) => holds) && start < radius && !random && misses
  const home = minimum.kind === 'minimum' ? minimum.point : null
  const question = { cell, tables, chain, derivatives, start: random ? null : base.start, minimum: home }
  const isRequested = options.certificate !== false
  const left = { reason: 'it was not requested' }
  const ball = isProven && bounds !== null ? roundedUp(bounds.escape) : null
  const certificate = isRequested ? certificateOf(question, ball) : left
  return {
    dimension: cell.landscape.dimension,
    start: { distance: start, random },
    set: {
      kind: among.length < cell.landscape.dimension ? 'tube' : 'ball',
      among,
      radius,
      chosen: options.radius !== undefined ? 'option' : clearance.kind === 'ball' ? 'escape' : 'best',
    },
    escape,
    statement: statement.kind,
    steps: cell.trial.steps,
    bounds: bounds && { ...bounds, certificate: 'reason' in certificate ? null : certificate.escape },
    convergence: isRequested ? unlessRefused(() => convergenceOf(question, radius, misses)) : left,
    forever,
    leaves,
    measure: measureHint(known),
    minimum: {
      point: minimum.point,
      name: base.name,
      loss: minimum.loss,
      gradnorm: minimum.gradnorm,
      error: curvature.meanMu > 0 ? minimum.gradnorm / curvature.meanMu : null,
    },
    curvature,
    conditions: [first, ...conditions],
    vanishing,
    certificate,
    horizon,
  }
}

/** Raises a probability by more than the relative rounding error of a product of tails. */
const roundedUp = (escape: number | null): number | null => (escape === null ? null : Math.min(1, escape * (1 + 1e-11)))
