import { type Cell, type DataTable, eventNamesOf, kindOf, printEstimate } from '@driftfarm/spec'
import { additiveChain, type Refusal } from '../chain.ts'
import { norm } from '../linear/matrix.ts'
import { type RadialEver, radialEver } from '../radial/ever.ts'
import { type RadialChain, radialSurvival } from '../radial/survival.ts'
import type { ExactAnswer, OracleAnswer } from './answer.ts'
import { isotropicQuadratic } from './isotropicQuadratic.ts'

/** Of a radius: what rounding may do to the centre of an isotropic quadratic. */
const same = 1e-12
/** Relative accuracy of the density of a step, which two resolutions share. */
const rounding = 1e-12
/** Nodes to a scale of the step at which what has no horizon is computed; the last is answered. */
const densities = [3.5, 5] as const
/** Radius of a ball in scales: beyond, elimination takes more than seconds. */
const mostScales = 250

/**
 * Exact answers for an isotropic quadratic in a ball about its centre, of any dimension: the distance from the centre
 * is a chain by itself. Or why a cell is none of it.
 */
export function radialAnswers(cell: Cell, data: DataTable | null, horizons: readonly number[]): OracleAnswer | Refusal {
  const found = ballExit(cell, data)
  if ('reason' in found) return found
  const { chain, eta, stationary } = found
  const last = cell.trial.steps
  const answers: ExactAnswer[] = []
  const missing = new Map<string, string>()
  for (const horizon of horizons) {
    const name = printEstimate({ kind: 'escape', horizon: horizon === last ? null : horizon })
    const survival = radialSurvival({ ...chain, steps: horizon })
    if ('reason' in survival) {
      missing.set(name, survival.reason)
      continue
    }
    const { exit, survive, error } = survival
    const put = (of: string, value: number) =>
      answers.push({ name: of, value, error: Math.max(error, rounding), method: 'radial-nystrom' })
    put(name, exit)
    if (horizon === last) put('undecided', survive)
  }
  const ever = stationary ? everOf(chain) : { reason: 'step size or scale change with the step' }
  if ('reason' in ever) for (const name of ['meanExitStep', 'rate']) missing.set(name, ever.reason)
  else
    answers.push(
      { name: 'meanExitStep', ...ever.meanExit, method: 'radial-gth' },
      { name: 'rate', ...ever.rate, method: 'radial-gth' },
    )
  for (const name of otherNames(cell)) missing.set(name, 'it is not computed from the distance to the centre')
  if (answers.length === 0) return { reason: [...missing.values()][0]! }
  const scale = typeof chain.scale === 'number' ? chain.scale : chain.scale(0)
  return {
    chain: {
      dimension: chain.dimension,
      law: 'gaussian',
      beta: null,
      eta,
      scale,
      temperature: stationary ? (scale * scale) / (2 * Math.abs(eta)) : null,
    },
    answers,
    missing: [...missing].map(([name, reason]) => ({ name, reason })),
  }
}

interface BallExit {
  readonly chain: RadialChain
  /** At n = 0. */
  readonly eta: number
  readonly stationary: boolean
}

function ballExit(cell: Cell, data: DataTable | null): BallExit | Refusal {
  const { trial, start, landscape } = cell
  const { escape, divergence, steps } = trial
  if (start.kind !== 'point') return { reason: `the start is ${start.kind}, not a point` }
  if (trial.warmup > 0) return { reason: 'a warm-up makes the start random' }
  const quadratic = isotropicQuadratic(cell, data)
  if ('reason' in quadratic) return quadratic
  const { curvature, centre } = quadratic
  if (escape?.kind !== 'outside') return { reason: 'escape is not leaving a ball (outside)' }
  const { radius } = escape
  if (apart(centre, escape.of) > same * radius) return { reason: 'the ball is not about the minimum' }
  if (trial.converge !== null) return { reason: 'trials converge as well' }
  if (centre.some((x) => !(Math.abs(x) + radius <= divergence))) return { reason: 'trials diverge within the ball' }
  const distance = apart(start.point, centre)
  if (!(distance < radius)) return { reason: 'the start is not in the ball' }
  const chain = additiveChain(cell, data)
  if ('reason' in chain) return chain
  if (chain.law.kind !== 'gaussian') return { reason: `the drift is ${chain.law.kind}, not gaussian` }
  // A vector turned round has the same law of its length.
  const rho = (n: number) => Math.abs(1 - chain.eta(n) * curvature)
  const scale = (n: number) => Math.abs(chain.scale(n))
  const { stationary } = chain
  const eta = chain.eta(0)
  if (eta === 0) return { reason: 'eta is 0' }
  for (let n = 0; n < (stationary ? 1 : Math.min(steps, mostSteps)); n++)
    if (!(rho(n) <= 1)) return { reason: `eta times the curvature is ${chain.eta(n) * curvature}: steps lead away` }
  if (stationary && scale(0) === 0) return { reason: 'a step without drift: its trials are all the same' }
  return {
    chain: {
      dimension: landscape.dimension,
      rho: stationary ? rho(0) : rho,
      scale: stationary ? scale(0) : scale,
      radius,
      start: distance,
      steps,
    },
    eta,
    stationary,
  }
}

/** Of a schedule; more are refused by the radial chain. */
const mostSteps = 1e6

type Ever = { readonly [K in keyof RadialEver]: Pick<ExactAnswer, 'value' | 'error'> }

function everOf({ dimension, rho, scale, radius, start }: RadialChain): Ever | Refusal {
  const step = { dimension, rho: rho as number, scale: scale as number, radius, start }
  if (radius / step.scale > mostScales)
    return { reason: `the ball is ${Math.round(radius / step.scale)} scales of a step wide; at most ${mostScales}` }
  const [coarse, fine] = densities.map((density) => radialEver(step, density)) as [RadialEver, RadialEver]
  if (!Number.isFinite(fine.meanExit)) return { reason: 'it is beyond the largest number' }
  const of = (key: keyof RadialEver) => ({
    value: fine[key],
    error: Math.max(Math.abs(coarse[key] / fine[key] - 1), rounding),
  })
  return { meanExit: of('meanExit'), rate: of('rate') }
}

/** What else the cell asks, but `diverge`: a trial that stops at the ball comes to no divergence. */
function otherNames({ trial }: Cell): string[] {
  const events = eventNamesOf(trial)
  return [
    ...(trial.afterEscape === 'stop' ? [] : ['diverge']),
    ...(['mark', 'class'] as const).flatMap((kind) =>
      kindOf(kind)
        .of(events)
        .map((name) => printEstimate({ kind, name })),
    ),
  ]
}

function apart(a: readonly number[], b: readonly number[]): number {
  return norm(a.map((x, i) => x - b[i]!))
}
