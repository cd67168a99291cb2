import { elementary } from '@driftfarm/formula'
import { exitFunction } from '@driftfarm/kernel'
import type { Cell, DataTable } from '@driftfarm/spec'
import type { Refusal } from '../chain.ts'
import { latticeAnswers } from '../lattice/latticeAnswers.ts'
import { hasFiniteDrift } from '../lattice/ways.ts'
import type { OracleAnswer } from './answer.ts'
import { type Computed, evaluate, type Findings } from './evaluate.ts'
import { meshesOf } from './meshes.ts'
import { coursesOf, mergeCourses } from './question.ts'
import { radialAnswers } from './radialAnswers.ts'
import { regionFinder } from './region.ts'
import { type OracleChain, oracleChain } from './walk.ts'

export interface OracleOptions {
  /** Shorter horizons that are asked as well. */
  readonly horizons?: readonly number[]
  /** Relative disagreement of two resolutions that is enough. */
  readonly tolerance?: number
  /** Nodes of the first resolution beside the usual: 1. Below 1 to see how an error shows. */
  readonly density?: number
  /** Most resolutions. */
  readonly rounds?: number
}

const defaults = { density: 1, rounds: 5 } as const
/** A third resolution of a plane takes a minute. */
const tolerances = { line: 1e-10, plane: 1e-9 } as const

/**
 * How many temperatures above its passes the box goes at first. Where a curvature h is stiff a chain is 1 / (1 - eta h
 * / 2) times as warm as the diffusion; on a line the box is widened by what leaves it, in a plane it is ample from the
 * start.
 */
const first = { line: { depth: 36, density: 1 }, plane: { depth: 80, density: 0.58 } } as const
/** Of each resolution: how many more nodes than before, along each axis. */
const growth = { line: 1.33, plane: 1.2 } as const
/**
 * How much less likely than to pass are the jumps that a plane leaves out, in temperatures; at most for what is rarer
 * than that.
 */
const jumps = { usual: 36, rarest: 56 } as const
/** How often a plane that is too large is tried with less nodes. */
const mostCoarser = 2
/** Of planes, whose matrices grow with the fourth power of that. */
const planeRounds = 3

/**
 * What the events of a cell come to, exactly but for rounding and quadrature: the chain's integral equation on
 * Gauss-Legendre nodes (Nystrom's method), at growing resolutions until two agree. Only sums of non-negative numbers,
 * so small probabilities have as many digits as large ones. One and two dimensions, and more for an isotropic quadratic
 * that is left through a ball about its centre. Where drift takes finitely many values it is a sum over the points that
 * trials come to, in any dimension. A reason for what is none of it.
 */
export function oracle(cell: Cell, data: DataTable | null, options: OracleOptions = {}): OracleAnswer | Refusal {
  const horizons = [...new Set([...(options.horizons ?? []), cell.trial.steps])].sort((a, b) => a - b)
  if (hasFiniteDrift(cell)) return latticeAnswers(cell, data, horizons)
  const { dimension } = cell.landscape
  const isPlane = dimension === 2
  const radial = dimension > 1 ? radialAnswers(cell, data, horizons) : null
  if (radial !== null && 'reason' in radial && !isPlane)
    return {
      reason: `dimension ${dimension}, where only isotropic quadratics in a ball are answered: ${radial.reason}`,
    }
  if (radial !== null && !('reason' in radial)) {
    // In a plane it is a hundred times as fast, and what it lacks of these no plane has either; marks and classes need
    // one.
    if (!isPlane || radial.missing.every(({ name }) => name === 'meanExitStep' || name === 'rate')) return radial
  }
  const found = byQuadrature(cell, data, horizons, options)
  if (!('reason' in found)) return found
  const instead = radial ?? radialAnswers(cell, data, horizons)
  return 'reason' in instead ? found : instead
}

function byQuadrature(
  cell: Cell,
  data: DataTable | null,
  horizons: readonly number[],
  options: OracleOptions,
): OracleAnswer | Refusal {
  const isLine = cell.landscape.dimension === 1
  const { density, rounds } = { ...defaults, ...options }
  const tolerance = options.tolerance ?? (isLine ? tolerances.line : tolerances.plane)
  const chain = oracleChain(cell, data)
  if ('reason' in chain) return chain
  if (chain.beta > 0 && (cell.trial.converge?.hold ?? 1) > 1)
    return { reason: 'the momentum rule, and a hold of convergence' }
  const exits = exitFunction(cell, data, chain.start)
  if (exits.needsMore) return { reason: 'an event depends on the step' }

  const resolved = (depth: number, nodes: number, leftOut: number): Resolved | Refusal => {
    const findings: Findings = new Map()
    const missing = new Map<string, string>()
    try {
      const { meshAt, regions, reach } = meshesOf(cell, chain, regionFinder(exits), { depth, density: nodes, leftOut })
      const walk = { ...chain, step: (n: number) => ({ ...chain.step(n), reach }) }
      for (const course of mergeCourses(coursesOf(cell), regions))
        evaluate({ meshAt, course, chain: walk, horizons }, { findings, missing })
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      return { reason: error.message }
    }
    return { findings, missing }
  }

  const begin = isLine ? first.line : first.plane
  const grow = isLine ? growth.line : growth.plane
  let depth: number = begin.depth
  let nodes = begin.density * density
  let leftOut: number = jumps.usual
  let best = resolved(depth, nodes, leftOut)
  // Digits are better than none.
  for (let coarser = 0; 'reason' in best && coarser < mostCoarser && !isLine; coarser++) {
    nodes /= grow
    best = resolved(depth, nodes, leftOut)
  }
  if ('reason' in best) return best
  let errors = errorsOf(best, null)
  for (let round = 1; round < (isLine ? rounds : Math.min(rounds, planeRounds)); round++) {
    const leak = [...best.findings.values()].reduce((most, found) => Math.max(most, lostShare(found)), 0)
    const isLeaking = leak > tolerance / 10
    const more = isLine && isLeaking ? 1.8 : 1.25
    if (isLeaking) leftOut = Math.min(jumps.rarest, leftOut + elementary.log((1000 * leak) / tolerance))
    const next = resolved(depth * more, nodes * grow, leftOut)
    if ('reason' in next) {
      // A finer one is too large: then a coarser one, in a smaller box, must do to compare with.
      const coarser = round === 1 ? resolved(depth / more, nodes / grow, leftOut) : next
      if (!('reason' in coarser)) errors = errorsOf(best, coarser)
      break
    }
    errors = errorsOf(next, best)
    best = next
    depth *= more
    nodes *= grow
    // Jumps that a plane still leaves out stay so.
    const isEnough = (error: number, name: string) =>
      error <= tolerance || (!isLine && error <= lostShare(next.findings.get(name)!))
    if ([...errors].every(([name, error]) => isEnough(error, name))) break
  }
  return answerOf(chain, { ...best, errors })
}

/** All that a cell asks at one resolution. */
interface Resolved {
  readonly findings: Findings
  /** Reason by name. */
  readonly missing: ReadonlyMap<string, string>
}

function errorsOf({ findings }: Resolved, other: Resolved | null): Map<string, number> {
  return new Map(
    [...findings].map(([name, { value, lost }]) => [name, errorOf(value, lost, other?.findings.get(name)?.value)]),
  )
}

/** Of a value, what may be wrong with it for what is left out. */
function lostShare({ value, lost }: Computed): number {
  return value > 0 ? lost / value : 0
}

/** Of two values of the same; without a first one nothing is known. */
function errorOf(value: number, lost: number, before: number | undefined): number {
  const off = before === undefined ? Math.abs(value) : Math.abs(value - before)
  return value === 0 ? Math.max(off, lost) : Math.max(off, lost) / Math.abs(value)
}

function answerOf(
  { chain, beta, temperature, start }: OracleChain,
  {
    findings,
    errors,
    missing,
  }: { findings: Findings; errors: ReadonlyMap<string, number>; missing: ReadonlyMap<string, string> },
): OracleAnswer {
  return {
    chain: {
      dimension: start.length,
      law: chain.law.kind,
      beta: beta > 0 ? beta : null,
      eta: chain.eta(0),
      scale: chain.scale(0),
      temperature: chain.stationary ? temperature : null,
    },
    answers: [...findings].map(([name, { value, method }]) => ({ name, value, error: errors.get(name)!, method })),
    missing: [...missing].map(([name, reason]) => ({ name, reason })),
  }
}
