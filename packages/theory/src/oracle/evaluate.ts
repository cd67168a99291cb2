import { dot } from '@driftfarm/formula'
import { settleByAggregation, visitsByAggregation } from '../chain/aggregation.ts'
import { type Settled, settle, visitsByElimination } from '../chain/elimination.ts'
import { type FiniteChain, leaving, type NodeChain, type Stage } from '../chain/finiteChain.ts'
import { type Ever, propagate } from '../chain/propagate.ts'
import { type Course, everNames, nameAt } from '../question/course.ts'
import type { ExactAnswer } from '../shapes/oracle.ts'

export interface ComputedAnswer {
  /** A computed probability may be outside [0, 1] because of its error. */
  readonly value: number
  /** The possible error due to trials that leave the box. For a probability, this error is P(left the box). */
  readonly lost: number
  readonly isProbability: boolean
  readonly isEver: boolean
  readonly method: ExactAnswer['method']
}

export type Findings = Map<string, ComputedAnswer>

export interface Evaluated {
  readonly findings: Findings
  readonly missing: Map<string, string>
}

export const maxStates = 4000
/**
 * Limits for an elimination. In a plane, the mesh may be so coarse that a row of the matrix sums to more than 1. The
 * result of an elimination is then useless if trials take many steps to end, so the limit is lower.
 */
const maxMultiplications = { line: 1e9, plane: 3e8 } as const

/** Computing one entry of a matrix takes as long as this many multiplications. */
const perEntry = 10

/**
 * Adds the answers to the questions of a course. `horizons` ascend; the last one is the cell's own. Returns the work in
 * multiplications, or operations that take as long.
 */
export function evaluate(
  finite: NodeChain,
  course: Course,
  horizons: readonly number[],
  includesUnlimited: boolean,
  evaluated: Evaluated,
): number {
  const { findings, missing } = evaluated
  const isUnlimited = includesUnlimited && everNames(course).length > 0
  const isSmall = isUnlimited && isEliminable(finite)
  const isFollowed = isUnlimited && finite.isStationary && finite.groups === null && !isSmall
  const followed = propagate(finite, horizons, isFollowed)
  for (const [at, result] of followed.horizons.entries()) {
    const horizon = horizons[at]!
    for (const [q, question] of course.questions.entries()) {
      const name = nameAt(question, horizon, horizons.at(-1)!)
      if (name === null) continue
      if (result === null) missing.set(name, `${horizon} steps are too many: the chain settles too slowly`)
      else {
        const kind = { isProbability: true, isEver: false, method: 'nystrom' } as const
        findings.set(name, { value: result.values[q]!, lost: result.lost, ...kind })
      }
    }
  }
  if (isUnlimited) {
    const isGrouped = finite.isStationary && finite.groups !== null
    if (isSmall) answerEver(course, finite, eliminated(finite), 'nystrom-gth', evaluated)
    else if (isGrouped)
      answerEver(course, finite, aggregated(finite, course.meanName !== null), 'nystrom-aggregation', evaluated)
    else answerEver(course, finite, followed.ever, 'nystrom', evaluated)
  }
  return perEntry * finite.computed() + followed.work + (isSmall ? eliminationOf(finite) : 0)
}

function answerEver(
  course: Course,
  finite: FiniteChain,
  ever: Ever | null,
  method: ExactAnswer['method'],
  { findings, missing }: Evaluated,
): void {
  if (ever === null || !Number.isFinite(ever.steps)) {
    const reason = !finite.isStationary
      ? 'the step size or the noise scale changes with the step'
      : ever === null
        ? `${finite.size} states are too many for Gaussian elimination, ` +
          'and the chain settles too slowly for step-by-step propagation'
        : 'trials may never end'
    for (const name of everNames(course)) missing.set(name, reason)
    return
  }
  const put = (name: string, value: number, lost: number, isProbability = false) =>
    findings.set(name, { value, lost, isProbability, isEver: true, method })
  for (const [q, { everName }] of course.questions.entries())
    if (everName !== null) put(everName, ever.values[q]!, ever.lost, true)
  if (course.meanName === null) return
  if (ever.steps < 1 || (ever.rate ?? 0) < 0) {
    // If the density has a kink in a panel, nodes of the panel may have negative mass. Positive and negative masses
    // cancel, so rounding errors hide rates below about 1e-30.
    for (const name of [course.meanName, 'rate']) missing.set(name, 'trials end too rarely: rounding hides the result')
    return
  }
  // If a trial leaves the box and returns, its later steps are missing from the mean. After its return, such a trial
  // takes on average about as many steps as a new trial.
  put(course.meanName, ever.steps, (ever.lost / Math.max(0, 1 - ever.lost)) * ever.steps)
  if (ever.rate === null) missing.set('rate', 'trials end too soon to have a rate')
  else put('rate', ever.rate, ever.leak)
}

function isEliminable(chain: NodeChain): boolean {
  const most = chain.groups === null ? maxMultiplications.line : maxMultiplications.plane
  return chain.isStationary && chain.size <= maxStates && eliminationOf(chain) <= most
}

function eliminationOf({ size, stage }: NodeChain): number {
  const band = stage(1).matrix.entries / size
  return (size * band * band) / 3
}

function eliminated(chain: NodeChain): Ever {
  const stage = chain.stage(1)
  const visits = visitsByElimination(stage)
  const { mass } = chain.first
  return { ...everOf(chain, visits(mass)), ...rateIn(stage, settle(leaving(stage), visits, mass)) }
}

function aggregated(chain: NodeChain, includesRate: boolean): Ever {
  const expected = visitsByAggregation(chain)
  const ever = everOf(chain, expected)
  if (!includesRate || !Number.isFinite(ever.steps)) return ever
  return { ...ever, ...rateIn(chain.stage(1), settleByAggregation(chain, expected)) }
}

function rateIn({ lost }: Stage, { mass, rate }: Settled): Pick<Ever, 'rate' | 'leak'> {
  return { rate, leak: dot(mass, lost) }
}

function everOf(chain: NodeChain, expected: Float64Array): Ever {
  const stage = chain.stage(1)
  const sum = (part: Float64Array | null) =>
    expected.reduce((total, times, i) => total + times * (part === null ? 1 : part[i]!), 0)
  return {
    values: stage.absorbed.map((part, q) => chain.first.absorbed[q]! + sum(part)),
    lost: chain.first.lost + sum(stage.lost),
    steps: 1 + sum(null),
    rate: null,
    leak: 0,
  }
}
